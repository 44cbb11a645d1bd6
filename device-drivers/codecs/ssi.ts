/**
 * Zebra scanners in SSI mode: packets with checksum and an answer to each (see ssi-packets.ts for
 * the frame, ssi-host.ts for who answers what and when).
 *
 * A scan is DECODE_DATA: a byte for the kind of symbol, then its data. Codes that do not fit into
 * one packet come in two ways: as DECODE_DATA packets with the bit "continued", or as numbered
 * MULTIPACKET_SEGMENTs whose first one names kind and length. Each piece but the last is a
 * `scan-fragment`, the last is the scan.
 *
 * A packet that the decoder sends again because our ACK was lost (bit "retransmitted", same
 * content) is `ignored`, with the answer ACK. A second pull of the trigger on the same code does
 * not have that bit and is a second scan.
 *
 * Example: 0D F3 00 00 0A 39 36 33 38 35 30 37 34 FD 4D is the EAN-8 96385074.
 */
import { hasValidCheckDigit } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import {
  type Codec,
  type CodecContext,
  type Decoded,
  type Direction,
  type FieldNote,
  isReject,
  type Meaning,
  reject,
  type StreamDecoder,
} from '../codec.ts';
import { identifyScan } from '../gs1/aim.ts';
import { readUpc } from '../gs1/gtin.ts';
import { latin1Text, printable, scanBytes, scanText } from './scan-text.ts';
import { readSsiAttributes, readSsiParameters } from './ssi-attributes.ts';
import { ssiCodeType, ssiSymbology } from './ssi-code-types.ts';
import {
  type SsiCut,
  SsiFramer,
  type SsiPacket,
  ssiOpcode,
  ssiOpcodeName,
  ssiStatus,
  writeSsiPacket,
} from './ssi-packets.ts';

/** A code that comes in several packets may not be longer than any symbol is. */
export const maxMessageBytes = 4296;

/** Causes of CMD_NAK. */
const nakCauses: ReadonlyMap<number, string> = new Map([
  [0x00, 'UNKNOWN'],
  [0x01, 'RESEND'],
  [0x02, 'BAD_CONTEXT'],
  [0x06, 'DENIED'],
  [0x0a, 'CANCEL'],
]);

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Codes that hold a key of fixed length are verified when they came complete. */
function scanMeaning(codeType: number, bytes: Uint8Array): Meaning {
  const text = scanText(bytes);
  const identified = identifyScan(text);
  const symbology = identified?.name ?? ssiSymbology(codeType);
  const data = identified?.data ?? text;
  const scan: Meaning = { kind: 'scan', symbology: symbology ?? null, data };
  if (symbology === undefined) scan.code_type = codeType;
  const length = { 'ean-13': 13, 'ean-8': 8, 'upc-a': 12 }[symbology ?? ''];
  if (length !== undefined && data.length === length && !hasValidCheckDigit(data)) {
    return reject('bad-check-digit', `${data} is no ${symbology ?? ''}`, 'ACK');
  }
  if (symbology === 'upc-e' && data.length === 8) {
    const upc = readUpc(data);
    if ('kind' in upc) return { ...upc, answer: 'ACK' };
  }
  return { ...scan, answer: 'ACK' };
}

/** What a single packet of the decoder says; scans are put together elsewhere. */
function decoderMeaning({ opcode, payload }: SsiPacket): Meaning {
  const name = ssiOpcodeName(opcode);
  switch (name) {
    case 'CMD_ACK':
      return { kind: 'ack' };
    case 'CMD_NAK':
      return { kind: 'nak', cause: nakCauses.get(payload[0] ?? 0) ?? 'UNKNOWN' };
    case 'EVENT':
      if (payload.length === 0) return reject('bad-length', 'an event without code', 'ACK');
      return { kind: 'event', code: payload[0] ?? 0, answer: 'ACK' };
    case 'PARAM_SEND': {
      // The first byte is the beep that the host may ask for.
      const params = readSsiParameters(payload.subarray(1));
      if (params === undefined) return reject('bad-length', 'ends within a parameter', 'ACK');
      return { kind: 'param-send', params, answer: 'ACK' };
    }
    case 'REPLY_REVISION':
      return { kind: 'info', name, text: latin1Text(payload).trim() };
    case 'SSI_MGMT_COMMAND': {
      const attributes = readSsiAttributes(payload);
      if (attributes !== undefined) return { kind: 'info', name, attributes };
      return { kind: 'info', name, payload_hex: hex(payload) };
    }
    case undefined:
      return { kind: 'valid-packet', opcode };
    default:
      return { kind: 'info', name, opcode, payload_hex: hex(payload) };
  }
}

