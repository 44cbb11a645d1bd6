/**
 * Notices sensors that say exactly the same again and again though they never used to: stuck.
 *
 * A load cell that works wavers by a gram or two, so its last digit changes from word to word; one that
 * hangs repeats itself to the digit. How often a sensor repeats itself when it is well is learned of each
 * by itself, for one that rounds to 5 g does so nearly always. A run of equal words is told when the
 * sensor's own habit makes it as good as impossible, once for each run.
 *
 * Example: plate A3 repeated itself after 40 of 300 words, so after a word with a chance of about 0.14.
 * Eleven repetitions in a row: 0.14^11 = 4e-10. "Said exactly 14.210 kg 12 times."
 */
import type { Reading } from '@stockhand/proto/device/v1alpha/reading_pb.js';

/** Runs less likely than this are no chance: in a chain of 600 stores that is one false alarm in years. */
const chanceLimit = 1e-9;
/** Its nights and days must be known, and a minute of silence in the store proves nothing. */
const learnMs = 24 * 3_600_000;
const leastRunMs = 30 * 60_000;
const leastWords = 30;
/** More channels than this are not watched: a device could name new ones without end. */
const habitsLimit = 10_000;
/** Pseudo-counts of the share of repetitions: two words of which one was repeated. */
const priorWords = 2;
const priorRepeats = 1;

interface Habit {
  value: string;
  sinceMs: number;
  /** Repetitions of the value so far, and whether they were told. */
  run: number;
  isTold: boolean;
  /** Before this run. */
  words: number;
  repeats: number;
  firstHeardMs: number;
}

export interface StillSensor {
  deviceId: string;
  /** "14.210 kg" */
  value: string;
  /** Times that it said so in a row. */
  words: number;
}

export class DeviceStillness {
  /** By device and channel. */
  readonly #habits = new Map<string, Habit>();

  /** Takes in a word of a sensor at an instant; answers what it makes of it, once for each run. */
  heard({ deviceId, channel, value: said }: Reading, nowMs: number): StillSensor | null {
    const value = textOf(said);
    if (value === null) return null;
    const key = `${deviceId}/${channel}`;
    const habit = this.#habits.get(key);
    if (habit === undefined) {
      if (this.#habits.size >= habitsLimit) return null;
      const learned = { words: 0, repeats: 0, firstHeardMs: nowMs };
      this.#habits.set(key, { value, sinceMs: nowMs, run: 0, isTold: false, ...learned });
      return null;
    }
    if (habit.value !== value) {
      // A run that was told was the fault's habit, not the sensor's.
      habit.words += habit.isTold ? 1 : habit.run + 1;
      habit.repeats += habit.isTold ? 0 : habit.run;
      Object.assign(habit, { value, sinceMs: nowMs, run: 0, isTold: false });
      return null;
    }
    habit.run += 1;
    if (habit.isTold || !isImpossible(habit, nowMs)) return null;
    habit.isTold = true;
    return { deviceId, value, words: habit.run + 1 };
  }
}

function isImpossible(habit: Habit, nowMs: number): boolean {
  const { sinceMs, firstHeardMs, words, repeats, run } = habit;
  if (nowMs - sinceMs < leastRunMs || sinceMs - firstHeardMs < learnMs) return false;
  if (words < leastWords) return false;
  const share = (repeats + priorRepeats) / (words + priorWords);
  return share ** run < chanceLimit;
}

/** What wavers in a sensor that works; null for values that are whole by nature. */
function textOf(value: Reading['value']): string | null {
  if (value.case !== 'weight' && value.case !== 'distance') return null;
  return `${value.value.value} ${value.value.unit}`;
}
