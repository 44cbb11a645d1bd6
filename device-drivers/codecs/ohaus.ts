/**
 * Ohaus balances and scales in their own command set (after `PSI` they speak MT-SICS).
 *
 *     ␠␠␠␠␠192.08 g ? NET 00:00:30     value, unit, ? = in motion, legend, interval time
 *
 * Column widths differ from family to family, so the line is read as words. A legend says what
 * kind of value it is: NET, G or B/G (gross), T (tare), TOTAL (a sum, not what lies on the
 * platter). There is no start mark: a line with anything but plain text in it is refused whole,
 * because digits in front of the damage may be lost.
 *
 * Source: Ohaus RS232 interface manual EN-3, Ranger RC p.36, Ranger RP p.48, Defender 3000 EN-35,
 * Navigator NB p.30.
 */

import type { Codec, Meaning } from '../codec.ts';
import { terminatedFrames } from '../framing/terminated.ts';
import { bytesOf, note, printable, textOf } from './ascii.ts';
import { type CommandWord, commandFor, textMember, unsayable } from './commands.ts';
import { refuse, streamDecoder, type Understood } from './stream.ts';
import { readDecimal, readUnit, splitDecimal } from './weight-text.ts';

const commands: readonly CommandWord[] = [
  { wire: 'P', name: 'print', also: ['weight', 'weight-request'] },
  { wire: 'IP', name: 'immediate-print', also: ['send-immediate', 'print-immediate'] },
  { wire: 'SP', name: 'stable-print', also: ['send-stable', 'print-stable'] },
  { wire: 'CP', name: 'continuous-print', also: ['send-repeat', 'print-continuous', 'continuous'] },
  { wire: 'SLP', name: 'auto-print-stable' },
  { wire: 'SLZP', name: 'auto-print-stable-and-zero' },
  { wire: '0P', name: 'print-off', also: ['auto-print-off', 'stop'] },
  { wire: 'Z', name: 'zero' },
  { wire: 'T', name: 'tare' },
  { wire: '0T', name: 'clear-tare' },
  { wire: 'TA', name: 'query-tare' },
  { wire: 'PU', name: 'print-unit' },
  { wire: 'PV', name: 'print-version' },
  { wire: 'PSI', name: 'switch-to-mt-sics' },
  { wire: 'POH', name: 'switch-to-ohaus' },
];

/** Legends by what they make of the value. */
const legends: Readonly<Record<string, 'net' | 'gross' | 'tare' | 'total'>> = {
  N: 'net',
  NET: 'net',
  G: 'gross',
  GROSS: 'gross',
  'B/G': 'gross',
  T: 'tare',
  TARE: 'tare',
  PT: 'tare',
  TOTAL: 'total',
};

/** Some families write `Net` and `Tare`; single letters are legends in upper case only. */
function roleOf(legend: string): 'net' | 'gross' | 'tare' | 'total' | undefined {
  return legends[legend.length > 1 ? legend.toUpperCase() : legend];
}

const lineForm =
  /^(?:(G|N|T|GROSS|NET|TARE):? )? *(-?) *([0-9.]+) +([A-Za-z%:]+) *(\??) *([A-Za-z/]+(?: WT)?)? *(\d{2}:\d{2}:\d{2})? *$/;

function readLine(frame: Uint8Array): Understood {
  const line = textOf(frame.subarray(0, -1));
  if (!/^[\x20-\x7e]*$/.test(line)) {
    return refuse('bad-charset', `not plain text: ${printable(line)}`);
  }
  if (line.trim() === 'ES') {
    const notes = [note('reply', line, 'invalid command')];
    return { meaning: { kind: 'error', error: 'invalid-command', code: 'ES' }, notes };
  }
  const failure = /^ *\[?Err *([\d.]+)\]? *$/i.exec(line)?.[1];
  if (failure !== undefined) {
    const notes = [note('error', line, 'error code of the balance')];
    return { meaning: { kind: 'error', error: 'device-error', code: failure }, notes };
  }
  const match = lineForm.exec(line);
  if (match === null) {
    return /\d/.test(line)
      ? refuse('bad-number', `not a value with a unit: ${printable(line)}`)
      : refuse('bad-header', `not a line of a balance: ${printable(line)}`);
  }
  const [, heading, sign = '', digits = '', unitText = '', mark, legendText, elapsed] = match;
  const legend = legendText ?? heading;
  const role = legend === undefined ? undefined : roleOf(legend);
  const value = readDecimal(`${sign}${digits}`);
  if (value === undefined) {
    return refuse('bad-number', `${printable(digits)} is not a number`);
  }
  if (legend !== undefined && role === undefined && !/^(?:WET|AIR) WT$/.test(legend)) {
    return refuse('unknown-status', `${printable(legend)} is not a legend`);
  }
  const stable = mark !== '?';
  const notes = [
    note('weight', `${sign}${digits} ${unitText}`, `${value} ${unitText}`),
    note('stability', mark ?? '', stable ? 'stable' : 'in motion'),
    ...(legend === undefined ? [] : [note('legend', legend, role ?? legend)]),
  ];
  return { meaning: valueMeaning(value, unitText, stable, role, { legend, elapsed }), notes };
}

