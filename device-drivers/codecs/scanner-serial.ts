/**
 * Plain serial barcode scanners (Honeywell, Datalogic, Zebra, and whatever else sends text): each
 * scan is `[prefix][AIM identifier]data[suffix]`. Keyboard-wedge text takes the same way.
 *
 * What ends a scan is a setting of the scanner. Honeywell's RS-232 set-up code gives CR LF,
 * Datalogic has EA10…EA18, Zebra's default is nothing at all. A suffix made of CR and LF is taken
 * generously: either of them, or both, ends the scan. Where there is no suffix, the session's
 * inter-byte time-out ends it (`end()`). Spaces and GS (FNC1) inside the data are never trimmed:
 * they are part of it.
 *
 * Where the AIM identifier says EAN or ITF-14, length and check digit are verified here; without
 * an identifier thirteen digits may be anything, and whoever gives them a meaning must verify.
 *
 * Example: `]E04006381333931` CR is a scan with symbology `ean-13` and data `4006381333931`.
 */
import {
  type Codec,
  type CodecContext,
  type Decoded,
  type Direction,
  type FieldNote,
  type Meaning,
  reject,
  type StreamDecoder,
} from '../codec.ts';
import { identifierOf, identifyScan } from '../gs1/aim.ts';
import { isKeyForm, readCarriedKey } from '../gs1/key-carrier.ts';
import { printable, scanBytes, scanText } from './scan-text.ts';

/** Longest scan that is kept while its end is awaited; the largest QR code holds 4,296 letters. */
export const maxScanBytes = 4096;

const carriageReturn = 0x0d;
const lineFeed = 0x0a;

interface Framing {
  /** `line`: CR, LF or both. `exact`: these bytes. `silence`: only a time-out ends a scan. */
  ends: 'line' | 'exact' | 'silence';
  suffix: Uint8Array;
  /** A line that ends without its suffix is refused when the suffix was asked for. */
  suffixRequired: boolean;
}

function framingOf(context: CodecContext): Framing {
  const { suffix } = context;
  if (typeof suffix !== 'string') {
    const ends = suffix === null ? 'silence' : 'line';
    return { ends, suffix: new Uint8Array(), suffixRequired: false };
  }
  if (suffix === '') return { ends: 'silence', suffix: new Uint8Array(), suffixRequired: false };
  const isLineEnd = /^[\r\n]+$/.test(suffix) && context.exact_suffix !== true;
  return { ends: isLineEnd ? 'line' : 'exact', suffix: scanBytes(suffix), suffixRequired: true };
}

/** Gives one scan its meaning; `frame` is without the suffix. */
export function readScan(frame: Uint8Array, context: CodecContext): Omit<Decoded, 'frame'> {
  const notes: FieldNote[] = [];
  let text = scanText(frame);
  const prefix = typeof context.prefix === 'string' ? context.prefix : '';
  if (prefix !== '') {
    if (!text.startsWith(prefix)) {
      const detail = `scan does not begin with the prefix ${JSON.stringify(prefix)}`;
      return { meaning: reject('no-start', detail), notes };
    }
    notes.push({ field: 'prefix', found: printable(prefix), means: 'set in the profile' });
    text = text.slice(prefix.length);
  }
  const scan = context.aim === 'never' ? undefined : identifyScan(text);
  if (scan === undefined) {
    if (context.aim === 'always') {
      return { meaning: reject('unknown-symbology', 'no known AIM identifier in front'), notes };
    }
    notes.push({ field: 'data', found: printable(text), means: 'as scanned' });
    return { meaning: { kind: 'scan', data: text }, notes };
  }
  notes.push({ field: 'AIM identifier', found: scan.identifier, means: scan.name });
  notes.push({ field: 'data', found: printable(scan.data), means: scan.form });
  if (isKeyForm(scan.form)) {
    const key = readCarriedKey(scan.data, scan.form);
    if ('kind' in key) return { meaning: key, notes };
  }
  return { meaning: { kind: 'scan', symbology: scan.name, data: scan.data }, notes };
}

