/**
 * MT-SICS, the command set of Mettler Toledo balances and scales (KERN calls it KCP; Ohaus speaks
 * it after `PSI`). The host sends a line, the scale answers with one line or more:
 *
 *     S                       give me a stable weight
 *     S S     100.00 g        ID, status, value (10 wide, right-aligned), unit
 *
 * Status `S` stable, `D` in motion, `A` done, `B` done and more lines follow, `I` cannot do it now
 * (busy, or not stable in time: no fault, ask again), `L` wrong parameter, `+`/`-` over/underload.
 * Widths differ between models, so fields are split at runs of spaces. `ES`, `ET`, `EL` come
 * without an ID. An overload is a status without a value: it is never a weight of 0.
 *
 * Source: Mettler Toledo AT operating instructions p.87 and AL-IC p.72.
 */

import type { Codec, Decoded, Direction, Meaning, StreamDecoder } from '../codec.ts';
import { terminatedFrames } from '../framing/terminated.ts';
import { bytesOf, note, printable, textOf } from './ascii.ts';
import { encodeMtSics } from './mt-sics-encode.ts';
import { errorsWithoutId, mtSicsCommands, weightIds } from './mt-sics-words.ts';
import { refuse, streamDecoder, type Understood } from './stream.ts';
import { readDecimal, readUnit } from './weight-text.ts';

/** A scale lists at most this many commands before we hand out what we have. */
const listLimit = 256;

const tareIds: readonly string[] = ['T', 'TI', 'TA', 'TAC'];
const zeroIds: readonly string[] = ['Z', 'ZI'];

/** Words of a line: split at spaces, quoted texts in one piece without their quotes. */
function wordsOf(line: string): string[] | undefined {
  const words: string[] = [];
  const form = / *(?:"([^"]*)"|([^\s"]+))(?= |$)/y;
  const text = line.trim();
  while (form.lastIndex < text.length) {
    const match = form.exec(text);
    if (match === null) {
      return undefined;
    }
    words.push(match[1] ?? match[2] ?? '');
  }
  return words;
}

/** Value and unit as a weight, or a reject that says what is wrong with them. */
function measured(kind: 'weight' | 'tare', rest: readonly string[]): Meaning | Understood {
  const [number = '', unitText, ...extra] = rest;
  if (rest.length < 1) {
    return refuse('bad-length', 'the value is missing');
  }
  const value = readDecimal(number);
  if (value === undefined) {
    return refuse('bad-number', `${printable(number)} is not a weight`);
  }
  if (unitText === undefined || extra.length > 0) {
    return refuse('bad-unit', `one unit expected behind the value, found ${rest.length - 1}`);
  }
  if (kind === 'weight' && unitText === '%') {
    return { kind: 'percent', value };
  }
  if (kind === 'weight' && /^PCS?$/i.test(unitText)) {
    return { kind: 'count', value };
  }
  const unit = readUnit(unitText);
  return unit === undefined
    ? refuse('bad-unit', `${printable(unitText)} is not a unit of weight`)
    : { kind, value, unit };
}

function isUnderstood(result: Meaning | Understood): result is Understood {
  return 'meaning' in result;
}

function weightReply(id: string, status: string, rest: readonly string[]): Understood {
  const notes = [note('id', id, 'weight')];
  if (status === '+' || status === '-') {
    const flag = status === '+' ? 'overload' : 'underload';
    return { meaning: { kind: 'status', flags: [flag] }, notes: [note('status', status, flag)] };
  }
  if (status !== 'S' && status !== 'D') {
    return refuse('unknown-status', `${printable(status)} is no status of a weight`);
  }
  const result = measured('weight', rest);
  if (isUnderstood(result)) {
    return result;
  }
  const stable = status === 'S';
  notes.push(note('status', status, stable ? 'stable' : 'in motion'));
  notes.push(note('value', rest.join(' '), `${result['value']}`));
  return { meaning: { ...result, stable }, notes };
}

/** Replies to zero and tare commands: done, done with a value, or out of the range for it. */
function settingReply(id: string, status: string, rest: readonly string[]): Understood {
  const isZero = zeroIds.includes(id);
  const notes = [note('id', id, isZero ? 'zero' : 'tare'), note('status', status, 'done')];
  if (status === '+' || status === '-') {
    const side = status === '+' ? 'above' : 'below';
    const error = `${side}-${isZero ? 'zero' : 'tare'}-range`;
    return { meaning: { kind: 'error', error, command: id }, notes };
  }
  if (status !== 'A' && status !== 'S' && status !== 'D') {
    return refuse('unknown-status', `${printable(status)} is no status of ${id}`);
  }
  const condition = status === 'A' ? {} : { stable: status === 'S' };
  if (rest.length === 0) {
    return { meaning: { kind: 'ack', command: id, ...condition }, notes };
  }
  if (isZero) {
    return refuse('bad-length', `nothing may follow ${id} ${status}`);
  }
  const result = measured('tare', rest);
  if (isUnderstood(result)) {
    return result;
  }
  return { meaning: { ...result, command: id, ...condition }, notes };
}

