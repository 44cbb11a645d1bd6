/**
 * Decides whether a reading is news, a duplicate, or late, by the identity that its device's profile
 * states, and keeps the mark that makes a second arrival a duplicate. What the marks hold is told in
 * reading-marks.ts.
 *
 * Example: a device that counts sends 7, 8, 11, 8: news, news, news with a ReadingsMissed for 9 to 10,
 * duplicate.
 */
import type { Reading } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import type { ReadingIdentity } from '../catalogue/catalogue.ts';
import { refusal } from '../errors.ts';
import { aheadToleranceMs, type Recorder } from '../events/recorder.ts';
import type { Delivery, Refusal } from '../input.ts';
import {
  findMark,
  keepMark,
  markWithSequence,
  type ReadingMark,
  standingOfSequence,
} from './reading-marks.ts';

export interface MissedRange {
  first: number;
  last: number;
}

export type Arrival =
  | {
      kind: 'news' | 'late';
      /** Tells this reading from others of its session, in names of inputs. */
      discriminator: string;
      missed: MissedRange | null;
      /** Keeps the mark; called when the reading has been dealt with, refused or not. */
      mark: () => void;
    }
  | { kind: 'duplicate' }
  | { kind: 'refused'; refusal: Refusal };

export function judgeArrival(
  recorder: Recorder,
  identity: ReadingIdentity,
  reading: Reading,
  observedAtMs: number | null,
  delivery: Delivery,
): Arrival {
  switch (identity) {
    case 'sequence':
      return bySequence(recorder, reading);
    case 'device-time':
      return byDeviceTime(recorder, reading, observedAtMs);
    case 'none':
      return byPacket(recorder, reading, delivery);
  }
}

function bySequence(recorder: Recorder, reading: Reading): Arrival {
  const { deviceId, session } = reading;
  if (session === '') return fault('session', '', 'a name for the run that the sequence counts in');
  if (reading.sequence === undefined) return fault('sequence', '', 'a number');
  const sequence = Number(reading.sequence);
  if (!Number.isSafeInteger(sequence)) {
    const expected = `at most ${Number.MAX_SAFE_INTEGER}`;
    const found = refusal('out-of-range', 'sequence', reading.sequence, expected);
    return { kind: 'refused', refusal: found };
  }
  const name = `s:${session}`;
  const before = findMark(recorder.state.readingMarks, deviceId, name);
  const standing = standingOfSequence(before, sequence);
  if (standing.kind === 'duplicate') return { kind: 'duplicate' };
  const mark = markWithSequence(before, sequence, recorder.moment.nowMs);
  return {
    kind: standing.kind === 'late' ? 'late' : 'news',
    discriminator: String(sequence),
    missed:
      standing.kind === 'gap' ? { first: standing.firstMissed, last: standing.lastMissed } : null,
    mark: () => keep(recorder, deviceId, name, mark),
  };
}

function byDeviceTime(recorder: Recorder, reading: Reading, observedAtMs: number | null): Arrival {
  const { deviceId, channel } = reading;
  const { nowMs } = recorder.moment;
  if (observedAtMs === null) return fault('observedAt', '', 'the time that the device saw it');
  if (observedAtMs < 0) {
    const found = refusal('out-of-range', 'observedAt', observedAtMs, '1970 or later');
    return { kind: 'refused', refusal: found };
  }
  if (observedAtMs > nowMs + aheadToleranceMs) {
    // Taken as a mark it would make every later reading a duplicate, until that time has come.
    const expected = `at most ${aheadToleranceMs / 60_000} minutes ahead of the store`;
    const found = refusal('clock-ahead', 'observedAt', observedAtMs, expected);
    return { kind: 'refused', refusal: found };
  }
  const name = `t:${channel}`;
  const before = findMark(recorder.state.readingMarks, deviceId, name);
  if (before !== undefined && observedAtMs <= before.high) return { kind: 'duplicate' };
  const mark = { high: observedAtMs, seenBits: 0, payloadHash: '', usedAtMs: nowMs };
  return {
    kind: 'news',
    discriminator: `at-${observedAtMs}`,
    missed: null,
    mark: () => keep(recorder, deviceId, name, mark),
  };
}

function byPacket(recorder: Recorder, reading: Reading, delivery: Delivery): Arrival {
  const { deviceId } = reading;
  const { nowMs } = recorder.moment;
  const discriminator = `packet-${delivery.packetId}-${nowMs}`;
  if (delivery.source !== 'mqtt') {
    // A serial line redelivers nothing: what is read twice was sent twice.
    return { kind: 'news', discriminator, missed: null, mark: () => undefined };
  }
  const name = `p:${encodeURIComponent(delivery.client)}:${delivery.packetId}`;
  const before = findMark(recorder.state.readingMarks, deviceId, name);
  if (delivery.duplicateFlag && before?.payloadHash === delivery.payloadHash) {
    return { kind: 'duplicate' };
  }
  const mark = { high: 0, seenBits: 0, payloadHash: delivery.payloadHash, usedAtMs: nowMs };
  return {
    kind: 'news',
    discriminator,
    missed: null,
    mark: () => keep(recorder, deviceId, name, mark),
  };
}

function keep(recorder: Recorder, deviceId: string, name: string, mark: ReadingMark): void {
  recorder.marks.push(...keepMark(recorder.state.readingMarks, deviceId, name, mark));
}

function fault(field: string, found: string, expected: string): Arrival {
  return { kind: 'refused', refusal: refusal('missing-field', field, found, expected) };
}
