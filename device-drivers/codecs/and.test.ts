import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Meaning } from '../codec.ts';
import { and } from './and.ts';
import { benchOf, rejected, status } from './codec-bench.ts';

const bench = benchOf(and);

describe('lines of an A&D scale', () => {
  test.each<[string, Meaning]>([
    ['ST,+00123.45  g', { kind: 'weight', value: '123.45', unit: 'g', stable: true }],
    ['US,+000012.3  g', { kind: 'weight', value: '12.3', stable: false }],
    ['ST,-0002.340 kg', { kind: 'weight', value: '-2.340', unit: 'kg' }],
    ['ST,+00123,45  g', { kind: 'weight', value: '123.45' }],
    ['ST,+000000.0  g', { kind: 'weight', value: '0.0' }],
    ['QT,+00000012 PC', { kind: 'count', value: '12', stable: true }],
    ['US,+00000012 PC', { kind: 'count', value: '12', stable: false }],
    ['ST,+000050.1  %', { kind: 'percent', value: '50.1' }],
    ['ST,GS,+0012.34kg', { kind: 'weight', value: '12.34', unit: 'kg', net: false }],
    ['ST,NT,+0012.34 kg', { kind: 'weight', value: '12.34', net: true }],
    ['US,N ,-0012.34kg', { kind: 'weight', value: '-12.34', net: true, stable: false }],
    ['ST,G ,+0012.34kg', { kind: 'weight', net: false }],
    ['ST,TR,+0001.00kg', { kind: 'tare', value: '1.00', unit: 'kg' }],
    ['ST,PT,+0001.00kg', { kind: 'tare', value: '1.00', preset: true }],
    ['PT,+00001.00  g', { kind: 'tare', value: '1.00', preset: true }],
    ['OL,+9999999E+19', status('overload')],
    ['OL,-9999999E+19', status('underload')],
    ['OL,+9999999E+19,  g', status('overload')],
    ['OL,+99999999  g', status('overload')],
    ['OL,GS,+    .  kg', status('overload')],
    ['OL,GS,    .   kg', status('overload')],
    ['ST,+000.1278,  g', { kind: 'weight', value: '0.1278', unit: 'g' }],
    ['ST;+000,1278;  g', { kind: 'weight', value: '0.1278', unit: 'g' }],
    [
      'LAB-0123, No,012, 2004/07/01, 12:34:56, ST,+000.1278,  g',
      {
        kind: 'weight',
        value: '0.1278',
        device_id: 'LAB-0123',
        data_number: '012',
        date: '2004/07/01',
        time: '12:34:56',
      },
    ],
    ['\x06', { kind: 'ack' }],
    ['EC,E00', { kind: 'error', error: 'communications', code: 'E00' }],
    ['EC,E02', { kind: 'error', error: 'not-ready', code: 'E02' }],
    ['EC,E11', { kind: 'error', error: 'stability', code: 'E11' }],
    ['EC,E99', { kind: 'error', error: 'device-error', code: 'E99' }],
    ['I', { kind: 'error', error: 'not-ready' }],
    ['2004/07/01', { kind: 'info', field: 'date', value: '2004/07/01' }],
    ['12:34:56', { kind: 'info', field: 'time', value: '12:34:56' }],
    ['\xe0ST,+00123.45  g', { kind: 'weight', value: '123.45' }],
    ['ST,+001x3.45  g', rejected('bad-number')],
    ['ST,+9999999E+19', rejected('bad-number')],
    ['ST,+99999999  g', rejected('bad-number')],
    ['ST,+0123.45  g', rejected('bad-length')],
    ['ST,NT,+012.34kg', rejected('bad-length')],
    ['ST,00123.45  g', rejected('bad-number')],
    ['ST,+00123.45  x', rejected('bad-unit')],
    ['ST,+00123.45', rejected('bad-unit')],
    ['QT,+00000012  g', rejected('bad-unit')],
    ['XX,+00123.45  g', rejected('bad-header')],
    ['ST,+0012\xe03.45  g', rejected('bad-charset')],
  ])('%j', (line, meaning) => {
    expect(bench.read(`${line}\r\n`)).toMatchObject(meaning);
  });

  test('zero is answered twice: received, and done', () => {
    const items = [{ kind: 'ack' }, { kind: 'ack' }];
    expect(bench.read('\x06\r\n\x06\r\n')).toMatchObject({ kind: 'sequence', items });
  });
});

test.each([
  ['Q', 'weight'],
  ['S', 'send-stable'],
  ['SI', 'send-immediate'],
  ['SIR', 'send-repeat'],
  ['C', 'cancel'],
  ['Z', 'zero'],
  ['R', 're-zero'],
  ['T', 'tare'],
  ['?PT', 'query-tare'],
])('%s is %s, both ways', (wire, name) => {
  expect(bench.readCommand(`${wire}\r\n`)).toMatchObject({ kind: 'command', name });
  expect(bench.write({ kind: 'command', name })).toBe(`${wire}\r\n`);
});

test('a preset tare has a value', () => {
  expect(bench.readCommand('PT:100.0 g\r\n')).toMatchObject({ name: 'set-tare', value: '100.0' });
  expect(bench.write({ kind: 'command', name: 'set-tare', value: '100.0' })).toBe('PT:100.0\r\n');
});

test.each(['fixed', 'csv'])('any weight survives the way there and back (%s)', (format) => {
  const weight = fc.tuple(
    fc.constantFrom('', '-'),
    fc.nat({ max: 999 }),
    fc.constantFrom('g', 'kg', 'lb', 'oz', 'ct'),
    fc.boolean(),
    fc.option(fc.boolean(), { nil: undefined }),
  );
  fc.assert(
    fc.property(weight, ([sign, whole, unit, stable, net]) => {
      const more = net === undefined ? {} : { net };
      const meaning = { kind: 'weight', value: `${sign}${whole}.50`, unit, stable, ...more };
      expect(bench.read(bench.write(meaning, { format }))).toEqual(meaning);
    }),
  );
});

test('a line with even parity in bit 7 is a framing mismatch', () => {
  const plain = 'ST,+00123.45  g\r\n';
  const ones = (code: number) => [...code.toString(2)].filter((bit) => bit === '1').length;
  const codes = [...plain].map((character) => character.charCodeAt(0));
  const line = codes.map((code) => String.fromCharCode(ones(code) % 2 === 0 ? code : code + 0x80));
  expect(bench.read(line.join(''))).toMatchObject(rejected('framing-mismatch'));
});
