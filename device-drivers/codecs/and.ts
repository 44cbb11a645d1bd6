/**
 * A&D balances and indicators: lines with a header that says how far the value may be trusted.
 *
 *     ST,+00123.45  g       stable; US in motion, QT stable count, OL out of range
 *     ST,NT,+0012.34kg      indicators (AD-4329, AD-4407): a second header GS, NT, TR or PT
 *     LAB-0123, No,012, 2004/07/01, 12:34:56, ST,+000.1278,  g      CSV, unit in its own field
 *
 * An overload fills the value with a marker (`+9999999E+19`, nines, spaces): it is never converted.
 * Pieces and percent are not weights. A decimal comma is read as the point; in CSV it makes the
 * separator a semicolon. Commands are answered by ACK CR LF, zero and tare by two of them
 * (received, done), or by `EC,Exx`.
 *
 * Source: A&D EK-L p.28, GH p.42, AD-4212D p.27, AD-4329A p.43-45, AD-4402 p.80.
 */

import type { Codec, FieldNote, Meaning } from '../codec.ts';
import { terminatedFrames } from '../framing/terminated.ts';
import { andCommands, andErrors, encodeAnd } from './and-words.ts';
import { note, printable, textOf } from './ascii.ts';
import { isParityInBit7 } from './seven-bit.ts';
import { refuse, streamDecoder, type Understood } from './stream.ts';
import { readDecimal, readUnit } from './weight-text.ts';

/** Parts of a line of data, before they are given a meaning. */
interface Parts {
  header: string;
  /** GS, NT, TR, PT or nothing. */
  side: string;
  data: string;
  unit: string;
  /** Fields in front of the header: id, data number, date, time. */
  extra: { [name: string]: string };
}

const headers = 'ST|US|QT|OL|LO|PT|TR';
const sides: Readonly<Record<string, string>> = { G: 'GS', N: 'NT', T: 'TR' };
const fixedForm = new RegExp(
  `^(${headers}),(?:(GS|NT|TR|PT|G |N |T ),)?([+-]\\d+[.,]?\\d*(?:E\\+19)?|[+-]?[ .,]+)(.*)$`,
);

/** What the fields in front of the header say. */
function extraFields(fields: readonly string[]): { [name: string]: string } {
  const extra: { [name: string]: string } = {};
  for (const [index, field] of fields.entries()) {
    if (/^No\.?\d+$/.test(field)) {
      extra['data_number'] = field.replace(/^No\.?/, '');
    } else if (/^\d{2,4}\/\d{2}\/\d{2,4}$/.test(field)) {
      extra['date'] = field;
    } else if (/^\d{2}:\d{2}:\d{2}$/.test(field)) {
      extra['time'] = field;
    } else if (index > 0 && fields[index - 1] === 'No' && /^\d+$/.test(field)) {
      extra['data_number'] = field;
    } else if (field !== 'No') {
      extra['device_id'] = field;
    }
  }
  return extra;
}

/** The CSV form: more than one field behind the header, the unit last. */
function csvParts(line: string): Parts | undefined {
  const separator = line.includes(';') ? ';' : ',';
  const fields = line.split(separator);
  const at = fields.findIndex((field) => new RegExp(`^ *(?:${headers})$`).test(field));
  const isSecond = /^(?:GS|NT|TR|PT|[GNT] )$/.test(fields[at + 1] ?? '');
  const data = fields[at + (isSecond ? 2 : 1)];
  const unit = fields[at + (isSecond ? 3 : 2)];
  const count = at + (isSecond ? 4 : 3);
  if (at < 0 || data === undefined || unit === undefined || fields.length !== count) {
    return undefined;
  }
  const side = isSecond ? (fields[at + 1] ?? '').trim() : '';
  const before = fields.slice(0, at).map((field) => field.trim());
  const header = (fields[at] ?? '').trim();
  return { header, side: sides[side] ?? side, data, unit, extra: extraFields(before) };
}

function partsOf(line: string): Parts | undefined {
  const match = fixedForm.exec(line);
  const [, header = '', side = '', data = '', unit = ''] = match ?? [];
  if (match !== null && !unit.includes(',') && !unit.includes(';')) {
    const short = side.trim();
    return { header, side: sides[short] ?? short, data, unit, extra: {} };
  }
  return csvParts(line);
}

/** Sign and eight characters (seven or eight on indicators): a lost digit changes the width. */
function hasRightWidth(parts: Parts): boolean {
  const width = parts.data.length - 1;
  return parts.side === '' ? width === 8 || width === 9 : width === 7 || width === 8;
}

