/** What an event says, for people and scripts that list them: its payload as JSON, or a line of it. */
import { fromBinary, type JsonValue, toJson } from '@bufbuild/protobuf';
import { type Event, EventSchema } from '@stockhand/proto/events/v1alpha/event_pb.js';

/** Characters of a payload that fit on a line beside time, store and type. */
const lineLength = 160;

export interface ReadEvent {
  event: Event;
  json: JsonValue;
}

/** The event and its proto3 JSON; null where its bytes cannot be read: they are kept as they came. */
export function readEvent(bytes: Uint8Array | null): ReadEvent | null {
  if (bytes === null) return null;
  try {
    const event = fromBinary(EventSchema, bytes);
    return { event, json: toJson(EventSchema, event) };
  } catch {
    return null;
  }
}

/** The payload as JSON, `{}` where it is of a type that this HQ does not know; null where nothing can be read. */
export function contentOf(bytes: Uint8Array | null): JsonValue {
  return payloadOf(readEvent(bytes));
}

/** One line: of a refused command which and why, of all else the payload, cut off where it is long. */
export function contentLine(bytes: Uint8Array | null): string {
  const read = readEvent(bytes);
  const payload = read?.event.payload;
  if (payload?.case === 'commandRefused') {
    const { commandSequence, command, reason, field } = payload.value;
    return [`command ${commandSequence} ${command}: ${reason}`, field].filter(Boolean).join(', ');
  }
  const text = JSON.stringify(payloadOf(read) ?? {});
  return text.length > lineLength ? `${text.slice(0, lineLength - 1)}…` : text;
}

function payloadOf(read: ReadEvent | null): JsonValue {
  if (read === null) return null;
  const { json, event } = read;
  const { case: name } = event.payload;
  if (name === undefined || json === null || typeof json !== 'object' || Array.isArray(json)) {
    return {};
  }
  return json[name] ?? {};
}
