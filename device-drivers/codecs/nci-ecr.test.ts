import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CodecContext, Meaning } from '../codec.ts';
import { benchOf, rejected, status } from './codec-bench.ts';
import { nciEcr } from './nci-ecr.ts';

const bench = benchOf(nciEcr);
const reply = (body: string, state = 'S00') => `\n${body}\r\n${state}\r\x03`;
const only = (state: string) => `\n${state}\r\x03`;

describe('replies of an NCI scale', () => {
  test.each<[string, Meaning, CodecContext?]>([
    [reply('12.345LB'), { kind: 'weight', value: '12.345', unit: 'lb', stable: true }],
    [reply('00.000LB', 'S20'), { kind: 'weight', value: '0.000', zero: true, stable: true }],
    [reply('12.345LB', 'S10'), { kind: 'weight', value: '12.345', stable: false }],
    [reply('12.345KG', '00'), { kind: 'weight', value: '12.345', unit: 'kg', stable: true }],
    [reply('012.3450KG', 'S0p4'), { kind: 'weight', value: '12.3450', net: true }],
    [reply('   0012.5kg', '0000'), { kind: 'weight', value: '12.5', unit: 'kg' }],
    [reply('     12pcs', '0000'), { kind: 'count', value: '12' }],
    [reply('   50.1%', '0000'), { kind: 'percent', value: '50.1' }],
    [reply('001LB 02.5OZ'), { kind: 'weight', value: '18.5', unit: 'oz' }, { pounds_ounces: 'oz' }],
    [reply('KG'), { kind: 'info', command: 'U', value: 'kg' }],
    [reply('012345MM'), { kind: 'info', command: 'M', value: '012345' }],
    [only('S00'), status()],
    [only('S10'), status('motion')],
    [only('S20'), status('zero')],
    [only('10'), status('motion')],
    [only('S40'), status('fault:ram')],
    [only('S01'), status('under-capacity')],
    [only('S02'), status('over-capacity')],
    [only('S12'), status('motion', 'over-capacity')],
    [only('S08'), status('fault:calibration')],
    [only('S0p4'), status('net')],
    [only('S0p8'), status('zero-error')],
    [only('S0pp4'), status('metric')],
    [reply('^^^^^^LB', 'S02'), status('over-capacity')],
    [reply('^^^^^^^^lb', '00'), status('over-capacity')],
    [reply('______LB', 'S00'), status('under-capacity')],
    [reply('------LB', 'S00'), status('zero-error')],
    [reply('12.345LB', 'S02'), status('over-capacity')],
    ['\n?\r\x03', { kind: 'error', error: 'unknown-command' }],
    [`\n12.3${reply('00.500LB')}`, { kind: 'weight', value: '0.500' }],
    [`\n99.999LB\r${reply('00.500LB')}`, { kind: 'weight', value: '0.500' }],
    [reply('01.2.5LB'), rejected('bad-number')],
    [reply('1e3.00LB'), rejected('bad-number')],
    [reply('2.345LB'), rejected('bad-length')],
    [reply('12.345'), rejected('bad-unit')],
    [reply('12.345XX'), rejected('bad-unit')],
    [reply('001LB 02.5OZ'), rejected('bad-unit')],
    [reply('12.345LB', 'S!!'), rejected('bad-status')],
    [only('S0p'), rejected('bad-status')],
    ['\n12.345LB\r\x03', rejected('bad-header')],
    ['\n12.345LB\r\nS00\r', rejected('no-terminator')],
    ['12.345LB', rejected('no-start')],
  ])('%j', (text, meaning, context) => {
    expect(bench.read(text, context)).toMatchObject(meaning);
  });
});

test.each([
  ['W', 'weight'],
  ['H', 'weight-high-resolution'],
  ['S', 'status'],
  ['Z', 'zero'],
  ['U', 'change-unit'],
  ['M', 'raw-counts'],
])('%s is %s, both ways', (letter, name) => {
  expect(bench.readCommand(`${letter}\r`)).toMatchObject({ kind: 'command', name });
  expect(bench.write({ kind: 'command', name })).toBe(`${letter}\r`);
});

test('writes both forms of the status', () => {
  expect(bench.write(status('motion', 'net'))).toBe('\nS1p4\r\x03');
  expect(bench.write(status('motion'), { status_form: 'scp-01' })).toBe('\n10\r\x03');
});

test('any weight survives the way there and back', () => {
  const weight = fc.tuple(
    fc.nat({ max: 99 }),
    fc.nat({ max: 999 }),
    fc.constantFrom('lb', 'kg', 'oz', 'g'),
    fc.boolean(),
    fc.option(fc.boolean(), { nil: undefined }),
  );
  fc.assert(
    fc.property(weight, ([whole, part, unit, stable, net]) => {
      const value = `${whole}.${String(part).padStart(3, '0')}`;
      const more = net === undefined ? {} : { net };
      const meaning = { kind: 'weight', value, unit, stable, zero: false, ...more };
      expect(bench.read(bench.write(meaning))).toEqual(meaning);
    }),
  );
});