function readParts(parts: Parts, notes: FieldNote[]): Understood {
  const { header, side, data, extra } = parts;
  if (header === 'OL' || header === 'LO') {
    const flag = header === 'LO' ? 'out-of-range' : data.startsWith('-') ? 'underload' : 'overload';
    return { meaning: { kind: 'status', flags: [flag], ...extra }, notes };
  }
  if (!/^[+-]/.test(data)) {
    return refuse('bad-number', `the sign is missing in ${printable(data)}`, notes);
  }
  const value = readDecimal(data.replace(',', '.'));
  const hasRest = /\d/.test(parts.unit);
  if (value === undefined || hasRest || /^.9{7,}$/.test(data)) {
    return refuse('bad-number', `${printable(data + parts.unit)} is not a value`, notes);
  }
  if (!hasRightWidth(parts)) {
    return refuse('bad-length', `${printable(data)} is not as wide as a value`, notes);
  }
  const unitText = parts.unit.trim();
  const stable = header !== 'US';
  if (/^pcs?$/i.test(unitText) || header === 'QT') {
    return /^pcs?$/i.test(unitText)
      ? { meaning: { kind: 'count', value, stable, ...extra }, notes }
      : refuse('bad-unit', `a count is in PC, not ${printable(unitText)}`, notes);
  }
  if (unitText === '%') {
    return { meaning: { kind: 'percent', value, stable, ...extra }, notes };
  }
  const unit = readUnit(unitText);
  if (unit === undefined) {
    return refuse('bad-unit', `${printable(parts.unit)} is not a unit of weight`, notes);
  }
  if (header === 'PT' || header === 'TR' || side === 'PT' || side === 'TR') {
    const preset = header === 'PT' || side === 'PT';
    return { meaning: { kind: 'tare', value, unit, preset, ...extra }, notes };
  }
  const net = side === '' ? {} : { net: side === 'NT' };
  return { meaning: { kind: 'weight', value, unit, stable, ...net, ...extra }, notes };
}

function readReply(line: string): Understood {
  if (line === '\x06' || line === '\x15') {
    const kind = line === '\x06' ? 'ack' : 'nak';
    return { meaning: { kind }, notes: [note('reply', line, kind)] };
  }
  if (!/^[\x20-\x7e]*$/.test(line)) {
    return refuse('bad-charset', `not plain text: ${printable(line)}`);
  }
  const code = /^EC,(E\d\d)$/.exec(line)?.[1];
  if (code !== undefined) {
    const error = andErrors[code] ?? 'device-error';
    return { meaning: { kind: 'error', error, code }, notes: [note('error', code, error)] };
  }
  if (line === 'I' || line === '?') {
    const error = line === 'I' ? 'not-ready' : 'undefined-command';
    return { meaning: { kind: 'error', error }, notes: [note('reply', line, error)] };
  }
  const parts = partsOf(line);
  if (parts !== undefined) {
    const { header, data, unit } = parts;
    const notes = [
      note('header', header, header === 'ST' ? 'stable' : header === 'US' ? 'in motion' : ''),
      note('data', data, 'value'),
      note('unit', unit, unit.trim()),
    ];
    return readParts(parts, notes);
  }
  const extra = extraFields([line.trim()]);
  const [field, value] = Object.entries(extra)[0] ?? [];
  if (field !== undefined && value !== undefined && field !== 'device_id') {
    return { meaning: { kind: 'info', field, value }, notes: [note(field, line, value)] };
  }
  return new RegExp(`^(?:${headers}),`).test(line)
    ? refuse('bad-number', `no value behind the header: ${printable(line)}`)
    : refuse('bad-header', `not a line of a balance: ${printable(line)}`);
}

/** A whole line behind line noise is taken; its header shows that nothing of it is missing. */
function interpret(frame: Uint8Array): Understood {
  const line = textOf(frame.subarray(0, -1));
  const whole = isParityInBit7(frame)
    ? refuse('framing-mismatch', `parity in bit 7, open the line with 7 bits: ${printable(line)}`)
    : readReply(line);
  const start = [...line].findLastIndex((character) => !/[\x20-\x7e]/.test(character)) + 1;
  const isHeaded = new RegExp(`^(?:${headers}|EC)[,;]`).test(line.slice(start));
  if (start === 0 || whole.meaning.kind !== 'reject' || !isHeaded) {
    return whole;
  }
  const tail = readReply(line.slice(start));
  return tail.meaning.kind === 'reject' ? whole : tail;
}

function readCommand(frame: Uint8Array): Understood {
  const text = textOf(frame.subarray(0, -1));
  const preset = /^PT: *([+-]?[\d.]+) *([A-Za-z]*)$/.exec(text);
  if (preset !== null) {
    const value = readDecimal(preset[1] ?? '');
    const unit = readUnit(preset[2] ?? '');
    const meaning: Meaning = {
      kind: 'command',
      name: 'set-tare',
      command: 'PT:',
      value: value ?? '',
    };
    return value === undefined
      ? refuse('bad-number', `${printable(text)} has no tare`)
      : { meaning: unit === undefined ? meaning : { ...meaning, unit }, notes: [] };
  }
  const command = andCommands.find((word) => word.wire === text);
  return command === undefined
    ? refuse('bad-header', `${printable(text)} is not a command`)
    : {
        meaning: { kind: 'command', name: command.name, command: text },
        notes: [note('command', text, command.name)],
      };
}

export const and: Codec = {
  protocol: 'and',
  title: 'A&D balances and indicators',
  group: 'scale',
  source: 'A&D EK-L p.28, GH p.42, AD-4212D p.27, AD-4329A p.43',
  line: '2400 7E1',
  settings: [{ name: 'format', values: 'fixed | csv', meaning: 'form to write', default: 'fixed' }],
  decoder: ({ direction }) =>
    streamDecoder(terminatedFrames(), (frame) =>
      direction === 'host->device' ? readCommand(frame) : interpret(frame),
    ),
  encode: encodeAnd,
};