function hostMeaning({ opcode, payload }: SsiPacket): Meaning {
  const name = ssiOpcodeName(opcode);
  if (name === undefined) return { kind: 'valid-packet', opcode };
  if (name === 'CMD_ACK') return { kind: 'ack', name };
  if (name === 'CMD_NAK') {
    return { kind: 'nak', name, cause: nakCauses.get(payload[0] ?? 0) ?? 'UNKNOWN' };
  }
  const meaning: Meaning = { kind: 'command', name };
  if (payload.length > 0) meaning.payload_hex = hex(payload);
  return meaning;
}

interface Unfinished {
  codeType: number;
  /** Data of the pieces so far. */
  bytes: number[];
  /** Announced length; unknown for continued DECODE_DATA. */
  expected?: number;
  /** Number of the next segment. */
  next: number;
}

function fragment(unfinished: Unfinished, data: Uint8Array): Meaning {
  return {
    kind: 'scan-fragment',
    symbology: ssiSymbology(unfinished.codeType) ?? null,
    data: scanText(data),
    answer: 'ACK',
  };
}

class DecoderSide implements StreamDecoder {
  readonly #framer = new SsiFramer();
  readonly #direction: Direction;
  #unfinished: Unfinished | undefined;
  /** The last packet that was taken, without its status byte: to know a retransmission. */
  #lastTaken = '';

  constructor(direction: Direction) {
    this.#direction = direction;
  }

  push(chunk: Uint8Array): Decoded[] {
    return this.#framer.push(chunk).map((cut) => this.#decode(cut));
  }

  end(): Decoded[] {
    const decoded = this.#framer.end().map((cut) => this.#decode(cut));
    return decoded;
  }

  #decode(cut: SsiCut): Decoded {
    switch (cut.kind) {
      case 'packet': {
        const { packet } = cut;
        const meaning =
          this.#direction === 'host->device' ? hostMeaning(packet) : this.#deviceMeaning(packet);
        return { meaning, frame: packet.bytes, notes: packetNotes(packet) };
      }
      case 'bad-checksum': {
        const meaning = reject('bad-checksum', 'packet checksum does not match', 'NAK RESEND');
        return { meaning, frame: cut.bytes, notes: [] };
      }
      case 'noise':
        if (this.#direction === 'host->device' && cut.bytes.every((byte) => byte === 0)) {
          const meaning = { kind: 'command', name: 'WAKEUP' };
          return { meaning, frame: cut.bytes, notes: [] };
        }
        return {
          meaning: reject('bad-header', 'bytes that begin no packet'),
          frame: cut.bytes,
          notes: [],
        };
      default:
        this.#unfinished = undefined;
        return {
          meaning: reject('truncated', 'the line fell silent within a packet'),
          frame: cut.bytes,
          notes: [],
        };
    }
  }

  #deviceMeaning(packet: SsiPacket): Meaning {
    const content = hex(Uint8Array.from([packet.opcode, ...packet.payload]));
    const isRepeat = (packet.status & ssiStatus.retransmitted) !== 0;
    const name = ssiOpcodeName(packet.opcode);
    const answered = ['DECODE_DATA', 'EVENT', 'PARAM_SEND', 'MULTIPACKET_SEGMENT'];
    if (name === undefined || !answered.includes(name)) return decoderMeaning(packet);
    if (isRepeat && content === this.#lastTaken) {
      const answer = name === 'MULTIPACKET_SEGMENT' ? 'MULTIPACKET_ACK' : 'ACK';
      return { kind: 'ignored', reason: 'retransmission', answer };
    }
    const meaning =
      name === 'DECODE_DATA'
        ? this.#decodeData(packet)
        : name === 'MULTIPACKET_SEGMENT'
          ? this.#segment(packet)
          : decoderMeaning(packet);
    if (!isReject(meaning)) this.#lastTaken = content;
    return meaning;
  }

  #decodeData({ payload, status }: SsiPacket): Meaning {
    const [codeType] = payload;
    const data = payload.subarray(1);
    if (codeType === undefined) return reject('bad-length', 'scan without kind of code', 'ACK');
    const before = this.#unfinished;
    const belongs = before?.expected === undefined && before?.codeType === codeType;
    const bytes = belongs ? [...(before?.bytes ?? []), ...data] : [...data];
    this.#unfinished = undefined;
    if (bytes.length > maxMessageBytes) {
      return reject('oversize', `more than ${maxMessageBytes} bytes in one code`, 'ACK');
    }
    if ((status & ssiStatus.continued) === 0) {
      if (bytes.length === 0) return reject('empty', 'a scan without data', 'ACK');
      return scanMeaning(codeType, Uint8Array.from(bytes));
    }
    this.#unfinished = { codeType, bytes, next: 0 };
    return fragment(this.#unfinished, data);
  }

  /**
   * Segment 0 carries a header in front of its data: DECODE_DATA, two reserved bytes, the length
   * of what follows, kind of code, a reserved byte, the length of the data.
   */
  #segment({ payload }: SsiPacket): Meaning {
    const [number] = payload;
    if (number === 0) return this.#firstSegment(payload);
    const unfinished = this.#unfinished;
    if (unfinished?.expected === undefined || number !== unfinished.next) {
      this.#unfinished = undefined;
      return reject('truncated', `segment ${number ?? ''} without the one before it`);
    }
    return this.#continueSegments(unfinished, payload.subarray(1));
  }

  #firstSegment(payload: Uint8Array): Meaning {
    const isScan = payload[1] === ssiOpcode('DECODE_DATA');
    const [codeType, , high, low] = payload.subarray(6, 10);
    if (!isScan || codeType === undefined || high === undefined || low === undefined) {
      return reject('bad-header', 'first segment of something that is no scan', 'MULTIPACKET_ACK');
    }
    const expected = high * 256 + low;
    if (expected > maxMessageBytes) {
      return reject('oversize', `a code of ${expected} bytes`, 'MULTIPACKET_ACK');
    }
    return this.#continueSegments({ codeType, bytes: [], expected, next: 0 }, payload.subarray(10));
  }

  #continueSegments(unfinished: Unfinished, data: Uint8Array): Meaning {
    const { expected = 0, codeType } = unfinished;
    const bytes = [...unfinished.bytes, ...data];
    if (bytes.length > expected) {
      this.#unfinished = undefined;
      return reject('bad-length', `${bytes.length} bytes of ${expected}`, 'MULTIPACKET_ACK');
    }
    if (bytes.length === expected) {
      this.#unfinished = undefined;
      return { ...scanMeaning(codeType, Uint8Array.from(bytes)), answer: 'MULTIPACKET_ACK' };
    }
    this.#unfinished = { codeType, bytes, expected, next: unfinished.next + 1 };
    return { ...fragment(this.#unfinished, data), answer: 'MULTIPACKET_ACK' };
  }
}