/** One line of the scale that stands for itself (not `B`: more lines follow). */
function readReply(words: readonly string[]): Understood {
  const [id = '', status, ...rest] = words;
  if (status === undefined) {
    const error = errorsWithoutId[id];
    return error === undefined
      ? refuse('bad-header', `${printable(id)} is neither a reply nor an error`)
      : { meaning: { kind: 'error', error, code: id }, notes: [note('error', id, error)] };
  }
  if (!/^(?:@|[A-Z][A-Z0-9]{0,5})$/.test(id)) {
    return refuse('bad-header', `${printable(id)} is not the ID of a reply`);
  }
  if (rest.length === 0 && (status === 'I' || status === 'L')) {
    const error = status === 'I' ? 'not-executable' : 'wrong-parameter';
    const notes = [note('id', id, 'command'), note('status', status, error)];
    return { meaning: { kind: 'error', error, command: id }, notes };
  }
  if (weightIds.includes(id)) {
    return weightReply(id, status, rest);
  }
  if (zeroIds.includes(id) || tareIds.includes(id)) {
    return settingReply(id, status, rest);
  }
  if (status !== 'A') {
    return refuse('unknown-status', `${printable(status)} is no status of ${id}`);
  }
  const notes = [note('id', id, 'command'), note('status', status, 'done')];
  const [value] = rest;
  return value === undefined
    ? { meaning: { kind: 'ack', command: id }, notes }
    : { meaning: { kind: 'info', command: id, value, values: [...rest] }, notes };
}

/** A line of the host. */
function readCommand(words: readonly string[]): Understood {
  const [wire = '', ...rest] = words;
  const command = mtSicsCommands.find(
    (word) => word.wire === wire && rest.length > 0 === (word.takes !== undefined),
  );
  if (command === undefined) {
    return refuse('bad-header', `${printable(words.join(' '))} is not a command`);
  }
  const notes = [note('command', wire, command.name)];
  const meaning: Meaning = { kind: 'command', name: command.name, command: wire };
  if (command.takes === 'text') {
    return { meaning: { ...meaning, text: rest.join(' ') }, notes };
  }
  if (command.takes === 'weight') {
    const result = measured('tare', rest);
    return isUnderstood(result) ? result : { meaning: { ...result, ...meaning }, notes };
  }
  return { meaning, notes };
}

/** Joins the lines of one list (`I0 B …`, `I0 A`) into one message. */
class ListReader {
  private id = '';
  private lines: string[][] = [];

  /** Takes a line of a list; gives the lists that are over now (none while one goes on). */
  add(id: string, values: string[], isLast: boolean): Meaning[] {
    const interrupted = this.id === id ? undefined : this.finish(true);
    this.id = id;
    if (values.length > 0) {
      this.lines.push(values);
    }
    const whole = isLast || this.lines.length >= listLimit ? this.finish(!isLast) : undefined;
    return [interrupted, whole].filter((list) => list !== undefined);
  }

  isOpenFor(id: string): boolean {
    return this.id === id;
  }

  /** The unfinished list, when the line closed in the middle of it. */
  finish(more: boolean): Meaning | undefined {
    if (this.id === '') {
      return undefined;
    }
    const items = this.lines.map((values) => values.at(-1) ?? '');
    const meaning: Meaning = { kind: 'list', command: this.id, items, lines: this.lines, more };
    this.id = '';
    this.lines = [];
    return meaning;
  }
}

function interpretLine(frame: Uint8Array, direction: Direction, list: ListReader): Understood[] {
  const line = textOf(frame.subarray(0, -1));
  const words = /^[\x20-\x7e]*$/.test(line) ? wordsOf(line) : undefined;
  if (words === undefined) {
    return [refuse('bad-charset', `not a line of plain words: ${printable(line)}`)];
  }
  if (words.length === 0) {
    return [];
  }
  if (direction === 'host->device') {
    return [readCommand(words)];
  }
  const [id = '', status, ...values] = words;
  const startsList = status === 'B' && values.length > 0 && /^[A-Z@][A-Z0-9]*$/.test(id);
  const endsList = status === 'A' && list.isOpenFor(id);
  if (startsList || endsList) {
    const lists = list.add(id, values, endsList);
    return lists.map((meaning) => ({ meaning, notes: [note('list', id, 'commands')] }));
  }
  return [readReply(words)];
}

/**
 * Line noise before a reply: control bytes and bytes above 0x7E never belong to one, so a whole
 * reply behind the last of them is taken and what stands before is junk. Printable junk is not cut
 * off: a reply that lost its head must not be read as another one.
 */
function splitNoise(frame: Uint8Array): [Uint8Array, Uint8Array] {
  const noiseEnd = frame.subarray(0, -1).findLastIndex((byte) => byte < 0x20 || byte > 0x7e) + 1;
  return [frame.subarray(0, noiseEnd), frame.subarray(noiseEnd)];
}

function decoder(direction: Direction): StreamDecoder {
  const list = new ListReader();
  const stream = streamDecoder(terminatedFrames(), (frame) => {
    const [noise, rest] = splitNoise(frame);
    if (noise.length === 0) {
      return interpretLine(frame, direction, list);
    }
    const behind = interpretLine(rest, direction, list);
    if (behind.length === 0 || behind.some(({ meaning }) => meaning.kind === 'reject')) {
      return refuse('bad-charset', `not a line of plain words: ${printable(frame)}`);
    }
    return behind;
  });
  return {
    push: (chunk) => stream.push(chunk),
    end() {
      const results: Decoded[] = stream.end();
      const meaning = list.finish(true);
      return meaning === undefined
        ? results
        : [{ meaning, frame: bytesOf(''), notes: [] }, ...results];
    },
  };
}

export const mtSics: Codec = {
  protocol: 'mt-sics',
  title: 'Mettler Toledo MT-SICS, KERN KCP',
  group: 'scale',
  source: 'Mettler Toledo AT operating instructions p.87, AL-IC p.72 (MT-SICS level 0 and 1)',
  line: '9600 8N1',
  settings: [],
  decoder: ({ direction }) => decoder(direction),
  encode: encodeMtSics,
};
