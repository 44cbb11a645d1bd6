/**
 * Checkout-Dialog 06 (Mettler Toledo, Bizerba type): the scale shows the price that the till sends,
 * weighs, and gives back weight, unit price and price to pay. Here are the records; the dialogue
 * itself is in `dialog06-weighing.ts`, the checksum duty in `dialog06-checksum.ts`.
 *
 *     EOT STX 01 ESC 001000 ESC ETX            till: unit price 10.00
 *     ACK                                      scale: understood (NAK: ask why with record 08)
 *     EOT ENQ                                  till: the result, please
 *     STX 02 ESC 3 ESC 00500 ESC 001000 ESC 000500 ETX      scale: 0.500 kg, 10.00, 5.00
 *
 * The digit behind record 02 says the unit: 0 lb:oz in eighths, 1 lb in 0.01, 2 lb in 0.005, 3 kg
 * (digits are grams). Pounds and ounces are refused: their digits are not documented. Prices are
 * integers in the smallest coin.
 *
 * Source: METTLER TOLEDO DIVA Service Manual p.53-55, Ohaus Aviator 5000 p.41.
 */

import type { Codec, CodecContext, Meaning } from '../codec.ts';
import { bytesOf, note, printable, textOf } from './ascii.ts';
import { ack, dialog06Commands, dialog06Replies, esc, nak } from './dialog06-frames.ts';
import { encodeDialog06, readDialog06Command } from './dialog06-records.ts';
import { isRefused, parityBitSetting, sevenBitFrame } from './seven-bit.ts';
import { refuse, streamDecoder, type Understood } from './stream.ts';
import { placePoint } from './weight-text.ts';

/** Record 09: why the scale said NAK. */
export const dialog06Errors: Readonly<Record<string, string>> = {
  '00': 'none',
  '01': 'general',
  '02': 'parity',
  '10': 'invalid-record',
  '11': 'invalid-price',
  '12': 'invalid-tare',
  '13': 'invalid-text',
  '20': 'motion',
  '21': 'no-motion',
  '22': 'not-finished',
  '30': 'below-minimum',
  '31': 'under-zero',
  '32': 'overload',
};

const units: Readonly<Record<string, { unit: string; decimals: number }>> = {
  '1': { unit: 'lb', decimals: 2 },
  '2': { unit: 'lb', decimals: 3 },
  '3': { unit: 'kg', decimals: 3 },
};

function readWeighing(fields: readonly string[]): Understood {
  const [mode = '', weight = '', price = '', total = ''] = fields;
  if (fields.length !== 4) {
    return refuse('bad-length', `four fields expected in record 02, found ${fields.length}`);
  }
  const scale = units[mode];
  if (scale === undefined) {
    return mode === '0'
      ? refuse('bad-unit', 'weights in lb:oz are not supported')
      : refuse('unknown-status', `${printable(mode)} is no weight status`);
  }
  if (![weight, price, total].every((digits) => /^\d*$/.test(digits))) {
    return refuse('bad-number', `not digits: ${printable(fields.join(' '))}`);
  }
  if (weight.length !== 5 || (price.length !== 5 && price.length !== 6) || total.length !== 6) {
    return refuse('bad-length', `5, 5 or 6, and 6 digits expected: ${printable(fields.join(' '))}`);
  }
  const value = placePoint(weight, scale.decimals) ?? '';
  const meaning: Meaning = {
    kind: 'weighing',
    weight: { value, unit: scale.unit },
    unit_price: Number(price),
    total: Number(total),
  };
  const notes = [
    note('unit', mode, scale.unit),
    note('weight', weight, value),
    note('unit price', price, 'smallest coin'),
    note('price to pay', total, 'smallest coin'),
  ];
  return { meaning, notes };
}

function readStatusRecord(fields: readonly string[]): Understood {
  const [code = ''] = fields;
  if (fields.length !== 1 || code.length !== 2) {
    return refuse('bad-length', `two digits expected in record 09: ${printable(fields.join(' '))}`);
  }
  const error = dialog06Errors[code];
  return error === undefined
    ? refuse('unknown-status', `${printable(code)} is no status of record 09`)
    : { meaning: { kind: 'status-record', code, error }, notes: [note('status', code, error)] };
}

function readChecksumRecord(fields: readonly string[]): Understood {
  const [text = ''] = fields;
  if (fields.length === 1 && (text === '0' || text === '1')) {
    const valid = text === '1';
    const notes = [note('result', text, valid ? 'checksums valid' : 'checksums invalid')];
    return { meaning: { kind: 'checksum-result', valid }, notes };
  }
  const random = /^2([0-9A-Fa-f]{2})$/.exec(text)?.[1];
  if (fields.length !== 1 || random === undefined) {
    return refuse('bad-status', `0, 1 or 2 with two hex digits expected: ${printable(text)}`);
  }
  const meaning = { kind: 'checksum-request', random: random.toUpperCase() };
  return { meaning, notes: [note('random number', random, 'how to rotate the checksums')] };
}

function readReply(frame: Uint8Array, context: CodecContext): Understood {
  const single = frame.length === 1 ? (frame[0] ?? 0) & 0x7f : undefined;
  if (single === ack || single === nak) {
    const kind = single === ack ? 'ack' : 'nak';
    return {
      meaning: { kind },
      notes: [note('reply', bytesOf(String.fromCharCode(single)), kind)],
    };
  }
  const bytes = sevenBitFrame(frame, context);
  if (isRefused(bytes)) {
    return bytes;
  }
  const [record = '', ...fields] = textOf(bytes.subarray(1, -1)).split(esc);
  switch (record) {
    case '02':
      return readWeighing(fields);
    case '09':
      return readStatusRecord(fields);
    case '11':
      return readChecksumRecord(fields);
    default:
      return refuse('bad-header', `${printable(record)} is no record of a scale`);
  }
}

export const dialog06: Codec = {
  protocol: 'dialog06',
  title: 'Checkout-Dialog 06 (Mettler Toledo, Bizerba)',
  group: 'scale',
  source: 'METTLER TOLEDO DIVA Service Manual p.53-55, Ohaus Aviator 5000 p.41',
  line: '9600 7O1',
  settings: [
    { name: 'price_digits', values: '5 | 6', meaning: 'digits of a unit price', default: 6 },
    {
      name: 'checksum_polynomial',
      values: 'secret: four hexadecimal digits',
      meaning: 'generator polynomial licensed by the maker; without it the check must be off',
    },
    {
      name: 'unit_price',
      values: 'smallest coin',
      meaning: 'the price that each weighing is asked with on a serial line',
      default: 100,
    },
    parityBitSetting,
  ],
  decoder: ({ direction, context }) =>
    direction === 'host->device'
      ? streamDecoder(dialog06Commands(), (frame) => readDialog06Command(frame))
      : streamDecoder(dialog06Replies(), (frame) => readReply(frame, context)),
  encode: encodeDialog06,
};
