import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSgtin, readSgtin198 } from './sgtin-198.ts';

/** Filter 3, partition 5, company 0614141, item 712345, then the serial, in 52 digits. */
function tag(serial: string, headBits = (3n << 47n) | (5n << 44n)): string {
  const product = (BigInt('0614141') << 20n) | BigInt('712345');
  let bits = (0x36n << 50n) | headBits | product;
  for (let index = 0; index < 20; index += 1) {
    bits = (bits << 7n) | BigInt(index < serial.length ? serial.charCodeAt(index) : 0);
  }
  return (bits << 10n).toString(16).toUpperCase();
}

describe('readSgtin198', () => {
  it('reads the example of the Tag Data Standard', () => {
    expect(readSgtin198(tag('32a/b'))).toEqual({
      gtin: '70614141123451',
      serial: '32a/b',
      uri: 'urn:epc:id:sgtin:0614141.712345.32a%2Fb',
      filter: 3,
      companyPrefix: '0614141',
    });
    expect(tag('32a/b')).toBe(
      '3674257BF6B7A659B2C2BF1000000000000000000000000000000000'.slice(0, 52),
    );
  });

  it('reads any serial, with or without the bits that fill a word', () => {
    const mark = fc.constantFrom(...'abcXYZ0189-_./%?');
    const serial = fc.string({ unit: mark, minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(serial, fc.constantFrom(50, 51, 52), (text, length) => {
        const found = readSgtin(tag(text).slice(0, length));
        expect(found).toMatchObject({ gtin: '70614141123451', serial: text });
      }),
    );
  });

  it.each([
    ['no serial', tag(''), 'bad-epc'],
    ['a blank in the serial', tag('a b'), 'bad-epc'],
    ['a character behind the end', tag('a\0b'), 'bad-epc'],
    ['bits behind the end', `${tag('a').slice(0, -1)}1`, 'bad-epc'],
    ['a partition that is not in use', tag('a', 7n << 44n), 'bad-epc'],
    ['too few digits', tag('a').slice(0, 40), 'bad-length'],
    ['too many digits', `${tag('a')}00`, 'bad-length'],
    ['no digits', `36${'x'.repeat(50)}`, 'bad-epc'],
  ])('refuses %s', (_case, text, error) => {
    expect(readSgtin(text)).toMatchObject({ kind: 'reject', error });
  });

  it('leaves the other sizes to their reader', () => {
    expect(readSgtin('3074257BF7194E4000001A85')).toMatchObject({ gtin: '80614141123458' });
    expect(readSgtin('3674257BF7194E4000001A85')).toMatchObject({ error: 'not-sgtin' });
  });
});
