/**
 * What a scan means to a store: which product, which logistic unit, how much of it, which lot,
 * best before when. This is the one place where scanned text becomes a key; agent and kiosk ask
 * here, whatever device the text came from.
 *
 * Order of evidence: the AIM identifier (or the symbology that the codec reported) says how to
 * read the characters. Without one, only what can mean a single thing is taken: 12, 13 or 14
 * digits with a right check digit are a GTIN, 18 are an SSCC; 8 digits are refused when they could
 * be an EAN-8 as well as a UPC-E, because these name different products. Text that is no GS1 data
 * comes back as text: badges, bin labels and codes of the house are looked up by whoever knows
 * them, before asking here if their form is known.
 *
 * A weighed or priced counter label (restricted number) names the product by its stock key, in
 * which the measure is zero, so that 0.226 kg and 0.310 kg of one cheese are one product.
 *
 * Example: `]C1010950600013435210ABC123<GS>3017` is 17 pieces of GTIN 09506000134352, lot ABC123.
 */
import {
  type Gtin,
  isDigits,
  parseGtin,
  parseSscc,
  type Sscc,
} from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { type Reject, reject } from '../codec.ts';
import { identifyScan, type ScanForm, scanFormOf } from './aim.ts';
import { isWebAddress, readDigitalLink } from './digital-link.ts';
import {
  type Element,
  type ElementString,
  groupSeparator,
  readBracketedElements,
  readElementString,
} from './element-string.ts';
import { datesOf, elementValue, priceOf, weightOf } from './element-values.ts';
import { readUpc } from './gtin.ts';
import { isKeyForm, readCarriedKey } from './key-carrier.ts';
import {
  type RestrictedNumberSettings,
  type RestrictedNumberTemplate,
  readRestrictedNumber,
} from './restricted-number.ts';

export interface InterpretationSettings {
  /** Symbology that the codec reported, when it already took the AIM identifier off. */
  symbology?: string | null;
  /** Country whose counter labels are scanned, ISO 3166-1 alpha-2. */
  region?: string;
  /** Layouts of counter labels of the house, by two-digit prefix. */
  restrictedNumbers?: Readonly<Record<string, RestrictedNumberTemplate>>;
  /** Resolves the century of dates. */
  currentYear: number;
  /** Characters that the scanner sends for FNC1, besides GS. */
  separators?: readonly string[];
  /** What 8 digits without symbology are. Default: whichever alone is possible. */
  bareEightDigits?: 'ean-8' | 'upc-e';
}

/** What a label says about the goods, besides their GTIN. */
export interface GoodsFacts {
  /** Number of pieces: (30) of variable count, (37) inside a logistic unit, or of a counter label. */
  pieces?: number;
  /** Net weight; a decimal text, because its decimals say how exactly it was weighed. */
  weight?: { value: string; unit: 'kg' | 'lb' };
  price?: { amount: string; currency?: string };
  lot?: string;
  serial?: string;
  /** ISO 8601 dates. */
  bestBefore?: string;
  useBy?: string;
  sellBy?: string;
  produced?: string;
  packed?: string;
}

export interface ProductScan extends GoodsFacts {
  kind: 'gtin';
  /** The key of the product: of a counter label its stock key, otherwise the GTIN as scanned. */
  gtin: Gtin;
  /** The GTIN as scanned, where it differs. */
  scannedGtin?: Gtin;
  /** A code that the store or its country gave out: not known outside. */
  isRestricted: boolean;
  warnings: readonly string[];
}

export interface LogisticUnitScan {
  kind: 'sscc';
  sscc: Sscc;
  /** What the unit contains, where the label says so (02). */
  contents?: GoodsFacts & { gtin: Gtin };
  warnings: readonly string[];
}

export interface TextScan {
  kind: 'text';
  text: string;
}

export type Interpretation = ProductScan | LogisticUnitScan | TextScan | Reject;

/** More pieces than any label of a shelf or a pallet truthfully says. */
const maxPieces = 1_000_000;