function packetNotes({ opcode, source, status, payload }: SsiPacket): FieldNote[] {
  const two = (value: number) => value.toString(16).toUpperCase().padStart(2, '0');
  const flags = [
    (status & ssiStatus.retransmitted) !== 0 ? 'retransmitted' : '',
    (status & ssiStatus.continued) !== 0 ? 'continued' : '',
    (status & ssiStatus.permanent) !== 0 ? 'permanent' : '',
  ].filter((flag) => flag !== '');
  return [
    { field: 'opcode', found: two(opcode), means: ssiOpcodeName(opcode) ?? 'unknown' },
    { field: 'source', found: two(source), means: source === 4 ? 'host' : 'decoder' },
    { field: 'status', found: two(status), means: flags.join(', ') || 'none' },
    { field: 'payload', found: printable(latin1Text(payload)), means: `${payload.length} bytes` },
  ];
}

function payloadOf(meaning: Meaning): Uint8Array {
  const { payload_hex: text } = meaning;
  if (text === undefined) return new Uint8Array();
  if (typeof text !== 'string' || !/^([0-9a-f]{2})*$/i.test(text)) {
    throw new RangeError('payload_hex is not hexadecimal');
  }
  return Uint8Array.from((text.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));
}

function encode(meaning: Meaning, _context: CodecContext): Uint8Array {
  const { name, data, symbology, code, cause } = meaning;
  if (meaning.kind === 'ack') return writeSsiPacket({ opcode: 0xd0, source: 'host' });
  if (meaning.kind === 'nak') {
    const number = [...nakCauses].find(([, known]) => known === (cause ?? 'RESEND'))?.[0];
    if (number === undefined) throw new RangeError(`no cause ${String(cause)}`);
    return writeSsiPacket({ opcode: 0xd1, source: 'host' }, Uint8Array.of(number));
  }
  if (meaning.kind === 'command' && name === 'WAKEUP') return Uint8Array.of(0);
  if (meaning.kind === 'command' && typeof name === 'string') {
    const opcode = ssiOpcode(name);
    if (opcode === undefined) throw new RangeError(`no SSI command ${name}`);
    return writeSsiPacket({ opcode, source: 'host' }, payloadOf(meaning));
  }
  if (meaning.kind === 'event' && typeof code === 'number') {
    return writeSsiPacket({ opcode: 0xf6, source: 'decoder' }, Uint8Array.of(code));
  }
  if (meaning.kind === 'scan' && typeof data === 'string' && typeof symbology === 'string') {
    const codeType = ssiCodeType(symbology);
    if (codeType === undefined) throw new RangeError(`no SSI code type for ${symbology}`);
    const payload = Uint8Array.from([codeType, ...scanBytes(data)]);
    return writeSsiPacket({ opcode: 0xf3, source: 'decoder' }, payload);
  }
  throw new RangeError(`SSI cannot say ${meaning.kind}`);
}

export const ssi: Codec = {
  protocol: 'ssi',
  title: 'Zebra scanners, Simple Serial Interface',
  group: 'scanner',
  source: 'Zebra SSI guide 72E-40451; SE955 integration guide p. 10-9; CR6080 guide p. 187',
  line: '9600 8N1',
  settings: [],
  decoder: ({ direction }) => new DecoderSide(direction),
  encode,
};
