import { describe, expect, test } from 'vitest';
import { askLeftInBin, type LeftInBin, tellLeftInBin, toldLeft } from './left-in-bin.ts';

const pieces = (count: number) => ({ unit: 'pieces' as const, count });

function entered(left: LeftInBin, text: string): LeftInBin {
  return tellLeftInBin(left, { kind: 'quantity', change: { kind: 'typed', text } });
}
const told = (left: LeftInBin) => tellLeftInBin(left, { kind: 'tell' });

describe('what is left in the bin', () => {
  test('begins at nothing, in cases, and does not give the record away', () => {
    const left = askLeftInBin(pieces(36), 12);
    expect(left.entry.amount).toEqual(pieces(0));
    expect(left.entry.stepUnit).toBe('cases');
    expect(toldLeft(left)).toBeUndefined();
  });

  test('is told at once when it fits the record within a case', () => {
    expect(toldLeft(told(entered(askLeftInBin(pieces(36), 12), '30')))).toEqual(pieces(30));
  });

  test('is asked once more when it is a case off, and then believed', () => {
    const again = told(entered(askLeftInBin(pieces(36), 12), '24'));
    expect(again.stage).toBe('again');
    expect(toldLeft(again)).toBeUndefined();
    expect(toldLeft(told(again))).toEqual(pieces(24));
    expect(toldLeft(told(entered(again, '36')))).toEqual(pieces(36));
  });

  test('may be skipped, and told after all', () => {
    const skipped = tellLeftInBin(entered(askLeftInBin(pieces(36), 12), '36'), { kind: 'skip' });
    expect(toldLeft(skipped)).toBeUndefined();
    expect(toldLeft(told(tellLeftInBin(skipped, { kind: 'reopen' })))).toEqual(pieces(36));
  });

  test('of goods without cases is asked again for any difference', () => {
    expect(told(entered(askLeftInBin(pieces(3), 0), '2')).stage).toBe('again');
  });
});
