import { describe, expect, test } from 'vitest';
import { StreakRule } from './streak-rule.ts';

const hourMs = 3_600_000;

/** Tea should sell one an hour; `sold` tells the hours in which it did. */
function teaFor(hours: number, sold: readonly number[]): StreakRule {
  const rule = new StreakRule();
  for (let hour = 1; hour <= hours; hour += 1) {
    rule.hour('tea', hour * hourMs, sold.includes(hour), 1);
  }
  return rule;
}

describe('the zero-sales streak', () => {
  test('checks when so much was missed, and again when as much is missed again', () => {
    const hours = teaFor(13, [])
      .checks(6)
      .map(({ atMs }) => atMs / hourMs);
    expect(hours).toEqual([6, 12]);
  });

  test('begins again with each sale', () => {
    expect(teaFor(10, [5]).checks(6)).toEqual([]);
    expect(
      teaFor(11, [5])
        .checks(6)
        .map(({ atMs }) => atMs / hourMs),
    ).toEqual([11]);
  });

  test('can be asked for as many checks as somebody else made', () => {
    expect(teaFor(12, []).asOften(2)).toHaveLength(2);
    expect(teaFor(12, []).asOften(3)).toHaveLength(3);
  });
});