class ScanDecoder implements StreamDecoder {
  readonly #context: CodecContext;
  readonly #framing: Framing;
  readonly #buffer = new Uint8Array(maxScanBytes);
  #length = 0;
  /** The scan was too long: what comes is thrown away up to its end. */
  #skipping = false;
  /** The last two bytes thrown away, to recognise a suffix among them. */
  #skippedTail: number[] = [];

  constructor(context: CodecContext) {
    this.#context = context;
    this.#framing = framingOf(context);
  }

  push(chunk: Uint8Array): Decoded[] {
    const decoded: Decoded[] = [];
    for (const byte of chunk) {
      if (this.#skipping) this.#skip(byte);
      else this.#take(byte, decoded);
    }
    return decoded;
  }

  end(): Decoded[] {
    const { suffixRequired } = this.#framing;
    const frame = this.#buffer.slice(0, this.#length);
    this.#length = 0;
    this.#skipping = false;
    this.#skippedTail = [];
    if (frame.length === 0) return [];
    if (!suffixRequired) return [{ frame, ...readScan(frame, this.#context) }];
    const detail = `${frame.length} bytes without the suffix that the profile names`;
    return [{ meaning: reject('no-terminator', detail), frame, notes: [] }];
  }

  #take(byte: number, decoded: Decoded[]): void {
    const { ends, suffix } = this.#framing;
    if (ends === 'line' && (byte === carriageReturn || byte === lineFeed)) {
      this.#finish(this.#length, decoded);
      return;
    }
    if (this.#length === maxScanBytes) {
      const frame = this.#buffer.slice();
      const detail = `more than ${maxScanBytes} bytes without an end of scan`;
      decoded.push({ meaning: reject('oversize', detail), frame, notes: [] });
      this.#length = 0;
      this.#skipping = true;
      this.#skippedTail = [...frame.subarray(maxScanBytes - suffix.length)];
      this.#skip(byte);
      return;
    }
    this.#buffer[this.#length] = byte;
    this.#length += 1;
    if (ends === 'exact' && this.#endsWithSuffix()) {
      this.#finish(this.#length - suffix.length, decoded);
    }
  }

  #finish(length: number, decoded: Decoded[]): void {
    const frame = this.#buffer.slice(0, length);
    this.#length = 0;
    // An empty line is the LF of a CR LF, or a scanner that also starts its lines with one.
    if (frame.length > 0) decoded.push({ frame, ...readScan(frame, this.#context) });
  }

  #skip(byte: number): void {
    const { ends, suffix } = this.#framing;
    if (ends === 'line') {
      this.#skipping = byte !== carriageReturn && byte !== lineFeed;
      return;
    }
    if (ends === 'silence') return;
    this.#skippedTail = [...this.#skippedTail, byte].slice(-suffix.length);
    if (sameBytes(this.#skippedTail, suffix)) {
      this.#skipping = false;
      this.#skippedTail = [];
    }
  }

  #endsWithSuffix(): boolean {
    const { suffix } = this.#framing;
    if (this.#length < suffix.length) return false;
    return sameBytes(this.#buffer.subarray(this.#length - suffix.length, this.#length), suffix);
  }
}

function sameBytes(left: ArrayLike<number>, right: Uint8Array): boolean {
  return left.length === right.length && right.every((byte, index) => left[index] === byte);
}

const hostCommands: ReadonlyMap<string, { bytes: readonly number[]; meaning: Meaning }> = new Map([
  ['06', { bytes: [0x06], meaning: { kind: 'ack' } }],
  ['15', { bytes: [0x15], meaning: { kind: 'nak' } }],
  ['07', { bytes: [0x07], meaning: { kind: 'command', name: 'BEEP' } }],
  // Honeywell serial trigger commands (SYN T CR, SYN U CR).
  ['16540d', { bytes: [0x16, 0x54, 0x0d], meaning: { kind: 'command', name: 'TRIGGER_ON' } }],
  ['16550d', { bytes: [0x16, 0x55, 0x0d], meaning: { kind: 'command', name: 'TRIGGER_OFF' } }],
]);

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What the host says to a scanner: one of few short commands, cut by `end()`. */
class HostDecoder implements StreamDecoder {
  #bytes: number[] = [];

  push(chunk: Uint8Array): Decoded[] {
    const decoded: Decoded[] = [];
    for (const byte of chunk) {
      this.#bytes.push(byte);
      const frame = Uint8Array.from(this.#bytes);
      const command = hostCommands.get(hex(frame));
      if (command !== undefined) {
        this.#bytes = [];
        decoded.push({ meaning: command.meaning, frame, notes: [] });
      } else if (frame.length >= 3) {
        decoded.push(...this.end());
      }
    }
    return decoded;
  }

  end(): Decoded[] {
    const frame = Uint8Array.from(this.#bytes);
    this.#bytes = [];
    if (frame.length === 0) return [];
    return [{ meaning: reject('no-start', 'no scanner command'), frame, notes: [] }];
  }
}

function encodeHostCommand(meaning: Meaning): Uint8Array | undefined {
  for (const { bytes, meaning: known } of hostCommands.values()) {
    if (known.kind === meaning.kind && known.name === meaning.name) {
      return Uint8Array.from(bytes);
    }
  }
  return undefined;
}

function encode(meaning: Meaning, context: CodecContext): Uint8Array {
  const command = encodeHostCommand(meaning);
  if (command !== undefined) return command;
  const { data, symbology } = meaning;
  if (meaning.kind !== 'scan' || typeof data !== 'string') {
    throw new RangeError(`a plain serial scanner cannot say ${meaning.kind}`);
  }
  const identifier = typeof symbology === 'string' ? identifierOf(symbology) : '';
  if (identifier === undefined) throw new RangeError(`no AIM identifier for ${String(symbology)}`);
  const prefix = typeof context.prefix === 'string' ? context.prefix : '';
  const suffix = context.suffix === null ? '' : (context.suffix ?? '\r\n');
  const bytes = scanBytes(`${prefix}${identifier}${data}${String(suffix)}`);
  const decoder = new ScanDecoder(context);
  const heard = [...decoder.push(bytes), ...decoder.end()].map((decoded) => decoded.meaning);
  const [scan] = heard;
  if (heard.length !== 1 || scan?.data !== data || scan?.symbology !== symbology) {
    throw new RangeError(`the host would not hear this as the scan it is: ${printable(data)}`);
  }
  return bytes;
}

export const scannerSerial: Codec = {
  protocol: 'scanner-serial',
  title: 'Barcode scanner, plain text with prefix and suffix',
  group: 'scanner',
  source:
    'Honeywell 4820 user guide p. 2-2; Datalogic PowerScan D8330 manual p. 189; ISO/IEC 15424',
  line: '115200 8N1',
  settings: [
    {
      name: 'suffix',
      values: 'text, or null for none (a time-out ends the scan)',
      meaning: 'What the scanner sends behind the data; CR and LF stand for each other.',
      default: '\r\n',
    },
    {
      name: 'exact_suffix',
      values: 'true | false',
      meaning: 'Take CR and LF literally, so that codes with line breaks inside stay whole.',
      default: false,
    },
    { name: 'prefix', values: 'text', meaning: 'What the scanner sends in front.', default: '' },
    {
      name: 'aim',
      values: 'auto | always | never',
      meaning: 'Whether the scanner sends AIM symbology identifiers.',
      default: 'auto',
    },
  ],
  decoder: ({ direction, context }: { direction: Direction; context: CodecContext }) =>
    direction === 'host->device' ? new HostDecoder() : new ScanDecoder(context),
  encode,
};
