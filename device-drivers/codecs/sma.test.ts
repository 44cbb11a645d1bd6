import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Meaning } from '../codec.ts';
import { benchOf, rejected, status } from './codec-bench.ts';
import { sma } from './sma.ts';

const bench = benchOf(sma);

describe('replies of an SMA scale', () => {
  test.each<[string, Meaning]>([
    [
      ' 1G       1.250kg ',
      { kind: 'weight', value: '1.250', unit: 'kg', stable: true, net: false },
    ],
    [' 1N       1.250kg_', { kind: 'weight', value: '1.250', unit: 'kg', net: true }],
    [' 1GM      1.250kg ', { kind: 'weight', value: '1.250', stable: false }],
    ['Z1G       0.000kg ', { kind: 'weight', value: '0.000', zero: true }],
    [' 1g      1.2500kg ', { kind: 'weight', value: '1.2500', high_resolution: true }],
    [' 1G        2.76lb ', { kind: 'weight', value: '2.76', unit: 'lb' }],
    [' 1G       1250g  ', rejected('bad-length')],
    [' 1T       0.200kg ', { kind: 'tare', value: '0.200', unit: 'kg' }],
    ['O1G  ----------kg ', status('over-capacity')],
    ['O1G      15.100kg ', status('over-capacity')],
    ['U1G      -0.100kg ', status('under-capacity')],
    ['E1G  ----------g__', status('zero-error')],
    ['E1GM ----------kg_', status('zero-error', 'motion')],
    ['I1G  ----------kg ', status('zero-error')],
    ['T1G  ----------kg ', status('tare-error')],
    ['?', { kind: 'error', error: 'unknown-command' }],
    ['!', { kind: 'error', error: 'communication' }],
    ['SMA:2/1.0', { kind: 'info', field: 'SMA', value: '2/1.0' }],
    ['CAP:kg_:15.000:5:3', { kind: 'info', field: 'CAP', value: 'kg_:15.000:5:3' }],
    ['SN_:42', { kind: 'info', field: 'SN', value: '42' }],
    ['END:', { kind: 'info', field: 'END', value: '' }],
    ['    ', { kind: 'info', field: 'diagnostics', value: '' }],
    ['X1G       1.250kg ', rejected('bad-status')],
    [' 1X       1.250kg ', rejected('bad-status')],
    [' 1G       1.2x0kg ', rejected('bad-number')],
    [' 1G  ----------kg ', rejected('bad-number')],
    [' 1G       1.250l/o', rejected('bad-unit')],
  ])('%j', (body, meaning) => {
    expect(bench.read(`\n${body}\r`)).toMatchObject(meaning);
  });

  test('a reply that begins anew in the middle counts from there', () => {
    const text = '\n 1G       1.2\n 1G       1.250kg \r';
    expect(bench.read(text)).toMatchObject({ kind: 'weight', value: '1.250' });
    expect(bench.read('\n 1G       1.250kg ')).toMatchObject(rejected('no-terminator'));
  });
});

describe('commands for an SMA scale', () => {
  test.each([
    ['W', 'weight'],
    ['H', 'weight-high-resolution'],
    ['Z', 'zero'],
    ['T', 'tare'],
    ['C', 'clear-tare'],
    ['M', 'tare-weight'],
    ['R', 'repeat'],
    ['A', 'about'],
  ])('%s is %s, both ways', (letter, name) => {
    expect(bench.readCommand(`\n${letter}\r`)).toMatchObject({ kind: 'command', name });
    expect(bench.write({ kind: 'command', name })).toBe(`\n${letter}\r`);
  });

  test('tare and unit take a parameter', () => {
    expect(bench.readCommand('\nT0.200\r')).toMatchObject({ name: 'set-tare', value: '0.200' });
    expect(bench.readCommand('\nUlb_\r')).toMatchObject({ name: 'set-unit', unit: 'lb' });
    expect(bench.write({ kind: 'command', name: 'set-tare', value: '0.200' })).toBe('\nT0.200\r');
    expect(bench.readCommand('\nTabc\r')).toMatchObject(rejected('bad-number'));
  });
});

test('any weight survives the way there and back', () => {
  const weight = fc.record({
    kind: fc.constant('weight'),
    value: fc
      .tuple(fc.constantFrom('', '-'), fc.nat({ max: 99999 }))
      .map(([s, n]) => `${s}${n}.05`),
    unit: fc.constantFrom('kg', 'g', 'lb', 'oz', 'ozt', 't'),
    stable: fc.boolean(),
    high_resolution: fc.boolean(),
    net: fc.boolean(),
    zero: fc.boolean(),
  });
  fc.assert(
    fc.property(weight, (meaning) => {
      expect(bench.read(bench.write(meaning))).toEqual(meaning);
    }),
  );
});
