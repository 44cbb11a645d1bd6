/**
 * Tells what another policy would have raised, from the facts that the log recorded.
 *
 * The events are applied as they are, refills that people made included. After each step the slots that
 * it touched are judged twice: by the policy that was in force, and by the candidate. Each keeps its own
 * open needs, so that hysteresis works for both. What a policy would have raised or ended in front of
 * these facts is thus counted exactly. That people would then have refilled earlier, and what shoppers
 * would have found, did not happen and is in no log: stockout minutes and lost units are estimates of
 * the demand model, with an interval, and are called so.
 *
 * Example: in force 41 needs, candidate 55: "would have raised 14 more". At each raise that the other
 * did not have open, the outlook of the slot says 1.2 units short and 30 minutes empty within two hours.
 */
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { refillSupply } from '../collect/supply.ts';
import { applyEvent } from '../events/application.ts';
import type { StoreEvent } from '../events/event.ts';
import { lookAhead, type SlotOutlook, windowMinutes } from '../replenishment/stockout-outlook.ts';
import { judgeSlot, type SlotSituation } from '../replenishment/trigger.ts';
import { levelsOf, refillFacts } from '../replenishment/waiting-loss.ts';
import type { State } from '../state.ts';
import { type PolicyFacts, policyOf } from './policy.ts';

export interface Counts {
  /** Needs that arose. */
  needs: number;
  /** Refill tasks. */
  tasks: number;
  /** Needs that ended: met by the facts, or gone with their slot. */
  ended: number;
}

export interface Estimate {
  mean: number;
  /** Between these with a chance of 80 %, as far as the demand model is right. */
  low: number;
  high: number;
}

export interface DryRun {
  steps: number;
  /** What the log says. */
  recorded: Counts;
  /** The policy in force, decided again on the same facts. */
  inForce: Counts;
  candidate: Counts;
  /** Candidate less in force. */
  difference: Counts;
  /** True when deciding again gave as many needs as were recorded. */
  isReproduced: boolean;
  /** Inputs on which a rule of the candidate failed, and what it said first. */
  failures: number;
  firstFailure: string;
  /** Model estimates: what the earlier and added refills avoid, less what the missing ones cost. */
  avoidedStockoutMinutes: Estimate;
  avoidedLostUnits: Estimate;
}

/** 10th and 90th percentile of a normal distribution. */
const intervalDeviations = 1.2816;

class Shadow {
  readonly counts: Counts = { needs: 0, tasks: 0, ended: 0 };
  failures = 0;
  firstFailure = '';
  /** Open needs by slot: whether they had a task. */
  readonly open = new Map<string, boolean>();

  constructor(state: Readonly<State>) {
    for (const [slotId, need] of state.needs) this.open.set(slotId, need.taskId !== '');
  }

  /** True when a need arises now. */
  judge(state: Readonly<State>, facts: PolicyFacts, common: SlotSituation, nowMs: number): boolean {
    const { slotId } = common.slot;
    const had = this.open.get(slotId);
    const situation = { ...common, hasOpenNeed: had !== undefined };
    const policy = policyOf(facts);
    const rule = policy.ruleOf('refill.raise');
    let byRule: boolean | null = null;
    try {
      byRule = rule === null ? null : rule(refillFacts(state, policy, situation, nowMs));
    } catch (error) {
      this.failures += 1;
      if (this.firstFailure === '') this.firstFailure = `slot ${slotId}: ${String(error)}`;
    }
    const { kind } = judgeSlot(situation, levelsOf(policy), byRule);
    if (kind === 'enough') {
      if (had !== undefined) this.end(slotId);
      return false;
    }
    if (had === undefined) this.counts.needs += 1;
    const hasTask = had === true || situation.inBackroom > 0;
    if (hasTask && had !== true) this.counts.tasks += 1;
    this.open.set(slotId, hasTask);
    return had === undefined;
  }

  end(slotId: string): void {
    if (this.open.delete(slotId)) this.counts.ended += 1;
  }
}

/** A sum of what may or may not happen. */
class Sum {
  #mean = 0;
  #variance = 0;

  /** `mean` is expected, with chance `chance` that anything happens at all. */
  add(mean: number, chance: number, sign: 1 | -1): void {
    this.#mean += sign * mean;
    if (chance > 0) this.#variance += mean * mean * ((1 - chance) / chance);
  }

