/**
 * An event and its bytes: `StoreEvent` to the encoded `stockhand.events.v1alpha.Event` and back.
 *
 * Bytes are written once, when the event is appended, and forwarded as they are. They hold the hash of
 * the bytes before them; SHA-256 itself is done by the edge, which has node:crypto.
 */
import { type DescMessage, fromBinary, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { ActorKind, EventSchema } from '@stockhand/proto/events/v1alpha/event_pb.js';
import type { EventCase, StoreEvent } from './event.ts';

/** What the bytes hold beside the event itself. */
export interface EventFrame {
  storeGln: string;
  /** 16 bytes. */
  epoch: Uint8Array;
  /** SHA-256 of the event before; 32 zero bytes for the first. */
  previousHash: Uint8Array;
}

/** Hash that the first event of a log names as the one before it. */
export const firstPreviousHash: Uint8Array = new Uint8Array(32);

/**
 * The bytes of an event. The envelope is written by hand, which takes half the time of the general
 * writer; a test holds it equal to what `toBinary` writes for the same event.
 */
export function encodeEvent(event: StoreEvent, frame: EventFrame): Uint8Array {
  try {
    return writeEvent(envelopeWriter, event, frame);
  } catch (error) {
    // What it had written of this event must not stand before the next.
    envelopeWriter = new BinaryWriter();
    throw error;
  }
}

/** Used again for each event, as `finish` allows: its buffer need not grow each time. */
let envelopeWriter = new BinaryWriter();

function writeEvent(writer: BinaryWriter, event: StoreEvent, frame: EventFrame): Uint8Array {
  writeText(writer, 1, frame.storeGln);
  writeBytes(writer, 2, frame.epoch);
  writeCount(writer, 3, event.position);
  writeCount(writer, 4, event.lane);
  writeCount(writer, 5, event.laneSequence);
  writeBytes(writer, 6, frame.previousHash);
  writeTime(writer, 7, event.occurredAtMs);
  writeCount(writer, 8, event.occurredAtQuality);
  writeTime(writer, 9, event.recordedAtMs);
  writeCount(writer, 10, event.localHour);
  if (event.utcOffsetMinutes !== 0) {
    writer.tag(11, WireType.Varint).sint32(event.utcOffsetMinutes);
  }
  writeText(writer, 12, event.businessDay);
  writer.tag(13, WireType.LengthDelimited).fork();
  writeCount(writer, 1, event.actor.kind);
  writeText(writer, 2, event.actor.id);
  writeText(writer, 3, event.actor.detail);
  writer.join();
  writeText(writer, 14, event.correlationId);
  writeCount(writer, 15, event.causationPosition);
  writeText(writer, 16, event.causationInput);
  writeText(writer, 17, event.masterDataVersion);
  const field = payloadFields[event.payload.case];
  writer.tag(field.number, WireType.LengthDelimited);
  writer.bytes(toBinary(field.message, event.payload.value));
  return writer.finish();
}

interface PayloadField {
  number: number;
  message: DescMessage;
}

/** Number and message of each payload's field, by its case. */
const payloadFields: Readonly<Record<EventCase, PayloadField>> = payloadFieldTable();

function payloadFieldTable(): Record<EventCase, PayloadField> {
  const table: Partial<Record<EventCase, PayloadField>> = {};
  for (const { localName, number, message } of EventSchema.oneofs[0]?.fields ?? []) {
    // The fields of the only oneof are the payloads, under their cases.
    if (message !== undefined) table[localName as EventCase] = { number, message };
  }
  // Every case of EventCase is a field of that oneof.
  return table as Record<EventCase, PayloadField>;
}

/** Unsigned numbers and enums up to 2^53; like all proto3 fields left out when they are 0. */
function writeCount(writer: BinaryWriter, field: number, value: number): void {
  if (value === 0) return;
  writer.tag(field, WireType.Varint);
  if (value <= 0x7fffffff) writer.uint32(value);
  else writer.uint64(value);
}

function writeText(writer: BinaryWriter, field: number, text: string): void {
  if (text !== '') writer.tag(field, WireType.LengthDelimited).string(text);
}

function writeBytes(writer: BinaryWriter, field: number, bytes: Uint8Array): void {
  if (bytes.length > 0) writer.tag(field, WireType.LengthDelimited).bytes(bytes);
}

function writeTime(writer: BinaryWriter, field: number, unixMs: number): void {
  const seconds = Math.floor(unixMs / 1_000);
  const nanos = (unixMs - seconds * 1_000) * 1_000_000;
  writer.tag(field, WireType.LengthDelimited).fork();
  if (seconds !== 0) writer.tag(1, WireType.Varint).int64(seconds);
  if (nanos !== 0) writer.tag(2, WireType.Varint).int32(nanos);
  writer.join();
}

export interface DecodedEvent {
  event: StoreEvent;
  frame: EventFrame;
}

/**
 * Reads what `encodeEvent` wrote. Throws an Error when the bytes are not an event or its payload is of
 * a kind that this release does not know: the log is then from a newer release or broken.
 */
export function decodeEvent(bytes: Uint8Array): DecodedEvent {
  const message = fromBinary(EventSchema, bytes);
  const { payload } = message;
  if (payload.case === undefined) {
    throw new RangeError(`event ${message.position} has a payload that this release does not know`);
  }
  return {
    event: {
      position: Number(message.position),
      lane: message.lane,
      laneSequence: Number(message.laneSequence),
      occurredAtMs: message.occurredAt === undefined ? 0 : timestampMs(message.occurredAt),
      occurredAtQuality: message.occurredAtQuality,
      recordedAtMs: message.recordedAt === undefined ? 0 : timestampMs(message.recordedAt),
      localHour: message.localHour,
      utcOffsetMinutes: message.utcOffsetMinutes,
      businessDay: message.businessDay,
      actor: {
        kind: message.actor?.kind ?? ActorKind.UNSPECIFIED,
        id: message.actor?.id ?? '',
        detail: message.actor?.detail ?? '',
      },
      correlationId: message.correlationId,
      causationPosition: Number(message.causationPosition),
      causationInput: message.causationInput,
      masterDataVersion: message.masterDataVersion,
      payload,
    },
    frame: {
      storeGln: message.storeGln,
      epoch: message.epoch,
      previousHash: message.previousHash,
    },
  };
}

/** Name of a payload as the log's `type` column and the proto message have it: "ItemsSold". */
export function eventTypeName(eventCase: string): string {
  return eventCase.slice(0, 1).toUpperCase() + eventCase.slice(1);
}
