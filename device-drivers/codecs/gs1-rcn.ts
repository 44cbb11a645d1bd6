/** The digits of a counter label: a restricted number with price, weight or count. */
import { parseGtin } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { type Codec, type Meaning, reject } from '../codec.ts';
import {
  type RestrictedNumber,
  type RestrictedNumberSettings,
  readRestrictedNumber,
} from '../gs1/restricted-number.ts';
import { restrictedNumberContextSettings, restrictedNumberSettings } from './gs1-settings.ts';
import { type PayloadReading, payloadDecoder } from './payload-decoder.ts';
import { scanBytes } from './scan-text.ts';

/** A restricted number as a message. */
export function restrictedNumberMeaning(number: RestrictedNumber): Meaning {
  return {
    kind: 'rcn',
    region: number.region ?? null,
    scope: number.scope,
    item_reference: number.itemReference,
    ...(number.price !== undefined && { price: number.price }),
    ...(number.currency !== undefined && { currency: number.currency }),
    ...(number.weightKg !== undefined && { weight: number.weightKg, unit: 'kg' }),
    ...(number.count !== undefined && { count: number.count }),
    ...(number.value !== undefined && { price_or_weight: number.value }),
    gtin: number.gtin,
    stock_key: number.stockKey,
  };
}

function read(text: string, settings: RestrictedNumberSettings): PayloadReading {
  const gtin = parseGtin(text);
  if (!gtin.ok) return { meaning: reject(gtin.error, gtin.detail), notes: [] };
  const number = readRestrictedNumber(gtin.value, settings);
  if (number === undefined) {
    return { meaning: { kind: 'gtin', gtin: gtin.value }, notes: [] };
  }
  if ('kind' in number) return { meaning: number, notes: [] };
  const measure = number.price ?? number.weightKg ?? number.value ?? number.count?.toString() ?? '';
  const notes = [
    { field: 'item', found: number.itemReference, means: `stock key ${number.stockKey}` },
    { field: 'value', found: measure, means: number.currency ?? (number.weightKg ? 'kg' : '') },
  ];
  return { meaning: restrictedNumberMeaning(number), notes: measure === '' ? [] : notes };
}

export const gs1Rcn: Codec = {
  protocol: 'gs1-rcn',
  title: 'Restricted circulation number (weighed or priced at the counter)',
  group: 'barcode',
  source: 'GS1 General Specifications 2.1.11, 2.1.12, 7.9.2; national GS1 organisations',
  line: '',
  settings: restrictedNumberContextSettings,
  decoder: ({ context }) => {
    const settings = restrictedNumberSettings(context);
    return payloadDecoder((text) => read(text, settings));
  },
  encode: (meaning) => {
    const gtin = typeof meaning.gtin === 'string' ? parseGtin(meaning.gtin) : undefined;
    if (gtin?.ok !== true) throw new RangeError(`${meaning.kind} names no GTIN`);
    return scanBytes(gtin.value.startsWith('0') ? gtin.value.slice(1) : gtin.value);
  },
};
