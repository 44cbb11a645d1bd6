import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CodecContext, Direction, Meaning } from '../codec.ts';
import { scannerCodecs } from './scanners.ts';

interface Vector {
  id: string;
  protocol: string;
  direction: Direction;
  bytes_hex: string;
  context?: CodecContext;
  meaning: Meaning;
}

function vectorsOf(name: string): Vector[] {
  const file = new URL(`../fixtures/${name}`, import.meta.url);
  // The fixtures are our own files; a row of another shape fails its test.
  return (JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] }).vectors;
}

const vectors = [...vectorsOf('scanner-vectors.json'), ...vectorsOf('barcode-vectors.json')];

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from((hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));
}

function decode(vector: Vector, chunks: Uint8Array[]): Meaning[] {
  const codec = scannerCodecs.find(({ protocol }) => protocol === vector.protocol);
  if (codec === undefined) throw new Error(`no codec for ${vector.protocol}`);
  const { direction, context = {} } = vector;
  const decoder = codec.decoder({ direction, context });
  const decoded = [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
  return decoded.map(({ meaning }) => meaning);
}

describe('golden vectors of scanners and barcodes', () => {
  it.each(vectors.map((vector) => [vector.id, vector] as const))('%s', (_id, vector) => {
    const bytes = bytesOf(vector.bytes_hex);
    const [meaning, ...others] = decode(vector, [bytes]);
    expect(meaning).toMatchObject(vector.meaning);
    expect(others).toEqual([]);
    for (let at = 1; at < bytes.length; at += 1) {
      const pieces = [bytes.slice(0, at), bytes.slice(at)];
      expect(decode(vector, pieces)).toEqual([meaning]);
    }
  });

  it('covers every protocol of this folder', () => {
    const covered = new Set(vectors.map(({ protocol }) => protocol));
    const missing = scannerCodecs.filter(({ protocol }) => !covered.has(protocol));
    expect(missing.map(({ protocol }) => protocol)).toEqual([]);
  });
});
