import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Meaning } from '../codec.ts';
import { benchOf, rejected } from './codec-bench.ts';
import { dialog06, dialog06Errors } from './dialog06.ts';

const bench = benchOf(dialog06);
const esc = '\x1b';
const record = (...fields: string[]) => `\x02${fields.join(esc)}\x03`;

describe('answers of the scale', () => {
  test.each<[string, Meaning]>([
    ['\x06', { kind: 'ack' }],
    ['\x15', { kind: 'nak' }],
    [
      record('02', '3', '00500', '001000', '000500'),
      {
        kind: 'weighing',
        weight: { value: '0.500', unit: 'kg' },
        unit_price: 1000,
        total: 500,
      },
    ],
    [
      record('02', '1', '00125', '01000', '001250'),
      { kind: 'weighing', weight: { value: '1.25', unit: 'lb' } },
    ],
    [
      record('02', '2', '01005', '001000', '001005'),
      { kind: 'weighing', weight: { value: '1.005', unit: 'lb' } },
    ],
    [record('11', '247'), { kind: 'checksum-request', random: '47' }],
    [record('11', '1'), { kind: 'checksum-result', valid: true }],
    [record('11', '0'), { kind: 'checksum-result', valid: false }],
    [`\x020${record('09', '20')}`, { kind: 'status-record', code: '20', error: 'motion' }],
    [`junk${record('09', '20')}`, { kind: 'status-record', code: '20' }],
    [record('02', '0', '00125', '01000', '001250'), rejected('bad-unit')],
    [record('02', '7', '00125', '01000', '001250'), rejected('unknown-status')],
    [record('02', '3', '0050', '001000', '000500'), rejected('bad-length')],
    [record('02', '3', '00500', '001000'), rejected('bad-length')],
    [record('02', '3', '0a500', '001000', '000500'), rejected('bad-number')],
    [record('09', '99'), rejected('unknown-status')],
    [record('09', '2'), rejected('bad-length')],
    [record('11', '2'), rejected('bad-status')],
    [record('77', '1'), rejected('bad-header')],
    [record('09', '00').slice(0, -1), rejected('no-terminator')],
    ['0900', rejected('no-start')],
  ])('%j', (text, meaning) => {
    expect(bench.read(text)).toMatchObject(meaning);
  });

  test.each(Object.entries(dialog06Errors))('status %s is %s', (code, error) => {
    expect(bench.read(record('09', code))).toEqual({ kind: 'status-record', code, error });
  });

  test('a line with odd parity in bit 7 is a framing mismatch', () => {
    const odd = Uint8Array.from(record('09', '31'), (character) => {
      const byte = character.charCodeAt(0);
      const ones = byte.toString(2).replaceAll('0', '').length;
      return ones % 2 === 0 ? byte | 0x80 : byte;
    });
    expect(bench.read(String.fromCharCode(...odd))).toMatchObject(rejected('framing-mismatch'));
  });
});

describe('commands of the till', () => {
  test.each<[string, Meaning]>([
    [`\x04\x0201${esc}001000${esc}\x03`, { kind: 'command', name: 'price', unit_price: 1000 }],
    [
      `\x04\x0203${esc}001000${esc}0050\x03`,
      { kind: 'command', name: 'price-tare', unit_price: 1000, tare_grams: 50 },
    ],
    [
      `\x04\x0204${esc}001000${esc}Apples       \x03`,
      { kind: 'command', name: 'price-text', unit_price: 1000, text: 'Apples' },
    ],
    [
      `\x04\x0205${esc}001000${esc}0050${esc}Apples       \x03`,
      {
        kind: 'command',
        name: 'price-tare-text',
        unit_price: 1000,
        tare_grams: 50,
        text: 'Apples',
      },
    ],
    ['\x04\x0208\x03', { kind: 'command', name: 'status' }],
    [
      `\x04\x0210${esc}00104220\x03`,
      { kind: 'command', name: 'checksums', checksum: '0010', check: '4220' },
    ],
    ['\x04\x0220\x03', { kind: 'command', name: 'version' }],
    ['\x04\x05', { kind: 'command', name: 'result' }],
    ['\x04', { kind: 'command', name: 'end' }],
  ])('%j, both ways', (text, meaning) => {
    expect(bench.readCommand(text)).toEqual(meaning);
    expect(bench.write(meaning)).toBe(text);
  });

  test('thanks and a question in one write are two commands', () => {
    const items = [{ name: 'end' }, { name: 'result' }];
    expect(bench.readCommand('\x04\x04\x05')).toMatchObject({ kind: 'sequence', items });
    expect(bench.readCommand(`\x04\x0201${esc}12${esc}\x03`)).toMatchObject(rejected('bad-number'));
    const spare = `\x04\x0203${esc}001000${esc}0050${esc}\x03`;
    expect(bench.readCommand(spare)).toMatchObject({ name: 'price-tare', tare_grams: 50 });
    expect(bench.readCommand(`\x04\x0299\x03`)).toMatchObject(rejected('bad-header'));
  });
});

test('any weighing survives the way there and back', () => {
  const weighing = fc.record({
    kind: fc.constant('weighing'),
    weight: fc.record({
      value: fc.nat({ max: 99 }).map((whole) => `${whole}.005`),
      unit: fc.constantFrom('kg', 'lb'),
    }),
    unit_price: fc.nat({ max: 999999 }),
    total: fc.nat({ max: 999999 }),
  });
  fc.assert(
    fc.property(weighing, (meaning) => {
      expect(bench.read(bench.write(meaning))).toEqual(meaning);
    }),
  );
});
