/**
 * AIM symbology identifiers: the three characters `]cm` that a scanner puts in front of the data
 * to say which kind of symbol it read (ISO/IEC 15424). `c` names the symbology, `m` an option that
 * was used. Without them the digits of an EAN-8 and a UPC-E, or of an ITF-14 and a Code 128, look
 * the same, which is why a profile should ask the scanner to send them.
 */

/** How the characters behind the identifier are to be read. */
export type ScanForm =
  /** A GTIN of fixed length, perhaps with a composite part behind `|]e0`. */
  | 'ean-13'
  | 'ean-13-with-add-on'
  | 'ean-8'
  | 'itf-14'
  /** GS1 element strings: application identifiers and values, FNC1 as GS. */
  | 'element-string'
  /** Whatever the label's maker put in: text, a number of the house, a URI. */
  | 'text';

export interface Symbology {
  /** Name in messages, e.g. `gs1-128`. */
  name: string;
  form: ScanForm;
}

export interface IdentifiedScan extends Symbology {
  /** The identifier itself, e.g. `]E0`; with `]Y` all of its modifiers. */
  identifier: string;
  /** What follows the identifier. */
  data: string;
}

const symbologyByIdentifier: ReadonlyMap<string, Symbology> = new Map([
  ['C1', { name: 'gs1-128', form: 'element-string' }],
  ['E0', { name: 'ean-13', form: 'ean-13' }],
  ['E1', { name: 'ean-2-add-on', form: 'text' }],
  ['E2', { name: 'ean-5-add-on', form: 'text' }],
  ['E3', { name: 'ean-13-with-add-on', form: 'ean-13-with-add-on' }],
  ['E4', { name: 'ean-8', form: 'ean-8' }],
  ['I1', { name: 'itf-14', form: 'itf-14' }],
  ['J1', { name: 'gs1-dotcode', form: 'element-string' }],
  ['J4', { name: 'gs1-dotcode', form: 'element-string' }],
  ['Q3', { name: 'gs1-qr', form: 'element-string' }],
  ['Q4', { name: 'gs1-qr', form: 'element-string' }],
  ['d2', { name: 'gs1-datamatrix', form: 'element-string' }],
  ['d5', { name: 'gs1-datamatrix', form: 'element-string' }],
  ['e0', { name: 'gs1-databar', form: 'element-string' }],
  ['L3', { name: 'micropdf417', form: 'text' }],
  ['L4', { name: 'micropdf417', form: 'text' }],
  ['L5', { name: 'micropdf417', form: 'text' }],
  ['z1', { name: 'gs1-aztec', form: 'element-string' }],
]);

const symbologyByLetter: ReadonlyMap<string, string> = new Map([
  ['A', 'code-39'],
  ['B', 'telepen'],
  ['C', 'code-128'],
  ['D', 'code-one'],
  ['E', 'ean-upc'],
  ['F', 'codabar'],
  ['G', 'code-93'],
  ['H', 'code-11'],
  ['I', 'itf'],
  ['J', 'dotcode'],
  ['K', 'code-16k'],
  ['L', 'pdf417'],
  ['M', 'msi'],
  ['N', 'anker'],
  ['O', 'codablock'],
  ['P', 'plessey'],
  ['Q', 'qr'],
  ['R', 'code-2-of-5'],
  ['S', 'code-2-of-5'],
  ['T', 'code-49'],
  ['U', 'maxicode'],
  ['V', 'supercode'],
  ['X', 'other-barcode'],
  ['Y', 'system-expansion'],
  ['Z', 'not-a-barcode'],
  ['c', 'channel-code'],
  ['d', 'datamatrix'],
  ['e', 'databar'],
  ['h', 'han-xin'],
  ['o', 'ocr'],
  ['p', 'postal'],
  ['s', 'supercode'],
  ['z', 'aztec'],
]);

function identifierLength(text: string): number {
  // System expansion: the modifier digit says how many further modifiers follow it.
  return text.charAt(1) === 'Y' && /[0-9]/.test(text.charAt(2)) ? 3 + Number(text.charAt(2)) : 3;
}

/**
 * Reads the symbology identifier in front of a scan. `undefined` when the text does not begin with
 * an identifier that is known: then `]` belongs to the data, or the scanner is not set up.
 */
export function identifyScan(text: string): IdentifiedScan | undefined {
  if (!/^\][A-Za-z][0-9A-Fa-f]/.test(text)) return undefined;
  const length = identifierLength(text);
  if (text.length < length) return undefined;
  const identifier = text.slice(0, length);
  const data = text.slice(length);
  const exact = symbologyByIdentifier.get(text.slice(1, 3));
  if (exact !== undefined) return { ...exact, identifier, data };
  const name = symbologyByLetter.get(text.charAt(1));
  return name === undefined ? undefined : { name, form: 'text', identifier, data };
}

/**
 * The identifier that a scanner sends in front of a symbol of this name; for simulators and
 * encoders. `undefined` for names that this table does not know.
 */
export function identifierOf(symbology: string): string | undefined {
  for (const [identifier, known] of symbologyByIdentifier) {
    if (known.name === symbology) return `]${identifier}`;
  }
  for (const [letter, name] of symbologyByLetter) {
    // Data Matrix ECC 200 and today's QR code are option 1; elsewhere 0 means "no option".
    if (name === symbology) return `]${letter}${letter === 'd' || letter === 'Q' ? '1' : '0'}`;
  }
  return undefined;
}

/** How the data of a symbology is to be read when its identifier is gone. */
export function scanFormOf(symbology: string): ScanForm {
  for (const known of symbologyByIdentifier.values()) {
    if (known.name === symbology) return known.form;
  }
  return 'text';
}
