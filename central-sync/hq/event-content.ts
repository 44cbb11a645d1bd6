/** What an event says, for people and scripts that list them: its payload as JSON, or a line of it. */
import { fromBinary, toJson } from '@bufbuild/protobuf';
import { type Event, EventSchema } from '@stockhand/proto/events/v1alpha/event_pb.js';

/** Characters of a payload that fit on a line beside time, store and type. */
const lineLength = 160;

/** The payload as JSON, `{}` where it is of a type that this HQ does not know; null where nothing can be read. */
export function contentOf(bytes: Uint8Array | null): unknown {
  const event = eventOf(bytes);
  if (event === null) return null;
  const json = toJson(EventSchema, event);
  const { case: name } = event.payload;
  if (name === undefined || json === null || typeof json !== 'object' || Array.isArray(json)) {
    return {};
  }
  return json[name] ?? {};
}

/** One line: of a refused command which and why, of all else the payload, cut off where it is long. */
export function contentLine(bytes: Uint8Array | null): string {
  const payload = eventOf(bytes)?.payload;
  if (payload?.case === 'commandRefused') {
    const { commandSequence, command, reason, field } = payload.value;
    return [`command ${commandSequence} ${command}: ${reason}`, field].filter(Boolean).join(', ');
  }
  const text = JSON.stringify(contentOf(bytes) ?? {});
  return text.length > lineLength ? `${text.slice(0, lineLength - 1)}…` : text;
}

function eventOf(bytes: Uint8Array | null): Event | null {
  if (bytes === null) return null;
  try {
    return fromBinary(EventSchema, bytes);
  } catch {
    // Kept in quarantine as it came; the list still shows that it did.
    return null;
  }
}
