import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Meaning } from '../codec.ts';
import { bytesOf, textOf, xorOf } from './ascii.ts';
import { casEnq } from './cas-enq.ts';
import { benchOf, rejected } from './codec-bench.ts';

const bench = benchOf(casEnq);

function frame(body: string, tail = '\x03'): string {
  return `\x01\x02${body}${textOf(Uint8Array.of(xorOf(bytesOf(body))))}${tail}`;
}

describe('frames of a CAS price scale', () => {
  test.each<[string, Meaning]>([
    [frame('S   450.0g '), { kind: 'weight', value: '450.0', unit: 'g', stable: true }],
    [frame('U   450.0g '), { kind: 'weight', value: '450.0', stable: false }],
    [frame('S   1.234k '), { kind: 'weight', value: '1.234', unit: 'kg' }],
    [frame('S   -12.5g '), { kind: 'weight', value: '-12.5' }],
    [frame('S  450.0g ', '\x03\x04'), { kind: 'weight', value: '450.0', unit: 'g' }],
    [frame('S   450.0g ', '\x03\x04'), { kind: 'weight', value: '450.0', unit: 'g' }],
    [frame('S   450.0g ').replace('\x01', '\x81'), { kind: 'weight', value: '450.0' }],
    [frame('S- 0.450kg', '\x03\x04'), { kind: 'weight', value: '-0.450', unit: 'kg' }],
    [
      frame('U 01.250KG', '\x03\x04'),
      { kind: 'weight', value: '1.250', unit: 'kg', stable: false },
    ],
    [frame('S 002.75LB', '\x03\x04'), { kind: 'weight', value: '2.75', unit: 'lb' }],
    [frame('S-  12.50g '), { kind: 'weight', value: '-12.50', unit: 'g' }],
    [frame('S 00.000kg', '\x03\x04\x10'), { kind: 'weight', value: '0.000', unit: 'kg' }],
    [frame('F 99.999kg', '\x03\x04\x40'), { kind: 'status', flags: ['overload'] }],
    [frame('S--1.250kg', '\x03\x04'), rejected('bad-number')],
    [frame('S+ 1.250kg', '\x03\x04'), rejected('unknown-status')],
    [frame('S  1.250xg', '\x03\x04'), rejected('bad-unit')],
    ['\x06', { kind: 'ack' }],
    ['\x15', { kind: 'nak' }],
    [`\x01\x02S   4${frame('S   450.0g ')}`, { kind: 'weight', value: '450.0' }],
    [frame('S   450.0g ').replace('450', '460'), rejected('bad-checksum')],
    [frame('S   4x0.0g '), rejected('bad-number')],
    [frame('S   450.0z '), rejected('bad-unit')],
    [frame('Q   450.0g '), rejected('unknown-status')],
    [frame('S   450.0g ').slice(0, -1), rejected('truncated')],
    [frame('S   450.0g ').replace('\x03', '\x07'), rejected('no-terminator')],
    ['450.0g', rejected('no-start')],
  ])('%j', (text, meaning) => {
    expect(bench.read(text)).toMatchObject(meaning);
  });
});

test('the host asks with ENQ, then DC1', () => {
  expect(bench.write({ kind: 'command', name: 'enquiry' })).toBe('\x05');
  expect(bench.readCommand('\x11')).toMatchObject({ kind: 'command', name: 'weight' });
  expect(bench.readCommand('x')).toMatchObject(rejected('bad-header'));
});

test.each(['long', 'short'])('any weight survives the way there and back (%s)', (format) => {
  const weight = fc.record({
    kind: fc.constant('weight'),
    value: fc.integer({ min: -999, max: 999 }).map((n) => `${n}.5`),
    unit: fc.constantFrom('g', 'kg'),
    stable: fc.boolean(),
  });
  fc.assert(
    fc.property(weight, (meaning) => {
      expect(bench.read(bench.write(meaning, { format }))).toEqual(meaning);
    }),
  );
});
