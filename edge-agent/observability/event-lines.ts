/** An event of the log as a log line: what it is and the ids that it is about, no values, no people. */
import { ActorKind } from '@stockhand/proto/events/v1alpha/event_pb.js';
import type { StoreEvent } from '../events/event.ts';
import { eventTypeName } from '../events/event-codec.ts';

/** Ids that may stand in a payload, and are worth searching for. */
const idFields = ['deviceId', 'taskId', 'slotId', 'needId', 'gtin'] as const;

export function eventFields(event: StoreEvent): Record<string, unknown> {
  const { position, actor, payload } = event;
  const fields: Record<string, unknown> = { position, type: eventTypeName(payload.case) };
  if (actor.kind === ActorKind.DEVICE) fields['deviceId'] = actor.id;
  for (const name of idFields) {
    const value: unknown = Reflect.get(payload.value, name);
    if (typeof value === 'string' && value !== '') fields[name] = value;
  }
  return fields;
}
