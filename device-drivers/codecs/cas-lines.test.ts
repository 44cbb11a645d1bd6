import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CodecContext, Meaning } from '../codec.ts';
import { cas10, cas18, cas22 } from './cas-lines.ts';
import { benchOf, rejected } from './codec-bench.ts';

const bench = benchOf(cas22);

describe('lines of CAS indicators', () => {
  test.each<[string, Meaning, CodecContext?]>([
    [
      'ST,GS,1\xe4,0002.340 kg',
      { kind: 'weight', value: '2.340', unit: 'kg', stable: true, net: false, device_id: '1' },
    ],
    ['US,NT,=\xa0,-002.340 kg', { kind: 'weight', value: '-2.340', net: true, device_id: '13' }],
    ['ST,GS,1\xc5,0000.000 kg', { kind: 'weight', value: '0.000', zero: true, tare: false }],
    ['ST,GS,1\xe4,   2.340  g', { kind: 'weight', value: '2.340', unit: 'g' }],
    ['ST,GS,1\xe4,000013.5 kg', { kind: 'weight', value: '13.5', unit: 'kg' }],
    ['ST,GS,1\xe4,0002.340\x05kg', { kind: 'weight', value: '2.340' }],
    ['OL,GS,1\xa4,         kg', { kind: 'status', flags: ['overload'], device_id: '1' }],
    ['OL,GS,1\xa4,9999.999 kg', { kind: 'status', flags: ['overload'] }],
    ['ST,GS,0002.340kg', { kind: 'weight', value: '2.340', unit: 'kg', net: false }],
    ['US,NT,+002.340kg', { kind: 'weight', value: '2.340', stable: false, net: true }],
    ['0002.340', { kind: 'weight', value: '2.340', unit: 'kg', stable: null }, { unit: 'kg' }],
    ['-0002.34', { kind: 'weight', value: '-2.34', unit: 'lb' }, { unit: 'lb' }],
    ['00002340', { kind: 'weight', value: '2.340' }, { unit: 'kg', decimals: 3 }],
    ['ERR 01', { kind: 'error', error: 'device-error', code: '01' }],
    ['!', { kind: 'error', error: 'not-executable' }],
    ['?', { kind: 'error', error: 'unknown-command' }],
    ['01MZ', { kind: 'ack', command: 'MZ', device_id: '1' }],
    ['\xe0\x02ST,GS,1\xe4,0002.340 kg', { kind: 'weight', value: '2.340' }],
    ['ST,GS,1d,0002.340 kg', rejected('framing-mismatch')],
    ['ST,GS,1\xef\xbf\xbd,0002.340 kg', rejected('bad-length')],
    ['ST,GS,1\xe4,002.340 kg', rejected('bad-length')],
    ['ST,GS,002.340kg', rejected('bad-length')],
    ['ST,GS,1\xe4,00x2.340 kg', rejected('bad-number')],
    ['ST,GS,1\xe4,0002.340 xx', rejected('bad-unit')],
    ['ST,XX,1\xe4,0002.340 kg', rejected('bad-header')],
    ['QQ,GS,1\xe4,0002.340 kg', rejected('unknown-status')],
    ['0002.340', rejected('bad-unit')],
    ['00.2.340', rejected('bad-number'), { unit: 'kg' }],
    ['hello', rejected('bad-header')],
  ])('%j', (line, meaning, context) => {
    expect(bench.read(`${line}\r\n`, context)).toMatchObject(meaning);
  });

  test('a line is 22, 18 or 10 bytes long, as the manual counts', () => {
    const meaning = { kind: 'weight', value: '2.340', unit: 'kg', stable: true, net: false };
    expect(benchOf(cas22).write(meaning)).toHaveLength(22);
    expect(benchOf(cas18).write(meaning)).toHaveLength(18);
    expect(benchOf(cas10).write(meaning)).toHaveLength(10);
  });
});

test.each([
  ['01RW', 'weight'],
  ['01MZ', 'zero'],
  ['01MT', 'tare'],
])('%s asks device 1 for %s, both ways', (wire, name) => {
  const meaning = { kind: 'command', name, device_id: '1' };
  expect(bench.readCommand(`${wire}\r\n`)).toMatchObject(meaning);
  expect(bench.write(meaning)).toBe(`${wire}\r\n`);
});

test('any weight survives the way there and back', () => {
  const weight = fc.record({
    kind: fc.constant('weight'),
    value: fc.tuple(fc.constantFrom('', '-'), fc.nat({ max: 999 })).map(([s, n]) => `${s}${n}.005`),
    unit: fc.constantFrom('kg', 'g', 't', 'lb'),
    stable: fc.boolean(),
    net: fc.boolean(),
    device_id: fc.constantFrom('0', '1', '9', '13'),
    zero: fc.boolean(),
    tare: fc.boolean(),
    hold: fc.boolean(),
  });
  fc.assert(
    fc.property(weight, (meaning) => {
      expect(bench.read(bench.write(meaning))).toEqual(meaning);
    }),
  );
});
