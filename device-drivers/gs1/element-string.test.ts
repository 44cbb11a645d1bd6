import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ElementStringSettings,
  groupSeparator,
  maxElements,
  readBracketedElements,
  readElementString,
  writeElementString,
} from './element-string.ts';
import { datesOf, priceOf, weightOf } from './element-values.ts';

const settings: ElementStringSettings = { currentYear: 2026 };

/** `^` stands for GS. */
function read(text: string, more: Partial<ElementStringSettings> = {}): string {
  const result = readElementString(text.replaceAll('^', groupSeparator), { ...settings, ...more });
  if ('kind' in result) return result.error;
  return result.elements.map(({ identifier, value }) => `(${identifier})${value}`).join('');
}

describe('readElementString', () => {
  it.each([
    ['0109506000134352', '(01)09506000134352'],
    ['0109506000134352^', '(01)09506000134352'],
    ['010950600013435210ABC123', '(01)09506000134352(10)ABC123'],
    ['010950600013435210ABC123^17271231', '(01)09506000134352(10)ABC123(17)271231'],
    ['0109506000134352^10ABC123^', '(01)09506000134352(10)ABC123'],
    ['00106141412345678908', '(00)106141412345678908'],
    ['310300019515271231', '(3103)000195(15)271231'],
    ['700726010126', 'bad-length'],
    ['7007260101', '(7007)260101'],
    ['7007260101260201', '(7007)260101260201'],
    ['800300950600013435ABC', 'bad-check-digit'],
    ['800309506000134352ABC', '(8003)09506000134352ABC'],
    ['8008261231', 'bad-length'],
    ['800826123123', '(8008)26123123'],
    ['80082612312359', '(8008)2612312359'],
    // A missing separator cannot be noticed: the lot swallows the date.
    ['010950600013435210ABC12317271231', '(01)09506000134352(10)ABC12317271231'],
  ])('reads %s as %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ['', 'empty'],
    ['89123', 'unknown-ai'],
    ['XYZ', 'unknown-ai'],
    ['^0109506000134352', 'unknown-ai'],
    ['0109506000134353', 'bad-check-digit'],
    ['010950600013435', 'bad-length'],
    ['01095060001343521', 'unknown-ai'],
    ['01A9506000134352', 'bad-charset'],
    ['10', 'empty'],
    ['10^17271231', 'empty'],
    ['10ABCDEFGHIJKLMNOPQRSTU', 'bad-length'],
    ['10AB~C', 'bad-charset'],
    ['10A C', 'bad-charset'],
    ['17270230', 'bad-date'],
    ['17271301', 'bad-date'],
    ['30123456789', 'bad-length'],
    ['10ABC^10ABD', 'duplicate-ai'],
    ['01095060001343520209506000134352', 'duplicate-ai'],
    ['3103000195' + '3102000195', 'duplicate-ai'],
  ])('refuses %j as %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it('takes a repeated element that says the same', () => {
    expect(read('10ABC^10ABC')).toBe('(10)ABC(10)ABC');
  });

  it('warns of a missing companion, or refuses if asked to', () => {
    const text = '0209506000134352';
    const result = readElementString(text, settings);
    expect('warnings' in result && result.warnings).toEqual(['(02) asks for (37)']);
    expect(read(text, { refusesMissingCompanions: true })).toBe('missing-companion-ai');
    expect(read(`00106141412345678908${text}3712`, { refusesMissingCompanions: true })).toBe(
      '(00)106141412345678908(02)09506000134352(37)12',
    );
  });

  it('knows groups of companions: (7004) wants (01) with (10)', () => {
    const refuses = { refusesMissingCompanions: true };
    expect(read('010950600013435270041234', refuses)).toBe('missing-companion-ai');
    expect(read('010950600013435210A^70041234', refuses)).toBe('(01)09506000134352(10)A(7004)1234');
  });

  it('takes the separators that a scanner is set to', () => {
    const separators = ['|', '~'];
    expect(read('10ABC|21X1~17271231', { separators })).toBe('(10)ABC(21)X1(17)271231');
    expect(read('10ABC|21X1')).toBe('bad-charset');
  });

  it('reads no more elements than labels hold', () => {
    expect(read('15260101'.repeat(maxElements))).not.toBe('unknown-ai');
    expect(read('15260101'.repeat(maxElements + 1))).toBe('unknown-ai');
  });
});

