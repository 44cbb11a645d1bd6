import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CodecContext, Meaning } from '../codec.ts';
import { bytesOf, textOf, xorOf } from './ascii.ts';
import { benchOf, rejected, status } from './codec-bench.ts';
import { toledo8213 } from './toledo-8213.ts';

const bench = benchOf(toledo8213);

function frame(body: string): string {
  return `\x02${body}${textOf(Uint8Array.of(xorOf(bytesOf(body))))}\x03`;
}

test.each<[string, Meaning, CodecContext?]>([
  [frame(')01250'), { kind: 'weight', value: '1.250', unit: 'kg', stable: true }],
  [frame('*01250'), { kind: 'weight', value: '12.50', unit: 'lb' }],
  [frame('+01250'), { kind: 'weight', value: '1.250', unit: 'kg' }],
  [frame('i01250'), { kind: 'weight', value: '12.50', unit: 'lb' }, { unit: 'lb', decimals: 2 }],
  [frame('901250'), status('out-of-range')],
  ['\x06', { kind: 'ack' }],
  ['\r', { kind: 'ack', command: 'weight' }],
  ['\x15', { kind: 'nak' }],
  ['\x18', { kind: 'error', error: 'repeat-weighing' }],
  ['\0', { kind: 'error', error: 'no-data' }],
  [frame('i01250'), rejected('bad-unit')],
  [frame('\x0901250'), rejected('bad-status')],
  [frame(')012a0'), rejected('bad-number')],
  [frame(')01250').replace('12', '13'), rejected('bad-checksum')],
  [frame(')01250').slice(0, -1), rejected('truncated')],
])('%j', (text, meaning, context) => {
  expect(bench.read(text, context)).toMatchObject(meaning);
});

test('zero and tare are frames of NUL', () => {
  expect(bench.write({ kind: 'command', name: 'zero' })).toBe('\x02Z\0\0\0\0\0\x03Z');
  expect(bench.readCommand('\x02N\0\0\0\0\0\x03N')).toMatchObject({ name: 'tare' });
  expect(bench.readCommand('\x05')).toMatchObject({ name: 'enquiry' });
});

test('any weight survives the way there and back', () => {
  fc.assert(
    fc.property(fc.nat({ max: 99 }), fc.nat({ max: 999 }), (whole, grams) => {
      const value = `${whole}.${String(grams).padStart(3, '0')}`;
      const meaning = { kind: 'weight', value, unit: 'kg', stable: true };
      expect(bench.read(bench.write(meaning))).toEqual(meaning);
    }),
  );
});