function goodsFacts(elements: readonly Element[], currentYear: number): GoodsFacts | Reject {
  const dates = datesOf(elements, currentYear);
  const count = elementValue(elements, '30') ?? elementValue(elements, '37');
  const weight = weightOf(elements);
  const price = priceOf(elements);
  const lot = elementValue(elements, '10');
  const serial = elementValue(elements, '21');
  const pieces = count === undefined ? undefined : Number(count);
  if (pieces !== undefined && (pieces === 0 || pieces > maxPieces)) {
    return reject('out-of-range', `a count of ${pieces}`);
  }
  return {
    ...(pieces !== undefined && { pieces }),
    ...(weight !== undefined && { weight }),
    ...(price !== undefined && { price }),
    ...(lot !== undefined && { lot }),
    ...(serial !== undefined && { serial }),
    ...(dates['15'] !== undefined && { bestBefore: dates['15'] }),
    ...((dates['17'] ?? dates['7003']) !== undefined && { useBy: dates['17'] ?? dates['7003'] }),
    ...(dates['16'] !== undefined && { sellBy: dates['16'] }),
    ...(dates['11'] !== undefined && { produced: dates['11'] }),
    ...(dates['13'] !== undefined && { packed: dates['13'] }),
  };
}

function restrictedNumberSettings(settings: InterpretationSettings): RestrictedNumberSettings {
  return {
    ...(settings.region !== undefined && { region: settings.region }),
    ...(settings.restrictedNumbers !== undefined && { templates: settings.restrictedNumbers }),
  };
}

function product(
  gtin: Gtin,
  facts: GoodsFacts,
  warnings: readonly string[],
  settings: InterpretationSettings,
): ProductScan | Reject {
  const number = readRestrictedNumber(gtin, restrictedNumberSettings(settings));
  if (number === undefined) return { kind: 'gtin', gtin, isRestricted: false, ...facts, warnings };
  if ('kind' in number) return number;
  const { stockKey, count, weightKg, price, currency } = number;
  return {
    kind: 'gtin',
    gtin: stockKey,
    ...(stockKey !== gtin && { scannedGtin: gtin }),
    isRestricted: true,
    ...facts,
    ...(count !== undefined && { pieces: count }),
    ...(weightKg !== undefined && { weight: { value: weightKg, unit: 'kg' as const } }),
    ...(price !== undefined && {
      price: { amount: price, ...(currency !== undefined && { currency }) },
    }),
    warnings,
  };
}

function fromElements(
  result: ElementString | Reject,
  settings: InterpretationSettings,
): Interpretation {
  if ('kind' in result) return result;
  const { elements, warnings } = result;
  const facts = goodsFacts(elements, settings.currentYear);
  if ('kind' in facts) return facts;
  const sscc = parseSscc(elementValue(elements, '00') ?? '');
  const contents = parseGtin(elementValue(elements, '02') ?? '');
  if (sscc.ok) {
    if (!contents.ok) return { kind: 'sscc', sscc: sscc.value, warnings };
    return {
      kind: 'sscc',
      sscc: sscc.value,
      contents: { gtin: contents.value, ...facts },
      warnings,
    };
  }
  // (8006) names a piece of a trade item and begins with its GTIN, (03) a made-to-order one.
  const key = elementValue(elements, '01') ?? elementValue(elements, '8006')?.slice(0, 14);
  const gtin = parseGtin(key ?? elementValue(elements, '03') ?? '');
  if (gtin.ok) return product(gtin.value, facts, warnings, settings);
  const found = elements.map(({ identifier }) => `(${identifier})`).join(' ');
  return reject('missing-companion-ai', `${found} without GTIN or SSCC`);
}

function fromWebAddress(text: string, settings: InterpretationSettings): Interpretation {
  const result = readDigitalLink(text, { ...settings, permitsShortGtin: true });
  // An address of anything else, e.g. of a recipe.
  if ('kind' in result && result.error === 'not-digital-link') return { kind: 'text', text };
  return fromElements(result, settings);
}

