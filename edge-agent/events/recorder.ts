/**
 * Writes the events of one step. Each gets its position, lane sequence and envelope, and is applied at
 * once, so that the next decision of the same step sees what the one before did.
 *
 * All events of a step name the input that led to it; an event that another event of the step led to
 * names that one's position as well.
 */
import { ActorKind, Lane, TimeQuality } from '@stockhand/proto/events/v1alpha/event_pb.js';
import type { Moment } from '../input.ts';
import type { InputMark } from '../ports.ts';
import type { State } from '../state.ts';
import type { EventActor, EventCase, StoreEvent } from './event.ts';
import { laneOf } from './lanes.ts';
import { localHourOf } from './local-time.ts';
import { type PayloadFields, payload } from './payload.ts';

/** Applies an event and collects the slots whose belief or supply it may have moved. */
export type ApplyEvent = (state: State, event: StoreEvent, touchedSlots: Set<string>) => void;

export interface Occurrence {
  atMs: number;
  quality: TimeQuality;
}

/** What an event may say beside its payload. */
export interface Circumstances {
  actor?: EventActor;
  correlationId?: string;
  /** Position of the event of this step that led to it. */
  causedBy?: number;
}

export const agentActor: EventActor = { kind: ActorKind.AGENT, id: 'agent', detail: '' };

/** Device times further ahead of the agent than this are not believed. */
export const aheadToleranceMs = 5 * 60_000;
/** Device times further back than this are not believed. */
export const behindToleranceMs = 72 * 3_600_000;

export class Recorder {
  readonly state: State;
  readonly moment: Moment;
  readonly events: StoreEvent[] = [];
  readonly marks: InputMark[] = [];
  /** Slots to review at the end of the step. */
  readonly touchedSlots: Set<string> = new Set();
  private readonly applyEvent: ApplyEvent;
  private inputName = '';
  private actor: EventActor = agentActor;
  private occurrence: Occurrence;

  constructor(state: State, moment: Moment, applyEvent: ApplyEvent) {
    this.state = state;
    this.moment = moment;
    this.applyEvent = applyEvent;
    this.occurrence = { atMs: moment.nowMs, quality: TimeQuality.AGENT_CLOCK };
  }

  /** Says what the step is about, before its first event. */
  attribute(inputName: string, actor: EventActor, occurrence?: Occurrence): void {
    this.inputName = inputName;
    this.actor = actor;
    if (occurrence !== undefined) this.occurrence = occurrence;
  }

  /** When what the step is about happened, as far as that can be believed. */
  get occurredAtMs(): number {
    return this.occurrence.atMs;
  }

  /** Records and applies one event; answers its position. */
  record<Case extends EventCase>(
    eventCase: Case,
    fields: PayloadFields<Case>,
    circumstances: Circumstances = {},
  ): number {
    const { state, moment } = this;
    const lane = laneOf(eventCase);
    const { atMs, quality } = this.occurrence;
    const event: StoreEvent = {
      position: state.position + 1,
      lane,
      laneSequence:
        (lane === Lane.TELEMETRY ? state.telemetrySequence : state.businessSequence) + 1,
      occurredAtMs: atMs,
      occurredAtQuality: quality,
      recordedAtMs: moment.nowMs,
      localHour: localHourOf(atMs, moment.utcOffsetMinutes),
      utcOffsetMinutes: moment.utcOffsetMinutes,
      businessDay: moment.businessDay,
      actor: circumstances.actor ?? this.actor,
      correlationId: circumstances.correlationId ?? '',
      causationPosition: circumstances.causedBy ?? 0,
      causationInput: this.inputName,
      masterDataVersion: state.catalogue.facts.version,
      payload: payload(eventCase, fields),
    };
    this.events.push(event);
    this.applyEvent(state, event, this.touchedSlots);
    return event.position;
  }

  /** Position that the next event will get: ids of needs and tasks are made of it. */
  nextPosition(): number {
    return this.state.position + 1;
  }
}

/** When something happened, by the device's own clock if that can be believed. */
export function occurrenceAt(deviceTimeMs: number | null, moment: Moment): Occurrence {
  if (deviceTimeMs === null) return { atMs: moment.nowMs, quality: TimeQuality.AGENT_CLOCK };
  const ahead = deviceTimeMs - moment.nowMs;
  if (ahead > aheadToleranceMs || ahead < -behindToleranceMs) {
    return { atMs: moment.nowMs, quality: TimeQuality.ESTIMATED };
  }
  return { atMs: deviceTimeMs, quality: TimeQuality.DEVICE_CLOCK };
}
