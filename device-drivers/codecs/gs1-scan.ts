/**
 * A scanned symbol with its AIM identifier, read as GS1 data: keys and element strings with all
 * their checks. Symbols that are no GS1 carriers are plain scans; web addresses in QR codes and
 * Data Matrix codes are read as GS1 Digital Links.
 *
 * Text without an identifier is refused: eight digits may be an EAN-8 or a UPC-E, fourteen a case
 * code or somebody's own number. The setting `bare` takes what can mean one thing only.
 */
import { parseGtin, parseSscc } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import {
  type Codec,
  type CodecContext,
  type FieldNote,
  isReject,
  type Meaning,
  type Reject,
  reject,
} from '../codec.ts';
import { identifierOf, identifyScan } from '../gs1/aim.ts';
import { applicationIdentifier } from '../gs1/application-identifiers.ts';
import { type DigitalLinkSettings, isWebAddress, readDigitalLink } from '../gs1/digital-link.ts';
import {
  type Element,
  type ElementString,
  readBracketedElements,
  readElementString,
  writeElementString,
} from '../gs1/element-string.ts';
import { datesOf, elementValue, priceOf, weightOf } from '../gs1/element-values.ts';
import { readUpc } from '../gs1/gtin.ts';
import { isKeyForm, readCarriedKey } from '../gs1/key-carrier.ts';
import { digitalLinkSettings, elementStringSettings } from './gs1-settings.ts';
import { type PayloadReading, payloadDecoder } from './payload-decoder.ts';
import { printable, scanBytes } from './scan-text.ts';

/** Elements as a message, with what they say about keys, dates and measures. */
export function gs1Meaning(
  symbology: string | null,
  { elements, warnings }: ElementString,
  currentYear: number,
): Meaning {
  const meaning: Meaning = {
    kind: 'gs1',
    symbology,
    elements: elements.map(({ identifier, value }) => [identifier, value]),
  };
  const sscc = elementValue(elements, '00');
  const gtin = elementValue(elements, '01');
  const dates = datesOf(elements, currentYear);
  const weight = weightOf(elements);
  const price = priceOf(elements);
  if (sscc !== undefined) meaning.sscc = sscc;
  if (gtin !== undefined) meaning.gtin = gtin;
  if (Object.keys(dates).length > 0) meaning.dates = dates;
  if (weight !== undefined) Object.assign(meaning, { weight: weight.value, unit: weight.unit });
  if (price !== undefined) meaning.price = price.amount;
  if (price?.currency !== undefined) meaning.currency = price.currency;
  if (warnings.length > 0) meaning.warnings = [...warnings];
  return meaning;
}

/** One note for each element. */
export function elementNotes(elements: readonly Element[]): FieldNote[] {
  return elements.map(({ identifier, value }) => ({
    field: `(${identifier})`,
    found: printable(value),
    means: applicationIdentifier(identifier)?.title ?? '',
  }));
}

/** A reading of elements, or of the reason why they were refused. */
export function elementReading(
  symbology: string | null,
  result: ElementString | Reject,
  currentYear: number,
): PayloadReading {
  if ('kind' in result) return { meaning: result, notes: [] };
  const notes = elementNotes(result.elements);
  return { meaning: gs1Meaning(symbology, result, currentYear), notes };
}

function keyReading(
  symbology: string,
  data: string,
  form: Parameters<typeof readCarriedKey>[1],
  settings: DigitalLinkSettings,
): PayloadReading {
  const key = readCarriedKey(data, form);
  if ('kind' in key) return { meaning: key, notes: [] };
  const primary: Element = { identifier: '01', value: key.gtin };
  const composite =
    key.composite === undefined ? undefined : readElementString(key.composite, settings);
  if (composite !== undefined && 'kind' in composite) return { meaning: composite, notes: [] };
  const elements = [primary, ...(composite?.elements ?? [])];
  const reading = elementReading(symbology, { elements, warnings: [] }, settings.currentYear);
  if (key.addOn !== undefined) reading.meaning.add_on = key.addOn;
  return reading;
}

