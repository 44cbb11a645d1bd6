/**
 * Packets of Zebra's Simple Serial Interface (SSI), formerly Symbol and Motorola:
 * `length opcode source status payload… checksum checksum`. The length counts every byte but the
 * two of the checksum, which is the two's complement of the sum of those bytes, high byte first.
 * Source is 0 for the decoder (the scanner) and 4 for the host.
 *
 * Example: 05 F6 00 00 21 FE E4 is event 0x21: 0x10000 - (05 + F6 + 21) = FEE4.
 *
 * A damaged length byte would make the reader wait for, and then swallow, good packets. So bytes
 * that cannot begin a packet are dropped at once, a packet with a wrong checksum is searched for a
 * good one inside of it, and what is left over after a silence of the line is searched as well.
 * Source: Zebra SSI guide 72E-40451, SE955 integration guide p. 10-9.
 */
export interface SsiPacket {
  opcode: number;
  /** 0 decoder, 4 host. */
  source: number;
  status: number;
  payload: Uint8Array;
  /** All bytes, with checksum. */
  bytes: Uint8Array;
}

/** What the framer cut out of the stream. */
export type SsiCut =
  | { kind: 'packet'; packet: SsiPacket }
  /** Length and header fit, the checksum does not. */
  | { kind: 'bad-checksum'; bytes: Uint8Array }
  /** Bytes that begin no packet. */
  | { kind: 'noise'; bytes: Uint8Array }
  /** The line fell silent within a packet. */
  | { kind: 'truncated'; bytes: Uint8Array };

export const ssiStatus = {
  /** Sent again because no answer came. */
  retransmitted: 0x01,
  /** More packets of the same message follow. */
  continued: 0x02,
  /** Parameter change that survives power-off. */
  permanent: 0x08,
} as const;

const multipacketSegment = 0x73;
const decoderSource = 0;
const hostSource = 4;

/** Opcodes with the names of the guide; both directions. */
const opcodeNames: ReadonlyMap<number, string> = new Map([
  [0x10, 'FLUSH_MACRO_PDF'],
  [0x11, 'ABORT_MACRO_PDF'],
  [0x12, 'CUSTOM_DEFAULTS'],
  [0x13, 'SEND_LOG'],
  [0x14, 'LOG_DATA'],
  [0x73, 'MULTIPACKET_SEGMENT'],
  [0x74, 'MULTIPACKET_ACK'],
  [0x80, 'SSI_MGMT_COMMAND'],
  [0x90, 'SCANNER_INIT_COMMAND'],
  [0x91, 'SCANNER_INIT'],
  [0xa3, 'REQUEST_REVISION'],
  [0xa4, 'REPLY_REVISION'],
  [0xb1, 'IMAGE_DATA'],
  [0xb4, 'VIDEO_DATA'],
  [0xc0, 'ILLUMINATION_OFF'],
  [0xc1, 'ILLUMINATION_ON'],
  [0xc4, 'AIM_OFF'],
  [0xc5, 'AIM_ON'],
  [0xc6, 'PARAM_SEND'],
  [0xc7, 'PARAM_REQUEST'],
  [0xc8, 'PARAM_DEFAULTS'],
  [0xc9, 'CHANGE_ALL_CODE_TYPES'],
  [0xca, 'PAGER_MOTOR_ACTIVATION'],
  [0xd0, 'CMD_ACK'],
  [0xd1, 'CMD_NAK'],
  [0xd2, 'FLUSH_QUEUE'],
  [0xd3, 'CAPABILITIES_REQUEST'],
  [0xd4, 'CAPABILITIES_REPLY'],
  [0xd5, 'BATCH_REQUEST'],
  [0xd6, 'BATCH_DATA'],
  [0xd8, 'CMD_ACK_ACTION'],
  [0xe4, 'START_SESSION'],
  [0xe5, 'STOP_SESSION'],
  [0xe6, 'BEEP'],
  [0xe7, 'LED_ON'],
  [0xe8, 'LED_OFF'],
  [0xe9, 'SCAN_ENABLE'],
  [0xea, 'SCAN_DISABLE'],
  [0xeb, 'SLEEP'],
  [0xf3, 'DECODE_DATA'],
  [0xf6, 'EVENT'],
  [0xf7, 'IMAGER_MODE'],
]);

export function ssiOpcodeName(opcode: number): string | undefined {
  return opcodeNames.get(opcode);
}

export function ssiOpcode(name: string): number | undefined {
  for (const [opcode, known] of opcodeNames) if (known === name) return opcode;
  return undefined;
}

/** The two bytes behind a packet that holds `bytes`. */
export function ssiChecksum(bytes: Uint8Array): [number, number] {
  let sum = 0;
  for (const byte of bytes) sum += byte;
  const checksum = (0x10000 - (sum & 0xffff)) & 0xffff;
  return [checksum >> 8, checksum & 0xff];
}

/** Throws a RangeError when the payload does not fit into one packet. */
export function writeSsiPacket(
  packet: { opcode: number; source: 'decoder' | 'host'; status?: number },
  payload: Uint8Array = new Uint8Array(),
): Uint8Array {
  const length = 4 + payload.length;
  if (length > 0xff) throw new RangeError(`${payload.length} bytes do not fit into one packet`);
  const source = packet.source === 'host' ? hostSource : decoderSource;
  const body = Uint8Array.from([length, packet.opcode, source, packet.status ?? 0, ...payload]);
  return Uint8Array.from([...body, ...ssiChecksum(body)]);
}

