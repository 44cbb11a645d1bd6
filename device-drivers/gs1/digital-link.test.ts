import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentDecoded, readDigitalLink, writeDigitalLink } from './digital-link.ts';

const settings = { currentYear: 2026 };
const gtin = '09506000134352';

function read(uri: string, permitsShortGtin = false): string {
  const result = readDigitalLink(uri, { ...settings, permitsShortGtin });
  if ('kind' in result) return result.error;
  return result.elements.map(({ identifier, value }) => `(${identifier})${value}`).join('');
}

describe('readDigitalLink', () => {
  it.each([
    [`https://id.gs1.org/01/${gtin}`, `(01)${gtin}`],
    [`HTTP://example.com/01/${gtin}`, `(01)${gtin}`],
    [`https://example.com:8443/shop/de/01/${gtin}`, `(01)${gtin}`],
    [`https://example.com/00/old/01/${gtin}`, `(01)${gtin}`],
    [`https://[2001:db8::1]/01/${gtin}`, `(01)${gtin}`],
    [`https://example.com/01/${gtin}/22/A/10/B/21/C`, `(01)${gtin}(22)A(10)B(21)C`],
    [`https://example.com/01/${gtin}/235/TPX`, `(01)${gtin}(235)TPX`],
    [`https://example.com/01/${gtin}/10/A%2FB+C?99=X%2fY`, `(01)${gtin}(10)A/B+C(99)X/Y`],
    [`https://example.com/01/${gtin}?17=271231&3103=000195`, `(01)${gtin}(17)271231(3103)000195`],
    [`https://example.com/01/${gtin}?utm=1&&17=271231&flag&=x#top`, `(01)${gtin}(17)271231`],
    [`https://example.com/01/${gtin}#?17=271231`, `(01)${gtin}`],
    [`https://example.com/01/${gtin}/235/TPX?10=LOT`, `(01)${gtin}(235)TPX(10)LOT`],
    [
      'https://example.com/00/106141412345678908?02=09506000134352&37=25',
      '(00)106141412345678908(02)09506000134352(37)25',
    ],
    ['https://example.com/414/9506000134352/254/32a', '(414)9506000134352(254)32a'],
    // In the query a GTIN was always allowed to be short.
    ['https://example.com/8004/9506ABC?01=9506000134352', `(8004)9506ABC(01)${gtin}`],
  ])('reads %s', (uri, expected) => {
    expect(read(uri)).toBe(expected);
  });

  it.each([
    ['', 'not-digital-link'],
    ['ftp://example.com/01/09506000134352', 'not-digital-link'],
    ['HttpS://example.com/01/09506000134352', 'not-digital-link'],
    ['https:///01/09506000134352', 'not-digital-link'],
    ['https://01/09506000134352', 'not-digital-link'],
    ['https://exa_mple.com/01/09506000134352', 'not-digital-link'],
    ['https://exämple.com/01/09506000134352', 'not-digital-link'],
    ['https://example.com/gtin/09506000134352', 'not-digital-link'],
    ['https://example.com/01/09506000134352/', 'not-digital-link'],
    ['https://example.com/01/09506000134352/89/X', 'not-digital-link'],
    ['https://example.com/01/09506000134352/10/A/22/B', 'not-digital-link'],
    ['https://example.com/01/09506000134352/10/A/235/B', 'not-digital-link'],
    ['https://example.com/00/106141412345678908/10/A', 'not-digital-link'],
    ['https://example.com/01/09506000134353', 'bad-check-digit'],
    ['https://example.com/01/9506000134352', 'bad-length'],
    ['https://example.com/01/09506000134352/10/', 'empty'],
    ['https://example.com/01/09506000134352?99=', 'empty'],
    ['https://example.com/01/09506000134352?99=A+B', 'bad-charset'],
    ['https://example.com/01/09506000134352/10/A%00', 'bad-charset'],
    ['https://example.com/01/09506000134352?17=270230', 'bad-date'],
    ['https://example.com/01/09506000134352?999=X', 'unknown-ai'],
    ['https://example.com/01/09506000134352?8200=X', 'unknown-ai'],
    ['https://example.com/01/09506000134352?10=A', 'qualifier-in-query'],
    ['https://example.com/414/9506000134352?21=A', 'qualifier-in-query'],
    ['https://example.com/01/09506000134352?99=A&99=A', 'duplicate-ai'],
    ['https://example.com/01/09506000134352/10/A?01=09506000134352', 'duplicate-ai'],
    ['https://example.com/01/09506000134352?37=5', 'duplicate-ai'],
  ])('refuses %s as %s', (uri, error) => {
    expect(read(uri)).toBe(error);
  });

  it('fills short GTINs of the path only if permitted', () => {
    expect(read('https://example.com/01/9506000134352', true)).toBe(`(01)${gtin}`);
    expect(read('https://example.com/01/96385074', true)).toBe('(01)00000096385074');
    expect(read('https://example.com/01/9638507', true)).toBe('bad-length');
  });
});

describe('percentDecoded', () => {
  it.each([
    ['A%20B', 'A B', 'A B'],
    ['A+B', 'A+B', 'A B'],
    ['A%2BB', 'A+B', 'A+B'],
    ['A%4fB', 'AOB', 'AOB'],
    ['A%4', 'A%4', 'A%4'],
    ['A%4g', 'A%4g', 'A%4g'],
    ['%25%32%30', '%20', '%20'],
  ])('%s', (text, inPath, inQuery) => {
    expect(percentDecoded(text, false)).toBe(inPath);
    expect(percentDecoded(text, true)).toBe(inQuery);
  });
});

describe('writeDigitalLink', () => {
  const text = fc.stringMatching(/^[A-Za-z0-9!"%&'()*+,\-./:;<=>?_]{1,20}$/);

  it('writes what reads back', () => {
    fc.assert(
      fc.property(text, text, text, (lot, serial, own) => {
        const elements = [
          { identifier: '01', value: gtin },
          { identifier: '10', value: lot },
          { identifier: '21', value: serial },
          { identifier: '17', value: '271231' },
          { identifier: '99', value: own },
        ];
        const uri = writeDigitalLink(elements, 'https://example.com/p/');
        const result = readDigitalLink(uri, settings);
        expect('kind' in result ? result : result.elements).toEqual(elements);
      }),
    );
  });

  it('puts qualifiers into the order of their key', () => {
    const elements = [
      { identifier: '21', value: 'S' },
      { identifier: '01', value: gtin },
      { identifier: '10', value: 'L' },
    ];
    expect(writeDigitalLink(elements, 'https://id.gs1.org')).toBe(
      `https://id.gs1.org/01/${gtin}/10/L/21/S`,
    );
  });

  it('refuses elements without a key, and attributes that may not stand there', () => {
    expect(() => writeDigitalLink([{ identifier: '10', value: 'A' }], 'https://a')).toThrow(
      RangeError,
    );
    const forbidden = [
      { identifier: '01', value: gtin },
      { identifier: '8200', value: 'http://x' },
    ];
    expect(() => writeDigitalLink(forbidden, 'https://a')).toThrow(RangeError);
  });
});

describe('no text makes the reader throw', () => {
  it('random addresses', () => {
    const unit = fc.constantFrom(...'https://01/10?=&%+#abc26', '/01/', '%2F', gtin, '?17=');
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 60 }), (parts) => {
        const uri = `https://a${parts.join('')}`;
        expect(() => readDigitalLink(uri, settings)).not.toThrow();
      }),
    );
  });
});
