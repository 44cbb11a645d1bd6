/** Records of Checkout-Dialog 06 that the till sends, read and written; replies written. */

import { type CodecContext, isMembers, type Meaning } from '../codec.ts';
import { bytesOf, lowBits, note, printable, textOf } from './ascii.ts';
import { type CommandWord, commandFor, textMember, unsayable } from './commands.ts';
import { refuse, type Understood } from './stream.ts';
import { numberSetting, splitDecimal } from './weight-text.ts';

/** Commands by their record number; EOT and EOT ENQ are no records. */
const commands: readonly CommandWord[] = [
  { wire: '01', name: 'price', also: ['set-price', 'unit-price', 'weigh'] },
  { wire: '03', name: 'price-tare', also: ['set-price-tare', 'unit-price-tare'] },
  { wire: '04', name: 'price-text', also: ['set-price-text', 'unit-price-text'] },
  { wire: '05', name: 'price-tare-text', also: ['set-price-tare-text', 'unit-price-tare-text'] },
  { wire: '08', name: 'status', also: ['request-status'] },
  { wire: '10', name: 'checksums', also: ['checksum', 'send-checksums'] },
  { wire: '20', name: 'version', also: ['request-version', 'show-version'] },
  { wire: '\x05', name: 'result', also: ['request-result', 'weight', 'enquiry'] },
  { wire: '', name: 'end', also: ['eot', 'acknowledge'] },
];

const esc = '\x1b';
const textCharacters = 13;

/** Fields behind the record number, by command. */
const fieldsByRecord: Readonly<Record<string, readonly ('price' | 'tare' | 'text' | 'sums')[]>> = {
  '01': ['price'],
  '03': ['price', 'tare'],
  '04': ['price', 'text'],
  '05': ['price', 'tare', 'text'],
  '08': [],
  '10': ['sums'],
  '20': [],
};

const fieldForms = {
  price: /^\d{5,6}$/,
  tare: /^\d{4}$/,
  text: /^.{0,13}$/,
  sums: /^[0-9A-F]{8}$/i,
} as const;

function readField(name: keyof typeof fieldForms, text: string): Meaning | undefined {
  if (!fieldForms[name].test(text)) {
    return undefined;
  }
  switch (name) {
    case 'price':
      return { kind: '', unit_price: Number(text) };
    case 'tare':
      return { kind: '', tare_grams: Number(text) };
    case 'text':
      return { kind: '', text: text.trimEnd() };
    case 'sums':
      return { kind: '', checksum: text.slice(0, 4), check: text.slice(4) };
  }
}

/** A frame of the till: EOT with or without ENQ or a record. */
export function readDialog06Command(frame: Uint8Array): Understood {
  const text = textOf(lowBits(frame)).slice(1);
  const [record = '', ...found] = text.startsWith('\x02') ? text.slice(1, -1).split(esc) : [text];
  const command = commands.find((word) => word.wire === record);
  if (command === undefined) {
    return refuse('bad-header', `${printable(record)} is no record of a till`);
  }
  const wanted = fieldsByRecord[record] ?? [];
  // Record 01 ends with one more separator, which stands for no field; some tills do so with all.
  const hasSpare = found.length === wanted.length + 1 && found.at(-1) === '';
  const fields = hasSpare ? found.slice(0, -1) : found;
  if (fields.length !== wanted.length) {
    return refuse('bad-length', `${wanted.length} fields expected in record ${record}`);
  }
  let meaning: Meaning = { kind: 'command', name: command.name };
  for (const [index, name] of wanted.entries()) {
    const field = readField(name, fields[index] ?? '');
    if (field === undefined) {
      return refuse('bad-number', `${name} is not right: ${printable(fields[index] ?? '')}`);
    }
    meaning = { ...field, ...meaning };
  }
  return { meaning, notes: [note('record', record, command.name)] };
}

function digits(meaning: Meaning, name: string, width: number): string {
  const value = meaning[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${name} must be a whole number, not ${JSON.stringify(value)}`);
  }
  const text = String(value).padStart(width, '0');
  if (text.length > width) {
    throw new RangeError(`${name} ${value} has more than ${width} digits`);
  }
  return text;
}

function fieldText(name: string, meaning: Meaning, priceDigits: number): string {
  switch (name) {
    case 'price':
      return digits(meaning, 'unit_price', priceDigits);
    case 'tare':
      return digits(meaning, 'tare_grams', 4);
    case 'text': {
      const text = textMember(meaning, 'text');
      if (text.length > textCharacters || !/^[\x20-\x7e]*$/.test(text)) {
        throw new RangeError(`a text has 13 plain characters, not ${JSON.stringify(text)}`);
      }
      return text.padEnd(textCharacters);
    }
    default:
      return `${textMember(meaning, 'checksum')}${textMember(meaning, 'check')}`;
  }
}

function commandText(meaning: Meaning, priceDigits: number): string {
  const { wire } = commandFor(commands, meaning);
  const names = fieldsByRecord[wire];
  if (names === undefined) {
    return `\x04${wire}`;
  }
  const fields = names.map((name) => `${esc}${fieldText(name, meaning, priceDigits)}`).join('');
  return `\x04\x02${wire}${fields}${wire === '01' ? esc : ''}\x03`;
}

function weighingText(meaning: Meaning, priceDigits: number): string {
  const weight = meaning['weight'];
  if (!isMembers(weight)) {
    throw new RangeError('a weighing needs its weight');
  }
  const { negative, digits: all, decimals } = splitDecimal(String(weight['value']));
  const mode = weight['unit'] === 'kg' ? '3' : decimals === 2 ? '1' : '2';
  const significant = all.replace(/^0+/, '').padStart(5, '0');
  const isKnown = weight['unit'] === 'kg' ? decimals === 3 : weight['unit'] === 'lb';
  if (negative || !isKnown || significant.length > 5 || decimals < 2 || decimals > 3) {
    throw new RangeError(`${weight['value']} ${weight['unit']} does not fit into record 02`);
  }
  const price = digits(meaning, 'unit_price', priceDigits);
  const total = digits(meaning, 'total', 6);
  return `\x0202${esc}${mode}${esc}${significant}${esc}${price}${esc}${total}\x03`;
}

/** Bytes of a command of the till or an answer of the scale. */
export function encodeDialog06(meaning: Meaning, context: CodecContext): Uint8Array {
  const priceDigits = numberSetting(context, 'price_digits') === 5 ? 5 : 6;
  switch (meaning.kind) {
    case 'command':
      return bytesOf(commandText(meaning, priceDigits));
    case 'ack':
      return bytesOf('\x06');
    case 'nak':
      return bytesOf('\x15');
    case 'weighing':
      return bytesOf(weighingText(meaning, priceDigits));
    case 'status-record':
      return bytesOf(`\x0209${esc}${textMember(meaning, 'code')}\x03`);
    case 'checksum-request':
      return bytesOf(`\x0211${esc}2${textMember(meaning, 'random')}\x03`);
    case 'checksum-result':
      return bytesOf(`\x0211${esc}${meaning['valid'] === true ? '1' : '0'}\x03`);
    default:
      throw unsayable('dialog06', meaning);
  }
}