/** Digits, element strings or printed form, without an AIM identifier in front. */
function bareReading(text: string, settings: DigitalLinkSettings): PayloadReading {
  const upc = text.length === 8 ? readUpc(text) : undefined;
  const gtin = parseGtin(text);
  if (gtin.ok && upc !== undefined && !('kind' in upc)) {
    const detail = `${text} may be an EAN-8 or a UPC-E`;
    return { meaning: reject('unknown-symbology', detail), notes: [] };
  }
  if (gtin.ok) {
    const elements = [{ identifier: '01', value: gtin.value }];
    return elementReading(null, { elements, warnings: [] }, settings.currentYear);
  }
  const sscc = parseSscc(text);
  if (sscc.ok) {
    const elements = [{ identifier: '00', value: sscc.value }];
    return elementReading(null, { elements, warnings: [] }, settings.currentYear);
  }
  if (isWebAddress(text)) {
    return elementReading(null, readDigitalLink(text, settings), settings.currentYear);
  }
  const result = readBracketedElements(text, settings) ?? readElementString(text, settings);
  if ('kind' in result && result.error === 'unknown-ai') {
    const detail = 'no AIM symbology identifier, and no GS1 data without one';
    return { meaning: reject('unknown-symbology', detail), notes: [] };
  }
  return elementReading(null, result, settings.currentYear);
}

/**
 * Reads the text of a scan, with its AIM identifier, as GS1 data. Text without one is refused
 * unless `takesBareData`.
 */
export function readGs1Scan(
  text: string,
  settings: DigitalLinkSettings,
  takesBareData: boolean,
): PayloadReading {
  if (text === '') return { meaning: reject('empty', 'nothing scanned'), notes: [] };
  const scan = identifyScan(text);
  if (scan === undefined) {
    if (takesBareData && !text.startsWith(']')) return bareReading(text, settings);
    const detail = `no known AIM identifier: ${printable(text.slice(0, 3))}`;
    return { meaning: reject('unknown-symbology', detail), notes: [] };
  }
  const note = { field: 'AIM identifier', found: scan.identifier, means: scan.name };
  const { name, data, form } = scan;
  if (isKeyForm(form)) return withNote(note, keyReading(name, data, form, settings));
  if (form === 'element-string') {
    const result = readElementString(data, settings);
    return withNote(note, elementReading(name, result, settings.currentYear));
  }
  if (isWebAddress(data)) {
    const result = readDigitalLink(data, settings);
    return withNote(note, elementReading(name, result, settings.currentYear));
  }
  return withNote(note, { meaning: { kind: 'scan', symbology: name, data }, notes: [] });
}

function withNote(note: FieldNote, reading: PayloadReading): PayloadReading {
  return { meaning: reading.meaning, notes: [note, ...reading.notes] };
}

/** The elements of a message, if it has the form that `gs1Meaning` gives. */
export function elementsOf(meaning: Meaning): Element[] {
  const { elements } = meaning;
  if (meaning.kind !== 'gs1' || !Array.isArray(elements)) {
    throw new RangeError(`${meaning.kind} holds no element strings`);
  }
  return elements.map((pair) => {
    const [identifier, value] = Array.isArray(pair) ? pair : [];
    if (typeof identifier !== 'string' || typeof value !== 'string') {
      throw new RangeError(`not an element: ${JSON.stringify(pair)}`);
    }
    return { identifier, value };
  });
}

function encode(meaning: Meaning, context: CodecContext): Uint8Array {
  const { symbology } = meaning;
  const name = typeof symbology === 'string' ? symbology : 'gs1-128';
  const identifier = identifierOf(name);
  if (identifier === undefined) throw new RangeError(`no AIM identifier for ${name}`);
  const elements = elementsOf(meaning);
  const [key, ...others] = elements;
  const text =
    key?.identifier === '01' && (name === 'ean-13' || name === 'ean-8' || name === 'itf-14')
      ? `${identifier}${shortened(key.value, name)}${compositePart(others)}`
      : `${identifier}${writeElementString(elements)}`;
  const reread = readGs1Scan(text, digitalLinkSettings(context), false).meaning;
  if (isReject(reread)) throw new RangeError(reread.detail);
  return scanBytes(text);
}

function shortened(gtin: string, symbology: 'ean-13' | 'ean-8' | 'itf-14'): string {
  const length = { 'ean-13': 13, 'ean-8': 8, 'itf-14': 14 }[symbology];
  if (!/^0*$/.test(gtin.slice(0, 14 - length))) {
    throw new RangeError(`${gtin} does not fit into ${symbology}`);
  }
  return gtin.slice(14 - length);
}

function compositePart(elements: readonly Element[]): string {
  return elements.length === 0 ? '' : `|]e0${writeElementString(elements)}`;
}

export const gs1Scan: Codec = {
  protocol: 'gs1-scan',
  title: 'Scanned symbol with AIM identifier, as GS1 data',
  group: 'barcode',
  source: 'GS1 General Specifications; GS1 Barcode Syntax Dictionary 2026-01-27; ISO/IEC 15424',
  line: '',
  settings: elementStringSettings,
  decoder: ({ context }) =>
    payloadDecoder((text) =>
      readGs1Scan(text, digitalLinkSettings(context), context.bare === true),
    ),
  encode,
};
