import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Meaning } from '../codec.ts';
import { benchOf, rejected } from './codec-bench.ts';
import { ohaus } from './ohaus.ts';

const bench = benchOf(ohaus);

describe('lines of an Ohaus scale', () => {
  test.each<[string, Meaning]>([
    ['     192.21 g', { kind: 'weight', value: '192.21', unit: 'g', stable: true }],
    ['       0.01 g ?', { kind: 'weight', value: '0.01', stable: false }],
    ['       0.01 g    00:00:00', { kind: 'weight', stable: true, elapsed: '00:00:00' }],
    ['     176.30 g ? 00:00:15', { kind: 'weight', stable: false, elapsed: '00:00:15' }],
    ['     207.80 g TOTAL', { kind: 'total', value: '207.80', unit: 'g' }],
    ['       12.73 g    ?', { kind: 'weight', value: '12.73', stable: false }],
    ['      0.5950 oz   ?', { kind: 'weight', unit: 'oz', stable: false }],
    ['           3 PCS  ?', { kind: 'count', value: '3', stable: false }],
    ['           3 PCS   ', { kind: 'count', value: '3', stable: true }],
    ['        0.85 oz     WET WT', { kind: 'weight', value: '0.85', legend: 'WET WT' }],
    ['       0.211 kg ?', { kind: 'weight', value: '0.211', unit: 'kg', stable: false }],
    ['-  12.345 kg   NET', { kind: 'weight', value: '-12.345', net: true }],
    ['-  12.345 kg ? B/G', { kind: 'weight', value: '-12.345', net: false, stable: false }],
    ['   12.345 kg   ?NET', { kind: 'weight', net: true, stable: false }],
    ['   12.345 kg    G  ', { kind: 'weight', net: false }],
    ['   12.345 kg    T  ', { kind: 'tare', value: '12.345', unit: 'kg' }],
    ['   12.345 kg   Net', { kind: 'weight', net: true, legend: 'Net' }],
    ['   12.345 kg g', rejected('unknown-status')],
    ['N                 12.345 kg', { kind: 'weight', net: true }],
    ['T                  1.000 kg', { kind: 'tare', value: '1.000' }],
    ['   50.1 %', { kind: 'percent', value: '50.1' }],
    ['ES', { kind: 'error', error: 'invalid-command', code: 'ES' }],
    ['Err 8.4', { kind: 'error', error: 'device-error', code: '8.4' }],
    ['     19x.08 g', rejected('bad-number')],
    ['     1.9.08 g', rejected('bad-number')],
    ['     192.08', rejected('bad-number')],
    ['     192.08 stone', rejected('bad-unit')],
    ['     192.08 lb:oz', rejected('bad-unit')],
    ['     192.08 g   QQQ', rejected('unknown-status')],
    ['19\xe02.08 g', rejected('bad-charset')],
    ['hello', rejected('bad-header')],
  ])('%j', (line, meaning) => {
    expect(bench.read(`${line}\r\n`)).toMatchObject(meaning);
  });
});

test.each([
  ['P', 'print'],
  ['IP', 'immediate-print'],
  ['SP', 'stable-print'],
  ['CP', 'continuous-print'],
  ['0P', 'print-off'],
  ['Z', 'zero'],
  ['T', 'tare'],
  ['PSI', 'switch-to-mt-sics'],
])('%s is %s, both ways', (wire, name) => {
  expect(bench.readCommand(`${wire}\r\n`)).toMatchObject({ kind: 'command', name });
  expect(bench.write({ kind: 'command', name })).toBe(`${wire}\r\n`);
});

test('an interval is a number before P, a tare a number before T', () => {
  const interval = { kind: 'command', name: 'interval-print', seconds: 15 };
  expect(bench.readCommand('15P\r\n')).toEqual(interval);
  expect(bench.write(interval)).toBe('15P\r\n');
  expect(bench.readCommand('250T\r\n')).toMatchObject({ name: 'set-tare', value: '250' });
  expect(bench.readCommand('0T\r\n')).toMatchObject({ name: 'clear-tare' });
});

test('any weight survives the way there and back', () => {
  const weight = fc.tuple(
    fc.constantFrom('', '-'),
    fc.nat({ max: 9999 }),
    fc.constantFrom('', '.5', '.025'),
    fc.constantFrom('g', 'kg', 'lb', 'oz'),
    fc.boolean(),
    fc.option(fc.constantFrom('NET', 'G'), { nil: undefined }),
  );
  fc.assert(
    fc.property(weight, ([sign, whole, decimals, unit, stable, legend]) => {
      const more = legend === undefined ? {} : { legend, net: legend === 'NET' };
      const value = `${sign}${whole}${decimals}`;
      const meaning = { kind: 'weight', value, unit, stable, ...more };
      expect(bench.read(bench.write(meaning))).toEqual(meaning);
    }),
  );
});
