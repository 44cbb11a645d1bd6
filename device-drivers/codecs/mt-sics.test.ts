import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Direction, Meaning } from '../codec.ts';
import { bytesOf, textOf } from './ascii.ts';
import { mtSics } from './mt-sics.ts';
import { decodeOnce } from './stream.ts';

function read(text: string, direction: Direction = 'device->host'): Meaning {
  return decodeOnce(mtSics, { chunks: [bytesOf(text)], direction, context: {} });
}

function written(meaning: Meaning): string {
  return textOf(mtSics.encode(meaning, {}));
}

const replies: [string, Meaning][] = [
  ['S S     100.00 g', { kind: 'weight', value: '100.00', unit: 'g', stable: true }],
  ['S D 1.234 g', { kind: 'weight', value: '1.234', unit: 'g', stable: false }],
  ['S S      -0.50 kg', { kind: 'weight', value: '-0.50', unit: 'kg', stable: true }],
  ['S S   00012.50 kg', { kind: 'weight', value: '12.50', unit: 'kg', stable: true }],
  ['SU D      2.76 lb', { kind: 'weight', value: '2.76', unit: 'lb', stable: false }],
  ['S S         12 PCS', { kind: 'count', value: '12', stable: true }],
  ['S D      50.10 %', { kind: 'percent', value: '50.10', stable: false }],
  ['S I', { kind: 'error', error: 'not-executable', command: 'S' }],
  ['S L', { kind: 'error', error: 'wrong-parameter', command: 'S' }],
  ['S +', { kind: 'status', flags: ['overload'] }],
  ['S -', { kind: 'status', flags: ['underload'] }],
  ['Z A', { kind: 'ack', command: 'Z' }],
  ['ZI S', { kind: 'ack', command: 'ZI', stable: true }],
  ['ZI D', { kind: 'ack', command: 'ZI', stable: false }],
  ['Z I', { kind: 'error', error: 'not-executable', command: 'Z' }],
  ['Z +', { kind: 'error', error: 'above-zero-range', command: 'Z' }],
  ['ZI -', { kind: 'error', error: 'below-zero-range', command: 'ZI' }],
  ['T S     10.00 g', { kind: 'tare', value: '10.00', unit: 'g', command: 'T', stable: true }],
  ['TI D     1.00 g', { kind: 'tare', value: '1.00', unit: 'g', command: 'TI', stable: false }],
  ['T A 2.486 g', { kind: 'tare', value: '2.486', unit: 'g', command: 'T' }],
  ['T A', { kind: 'ack', command: 'T' }],
  ['TA A 2.486 g', { kind: 'tare', value: '2.486', unit: 'g', command: 'TA' }],
  ['TA L', { kind: 'error', error: 'wrong-parameter', command: 'TA' }],
  ['TAC A', { kind: 'ack', command: 'TAC' }],
  ['ES', { kind: 'error', error: 'syntax', code: 'ES' }],
  ['ET', { kind: 'error', error: 'transmission', code: 'ET' }],
  ['EL', { kind: 'error', error: 'logical', code: 'EL' }],
  ['I4 A "0123456789"', { kind: 'info', command: 'I4', value: '0123456789' }],
  ['@ A "123456789"', { kind: 'info', command: '@', value: '123456789' }],
  ['I2 A "ICS469 OU 60.18 kg"', { kind: 'info', command: 'I2', value: 'ICS469 OU 60.18 kg' }],
  ['I1 A "x1" "x2"', { kind: 'info', command: 'I1', values: ['x1', 'x2'] }],
  ['I0 I', { kind: 'error', error: 'not-executable', command: 'I0' }],
  ['S S     12x.00 g', { kind: 'reject', error: 'bad-number' }],
  ['S S     1.2.3 g', { kind: 'reject', error: 'bad-number' }],
  ['S S     1,25 g', { kind: 'reject', error: 'bad-number' }],
  ['S S     1e3 g', { kind: 'reject', error: 'bad-number' }],
  ['S S     100.00 furlong', { kind: 'reject', error: 'bad-unit' }],
  ['S S     100.00', { kind: 'reject', error: 'bad-unit' }],
  ['S S', { kind: 'reject', error: 'bad-length' }],
  ['S Q     100.00 g', { kind: 'reject', error: 'unknown-status' }],
  ['100.00 g', { kind: 'reject', error: 'bad-header' }],
  ['S S     1\u00b000.00 g', { kind: 'reject', error: 'bad-charset' }],
];