function valueMeaning(
  value: string,
  unitText: string,
  stable: boolean,
  role: 'net' | 'gross' | 'tare' | 'total' | undefined,
  more: { legend: string | undefined; elapsed: string | undefined },
): Meaning {
  const extra: { [name: string]: string } = {};
  if (more.legend !== undefined) {
    extra['legend'] = more.legend;
  }
  if (more.elapsed !== undefined) {
    extra['elapsed'] = more.elapsed;
  }
  if (/^pcs?$/i.test(unitText) || unitText === '%') {
    return { kind: unitText === '%' ? 'percent' : 'count', value, stable, ...extra };
  }
  const unit = readUnit(unitText);
  if (unit === undefined) {
    return refuse('bad-unit', `${printable(unitText)} is not a unit of weight`).meaning;
  }
  if (role === 'tare' || role === 'total') {
    return { kind: role, value, unit, ...extra };
  }
  const net = role === undefined ? {} : { net: role === 'net' };
  return { kind: 'weight', value, unit, stable, ...net, ...extra };
}

function readCommand(frame: Uint8Array): Understood {
  const text = textOf(frame.subarray(0, -1)).trim();
  const interval = /^([1-9]\d{0,3})P$/.exec(text)?.[1];
  if (interval !== undefined) {
    const meaning = { kind: 'command', name: 'interval-print', seconds: Number(interval) };
    return { meaning, notes: [note('command', text, `print every ${interval} s`)] };
  }
  const tare = /^([1-9][\d.]*|0\.\d+)T$/.exec(text)?.[1];
  const value = tare === undefined ? undefined : readDecimal(tare);
  if (value !== undefined) {
    const meaning = { kind: 'command', name: 'set-tare', value, unit: 'g' };
    return { meaning, notes: [note('command', text, `tare ${value} g`)] };
  }
  const command = commands.find((word) => word.wire === text);
  return command === undefined
    ? refuse('bad-header', `${printable(text)} is not a command`)
    : {
        meaning: { kind: 'command', name: command.name, command: text },
        notes: [note('command', text, command.name)],
      };
}

function commandText(meaning: Meaning): string {
  if (meaning['name'] === 'interval-print') {
    const seconds = meaning['seconds'];
    if (
      typeof seconds !== 'number' ||
      !Number.isInteger(seconds) ||
      seconds < 1 ||
      seconds > 3600
    ) {
      throw new RangeError(`an interval is 1 to 3600 s, not ${JSON.stringify(seconds)}`);
    }
    return `${seconds}P`;
  }
  if (meaning['name'] === 'set-tare') {
    return `${textMember(meaning, 'value')}T`;
  }
  return commandFor(commands, meaning).wire;
}

/** Weight right-aligned in ten characters, unit, stability mark, then legend and time. */
function valueLine(meaning: Meaning, unit: string, legend: string): string {
  const value = textMember(meaning, 'value');
  splitDecimal(value);
  const mark = meaning['stable'] === false ? '?' : ' ';
  const elapsed = typeof meaning['elapsed'] === 'string' ? ` ${meaning['elapsed']}` : '';
  return `${value.padStart(11)} ${unit} ${mark} ${legend}${elapsed}`;
}

function lineOf(meaning: Meaning): string {
  const legend = typeof meaning['legend'] === 'string' ? meaning['legend'] : undefined;
  switch (meaning.kind) {
    case 'weight': {
      const net = meaning['net'];
      const shown = legend ?? (net === undefined ? '' : net === true ? 'NET' : 'G');
      return valueLine(meaning, textMember(meaning, 'unit'), shown);
    }
    case 'tare':
      return valueLine(meaning, textMember(meaning, 'unit'), legend ?? 'T');
    case 'total':
      return valueLine(meaning, textMember(meaning, 'unit'), legend ?? 'TOTAL');
    case 'count':
      return valueLine(meaning, 'PCS', legend ?? '');
    case 'percent':
      return valueLine(meaning, '%', legend ?? '');
    case 'error':
      return meaning['error'] === 'invalid-command' ? 'ES' : `Err ${textMember(meaning, 'code')}`;
    case 'command':
      return commandText(meaning);
    default:
      throw unsayable('ohaus', meaning);
  }
}

export const ohaus: Codec = {
  protocol: 'ohaus',
  title: 'Ohaus balances and scales',
  group: 'scale',
  source: 'Ohaus RS232 interface manual EN-3, Ranger RC p.36, RP p.48, Defender 3000 EN-35',
  line: '9600 8N1',
  settings: [],
  decoder: ({ direction }) =>
    streamDecoder(terminatedFrames(), (frame) =>
      direction === 'host->device' ? readCommand(frame) : readLine(frame),
    ),
  encode: (meaning) => bytesOf(`${lineOf(meaning)}\r\n`),
};
