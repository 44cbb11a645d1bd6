/**
 * What devices really said: the bytes of each reading as they came, with what became of them. For people
 * who look after devices (`stockhand readings`); nothing is decided from it, and it is not forwarded.
 *
 * All readings of one commit are one row (a page), written in the same transaction: a row for each would
 * cost as much as its event does. Bounded by age and by bytes, the oldest first; a few pages go with each
 * commit, so that no commit waits for a great clearing.
 *
 * Example: a commit of 500 readings of 150 bytes is 106 kB, and one row of 9 kB: deflating costs a third of
 * a microsecond a reading, and spares the disk more. At 200 readings a second in commits of 50, 256 MiB
 * last for two days.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Database, Statement } from 'better-sqlite3';
import type { RawReading } from '../ports.ts';

export const rawReadingLimit = {
  ageMs: 72 * 3_600_000,
  /** Of all pages together. */
  bytes: 256 * 1024 * 1024,
  /** Of one payload; the rest is cut off. */
  payloadBytes: 4 * 1024,
} as const;

/** Most pages that one commit clears away. */
const clearedAtOnce = 4;

/** Places in these lists are on disk: new words come at the end. */
const results = ['accepted', 'unchanged', 'duplicate', 'refused'] as const;
const sources = ['mqtt', 'serial', 'http', 'kiosk', 'hq'] as const;

const sql = {
  insert: 'INSERT INTO raw_readings VALUES (@number, @fromMs, @untilMs, @endBytes, @page)',
  first: `SELECT until_ms AS untilMs, end_bytes - length(page) AS startBytes FROM raw_readings
    ORDER BY number LIMIT 1`,
  last: 'SELECT number, end_bytes AS endBytes FROM raw_readings ORDER BY number DESC LIMIT 1',
  clear: `DELETE FROM raw_readings WHERE number IN (
    SELECT number FROM (SELECT * FROM raw_readings ORDER BY number LIMIT ${clearedAtOnce})
    WHERE end_bytes - length(page) < @floorBytes OR until_ms < @oldestMs)`,
} as const;

/** The two ends of what the table holds; bytes are counted from the first page that ever was. */
interface Held {
  number: number;
  endBytes: number;
  firstUntilMs: number;
  startBytes: number;
}

/** The writer's side. `keep` runs inside the transaction of a commit. */
export class RawReadingPages {
  readonly #statements: Record<keyof typeof sql, Statement>;
  readonly #limit: { ageMs: number; bytes: number };
  #held: Held | null = null;

  constructor(database: Database, limit: { ageMs: number; bytes: number } = rawReadingLimit) {
    const prepared = Object.entries(sql).map(([name, text]) => [name, database.prepare(text)]);
    // Object.fromEntries forgets the keys; they are those of `sql`.
    this.#statements = Object.fromEntries(prepared) as Record<keyof typeof sql, Statement>;
    this.#limit = limit;
  }

  /** Adds a page and clears away what is over a limit. */
  keep(readings: readonly RawReading[]): void {
    const [first, last] = [readings[0], readings.at(-1)];
    if (first === undefined || last === undefined) return;
    const page = pageOf(readings);
    const held = this.#held ?? this.#look();
    held.number += 1;
    held.endBytes += page.length;
    const [fromMs, untilMs] = [first.receivedAtMs, last.receivedAtMs];
    const { number, endBytes } = held;
    this.#statements.insert.run({ number, fromMs, untilMs, endBytes, page });
    held.firstUntilMs = Math.min(held.firstUntilMs, untilMs);
    this.#held = held;
    const oldestMs = untilMs - this.#limit.ageMs;
    const floorBytes = endBytes - this.#limit.bytes;
    if (held.startBytes >= floorBytes && held.firstUntilMs >= oldestMs) return;
    this.#statements.clear.run({ floorBytes, oldestMs });
    this.#held = this.#look();
  }

  /** The transaction of the last `keep` was rolled back: what it counted is not there. */
  forgetCounts(): void {
    this.#held = null;
  }

  #look(): Held {
    const first = this.#statements.first.get() as
      | { untilMs: number; startBytes: number }
      | undefined;
    const last = this.#statements.last.get() as { number: number; endBytes: number } | undefined;
    return {
      number: last?.number ?? 0,
      endBytes: last?.endBytes ?? 0,
      firstUntilMs: first?.untilMs ?? Number.POSITIVE_INFINITY,
      startBytes: first?.startBytes ?? last?.endBytes ?? 0,
    };
  }
}

/*
 * A page begins with a byte that tells its form: 0 as it is, 1 deflated. Then it is readings one after the other, big-endian: time (float64), result, source and length of the
 * device id (one byte each), length of the topic (2), of the payload as it came (4) and as it is kept (2),
 * then device id and topic in UTF-8, and the payload.
 */
