import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CodecContext, Meaning } from '../codec.ts';
import { benchOf, rejected, status } from './codec-bench.ts';
import { datalogicSasi, toledo8217 } from './toledo-8217.ts';

const bench = benchOf(toledo8217);
const sasi = benchOf(datalogicSasi);
const kg: CodecContext = { unit: 'kg' };
const lb: CodecContext = { unit: 'lb' };
const kilograms = (value: string, net = false) =>
  ({ kind: 'weight', value, unit: 'kg', stable: true, net }) as const;

describe('replies of an 8217', () => {
  test.each<[string, Meaning, CodecContext]>([
    ['\x0201.250\r', kilograms('1.250'), kg],
    ['\x0201.2\r', rejected('bad-unit'), kg],
    ['\x0201.250N\r', kilograms('1.250', true), kg],
    ['\x0200.000\r', kilograms('0.000'), kg],
    ['\x02 1.250\r', kilograms('1.250'), {}],
    ['\x0212.34\r', { kind: 'weight', value: '12.34', unit: 'lb' }, lb],
    ['\x0212.34\r', { kind: 'weight', value: '12.34', unit: 'lb' }, {}],
    ['\x0212.34\r', { kind: 'weight', value: '12.34', unit: 'kg' }, { unit: 'kg', decimals: 2 }],
    ['\x0201250\r', kilograms('1.250'), { unit: 'kg', decimals: 3 }],
    ['\x02?@\r', status(), {}],
    ['\x02?A\r', status('motion'), {}],
    ['\x02?B\r', status('over-capacity'), {}],
    ['\x02?D\r', status('under-zero'), {}],
    ['\x02?H\r', status('outside-zero-capture'), {}],
    ['\x02?P\r', status('center-of-zero'), {}],
    ['\x02?`\r', status('net'), {}],
    ['\x02?$\r', status('under-zero', 'net'), {}],
    ['\x02?#\r', status('motion', 'over-capacity', 'net'), {}],
    ['\x02?\x02\r', status('over-capacity'), {}],
    ['\x02?\xc1\r', status('motion'), {}],
    ['\x02\r', { kind: 'ack', command: 'A' }, {}],
    ['\x02?@\r', { kind: 'confidence', passed: true, flags: [] }, { reply_to: 'B' }],
    ['\x02?D\r', { kind: 'confidence', passed: false, flags: ['fault:ram'] }, { reply_to: 'B' }],
    ['\x02E\rhello', { kind: 'echo-probe', data: 'hello' }, {}],
    ['\r\n\x0201.250\r\n', kilograms('1.250'), kg],
    ['\x0201.2\x0201.250\r', kilograms('1.250'), kg],
  ])('%j', (text, meaning, context) => {
    expect(bench.read(text, context)).toMatchObject(meaning);
  });

  test.each<[string, string, CodecContext]>([
    ['\x0201.2.0\r', 'bad-number', kg],
    ['\x0201,250\r', 'bad-number', kg],
    ['\x02-1.250\r', 'bad-number', kg],
    ['\x0201250\r', 'bad-number', kg],
    ['\x0201.2 0\r', 'bad-number', kg],
    ['\x021.250\r', 'bad-length', kg],
    ['\x0212.34\r', 'bad-unit', kg],
    ['\x0201.250\r', 'bad-unit', lb],
    ['\x0201.250\r', 'bad-unit', { unit: 'stone' }],
    ['\x0201.2\r', 'bad-unit', {}],
    ['\x02?AB\r', 'bad-length', {}],
    ['\x0201.250', 'no-terminator', kg],
    ['01.250\r', 'no-start', kg],
    ['\x82\x30\xb1\x2e\xb2\x35\x30\x8d', 'framing-mismatch', kg],
    ['\x0201.\xb250\r', 'bad-charset', kg],
  ])('%j is refused as %s', (text, error, context) => {
    expect(bench.read(text, context)).toMatchObject(rejected(error));
  });

  test('the profile may ask to take parity bits off', () => {
    const context = { unit: 'kg', parity_bit: 'ignore' };
    expect(bench.read('\x82\x30\xb1\x2e\xb2\x35\x30\x8d', context)).toMatchObject({
      value: '1.250',
    });
  });
});

describe('commands for an 8217', () => {
  test.each([
    ['W', 'weight'],
    ['Z', 'zero'],
    ['T', 'tare'],
    ['C', 'clear-tare'],
    ['A', 'confidence-test'],
    ['B', 'confidence-result'],
    ['F', 'end-echo'],
  ])('%s is %s, both ways', (letter, name) => {
    expect(bench.readCommand(letter)).toMatchObject({ kind: 'command', name, command: letter });
    expect(bench.write({ kind: 'command', name })).toBe(letter);
  });

  test('a tare of five digits takes its point from the unit', () => {
    const tare = { kind: 'command', name: 'set-tare', digits: '00125', value: '0.125', unit: 'kg' };
    expect(bench.readCommand('T00125', kg)).toMatchObject(tare);
    expect(bench.readCommand('T00125', lb)).toMatchObject({ value: '1.25', unit: 'lb' });
    expect(bench.write({ kind: 'command', name: 'set-tare', value: '0.125', unit: 'kg' })).toBe(
      'T00125',
    );
    expect(bench.readCommand('T001')).toMatchObject(rejected('bad-length'));
  });

  test('several commands in one write are several commands', () => {
    const items = [{ name: 'tare' }, { name: 'weight' }, { name: 'zero' }];
    expect(bench.readCommand('TWZ\r\n')).toMatchObject({ kind: 'sequence', items });
  });

  test('the echo probe carries the text up to F', () => {
    const items = [{ name: 'echo', data: 'hello' }, { name: 'end-echo' }];
    expect(bench.readCommand('EhelloF')).toMatchObject({ kind: 'sequence', items });
    expect(bench.readCommand('X')).toMatchObject(rejected('bad-header'));
  });
});

describe('SASI', () => {
  test.each<[string, Meaning]>([
    ['\x02?A\r', status('motion')],
    ['\x02?B\r', status('out-of-range')],
    ['\x02?C\r', status('under-zero')],
    ['\x02?D\r', status('outside-zero-capture')],
    ['\x02?@\r', rejected('unknown-status')],
    ['\x0201.250\r', kilograms('1.250')],
  ])('%j', (text, meaning) => {
    expect(sasi.read(text)).toMatchObject(meaning);
  });

  test('letters are numbers, not bits', () => {
    expect(sasi.write(status('under-zero'))).toBe('\x02?C\r');
    expect(() => sasi.write(status('motion', 'net'))).toThrow(RangeError);
  });
});

test('any weight survives the way there and back', () => {
  const weight = fc.tuple(fc.nat({ max: 99 }), fc.nat({ max: 999 }), fc.boolean());
  fc.assert(
    fc.property(weight, ([whole, grams, net]) => {
      const meaning = kilograms(`${whole}.${String(grams).padStart(3, '0')}`, net);
      expect(bench.read(bench.write(meaning), kg)).toEqual(meaning);
    }),
  );
});
