import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Codec, CodecContext, Meaning } from '../codec.ts';
import { epc } from './epc.ts';
import { gs1DigitalLink } from './gs1-digital-link.ts';
import { gs1Rcn } from './gs1-rcn.ts';
import { gs1Scan } from './gs1-scan.ts';
import { maxPayloadBytes } from './payload-decoder.ts';
import { scanBytes } from './scan-text.ts';
import { interpretationSettings, interpretScan, scannerCodecs } from './scanners.ts';
import { upcE } from './upc-e.ts';

function decode(codec: Codec, bytes: Uint8Array, context: CodecContext = {}): Meaning[] {
  const decoder = codec.decoder({ direction: 'device->host', context });
  return [...decoder.push(bytes), ...decoder.end()].map(({ meaning }) => meaning);
}

const gs = '\u001d';
const payloadCodecs = [gs1Scan, gs1DigitalLink, gs1Rcn, upcE, epc];

describe('gs1-scan', () => {
  it.each<[string, object, CodecContext]>([
    [
      `]d2010950600013435210L1${gs}152702003103000195`,
      {
        symbology: 'gs1-datamatrix',
        gtin: '09506000134352',
        dates: { '15': '2027-02-28' },
        weight: '0.195',
        unit: 'kg',
      },
      {},
    ],
    [']Q301095060001343521777231', { kind: 'reject', error: 'bad-length' }, {}],
    [']C11799123131', { kind: 'reject', error: 'unknown-ai' }, {}],
    [']C117491231', { dates: { '17': '2049-12-31' } }, { current_year: 2026 }],
    [']C117491231', { dates: { '17': '1949-12-31' } }, { today: '1980-05-01' }],
    [']E34006381333931' + '12', { elements: [['01', '04006381333931']], add_on: '12' }, {}],
    [']I114006381333938', { symbology: 'itf-14', elements: [['01', '14006381333938']] }, {}],
    [']C0010950600013435', { kind: 'scan', symbology: 'code-128' }, {}],
    [']Q1hello', { kind: 'scan', symbology: 'qr', data: 'hello' }, {}],
    [']d1https://a/01/09506000134352', { kind: 'gs1', symbology: 'datamatrix' }, {}],
    [']C10209506000134352', { warnings: ['(02) asks for (37)'] }, {}],
    [']C10209506000134352', { error: 'missing-companion-ai' }, { requisites: 'refuse' }],
    [
      ']C110L1|21S',
      {
        elements: [
          ['10', 'L1'],
          ['21', 'S'],
        ],
      },
      { separator: '|' },
    ],
    ['4006381333931', { error: 'unknown-symbology' }, {}],
    ['4006381333931', { elements: [['01', '04006381333931']] }, { bare: true }],
    ['02345673', { error: 'unknown-symbology' }, { bare: true }],
    ['(01)09506000134352', { gtin: '09506000134352' }, { bare: true }],
    ['106141412345678908', { sscc: '106141412345678908' }, { bare: true }],
    ['hello', { error: 'unknown-symbology' }, { bare: true }],
    [']XX', { error: 'unknown-symbology' }, {}],
  ])('%j', (text, expected, context) => {
    expect(decode(gs1Scan, scanBytes(text), context)).toMatchObject([expected]);
  });

  it.each<[string, [string, string][]]>([
    [
      'gs1-128',
      [
        ['01', '09506000134352'],
        ['10', 'L/1'],
        ['17', '271231'],
      ],
    ],
    [
      'gs1-datamatrix',
      [
        ['10', 'L1'],
        ['21', 'S1'],
      ],
    ],
    ['ean-13', [['01', '04006381333931']]],
    [
      'ean-8',
      [
        ['01', '00000096385074'],
        ['10', 'L1'],
      ],
    ],
    ['itf-14', [['01', '14006381333938']]],
  ])('writes what it reads (%s)', (symbology, elements) => {
    const bytes = gs1Scan.encode({ kind: 'gs1', symbology, elements }, {});
    expect(decode(gs1Scan, bytes)).toMatchObject([{ symbology, elements }]);
  });

  it('does not write what no scanner would send', () => {
    const impossible: Meaning[] = [
      { kind: 'gs1', symbology: 'ean-13', elements: [['01', '14006381333938']] },
      { kind: 'gs1', symbology: 'gs1-128', elements: [['01', '14006381333939']] },
      { kind: 'gs1', symbology: 'runes', elements: [] },
      { kind: 'gs1', symbology: 'gs1-128', elements: [['01']] },
      { kind: 'scan', data: 'X' },
    ];
    for (const meaning of impossible) expect(() => gs1Scan.encode(meaning, {})).toThrow(RangeError);
  });
});

