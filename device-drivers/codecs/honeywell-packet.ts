/**
 * Honeywell scanners in packet mode (Bluetooth, "data with metadata"): each scan is
 * `SYN FE size×4 CR MSGGET nnnn id aim×2 GS data CR`. The size counts the bytes behind the first
 * CR, least significant byte first; nnnn are digits that count data and closing CR; `id` is
 * Honeywell's own letter for the symbology, `aim` are the two characters of the AIM identifier.
 *
 * Example: SYN FE 1C 00 00 00 CR MSGGET0014dE0 GS 4006381333931 CR is the EAN-13 4006381333931.
 * Source: HeaderFormat in Honeywell's serial programming manuals, tests of the enioka library.
 */
import {
  type Codec,
  type Decoded,
  type Meaning,
  type Reject,
  reject,
  type StreamDecoder,
} from '../codec.ts';
import { identifierOf } from '../gs1/aim.ts';
import { latin1Text, scanBytes, scanText } from './scan-text.ts';
import { readScan, scannerSerial } from './scanner-serial.ts';

const synchronousIdle = 0x16;
const secondByte = 0xfe;
const carriageReturn = 0x0d;
const groupSeparator = 0x1d;
const headerLength = 7;
const payloadHeaderLength = 14;

/** Longest payload: the largest symbol and its header. */
export const maxPayloadLength = 4296 + payloadHeaderLength + 1;

function sizeOf(bytes: readonly number[]): number {
  const [, , first = 0, second = 0, third = 0, fourth = 0] = bytes;
  return first + second * 0x100 + third * 0x10000 + fourth * 0x1000000;
}

function headerFault(bytes: readonly number[]): Reject | undefined {
  const at = (index: number) => bytes[index];
  if (bytes.length >= 1 && at(0) !== synchronousIdle) return reject('no-start', 'no SYN');
  if (bytes.length >= 2 && at(1) !== secondByte) return reject('bad-header', 'no FE behind SYN');
  if (bytes.length < headerLength) return undefined;
  if (at(6) !== carriageReturn) return reject('bad-header', 'no CR behind the size');
  const size = sizeOf(bytes);
  if (size > maxPayloadLength) return reject('oversize', `a payload of ${size} bytes`);
  return undefined;
}

function readPayload(payload: Uint8Array): Meaning {
  const text = latin1Text(payload);
  if (!text.startsWith('MSGGET')) return { kind: 'info', text };
  const header = /^MSGGET([0-9]{4})(.)(..)/s.exec(text);
  if (header === null || payload[payloadHeaderLength - 1] !== groupSeparator) {
    return reject('bad-header', 'not a header of MSGGET');
  }
  const counted = Number(header[1]);
  if (counted < 1 || payloadHeaderLength + counted !== payload.length) {
    const found = payload.length - payloadHeaderLength;
    return reject('bad-length', `${counted} bytes announced, ${found} sent`);
  }
  if (payload.at(-1) !== carriageReturn) return reject('no-terminator', 'does not end in CR');
  const data = payload.slice(payloadHeaderLength, -1);
  const identified = Uint8Array.from([...scanBytes(`]${header[3] ?? ''}`), ...data]);
  const { meaning } = readScan(identified, { aim: 'always' });
  const id = header[2] ?? '';
  if (meaning.error === 'unknown-symbology') {
    return { kind: 'scan', symbology: null, data: scanText(data), honeywell_id: id };
  }
  return meaning.kind === 'scan' ? { ...meaning, honeywell_id: id } : meaning;
}

class PacketDecoder implements StreamDecoder {
  #bytes: number[] = [];
  #noise: number[] = [];

  push(chunk: Uint8Array): Decoded[] {
    const decoded: Decoded[] = [];
    for (const byte of chunk) this.#take(byte, decoded);
    return decoded;
  }