type Start = 'possible' | 'impossible' | 'unknown';

/** Whether a packet may begin at `at`; unknown while its header is not complete. */
function startAt(bytes: Uint8Array, at: number, end: number): Start {
  const length = bytes[at] ?? 0;
  if (length < 4) return 'impossible';
  if (at + 2 >= end) return 'unknown';
  const source = bytes[at + 2];
  // Segments are seen with 2 in the place of the source of the first one.
  if (bytes[at + 1] === multipacketSegment && source === 2) return 'possible';
  return source === decoderSource || source === hostSource ? 'possible' : 'impossible';
}

function packetAt(bytes: Uint8Array, at: number, end: number): SsiPacket | undefined {
  const length = bytes[at] ?? 0;
  const stop = at + length + 2;
  if (stop > end || startAt(bytes, at, end) !== 'possible') return undefined;
  const [high, low] = ssiChecksum(bytes.subarray(at, at + length));
  if (bytes[stop - 2] !== high || bytes[stop - 1] !== low) return undefined;
  return {
    opcode: bytes[at + 1] ?? 0,
    source: bytes[at + 2] ?? 0,
    status: bytes[at + 3] ?? 0,
    payload: bytes.slice(at + 4, at + length),
    bytes: bytes.slice(at, stop),
  };
}

/** Largest packet with its checksum, and bound of the noise that is reported at once. */
const maxBytes = 257;

/** Cuts a byte stream into packets. Feeding it in other pieces cuts the same. */
export class SsiFramer {
  #buffer = new Uint8Array();
  #noise: number[] = [];

  push(chunk: Uint8Array): SsiCut[] {
    const cuts: SsiCut[] = [];
    let rest = chunk;
    while (rest.length > 0) {
      const joined = new Uint8Array(this.#buffer.length + Math.min(rest.length, maxBytes));
      joined.set(this.#buffer);
      joined.set(rest.subarray(0, maxBytes), this.#buffer.length);
      rest = rest.subarray(maxBytes);
      this.#buffer = joined;
      this.#cut(cuts);
    }
    return cuts;
  }

  /** The line fell silent: what is left holds whole packets, or nothing more will. */
  end(): SsiCut[] {
    const cuts: SsiCut[] = [];
    this.#cut(cuts);
    while (this.#buffer.length > 0) {
      const found = this.#findPacket(this.#buffer.length, 0);
      this.#flushNoise(cuts);
      if (found === undefined) {
        cuts.push({ kind: 'truncated', bytes: this.#buffer });
        this.#buffer = new Uint8Array();
        break;
      }
      if (found > 0) cuts.push({ kind: 'truncated', bytes: this.#buffer.slice(0, found) });
      this.#buffer = this.#buffer.slice(found);
      this.#cut(cuts);
    }
    this.#flushNoise(cuts);
    return cuts;
  }

  #cut(cuts: SsiCut[]): void {
    while (this.#buffer.length > 0) {
      const start = startAt(this.#buffer, 0, this.#buffer.length);
      if (start === 'unknown') return;
      if (start === 'impossible') {
        this.#noise.push(this.#buffer[0] ?? 0);
        if (this.#noise.length === maxBytes) this.#flushNoise(cuts);
        this.#buffer = this.#buffer.slice(1);
        continue;
      }
      const total = (this.#buffer[0] ?? 0) + 2;
      if (this.#buffer.length < total) return;
      this.#flushNoise(cuts);
      const packet = packetAt(this.#buffer, 0, total);
      if (packet !== undefined) {
        cuts.push({ kind: 'packet', packet });
        this.#buffer = this.#buffer.slice(total);
        continue;
      }
      const bad = this.#findPacket(total, 1) ?? this.#findStart(total) ?? total;
      cuts.push({ kind: 'bad-checksum', bytes: this.#buffer.slice(0, bad) });
      this.#buffer = this.#buffer.slice(bad);
    }
  }

  /** Where a whole good packet begins within the first `end` bytes. */
  #findPacket(end: number, from: number): number | undefined {
    for (let at = from; at < end; at += 1) {
      const packet = packetAt(this.#buffer, at, end);
      if (packet !== undefined && opcodeNames.has(packet.opcode)) return at;
    }
    return undefined;
  }

  /**
   * Where a packet may begin that goes on behind the first `end` bytes. With less than three bytes
   * of its header there is nothing to know it by; then the decoder's repetition brings it.
   */
  #findStart(end: number): number | undefined {
    for (let at = 1; at + 3 <= end; at += 1) {
      const goesOn = at + (this.#buffer[at] ?? 0) + 2 > end;
      const isKnown = opcodeNames.has(this.#buffer[at + 1] ?? 0);
      if (goesOn && isKnown && startAt(this.#buffer, at, end) === 'possible') return at;
    }
    return undefined;
  }

  #flushNoise(cuts: SsiCut[]): void {
    if (this.#noise.length === 0) return;
    cuts.push({ kind: 'noise', bytes: Uint8Array.from(this.#noise) });
    this.#noise = [];
  }
}