describe('readBracketedElements', () => {
  it('reads what is printed below the bars', () => {
    const result = readBracketedElements('(01)09506000134352(10)A\\(1(17)271231', settings);
    expect(result).toMatchObject({
      elements: [
        { identifier: '01', value: '09506000134352' },
        { identifier: '10', value: 'A(1' },
        { identifier: '17', value: '271231' },
      ],
    });
  });

  it.each([
    ['(01)09506000134353', 'bad-check-digit'],
    ['(10)', 'empty'],
    ['(89)1', 'unknown-ai'],
    ['(10)ABC(1A)X', 'unknown-ai'],
  ])('refuses %s as %s', (text, error) => {
    expect(readBracketedElements(text, settings)).toMatchObject({ kind: 'reject', error });
  });

  it('leaves other text alone', () => {
    expect(readBracketedElements('0109506000134352', settings)).toBeUndefined();
    expect(readBracketedElements('(A)', settings)).toBeUndefined();
  });
});

describe('what values say', () => {
  const elements = (text: string) => {
    const result = readElementString(text.replaceAll('^', groupSeparator), settings);
    return 'kind' in result ? [] : result.elements;
  };

  it.each([
    ['3103000195', '0.195', 'kg'],
    ['3100000195', '195', 'kg'],
    ['3105000195', '0.00195', 'kg'],
    ['3202012345', '123.45', 'lb'],
  ])('weight of %s is %s %s', (text, value, unit) => {
    expect(weightOf(elements(text))).toEqual({ value, unit });
  });

  it.each([
    ['39220299', { amount: '2.99' }],
    ['3932978' + '0299', { amount: '2.99', currency: 'EUR' }],
    ['3930004', undefined],
  ])('price of %s', (text, expected) => {
    expect(priceOf(elements(text))).toEqual(expected);
  });

  it.each([
    ['17271231', '17', '2027-12-31'],
    ['15270200', '15', '2027-02-28'],
    ['70032712311530', '7003', '2027-12-31T15:30'],
    ['800826123123', '8008', '2026-12-31T23:00'],
    ['8008261231235958', '8008', '2026-12-31T23:59:58'],
    ['7007260101260201', '7007', '2026-01-01/2026-02-01'],
    ['43242612319999', '4324', '2026-12-31'],
    ['725019700229', '7250', undefined],
    ['725019720229', '7250', '1972-02-29'],
  ])('date of %s', (text, identifier, expected) => {
    expect(datesOf(elements(text), 2026)[identifier]).toBe(expected);
  });
});

describe('laws of element strings', () => {
  const lot = fc.stringMatching(/^[A-Za-z0-9\-/.]{1,20}$/);
  const count = fc.integer({ min: 1, max: 99_999_999 }).map(String);
  const anyElements = fc.tuple(lot, lot, count).map(([batch, serial, pieces]) => [
    { identifier: '10', value: batch },
    { identifier: '01', value: '09506000134352' },
    { identifier: '21', value: serial },
    { identifier: '17', value: '271231' },
    { identifier: '30', value: pieces },
  ]);

  it('what was written reads back', () => {
    fc.assert(
      fc.property(anyElements, (elements) => {
        const result = readElementString(writeElementString(elements), settings);
        expect('elements' in result && result.elements).toEqual(elements);
      }),
    );
  });

  it('any text is read or refused, never thrown at', () => {
    const alphabet = [...'0123456789ABab()%/^~', groupSeparator];
    const text = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 120 });
    fc.assert(
      fc.property(text, fc.nat(99), (tail, prefix) => {
        const scanned = String(prefix).padStart(2, '0') + tail;
        expect(() => readElementString(scanned, settings)).not.toThrow();
        expect(() => readBracketedElements(`(${prefix})${tail}`, settings)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });
});
