/**
 * An event and its bytes: `StoreEvent` to the encoded `stockhand.events.v1alpha.Event` and back.
 *
 * Bytes are written once, when the event is appended, and forwarded as they are. They hold the hash of
 * the bytes before them; SHA-256 itself is done by the edge, which has node:crypto.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { ActorKind, ActorSchema, EventSchema } from '@stockhand/proto/events/v1alpha/event_pb.js';
import type { StoreEvent } from './event.ts';

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

export function encodeEvent(event: StoreEvent, frame: EventFrame): Uint8Array {
  return toBinary(
    EventSchema,
    create(EventSchema, {
      storeGln: frame.storeGln,
      epoch: frame.epoch,
      position: BigInt(event.position),
      lane: event.lane,
      laneSequence: BigInt(event.laneSequence),
      previousHash: frame.previousHash,
      occurredAt: timestampFromMs(event.occurredAtMs),
      occurredAtQuality: event.occurredAtQuality,
      recordedAt: timestampFromMs(event.recordedAtMs),
      localHour: event.localHour,
      utcOffsetMinutes: event.utcOffsetMinutes,
      businessDay: event.businessDay,
      actor: create(ActorSchema, event.actor),
      correlationId: event.correlationId,
      causationPosition: BigInt(event.causationPosition),
      causationInput: event.causationInput,
      masterDataVersion: event.masterDataVersion,
      payload: event.payload,
    }),
  );
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
