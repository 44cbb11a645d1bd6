/**
 * What every codec gives and takes. A codec is pure: bytes in, messages out, and back again.
 *
 * A frame is what a framer cut out of a byte stream (or one MQTT payload, or one decoded barcode);
 * a message is what that frame says, in the words below. A frame that cannot be understood is a
 * `reject` with a reason from `RejectReason`, never a guessed value: a wrong weight, quantity or
 * GTIN is the worst thing that a driver can give out.
 */

/** Why a frame was refused. The names are part of the decode command's stable output. */
export const rejectReasons = [
  'bad-base64',
  'bad-charset',
  'bad-check-digit',
  'bad-checksum',
  'bad-date',
  'bad-epc',
  'bad-header',
  'bad-json',
  'bad-length',
  'bad-mac',
  'bad-number',
  'bad-price-check-digit',
  'bad-protobuf',
  'bad-status',
  'bad-topic',
  'bad-unit',
  'bad-xml',
  'doctype-forbidden',
  'duplicate-ai',
  'empty',
  'framing-mismatch',
  'missing-companion-ai',
  'no-start',
  'no-terminator',
  'not-digital-link',
  'not-sgtin',
  'out-of-range',
  'oversize',
  'qualifier-in-query',
  'topic-mismatch',
  'truncated',
  'unknown-ai',
  'unknown-status',
  'unknown-symbology',
  'wrong-type',
] as const;
export type RejectReason = (typeof rejectReasons)[number];

/** A JSON value: messages hold nothing else, so that they print and compare as they are. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Whether a JSON value is an object, whose members can be read. */
export function isMembers(value: Json | undefined): value is { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/**
 * What a frame means. `kind` is one of the kinds of the device-vector form (weight, status, error,
 * command, ack, scan, gs1, telemetry, sale, …); the other members depend on it and use snake_case,
 * because they are printed as they are by `stockhand decode`. Values that carry a precision
 * (weights, prices) are decimal strings.
 */
export type Meaning = { kind: string } & { [key: string]: Json };

export interface Reject {
  kind: 'reject';
  error: RejectReason;
  /** For people: which byte or field, what was found, what was expected. */
  detail: string;
  /** What the host must answer on the wire, where the protocol asks for it ("NAK RESEND"). */
  answer?: string;
  [key: string]: Json;
}

export function reject(error: RejectReason, detail: string, answer?: string): Reject {
  return answer === undefined
    ? { kind: 'reject', error, detail }
    : { kind: 'reject', error, detail, answer };
}

export function isReject(meaning: Meaning): meaning is Reject {
  return meaning.kind === 'reject';
}

/** One field of a frame, for the "explained field by field" output of `stockhand decode`. */
export interface FieldNote {
  /** Name of the field in the manual's words, e.g. "status". */
  field: string;
  /** The bytes or text as found, printable. */
  found: string;
  /** What they say, e.g. "stable weight". */
  means: string;
}

export type Direction = 'device->host' | 'host->device';

/** What the device's profile knows and the frame does not say (unit, decimals, region, topic…). */
export interface CodecContext {
  readonly [setting: string]: Json;
}

export interface DecodeInput {
  bytes: Uint8Array;
  direction: Direction;
  context: CodecContext;
  /** MQTT protocols only. */
  topic?: string;
}

/** Result of feeding bytes: one entry per complete frame or discarded chunk, in order. */
export interface Decoded {
  meaning: Meaning;
  /** The bytes it was made of: kept for audit and dead letters. */
  frame: Uint8Array;
  notes: FieldNote[];
}

/**
 * A decoder of one connection: it keeps the unfinished frame, and nothing else that a fresh one
 * would not have. Feeding the same bytes in other pieces gives the same results. Buffers are
 * bounded; what is over the bound comes out as a reject (`oversize`).
 */
export interface StreamDecoder {
  push(chunk: Uint8Array): Decoded[];
  /**
   * The inter-byte time-out passed or the line closed: what is left is a frame (protocols without
   * terminator) or a reject (`truncated`, `no-terminator`).
   */
  end(): Decoded[];
}

/** A setting that a profile of this protocol may hold. */
export interface ContextSetting {
  name: string;
  /** E.g. "kg | lb". */
  values: string;
  meaning: string;
  default?: Json;
}

export interface Codec {
  /** Name as in profiles and on the command line, e.g. "toledo-8217". */
  readonly protocol: string;
  readonly title: string;
  readonly group: 'scale' | 'scanner' | 'barcode' | 'mqtt' | 'till';
  /** Manual, standard or page that the facts come from. */
  readonly source: string;
  /** Serial line settings of the factory default, e.g. "9600 8N1"; empty for payload codecs. */
  readonly line: string;
  readonly settings: readonly ContextSetting[];
  /** A decoder for one connection, or for one payload (push once, then end). */
  decoder(input: Omit<DecodeInput, 'bytes'>): StreamDecoder;
  /**
   * Bytes of one command or reply in this protocol ("both directions"): commands of the host, and
   * device messages for simulators. Throws a RangeError that names what cannot be said.
   */
  encode(meaning: Meaning, context: CodecContext): Uint8Array;
}