function fromKey(
  data: string,
  form: Parameters<typeof readCarriedKey>[1],
  settings: InterpretationSettings,
): Interpretation {
  const key = readCarriedKey(data, form);
  if ('kind' in key) return key;
  if (key.composite === undefined) return product(key.gtin, {}, [], settings);
  const composite = readElementString(key.composite, settings);
  if ('kind' in composite) return composite;
  const facts = goodsFacts(composite.elements, settings.currentYear);
  return 'kind' in facts ? facts : product(key.gtin, facts, [], settings);
}

function fromEightDigits(text: string, settings: InterpretationSettings): Interpretation {
  const ean = parseGtin(text);
  const upc = readUpc(text);
  const wantsEan = settings.bareEightDigits !== 'upc-e';
  const wantsUpc = settings.bareEightDigits !== 'ean-8';
  const eanGtin = ean.ok && wantsEan ? ean.value : undefined;
  const upcGtin = !('kind' in upc) && wantsUpc ? upc.gtin : undefined;
  if (eanGtin !== undefined && upcGtin !== undefined) {
    const detail = `${text} may be an EAN-8 or a UPC-E: set the scanner to send AIM identifiers`;
    return reject('unknown-symbology', detail);
  }
  const gtin = eanGtin ?? upcGtin;
  if (gtin !== undefined) return product(gtin, {}, [], settings);
  return reject('bad-check-digit', ean.ok ? `${text} is no UPC-E` : ean.detail);
}

/** Text of unknown symbology: only what can mean one thing. */
function fromBareText(text: string, settings: InterpretationSettings): Interpretation {
  if (isWebAddress(text)) return fromWebAddress(text, settings);
  if (isDigits(text)) {
    if (text.length === 8) return fromEightDigits(text, settings);
    if (text.length >= 12 && text.length <= 14) {
      const gtin = parseGtin(text);
      return gtin.ok ? product(gtin.value, {}, [], settings) : reject(gtin.error, gtin.detail);
    }
    const sscc = parseSscc(text);
    if (sscc.ok) return { kind: 'sscc', sscc: sscc.value, warnings: [] };
  }
  const bracketed = readBracketedElements(text, settings);
  if (bracketed !== undefined) return fromElements(bracketed, settings);
  // Some scanners without identifiers send the leading FNC1, which says GS1 as well.
  const isMarked = text.startsWith(groupSeparator);
  const elements = fromElements(
    readElementString(isMarked ? text.slice(1) : text, settings),
    settings,
  );
  const beginsWithKey = /^0[012][0-9]{14}/.test(text);
  if (elements.kind === 'reject' && !isMarked && !beginsWithKey) return { kind: 'text', text };
  return elements;
}

/** A key of the same kind with another name or another length than its form prescribes. */
function fromForm(
  form: ScanForm,
  symbology: string,
  data: string,
  settings: InterpretationSettings,
): Interpretation {
  if (isKeyForm(form)) return fromKey(data, form, settings);
  if (form === 'element-string') return fromElements(readElementString(data, settings), settings);
  if (symbology === 'upc-a' || symbology === 'upc-e') {
    const upc = data.length === 13 ? parseGtin(data) : readUpc(data);
    if ('kind' in upc) return upc;
    if ('gtin' in upc) return product(upc.gtin, {}, [], settings);
    return upc.ok ? product(upc.value, {}, [], settings) : reject(upc.error, upc.detail);
  }
  // An ITF of 14 digits is a case code; whether the scanner verified its check digit or not, we do.
  if (symbology === 'itf' && /^[0-9]{14}$/.test(data)) return fromKey(data, 'itf-14', settings);
  return isWebAddress(data) ? fromWebAddress(data, settings) : { kind: 'text', text: data };
}

/**
 * Interprets a scan: the data of a `scan` message with its symbology, or raw text that may begin
 * with an AIM identifier. Never throws.
 */
export function interpretScan(data: string, settings: InterpretationSettings): Interpretation {
  if (data === '') return reject('empty', 'nothing scanned');
  const { symbology } = settings;
  if (symbology !== undefined && symbology !== null) {
    return fromForm(scanFormOf(symbology), symbology, data, settings);
  }
  const scan = identifyScan(data);
  if (scan === undefined) return fromBareText(data, settings);
  return fromForm(scan.form, scan.name, scan.data, settings);
}
