import { describe, expect, it } from 'vitest';
import { pressKey, quietWedge, type Wedge } from './wedge.ts';

/** Types keys with the same pause between them; answers the scans. */
function type(keys: readonly string[], gapMs: number): string[] {
  let wedge: Wedge = quietWedge;
  const scans: string[] = [];
  keys.forEach((key, index) => {
    const step = pressKey(wedge, key, index * gapMs);
    wedge = step.wedge;
    if (step.scan !== null) scans.push(step.scan);
  });
  return scans;
}

describe('a keyboard-wedge scanner', () => {
  it('is told from a person by its speed', () => {
    const keys = [...'4006381333931', 'Enter'];
    expect(type(keys, 5)).toEqual(['4006381333931']);
    expect(type(keys, 120)).toEqual([]);
  });

  it('keeps shifted characters of a code together', () => {
    const keys = ['Shift', ']', 'Shift', 'C', '1', '0', '1', 'Shift', 'A', 'Enter'];
    expect(type(keys, 5)).toEqual([']C101A']);
  });

  it('ends one scan at Enter and begins the next', () => {
    expect(type([...'12345670', 'Enter', ...'96385074', 'Enter'], 5)).toEqual([
      '12345670',
      '96385074',
    ]);
  });

  it('takes no short burst for a scan', () => {
    expect(type([...'ok', 'Enter'], 5)).toEqual([]);
  });
});