const headBytes = 19;
const textLimit = 255;
const plain = Buffer.of(0);
const deflated = Buffer.of(1);
/** Below that, deflating spares nothing. */
const deflatedFromBytes = 1_024;
/** Above that a page is broken: it is as much as the largest commit. */
const inflatedLimitBytes = 64 * 1024 * 1024;
/** A character of UTF-16 takes at most three bytes in UTF-8. */
const bytesPerCharacter = 3;

/** Used again for each page: SQLite copies what it is given. */
let scratch = Buffer.allocUnsafe(64 * 1024);

function pageOf(readings: readonly RawReading[]): Uint8Array {
  let at = 0;
  for (const reading of readings) {
    const { deviceId, topic, payload } = reading;
    const kept = Math.min(payload.length, rawReadingLimit.payloadBytes);
    const needed = headBytes + kept + bytesPerCharacter * (deviceId.length + topic.length);
    if (at + needed > scratch.length) {
      const larger = Buffer.allocUnsafe(2 * (at + needed));
      scratch.copy(larger, 0, 0, at);
      scratch = larger;
    }
    const idLength = scratch.write(deviceId, at + headBytes, textLimit);
    const topicLength = scratch.write(topic, at + headBytes + idLength);
    scratch.writeDoubleBE(reading.receivedAtMs, at);
    scratch.writeUInt8(results.indexOf(reading.result), at + 8);
    scratch.writeUInt8(sources.indexOf(reading.source), at + 9);
    scratch.writeUInt8(idLength, at + 10);
    scratch.writeUInt16BE(topicLength, at + 11);
    scratch.writeUInt32BE(payload.length, at + 13);
    scratch.writeUInt16BE(kept, at + 17);
    at += headBytes + idLength + topicLength;
    scratch.set(kept === payload.length ? payload : payload.subarray(0, kept), at);
    at += kept;
  }
  const bytes = scratch.subarray(0, at);
  if (at < deflatedFromBytes) return Buffer.concat([plain, bytes]);
  return Buffer.concat([deflated, deflateRawSync(bytes, { level: 1 })]);
}

/** The readings of a page, one after the other. */
function bytesOfPage(page: Uint8Array): Buffer {
  const bytes = Buffer.from(page.buffer, page.byteOffset + 1, page.length - 1);
  if (page[0] === plain[0]) return bytes;
  return inflateRawSync(bytes, { maxOutputLength: inflatedLimitBytes });
}

export interface KeptReading extends RawReading {
  /** Of the payload as it came; `payload` holds at most the first 4 KiB of it. */
  payloadLength: number;
}

/** In the order in which they came. @throws RangeError when the bytes are cut short */
function readingsIn(bytes: Buffer): KeptReading[] {
  const readings: KeptReading[] = [];
  for (let at = 0; at < bytes.length; ) {
    const idAt = at + headBytes;
    const topicAt = idAt + bytes.readUInt8(at + 10);
    const payloadAt = topicAt + bytes.readUInt16BE(at + 11);
    const end = payloadAt + bytes.readUInt16BE(at + 17);
    if (end > bytes.length) throw new RangeError('a page of readings is cut short');
    readings.push({
      receivedAtMs: bytes.readDoubleBE(at),
      result: results[bytes.readUInt8(at + 8)] ?? 'refused',
      source: sources[bytes.readUInt8(at + 9)] ?? 'mqtt',
      deviceId: bytes.toString('utf8', idAt, topicAt),
      topic: bytes.toString('utf8', topicAt, payloadAt),
      payload: bytes.subarray(payloadAt, end),
      payloadLength: bytes.readUInt32BE(at + 13),
    });
    at = end;
  }
  return readings;
}

export interface ReadingFilter {
  /** Of all devices when it is empty. */
  deviceId: string;
  /** Of every result when it is empty. */
  result: string;
  sinceMs: number;
}

/** Newest first, page by page, so that whoever wants few reads little. @throws Error on a broken page */
export function* rawReadings(
  database: Database,
  filter: ReadingFilter,
): IterableIterator<KeptReading> {
  const { deviceId, result, sinceMs } = filter;
  const pages = database
    .prepare('SELECT until_ms AS untilMs, page FROM raw_readings ORDER BY number DESC')
    .iterate() as IterableIterator<{ untilMs: number; page: Buffer }>;
  const mustHold = Buffer.from(deviceId);
  for (const { untilMs, page } of pages) {
    // Agent time never goes back: older pages hold nothing younger.
    if (untilMs < sinceMs) return;
    const bytes = bytesOfPage(page);
    if (!bytes.includes(mustHold)) continue;
    for (const reading of readingsIn(bytes).reverse()) {
      if (reading.receivedAtMs < sinceMs) continue;
      if (deviceId !== '' && reading.deviceId !== deviceId) continue;
      if (result === '' || reading.result === result) yield reading;
    }
  }
}