  end(): Decoded[] {
    const decoded: Decoded[] = [];
    this.#flushNoise(decoded);
    if (this.#bytes.length > 0) {
      const frame = Uint8Array.from(this.#bytes);
      const meaning = reject('truncated', 'the line fell silent within a packet');
      decoded.push({ meaning, frame, notes: [] });
      this.#bytes = [];
    }
    return decoded;
  }

  #take(byte: number, decoded: Decoded[]): void {
    this.#bytes.push(byte);
    const fault = headerFault(this.#bytes);
    if (fault?.error === 'no-start') {
      this.#noise.push(byte);
      this.#bytes = [];
      if (this.#noise.length === 256) this.#flushNoise(decoded);
      return;
    }
    if (fault !== undefined) {
      this.#flushNoise(decoded);
      this.#refuse(fault, decoded);
      return;
    }
    if (this.#bytes.length < headerLength) return;
    if (this.#bytes.length < headerLength + sizeOf(this.#bytes)) return;
    this.#flushNoise(decoded);
    const frame = Uint8Array.from(this.#bytes);
    this.#bytes = [];
    decoded.push({ meaning: readPayload(frame.slice(headerLength)), frame, notes: notesOf(frame) });
  }

  /** Gives up the packet; a SYN within what was read may begin the next one. */
  #refuse(fault: Reject, decoded: Decoded[]): void {
    const bytes = this.#bytes;
    const next = bytes.indexOf(synchronousIdle, 1);
    const stop = next === -1 ? bytes.length : next;
    decoded.push({ meaning: fault, frame: Uint8Array.from(bytes.slice(0, stop)), notes: [] });
    this.#bytes = [];
    for (const byte of bytes.slice(stop)) this.#take(byte, decoded);
  }

  #flushNoise(decoded: Decoded[]): void {
    if (this.#noise.length === 0) return;
    const frame = Uint8Array.from(this.#noise);
    this.#noise = [];
    decoded.push({ meaning: reject('no-start', 'bytes without SYN'), frame, notes: [] });
  }
}

function notesOf(frame: Uint8Array): Decoded['notes'] {
  const text = latin1Text(frame);
  return [
    { field: 'size', found: String(frame.length - headerLength), means: 'bytes behind CR' },
    { field: 'type', found: text.slice(7, 13), means: 'scan data with its symbology' },
    { field: 'count', found: text.slice(13, 17), means: 'bytes of data and CR' },
    { field: 'AIM identifier', found: `]${text.slice(18, 20)}`, means: 'kind of symbol' },
  ];
}

/** Honeywell's own letters for the symbologies that stores meet. */
const honeywellIds: ReadonlyMap<string, string> = new Map([
  ['ean-13', 'd'],
  ['ean-8', 'D'],
  ['code-128', 'j'],
  ['gs1-128', 'I'],
  ['code-39', 'b'],
  ['itf', 'e'],
  ['itf-14', 'e'],
  ['gs1-databar', 'y'],
  ['datamatrix', 'w'],
  ['gs1-datamatrix', 'w'],
  ['qr', 's'],
  ['gs1-qr', 's'],
  ['pdf417', 'r'],
  ['aztec', 'z'],
]);

function encode(meaning: Meaning): Uint8Array {
  const { data, symbology } = meaning;
  if (meaning.kind !== 'scan') return scannerSerial.encode(meaning, {});
  const name = typeof symbology === 'string' ? symbology : '';
  const identifier = identifierOf(name);
  const id = honeywellIds.get(name);
  if (typeof data !== 'string' || identifier === undefined || id === undefined) {
    throw new RangeError(`no Honeywell packet for ${name === '' ? 'a scan without kind' : name}`);
  }
  const bytes = scanBytes(data);
  if (bytes.length > 4296) throw new RangeError('no symbol holds that much');
  const count = String(bytes.length + 1).padStart(4, '0');
  const payload = [
    ...scanBytes(`MSGGET${count}${id}${identifier.slice(1)}`),
    groupSeparator,
    ...bytes,
    carriageReturn,
  ];
  const size = [payload.length & 0xff, payload.length >> 8, 0, 0];
  return Uint8Array.from([synchronousIdle, secondByte, ...size, carriageReturn, ...payload]);
}

export const honeywellPacket: Codec = {
  protocol: 'honeywell-packet',
  title: 'Honeywell scanners, packets with metadata',
  group: 'scanner',
  source: 'Honeywell serial programming manuals; tests of the enioka scanner library',
  line: '115200 8N1',
  settings: [],
  decoder: (input) =>
    input.direction === 'host->device' ? scannerSerial.decoder(input) : new PacketDecoder(),
  encode,
};
