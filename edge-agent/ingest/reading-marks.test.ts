import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  findMark,
  forgetMarks,
  keepMark,
  lateWindow,
  marksFromRows,
  marksPerDeviceLimit,
  markWithSequence,
  type ReadingMark,
  type ReadingMarks,
  rowsOfMarks,
  standingOfSequence,
} from './reading-marks.ts';

describe('the sequence of a device', () => {
  test('tells news, gaps, late arrivals and duplicates apart', () => {
    let mark: ReadingMark | undefined;
    const seen: string[] = [];
    for (const sequence of [5, 6, 9, 8, 8, 9, 7, 12, 4, 11]) {
      const standing = standingOfSequence(mark, sequence);
      seen.push(
        standing.kind === 'gap' ? `${standing.firstMissed}-${standing.lastMissed}` : standing.kind,
      );
      if (standing.kind !== 'duplicate') mark = markWithSequence(mark, sequence, sequence);
    }
    expect(seen).toEqual([
      'next',
      'next',
      '7-8',
      'late',
      'duplicate',
      'duplicate',
      'late',
      '10-11',
      'duplicate',
      'late',
    ]);
  });

  test('takes each sequence at most once, and forgets none within the window', () => {
    const start = 1_000;
    const jumps = fc.array(fc.integer({ min: -40, max: 40 }), { maxLength: 80 });
    fc.assert(
      fc.property(jumps, (list) => {
        let mark = markWithSequence(undefined, start, 0);
        const taken = new Set([start]);
        let high = start;
        for (const jump of list) {
          const sequence = Math.max(0, high + jump);
          const standing = standingOfSequence(mark, sequence);
          const isOld = sequence < start || high - sequence > lateWindow;
          expect(standing.kind === 'duplicate').toBe(taken.has(sequence) || isOld);
          if (standing.kind === 'duplicate') continue;
          expect(standing.kind === 'late').toBe(sequence < high);
          mark = markWithSequence(mark, sequence, 0);
          taken.add(sequence);
          high = Math.max(high, sequence);
        }
      }),
    );
  });
});

describe('the mark table', () => {
  const mark = (usedAtMs: number): ReadingMark => ({
    high: 7,
    seenBits: -5,
    payloadHash: 'ab12',
    usedAtMs,
  });

  test('gives the marks back as they were', () => {
    const marks: ReadingMarks = new Map();
    keepMark(marks, 'plate-1', 's:boot-1', mark(3));
    keepMark(marks, 'plate-1', 's:boot-2', mark(4));
    keepMark(marks, 'plate-2', 't:', { ...mark(5), payloadHash: '' });
    expect(marksFromRows(rowsOfMarks(marks))).toEqual(marks);
  });

  test('is bounded per device: what was unused for longest gives way, with its row', () => {
    const marks: ReadingMarks = new Map();
    for (let run = 0; run < marksPerDeviceLimit; run += 1) {
      expect(keepMark(marks, 'plate-1', `s:${run}`, mark(run === 3 ? 0 : 100 + run))).toHaveLength(
        1,
      );
    }
    const rows = keepMark(marks, 'plate-1', 's:new', mark(500));
    expect(rows[0]).toEqual({ key: 'plate-1\ns:3', value: '' });
    expect(marks.get('plate-1')?.size).toBe(marksPerDeviceLimit);
    expect(findMark(marks, 'plate-1', 's:3')).toBeUndefined();
    expect(forgetMarks(marks, 'plate-1')).toHaveLength(marksPerDeviceLimit);
    expect(forgetMarks(marks, 'plate-1')).toEqual([]);
  });

  test.each([
    { key: 'plate-1', value: '1 2 3 ' },
    { key: 'plate-1\ns:1', value: 'x 2 3 ' },
    { key: 'plate-1\ns:1', value: '1 2 3' },
    { key: 'a\nb\nc', value: '1 2 3 ' },
  ])('refuses a row that it cannot have written: %j', (row) => {
    expect(() => marksFromRows([row])).toThrow(RangeError);
  });
});