describe('the other payloads', () => {
  it('gs1-digital-link: short GTINs only by setting, and back again', () => {
    const short = scanBytes('https://example.com/01/9506000134352');
    expect(decode(gs1DigitalLink, short)).toMatchObject([{ error: 'bad-length' }]);
    const [meaning] = decode(gs1DigitalLink, short, { zero_suppressed_gtin: true });
    expect(meaning).toMatchObject({ gtin: '09506000134352', symbology: null });
    expect(gs1DigitalLink.encode(meaning ?? { kind: '' }, {})).toEqual(
      scanBytes('https://id.gs1.org/01/09506000134352'),
    );
  });

  it.each<[string, CodecContext, object]>([
    [
      '2330714002396',
      { region: 'DE' },
      { kind: 'rcn', price: '2.39', stock_key: '02330710000006' },
    ],
    ['2330714002396', {}, { kind: 'rcn', region: null, gtin: '02330714002396' }],
    ['4006381333931', { region: 'DE' }, { kind: 'gtin', gtin: '04006381333931' }],
    ['2330714002397', { region: 'DE' }, { error: 'bad-check-digit' }],
    ['2511118000120', { region: 'DE' }, { error: 'bad-price-check-digit' }],
    ['2511118000120', { region: 'DE', verify_price_check_digit: false }, { count: 12 }],
    [
      '2330714002396',
      { format: '23IIIIVPPPPPC' },
      { item_reference: '3071', price_or_weight: '00239' },
    ],
    [
      '2330714002396',
      { format: '23IIIIVPPPPPC', measure: 'price', decimals: 2, currency: 'EUR' },
      { item_reference: '3071', price: '2.39', currency: 'EUR' },
    ],
    [
      '2330714002396',
      { restricted_numbers: { '23': { layout: 'PPPPPPPVVVVV', measure: 'weight', decimals: 3 } } },
      { weight: '0.239', unit: 'kg' },
    ],
    ['2330714002396', { restricted_numbers: { '23': { layout: 'V' } } }, { region: null }],
    ['233071400239', {}, { error: 'bad-check-digit' }],
    ['X', {}, { error: 'bad-charset' }],
  ])('gs1-rcn: %s with %j', (text, context, expected) => {
    expect(decode(gs1Rcn, scanBytes(text), context)).toMatchObject([expected]);
  });

  it('upc-e and epc write what they read', () => {
    const [upc] = decode(upcE, scanBytes('02345673'));
    expect(upc).toMatchObject({ upc_a: '023456000073', upc_e: '02345673' });
    expect(upcE.encode(upc ?? { kind: '' }, {})).toEqual(scanBytes('02345673'));
    expect(() => upcE.encode({ kind: 'gtin', upc_a: '123456789012' }, {})).toThrow(RangeError);
    const tag = scanBytes('3074257BF7194E4000001A85');
    const [sgtin] = decode(epc, tag);
    expect(epc.encode(sgtin ?? { kind: '' }, {})).toEqual(tag);
    expect(() => epc.encode({ kind: 'sgtin' }, {})).toThrow(RangeError);
    const label = scanBytes('2330714002396');
    const [number] = decode(gs1Rcn, label);
    expect(gs1Rcn.encode(number ?? { kind: '' }, {})).toEqual(label);
  });
});

describe('interpretationSettings', () => {
  it.each<[string, CodecContext, object]>([
    ['2330714002396', { region: 'DE' }, { gtin: '02330710000006' }],
    ['010950600013435210L1~3017', { separator: '~' }, { lot: 'L1', pieces: 17 }],
    [']C1010950600013435217491231', { current_year: 1980 }, { useBy: '1949-12-31' }],
    ['02345673', { eight_digits: 'ean-8' }, { gtin: '00000002345673' }],
    ['2330714002396', { format: '23IIIIVPPPPPC' }, { gtin: '02330710000006' }],
  ])('%s with %j', (text, context, expected) => {
    expect(interpretScan(text, interpretationSettings(context))).toMatchObject(expected);
  });
});

describe('laws of payloads', () => {
  it.each(payloadCodecs.map((codec) => [codec.protocol, codec] as const))(
    '%s: one message for any bytes, whatever the pieces, and no exception',
    (_protocol, codec) => {
      fc.assert(
        fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }), (chunks) => {
          const decoder = codec.decoder({ direction: 'device->host', context: {} });
          for (const chunk of chunks) expect(decoder.push(chunk)).toEqual([]);
          const whole = Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
          const heard = decoder.end().map(({ meaning }) => meaning);
          expect(heard).toEqual(decode(codec, whole));
          expect(heard.length).toBe(1);
        }),
      );
    },
  );

  it.each(payloadCodecs.map((codec) => [codec.protocol, codec] as const))(
    '%s: refuses a flood and keeps no more than its bound',
    (_protocol, codec) => {
      const decoder = codec.decoder({ direction: 'device->host', context: {} });
      for (let count = 0; count < 10; count += 1) decoder.push(new Uint8Array(1000).fill(0x31));
      const [flood] = decoder.end();
      expect(flood?.meaning).toMatchObject({ kind: 'reject', error: 'oversize' });
      expect(flood?.frame.length).toBe(maxPayloadBytes);
      expect(decoder.end()[0]?.meaning).toMatchObject({ error: 'empty' });
    },
  );

  it('protocol names are unique and every codec tells what it is', () => {
    const names = scannerCodecs.map(({ protocol }) => protocol);
    expect(new Set(names).size).toBe(names.length);
    for (const { title, source } of scannerCodecs) expect(title !== '' && source !== '').toBe(true);
  });
});
