import { create } from '@bufbuild/protobuf';
import { ReadingSchema, WeightSchema } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import { describe, expect, test } from 'vitest';
import { DeviceStillness } from './device-stillness.ts';

const minuteMs = 60_000;
const dayMinutes = 1_440;

function weighing(grams: number) {
  const value = create(WeightSchema, { value: (grams / 1_000).toFixed(3), unit: 'kg' });
  return create(ReadingSchema, { deviceId: 'plate-1', value: { case: 'weight', value } });
}

/** Five minutes apart, from a time on; answers in which of the words the sensor was found still. */
function told(watch: DeviceStillness, words: readonly number[], fromMinute = 0): number[] {
  return words.flatMap((grams, index) => {
    const found = watch.heard(weighing(grams), (fromMinute + 5 * index) * minuteMs);
    return found === null ? [] : [index];
  });
}

/** Two days of a load cell that wavers by a gram. */
const wavering = Array.from({ length: (2 * dayMinutes) / 5 }, (_, index) => 4_000 + (index % 3));

describe('a sensor that stands still', () => {
  test('is told once for each run, when it never used to repeat itself', () => {
    const watch = new DeviceStillness();
    expect(told(watch, wavering)).toEqual([]);
    const stuck = Array<number>(60).fill(4_000);
    const [first, ...more] = told(watch, stuck, 2 * dayMinutes);
    expect(first).toBeGreaterThan(0);
    // Half an hour at least.
    expect(first).toBeLessThan(12);
    expect(more).toEqual([]);
    expect(told(watch, wavering, 3 * dayMinutes)).toEqual([]);
    expect(told(watch, stuck, 6 * dayMinutes)).toHaveLength(1);
  });

  test('is nothing new of one that rounds, or rests at night', () => {
    const rounding = new DeviceStillness();
    const steps = Array.from({ length: 600 }, (_, index) => 4_000 + 5 * Math.floor(index / 40));
    expect(told(rounding, [...steps, ...Array<number>(80).fill(9_000)])).toEqual([]);
  });

  test('is told of nobody in its first day', () => {
    const watch = new DeviceStillness();
    const words = [...wavering.slice(0, 200), ...Array<number>(60).fill(4_000)];
    expect(told(watch, words)).toEqual([]);
  });

  test('does not count tags, which are whole by nature', () => {
    const watch = new DeviceStillness();
    const reading = create(ReadingSchema, {
      deviceId: 'zone-1',
      value: { case: 'tagReads', value: { epcs: [] } },
    });
    for (let minute = 0; minute < 5 * dayMinutes; minute += 5) {
      expect(watch.heard(reading, minute * minuteMs)).toBeNull();
    }
  });
});
