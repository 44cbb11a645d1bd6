/**
 * The core of the edge agent: what comes in, the moment it comes in, and what follows from it.
 *
 * `step` decides: it answers the input with one outcome and the events that follow, which it has already
 * applied, because the second decision of a step builds on the first. `apply` is what replay uses: it
 * changes the state by one event and decides nothing. Both change the state in place. When the commit
 * of a step fails, the caller throws the state away and builds it again from snapshot, log and marks.
 *
 * The order at start: `deserializeState` of the newest good snapshot (or `createState`), `apply` for
 * each event after it, then `restoreMarks` with all rows of the mark table, then a `start` input.
 */
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { ActorKind } from '@stockhand/proto/events/v1alpha/event_pb.js';
import { hourTimer } from './belief/belief-events.ts';
import { reviewCollectOrders } from './collect/collect-work.ts';
import { answerChecks, askChecks, noticeDoubts } from './doubts/check-review.ts';
import { applyEvent } from './events/application.ts';
import type { StoreEvent } from './events/event.ts';
import { agentActor, Recorder } from './events/recorder.ts';
import { noticeDemandShifts } from './exceptions/demand-shift.ts';
import { takeSensorStill } from './exceptions/sensor-doubt.ts';
import { reviewDock } from './inbound/dock-tasks.ts';
import { takeCommand } from './ingest/commands.ts';
import { takeDeviceState } from './ingest/devices.ts';
import { timerName } from './ingest/identity.ts';
import { takeProfiles } from './ingest/profiles.ts';
import { marksFromRows } from './ingest/reading-marks.ts';
import { takeReading } from './ingest/readings.ts';
import { takeSale } from './ingest/sales.ts';
import { takeSignIn, takeSignOut } from './ingest/sessions.ts';
import { takeTimer } from './ingest/timers.ts';
import type { Input, Moment, Outcome } from './input.ts';
import { reviewShortages } from './orders/shortage-review.ts';
import { takePlan } from './planning/plan-proposal.ts';
import { takePolicyFiles } from './policy/activation.ts';
import type { InputMark, PersonRecord } from './ports.ts';
import { noticeOverstock } from './replenishment/overstock.ts';
import { reviewTouchedSlots } from './replenishment/review.ts';
import type { State } from './state.ts';
import { takeAction } from './tasks/actions.ts';
import { doDueWork } from './tasks/due-work.ts';

export {
  createState,
  deserializeState,
  modelVersion,
  type State,
  serializeState,
} from './state.ts';

const hourMs = 3_600_000;

export interface Step {
  outcome: Outcome;
  /** In order, already applied; to be encoded, chained and committed. May be there even if refused. */
  events: StoreEvent[];
  /** Rows for the mark table, in order, of the same commit. */
  marks: InputMark[];
  /** The new side table of people, of the same commit; null leaves it as it is. */
  people: PersonRecord[] | null;
}

/** Takes one input in. Changes `state`; throws only on a bug, and the state is then not to be used. */
export function step(state: State, input: Input, moment: Moment): Step {
  const recorder = new Recorder(state, moment, applyEvent);
  let people: PersonRecord[] | null = null;
  let outcome: Outcome;
  let reportedSlotId = '';
  endHour(recorder);
  switch (input.kind) {
    case 'reading':
      outcome = takeReading(recorder, input);
      break;
    case 'sale':
      outcome = takeSale(recorder, input);
      break;
    case 'device-state':
      outcome = takeDeviceState(recorder, input);
      break;
    case 'sensor-still':
      outcome = takeSensorStill(recorder, input);
      break;
    case 'action':
      ({ outcome, reportedSlotId } = takeAction(recorder, input));
      break;
    case 'sign-in':
      outcome = takeSignIn(recorder, input);
      break;
    case 'sign-out':
      outcome = takeSignOut(recorder, input);
      break;
    case 'hq-command':
      ({ outcome, people } = takeCommand(recorder, input.command));
      break;
    case 'timer':
      outcome = takeTimer(recorder, input);
      break;
    case 'profiles':
      outcome = takeProfiles(recorder, input.applied);
      break;
    case 'plan':
      outcome = takePlan(recorder, input.proposed);
      break;
    case 'policy':
      outcome = takePolicyFiles(recorder, input.policy);
      break;
    case 'start':
      outcome = takeStart(recorder, input);
      break;
  }
  doDueWork(recorder);
  reviewCollectOrders(recorder);
  reviewDock(recorder);
  reviewTouchedSlots(recorder, reportedSlotId);
  reviewShortages(recorder);
  noticeDoubts(recorder);
  answerChecks(recorder);
  return { outcome, events: recorder.events, marks: recorder.marks, people };
}

/** Applies one event of the log to the state. Throws when it does not follow the one before. */
export function apply(state: State, event: StoreEvent): void {
  applyEvent(state, event, new Set());
}

/** Replaces the reading marks by what the mark table holds; throws a RangeError on a broken row. */
export function restoreMarks(state: State, rows: Iterable<InputMark>): void {
  state.readingMarks = marksFromRows(rows);
}

/**
 * Records that an hour of trading has ended, when the last event lies before it. After a pause of many
 * hours there is one such event: what no till could tell meanwhile proves nothing.
 */
function endHour(recorder: Recorder): void {
  const { state, moment } = recorder;
  const startOfHourMs = Math.floor(moment.nowMs / hourMs) * hourMs;
  if (state.lastRecordedAtMs === 0 || state.lastRecordedAtMs >= startOfHourMs) return;
  if (state.catalogue.facts.version === '') return;
  recorder.attribute(timerName(hourTimer, startOfHourMs), agentActor);
  recorder.record('timerFired', { purpose: hourTimer, dueAt: timestampFromMs(startOfHourMs) });
  noticeDemandShifts(recorder);
  if (moment.localHour === morningHour(state)) noticeOverstock(recorder);
  askChecks(recorder);
}

/** Local hour in which the store opens: what is looked at once a day is looked at then. */
function morningHour({ catalogue }: Readonly<State>): number {
  return Math.floor(catalogue.facts.store.opensMinute / 60);
}

/** The agent started: the first event of a log, and a changed configuration, are facts for later. */
function takeStart(
  recorder: Recorder,
  input: { agentVersion: string; configurationHash: string },
): Outcome {
  const { state } = recorder;
  const actor = { kind: ActorKind.AGENT, id: 'agent', detail: input.agentVersion };
  recorder.attribute('start', actor);
  if (state.position === 0) recorder.record('logStarted', { agentVersion: input.agentVersion });
  if (state.configurationHash !== input.configurationHash) {
    recorder.record('configurationChanged', { configurationHash: input.configurationHash });
  }
  return { kind: recorder.events.length > 0 ? 'accepted' : 'unchanged' };
}
