import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type InterpretationSettings, interpretScan } from './interpretation.ts';

const gs = '\u001d';
const settings: InterpretationSettings = { currentYear: 2026 };
const plain = { isRestricted: false, warnings: [] };

describe('interpretScan: products', () => {
  it.each<[string, object, Partial<InterpretationSettings>]>([
    [']E04006381333931', { kind: 'gtin', gtin: '04006381333931', ...plain }, {}],
    [']E496385074', { kind: 'gtin', gtin: '00000096385074', ...plain }, {}],
    [']I114006381333938', { kind: 'gtin', gtin: '14006381333938', ...plain }, {}],
    ['4006381333931', { kind: 'gtin', gtin: '04006381333931', ...plain }, { symbology: 'ean-13' }],
    ['4006381333931', { kind: 'gtin', gtin: '04006381333931', ...plain }, {}],
    ['042100005264', { kind: 'gtin', gtin: '00042100005264', ...plain }, {}],
    ['02345673', { kind: 'gtin', gtin: '00023456000073', ...plain }, { symbology: 'upc-e' }],
    ['14006381333938', { kind: 'gtin', gtin: '14006381333938', ...plain }, { symbology: 'itf' }],
    ['96385074', { kind: 'gtin', gtin: '00000096385074', ...plain }, {}],
    ['04252614', { kind: 'gtin', gtin: '00042100005264', ...plain }, { bareEightDigits: 'upc-e' }],
    [
      `]C1010950600013435210ABC123${gs}3017`,
      { kind: 'gtin', gtin: '09506000134352', lot: 'ABC123', pieces: 17 },
      {},
    ],
    [
      `]d20109506000134352152702001126010121S1${gs}3103000195`,
      {
        kind: 'gtin',
        gtin: '09506000134352',
        bestBefore: '2027-02-28',
        produced: '2026-01-01',
        serial: 'S1',
        weight: { value: '0.195', unit: 'kg' },
      },
      {},
    ],
    [
      ']E04006381333931|]e01727123110L1',
      { kind: 'gtin', gtin: '04006381333931', useBy: '2027-12-31', lot: 'L1' },
      {},
    ],
    [
      ']Q1https://example.com/01/09506000134352/10/L1?3932=9780299',
      { kind: 'gtin', lot: 'L1', price: { amount: '2.99', currency: 'EUR' } },
      {},
    ],
    ['https://example.com/01/9506000134352', { kind: 'gtin', gtin: '09506000134352' }, {}],
    ['(01)09506000134352(10)L1', { kind: 'gtin', gtin: '09506000134352', lot: 'L1' }, {}],
    ['010950600013435210L1', { kind: 'gtin', gtin: '09506000134352', lot: 'L1' }, {}],
    [`${gs}10L1${gs}0109506000134352`, { kind: 'gtin', gtin: '09506000134352', lot: 'L1' }, {}],
    ['010950600013435210L1~3017', { kind: 'gtin', lot: 'L1', pieces: 17 }, { separators: ['~'] }],
    [']C18006095060001343520102', { kind: 'gtin', gtin: '09506000134352' }, {}],
  ])('%j', (text, expected, more) => {
    expect(interpretScan(text, { ...settings, ...more })).toMatchObject(expected);
  });

  it('names the weighed cheese by its stock key, whatever it weighs', () => {
    const first = interpretScan(']E02368091402263', { ...settings, region: 'NO' });
    const second = interpretScan('2368091403109', { ...settings, region: 'NO' });
    expect(first).toMatchObject({
      kind: 'gtin',
      isRestricted: true,
      gtin: '02368091400009',
      scannedGtin: '02368091402263',
      weight: { value: '0.226', unit: 'kg' },
    });
    expect(second).toMatchObject({
      gtin: '02368091400009',
      weight: { value: '0.310', unit: 'kg' },
    });
  });

  it('reads a priced label with its currency and refuses one with a wrong inner digit', () => {
    expect(interpretScan('2330714002396', { ...settings, region: 'DE' })).toMatchObject({
      price: { amount: '2.39', currency: 'EUR' },
    });
    expect(interpretScan('2511118000120', { ...settings, region: 'DE' })).toMatchObject({
      kind: 'reject',
      error: 'bad-price-check-digit',
    });
  });

  it('keeps the number whole where no layout is known', () => {
    expect(interpretScan('2330714002396', settings)).toMatchObject({
      gtin: '02330714002396',
      isRestricted: true,
    });
  });
});

describe('interpretScan: logistic units and other text', () => {
  it('reads an SSCC, and what its label says about the contents', () => {
    expect(interpretScan(']C100106141412345678908', settings)).toEqual({
      kind: 'sscc',
      sscc: '106141412345678908',
      warnings: [],
    });
    expect(interpretScan('106141412345678908', settings)).toMatchObject({ kind: 'sscc' });
    const pallet = `]C10010614141234567890802095060001343521527020037240${gs}10L1`;
    expect(interpretScan(pallet, settings)).toMatchObject({
      kind: 'sscc',
      sscc: '106141412345678908',
      contents: { gtin: '09506000134352', pieces: 240, lot: 'L1', bestBefore: '2027-02-28' },
    });
  });

  it.each([
    ['A-03-12', {}],
    ['12345', {}],
    ['STAFF 7', {}],
    ['10ABC', {}],
    [']C0BIN-17', {}],
    [']Q1https://example.com/recipes/1', {}],
    ['https://example.com/recipes', {}],
    ['4006381333931', { symbology: 'code-128' }],
  ])('gives %s back as text', (text, more) => {
    expect(interpretScan(text, { ...settings, ...more })).toMatchObject({ kind: 'text' });
  });
});

describe('interpretScan: refusals', () => {
  it.each<[string, string, Partial<InterpretationSettings>]>([
    ['', 'empty', {}],
    ['4006381333930', 'bad-check-digit', {}],
    [']E04006381333930', 'bad-check-digit', {}],
    [']E0400638133393', 'bad-length', {}],
    ['96385075', 'bad-check-digit', {}],
    // As EAN-8 and as UPC-E two different products.
    ['02345673', 'unknown-symbology', {}],
    ['0109506000134353', 'bad-check-digit', {}],
    [`]C1010950600013435230${'0'}`, 'out-of-range', {}],
    [']C110ABC', 'missing-companion-ai', {}],
    [']C1', 'empty', {}],
    ['https://example.com/01/09506000134353', 'bad-check-digit', {}],
  ])('%j is %s', (text, error, more) => {
    expect(interpretScan(text, { ...settings, ...more })).toMatchObject({ kind: 'reject', error });
  });

  it('never throws, and every key it gives has a right check digit', () => {
    const unit = fc.constantFrom(
      ...'0123456789',
      ']',
      'C1',
      'E0',
      'e0',
      'Q1',
      '(',
      ')',
      '01',
      gs,
      '|',
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 40 }), (parts) => {
        const meaning = interpretScan(parts.join(''), { ...settings, region: 'DE' });
        if (meaning.kind === 'gtin') expect(meaning.gtin).toMatch(/^[0-9]{14}$/);
        if (meaning.kind === 'sscc') expect(meaning.sscc).toMatch(/^[0-9]{18}$/);
      }),
      { numRuns: 2000 },
    );
  });
});