  get estimate(): Estimate {
    const half = intervalDeviations * Math.sqrt(this.#variance);
    return { mean: this.#mean, low: this.#mean - half, high: this.#mean + half };
  }
}

/** `state`: before the first of the events that may count; it is changed. */
export class DryRunner {
  readonly #state: State;
  readonly #candidateFacts: PolicyFacts;
  readonly #inForce: Shadow;
  readonly #candidate: Shadow;
  readonly #recorded: Counts = { needs: 0, tasks: 0, ended: 0 };
  readonly #minutes = new Sum();
  readonly #units = new Sum();
  readonly #touched = new Set<string>();
  #last: StoreEvent | null = null;
  #steps = 0;

  constructor(state: State, candidate: PolicyFacts) {
    this.#state = state;
    this.#candidateFacts = candidate;
    this.#inForce = new Shadow(state);
    this.#candidate = new Shadow(state);
  }

  take(event: StoreEvent): void {
    const last = this.#last;
    const isSameStep =
      last !== null &&
      last.causationInput === event.causationInput &&
      last.recordedAtMs === event.recordedAtMs;
    if (!isSameStep) this.#endStep();
    this.#last = event;
    this.#note(event);
    applyEvent(this.#state, event, this.#touched);
  }

  finish(): DryRun {
    this.#endStep();
    const [inForce, candidate] = [this.#inForce.counts, this.#candidate.counts];
    return {
      steps: this.#steps,
      recorded: this.#recorded,
      inForce,
      candidate,
      difference: {
        needs: candidate.needs - inForce.needs,
        tasks: candidate.tasks - inForce.tasks,
        ended: candidate.ended - inForce.ended,
      },
      isReproduced: inForce.needs === this.#recorded.needs,
      failures: this.#candidate.failures,
      firstFailure: this.#candidate.firstFailure,
      avoidedStockoutMinutes: this.#minutes.estimate,
      avoidedLostUnits: this.#units.estimate,
    };
  }

  #note({ payload }: StoreEvent): void {
    if (payload.case === 'needArose') this.#recorded.needs += 1;
    else if (payload.case === 'needMet' || payload.case === 'needWithdrawn') {
      this.#recorded.ended += 1;
    } else if (payload.case === 'taskCreated' && payload.value.type === TaskType.REFILL) {
      this.#recorded.tasks += 1;
    }
  }

  #endStep(): void {
    const event = this.#last;
    if (event === null) return;
    this.#steps += 1;
    for (const slotId of this.#touched) this.#judge(slotId, event);
    this.#touched.clear();
  }

  #judge(slotId: string, { recordedAtMs, utcOffsetMinutes }: StoreEvent): void {
    const state = this.#state;
    const slot = state.catalogue.slotById.get(slotId);
    const shelf = state.shelves.get(slotId);
    if (slot === undefined || shelf === undefined) {
      this.#inForce.end(slotId);
      this.#candidate.end(slotId);
      return;
    }
    const status = state.tasks.open.get(state.needs.get(slotId)?.taskId ?? '')?.status;
    // Someone is doing it: it is judged when they are done.
    if (status === TaskStatus.CLAIMED || status === TaskStatus.STARTED) return;
    const localMinute = (Math.floor(recordedAtMs / 60_000) + utcOffsetMinutes) % 1_440;
    const outlook = lookAhead(state, slot, shelf, localMinute);
    const situation: SlotSituation = {
      slot,
      onShelf: shelf.quantity,
      inBackroom: refillSupply(state, slot.gtin),
      isReported: false,
      hasOpenNeed: false,
      outlook,
    };
    const isRaisedBefore = this.#inForce.judge(state, state.policy, situation, recordedAtMs);
    const isRaised = this.#candidate.judge(state, this.#candidateFacts, situation, recordedAtMs);
    if (situation.inBackroom === 0) return;
    if (isRaised && !this.#inForce.open.has(slotId)) this.#estimate(outlook, 1);
    if (isRaisedBefore && !this.#candidate.open.has(slotId)) this.#estimate(outlook, -1);
  }

  #estimate(outlook: SlotOutlook, sign: 1 | -1): void {
    const { shortMilliUnits, wantedMilliUnits, pEmptySoonPpm } = outlook;
    const chance = pEmptySoonPpm / 1_000_000;
    const share = wantedMilliUnits > 0 ? shortMilliUnits / wantedMilliUnits : 0;
    this.#units.add(shortMilliUnits / 1_000, chance, sign);
    this.#minutes.add(windowMinutes * Math.min(1, share), chance, sign);
  }
}
