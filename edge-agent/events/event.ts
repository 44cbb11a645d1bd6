/**
 * An event as the core handles it: the envelope in plain numbers, the payload as the generated
 * message. `event-codec.ts` turns it into the bytes of `stockhand.events.v1alpha.Event` and back.
 *
 * The name of a payload is its proto message name in PascalCase ("ItemsSold"); the same string is
 * the `type` column of the log.
 */
import type {
  ActorKind,
  Event,
  Lane,
  TimeQuality,
} from '@stockhand/proto/events/v1alpha/event_pb.js';

/** One payload: `{ case: 'itemsSold', value: ItemsSold }` and so on, always set. */
export type EventPayload = Exclude<Event['payload'], { case: undefined }>;
export type EventCase = EventPayload['case'];
export type PayloadOf<C extends EventCase> = Extract<EventPayload, { case: C }>['value'];

export interface EventActor {
  kind: ActorKind;
  /** Device id, person reference, rule name, "hq" or "agent". */
  id: string;
  /** Role of the person or version of the rule; empty otherwise. */
  detail: string;
}

/** A fact in the store's log. Hash, epoch and store are added when it is encoded. */
export interface StoreEvent {
  /** Counts all events of the log from 1. */
  position: number;
  lane: Lane;
  /** Counts the events of its lane from 1. */
  laneSequence: number;
  occurredAtMs: number;
  occurredAtQuality: TimeQuality;
  recordedAtMs: number;
  localHour: number;
  utcOffsetMinutes: number;
  /** ISO date. */
  businessDay: string;
  actor: EventActor;
  correlationId: string;
  /** Position of the event that led to it; 0 when an input did. */
  causationPosition: number;
  causationInput: string;
  masterDataVersion: string;
  payload: EventPayload;
}
