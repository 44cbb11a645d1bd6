/**
 * How far each device has counted: what makes a second arrival of a reading a duplicate.
 *
 * A device with a counter names the run it counts in (its session). Per device and session the
 * greatest sequence seen is kept, with one bit for each of the 31 before it: QoS 1 may bring a reading
 * late, and one that was announced as missed may still arrive. Anything older than that window is taken
 * as seen. A device with a clock keeps its latest time per channel. A device with neither keeps the
 * hash of the last packets by packet id: only a redelivery (DUP flag, same client, packet id and bytes)
 * is a duplicate, for two scans of one code are two scans.
 *
 * Example: after 5, 6 and 9 of session b41c the mark is {high: 9, seen: 6 and 5}; 9 is a duplicate, 8
 * is late news, 10 is news, 12 is news that leaves 10 and 11 missing.
 *
 * Marks do not follow from events ("unchanged" has none), so they are durable as rows of their own;
 * see InputMark in ports.ts.
 */
import type { InputMark } from '../ports.ts';

/** By device id, then by the name of the run, channel or packet. */
export type ReadingMarks = Map<string, Map<string, ReadingMark>>;

export interface ReadingMark {
  /** Greatest sequence, latest device time in milliseconds; 0 for a packet. */
  high: number;
  /** Bit n says that sequence high - 1 - n was seen; 0 for times and packets. */
  seenBits: number;
  /** Hash of a packet's payload; empty otherwise. */
  payloadHash: string;
  /** Agent time of the last use: the one unused for longest gives way. */
  usedAtMs: number;
}

/** Sessions, channels or packets remembered per device. */
export const marksPerDeviceLimit = 64;
/** Sequences before the greatest whose arrival is still told apart. */
export const lateWindow = 31;

export type SequenceStanding =
  | { kind: 'next' }
  /** Came after a greater one, and had not come before. */
  | { kind: 'late' }
  | { kind: 'gap'; firstMissed: number; lastMissed: number }
  | { kind: 'duplicate' };

/** What a sequence is to the mark of its session. */
export function standingOfSequence(
  mark: ReadingMark | undefined,
  sequence: number,
): SequenceStanding {
  if (mark === undefined || sequence === mark.high + 1) return { kind: 'next' };
  if (sequence > mark.high) {
    return { kind: 'gap', firstMissed: mark.high + 1, lastMissed: sequence - 1 };
  }
  const distance = mark.high - sequence;
  if (distance === 0 || distance > lateWindow) return { kind: 'duplicate' };
  return (mark.seenBits & (1 << (distance - 1))) === 0 ? { kind: 'late' } : { kind: 'duplicate' };
}

/** The mark after `sequence` was taken in. */
export function markWithSequence(
  mark: ReadingMark | undefined,
  sequence: number,
  usedAtMs: number,
): ReadingMark {
  if (mark === undefined) {
    // Nothing is known of what came before the first: it is taken as seen, so that a reading from
    // before the agent knew the device is not counted as news.
    return { high: sequence, seenBits: -1, payloadHash: '', usedAtMs };
  }
  if (sequence <= mark.high) {
    const distance = mark.high - sequence;
    const bit = distance === 0 || distance > lateWindow ? 0 : 1 << (distance - 1);
    return { ...mark, seenBits: mark.seenBits | bit, usedAtMs };
  }
  const shift = sequence - mark.high;
  // The old greatest becomes bit shift - 1; shifts beyond 31 would wrap in JavaScript.
  const seenBits = shift > lateWindow ? 0 : (mark.seenBits << shift) | (1 << (shift - 1));
  return { high: sequence, seenBits, payloadHash: '', usedAtMs };
}

export function findMark(
  marks: ReadingMarks,
  deviceId: string,
  name: string,
): ReadingMark | undefined {
  return marks.get(deviceId)?.get(name);
}

/**
 * Keeps a mark and answers the rows that make it durable: the mark itself, and the deletion of the one
 * that had to give way.
 */
export function keepMark(
  marks: ReadingMarks,
  deviceId: string,
  name: string,
  mark: ReadingMark,
): InputMark[] {
  let ofDevice = marks.get(deviceId);
  if (ofDevice === undefined) {
    ofDevice = new Map();
    marks.set(deviceId, ofDevice);
  }
  const rows: InputMark[] = [];
  if (!ofDevice.has(name) && ofDevice.size >= marksPerDeviceLimit) {
    const oldest = oldestName(ofDevice);
    ofDevice.delete(oldest);
    rows.push({ key: rowKey(deviceId, oldest), value: '' });
  }
  ofDevice.set(name, mark);
  rows.push({ key: rowKey(deviceId, name), value: rowValue(mark) });
  return rows;
}

/** Forgets a device and answers the deletions. */
export function forgetMarks(marks: ReadingMarks, deviceId: string): InputMark[] {
  const ofDevice = marks.get(deviceId);
  if (ofDevice === undefined) return [];
  marks.delete(deviceId);
  return [...ofDevice.keys()].map((name) => ({ key: rowKey(deviceId, name), value: '' }));
}

/** The marks as the rows say; throws a RangeError on a row that `keepMark` cannot have made. */
export function marksFromRows(rows: Iterable<InputMark>): ReadingMarks {
  const marks: ReadingMarks = new Map();
  for (const row of rows) {
    const [deviceId, name, ...more] = row.key.split(separator);
    const [high, seenBits, usedAtMs, payloadHash] = row.value.split(' ');
    if (
      deviceId === undefined ||
      name === undefined ||
      more.length > 0 ||
      !Number.isSafeInteger(Number(high)) ||
      !Number.isSafeInteger(Number(seenBits)) ||
      !Number.isSafeInteger(Number(usedAtMs)) ||
      payloadHash === undefined
    ) {
      throw new RangeError(`input mark ${JSON.stringify(row)} is not one`);
    }
    let ofDevice = marks.get(deviceId);
    if (ofDevice === undefined) {
      ofDevice = new Map();
      marks.set(deviceId, ofDevice);
    }
    ofDevice.set(name, {
      high: Number(high),
      seenBits: Number(seenBits),
      usedAtMs: Number(usedAtMs),
      payloadHash,
    });
  }
  return marks;
}

/** All marks as rows, sorted by key: for tests and for a table that must be written anew. */
export function rowsOfMarks(marks: ReadingMarks): InputMark[] {
  const rows: InputMark[] = [];
  for (const [deviceId, ofDevice] of marks) {
    for (const [name, mark] of ofDevice) {
      rows.push({ key: rowKey(deviceId, name), value: rowValue(mark) });
    }
  }
  return rows.sort((one, other) => (one.key < other.key ? -1 : 1));
}

/** A character that device ids, sessions and channels may not hold (see ingest/identity.ts). */
const separator = '\n';

function rowKey(deviceId: string, name: string): string {
  return `${deviceId}${separator}${name}`;
}

function rowValue(mark: ReadingMark): string {
  return `${mark.high} ${mark.seenBits} ${mark.usedAtMs} ${mark.payloadHash}`;
}

function oldestName(ofDevice: Map<string, ReadingMark>): string {
  let oldest = '';
  let oldestMs = Number.POSITIVE_INFINITY;
  for (const [name, mark] of ofDevice) {
    if (mark.usedAtMs < oldestMs || (mark.usedAtMs === oldestMs && name < oldest)) {
      oldest = name;
      oldestMs = mark.usedAtMs;
    }
  }
  return oldest;
}
