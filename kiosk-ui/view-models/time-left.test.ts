import { expect, it } from 'vitest';
import { clockTone, timeLeft } from './time-left.ts';

const minute = 60_000;
const now = 1_000_000_000;

it.each([
  [11.9 * minute, { unit: 'minutes', count: 11, isOver: false }],
  [0, { unit: 'minutes', count: 0, isOver: false }],
  [-3.2 * minute, { unit: 'minutes', count: 3, isOver: true }],
  [99 * minute, { unit: 'minutes', count: 99, isOver: false }],
  [100 * minute, { unit: 'hours', count: 1, isOver: false }],
  [-47.9 * 60 * minute, { unit: 'hours', count: 47, isOver: true }],
  [49 * 60 * minute, { unit: 'days', count: 2, isOver: false }],
])('%d ms from the deadline', (leftMs, expected) => {
  expect(timeLeft(now + leftMs, now)).toEqual(expected);
});

it('turns pressing ten minutes before the deadline, and over after it', () => {
  expect(clockTone(now + 10.1 * minute, now)).toBe('good');
  expect(clockTone(now + 10 * minute, now)).toBe('pressing');
  expect(clockTone(now, now)).toBe('pressing');
  expect(clockTone(now - 1, now)).toBe('over');
});
