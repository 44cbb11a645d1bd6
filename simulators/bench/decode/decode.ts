/**
 * Frames a second of every codec, on one core. The limit is the least that any decoder of that frame
 * must do, on the same bytes in the same round: JSON.parse of a JSON payload, building the tree of an
 * XML document, and for all others one look at each byte.
 *
 * A new decoder is made for each payload of an MQTT device or a till, as the agent does; a serial line
 * has one decoder for all its frames.
 */
import { readFileSync } from 'node:fs';
import type { Codec, CodecContext } from '@stockhand/device-drivers/codec.ts';
import { allCodecs } from '@stockhand/device-drivers/codecs/all.ts';
import { readXml } from '@stockhand/device-drivers/codecs/xml-tree.ts';
import { UnknownLoadError } from '../ingest/ingest.ts';
import { thisMachine } from '../machine.ts';
import type { BenchSettings } from '../main.ts';
import { type BenchReport, judged, type Measured } from '../report.ts';
import { median } from '../statistics.ts';

interface Frame {
  codec: Codec;
  bytes: Uint8Array;
  context: CodecContext;
  topic?: string;
}

interface Row {
  protocol: string;
  direction: string;
  bytes_hex: string;
  meaning: { kind: string };
  context?: CodecContext;
  topic?: string;
}

function rows(): Row[] {
  return ['scale', 'scanner', 'mqtt', 'till'].flatMap((group) => {
    const name = `@stockhand/device-drivers/fixtures/${group}-vectors.json`;
    const text = readFileSync(new URL(import.meta.resolve(name)), 'utf8');
    // Fixtures of this repository; their own tests check the form.
    return (JSON.parse(text) as { vectors: Row[] }).vectors;
  });
}

/** The first frame of each protocol that a device sends and that is understood. */
function framesToRead(): Frame[] {
  const known = rows();
  return allCodecs.flatMap((codec) => {
    const row = known.find(
      ({ protocol, direction, meaning }) =>
        protocol === codec.protocol && direction === 'device->host' && meaning.kind !== 'reject',
    );
    if (row === undefined) return [];
    const { bytes_hex: hex, context = {}, topic } = row;
    const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
    return [{ codec, bytes, context, ...(topic !== undefined && { topic }) }];
  });
}

function inputOf({ context, topic }: Frame) {
  const direction = 'device->host' as const;
  return { direction, context, ...(topic !== undefined && { topic }) };
}

/** One frame decoded; gives the number of its results, so that none of the work is idle. */
function decoding(frame: Frame): () => number {
  const { codec, bytes } = frame;
  const isStream = codec.group === 'scale' || codec.group === 'scanner';
  const line = codec.decoder(inputOf(frame));
  return () => {
    const decoder = isStream ? line : codec.decoder(inputOf(frame));
    const results = decoder.push(bytes).length;
    return results > 0 ? results : decoder.end().length;
  };
}

interface Limit {
  name: string;
  run(): number;
  /** Wanted share of the limit. */
  goal: number;
}

function limitOf({ bytes, codec }: Frame): Limit {
  const [first] = bytes;
  // JSON.parse is native, makes floats of all numbers and takes the last of two equal names; our
  // reader keeps every digit, refuses what is ambiguous, and the codec explains each field.
  if (codec.group !== 'barcode' && (first === 0x7b || first === 0x5b)) {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const run = () => (JSON.parse(decoder.decode(bytes)) === null ? 0 : 1);
    return { name: 'JSON.parse', run, goal: 0.05 };
  }
  if (first === 0x3c)
    return { name: 'XML tree', run: () => readXml(bytes).name.length, goal: 0.35 };
  const run = () => {
    let sum = 0;
    for (const byte of bytes) sum = (sum + byte) & 0xff;
    return sum;
  };
  // A look at twenty bytes takes a twentieth of a microsecond; a decoder also builds its answer.
  return { name: 'byte scan', run, goal: 0.002 };
}

/** Runs a second, over at least `ms` milliseconds. */
function rate(run: () => number, ms: number): number {
  const startedMs = performance.now();
  let runs = 0;
  let kept = 0;
  let tookMs = 0;
  while (tookMs < ms) {
    for (let index = 0; index < 64; index += 1) kept += run();
    runs += 64;
    tookMs = performance.now() - startedMs;
  }
  if (Number.isNaN(kept)) throw new Error('nothing was decoded');
  return (runs / tookMs) * 1_000;
}

class UnknownProtocolError extends UnknownLoadError {
  constructor(name: string, known: readonly string[]) {
    super(name);
    this.message = `There is no protocol "${name}". There are: ${known.join(', ')}.`;
  }
}

function chosenFrames(only: readonly string[]): Frame[] {
  const frames = framesToRead();
  const known = frames.map(({ codec }) => codec.protocol);
  const unknown = only.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UnknownProtocolError(unknown, known);
  return frames.filter(({ codec }) => only.length === 0 || only.includes(codec.protocol));
}

/** `settings.seconds` is the length of one round over all codecs. */
export async function measureDecode(settings: BenchSettings): Promise<BenchReport> {
  const loads = chosenFrames(settings.only).map((frame) => ({
    protocol: frame.codec.protocol,
    size: frame.bytes.length,
    limit: limitOf(frame),
    decode: decoding(frame),
    rates: [] as { value: number; limit: number }[],
  }));
  const sliceMs = (settings.seconds * 1_000) / loads.length / 2;
  // The first round warms the compiler up and is not counted.
  for (let round = 0; round <= settings.rounds; round += 1) {
    for (const { limit, decode, rates } of loads) {
      const measured = { limit: rate(limit.run, sliceMs), value: rate(decode, sliceMs) };
      if (round > 0) rates.push(measured);
    }
    settings.progress(round === 0 ? 'warmed up' : `round ${round}`);
  }
  const results = loads.map(({ protocol, size, limit, rates }): Measured => {
    return {
      name: `${protocol}, ${size} bytes`,
      unit: 'frames/s',
      better: 'higher',
      value: median(rates.map(({ value }) => value)),
      limit: { name: limit.name, value: median(rates.map((one) => one.limit)) },
      ratio: median(rates.map((one) => one.value / one.limit)),
      goal: limit.goal,
    };
  });
  return { bench: 'decode', machine: { ...thisMachine() }, results: results.map(judged) };
}