describe('replies of a scale', () => {
  test.each(replies)('%s', (line, meaning) => {
    expect(read(`${line}\r\n`)).toMatchObject(meaning);
  });

  test('a line end of CR, LF or CR LF is a line end', () => {
    for (const end of ['\r', '\n', '\r\n', '\r\n\r\n']) {
      expect(read(`S S 1.0 g${end}`)).toMatchObject({ kind: 'weight', value: '1.0' });
    }
  });

  test('a line without its end is no reading, since digits or the unit may be missing', () => {
    expect(read('S S     100.00 g')).toMatchObject({ kind: 'reject', error: 'no-terminator' });
  });

  test('the tail of a line that is too long is no reading', () => {
    const results = decodeOnce(mtSics, {
      chunks: [bytesOf(`${'x'.repeat(256)}S S 1.0 g\r\nS S 2.0 g\r\n`)],
      direction: 'device->host',
      context: {},
    });
    expect(results).toMatchObject({ kind: 'weight', value: '2.0' });
  });

  test('joins the lines of the command list', () => {
    expect(read('I0 B 0 "I0"\r\nI0 B 1 "D"\r\nI0 A\r\n')).toMatchObject({
      kind: 'list',
      command: 'I0',
      items: ['I0', 'D'],
      lines: [
        ['0', 'I0'],
        ['1', 'D'],
      ],
      more: false,
    });
  });

  test('says that a list is not whole when the line closes in its middle', () => {
    expect(read('I0 B 0 "I0"\r\n')).toMatchObject({ kind: 'list', items: ['I0'], more: true });
  });

  test('a stream of readings gives one result per line', () => {
    const items = [{ value: '1.0' }, { value: '2.0' }];
    expect(read('S D 1.0 g\r\nS S 2.0 g\r\n')).toMatchObject({ kind: 'sequence', items });
  });
});

describe('commands of the host', () => {
  test.each([
    ['S', 'send-stable'],
    ['SI', 'send-immediate'],
    ['SIR', 'send-repeat'],
    ['Z', 'zero'],
    ['T', 'tare'],
    ['TAC', 'clear-tare'],
    ['@', 'reset'],
  ])('%s is %s, both ways', (wire, name) => {
    expect(read(`${wire}\r\n`, 'host->device')).toMatchObject({ kind: 'command', name });
    expect(written({ kind: 'command', name })).toBe(`${wire}\r\n`);
    expect(written({ kind: 'command', name: wire })).toBe(`${wire}\r\n`);
  });

  test('TA asks for the tare, TA with a weight sets it', () => {
    const set = { kind: 'command', name: 'set-tare', value: '2.486', unit: 'g' };
    expect(read('TA 2.486 g\r\n', 'host->device')).toMatchObject(set);
    expect(written(set)).toBe('TA 2.486 g\r\n');
    expect(written({ kind: 'command', name: 'query-tare' })).toBe('TA\r\n');
  });

  test('a command that does not exist is refused, and cannot be written', () => {
    expect(read('JUMP\r\n', 'host->device')).toMatchObject({ kind: 'reject', error: 'bad-header' });
    expect(() => written({ kind: 'command', name: 'jump' })).toThrow(RangeError);
  });
});

describe('encoding', () => {
  test.each(replies.filter(([, meaning]) => meaning.kind !== 'reject'))(
    'reads back what it wrote for %s',
    (line) => {
      const meaning = read(`${line}\r\n`);
      expect(read(written(meaning))).toEqual(meaning);
    },
  );

  test('writes a weight as the manual prints it', () => {
    const meaning = { kind: 'weight', value: '100.00', unit: 'g', stable: true };
    expect(written(meaning)).toBe('S S     100.00 g\r\n');
  });

  test('any weight survives the way there and back', () => {
    const weight = fc.tuple(
      fc.constantFrom('', '-'),
      fc.integer({ min: 0, max: 99999 }),
      fc.constantFrom('', '.0', '.5', '.00', '.125'),
      fc.constantFrom('g', 'kg', 'lb', 'oz'),
      fc.boolean(),
    );
    fc.assert(
      fc.property(weight, ([sign, whole, decimals, unit, stable]) => {
        const meaning = { kind: 'weight', value: `${sign}${whole}${decimals}`, unit, stable };
        expect(read(written(meaning))).toEqual(meaning);
      }),
    );
  });
});
