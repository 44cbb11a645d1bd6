/**
 * How people answer the agent's exceptions: a manager looks for misplaced goods between two tasks and
 * answers what was found; a doubted sensor is a task for anybody; everything else gets the first answer that is offered, what can wait some hours later.
 */
import type { ExceptionRaised } from '@stockhand/proto/events/v1alpha/exception_events_pb.js';
import { hourMs } from '../kernel/day-clock.ts';
import type { PlannedSlot } from '../store/store-plan.ts';
import type { Report, Work } from '../store/work.ts';
import type { HeadlessAgent } from './headless-agent.ts';

/** What somebody waits for; the rest is answered when the truck is unloaded and the dust has settled. */
const pressing: ReadonlySet<string> = new Set([
  'misplaced-goods',
  'approval-needed',
  'substitution-needed',
]);
const calmMs = 4 * hourMs;
type SensorChecked = Extract<Report, { kind: 'sensor-checked' }>;

export class Answers {
  readonly #agent: HeadlessAgent;
  readonly #managerRef: string;
  readonly #slotIds: ReadonlySet<string>;
  readonly #nowMs: () => number;
  readonly #unseen: { atMs: number; raised: ExceptionRaised }[] = [];
  /** Exceptions about goods on a slot that somebody has still to look for, by slot. */
  readonly #misplaced = new Map<string, string>();
  readonly #underway = new Map<string, string>();

  constructor(
    agent: HeadlessAgent,
    managerRef: string,
    slots: readonly PlannedSlot[],
    nowMs: () => number,
  ) {
    this.#agent = agent;
    this.#nowMs = nowMs;
    this.#managerRef = managerRef;
    this.#slotIds = new Set(slots.map(({ slotId }) => slotId));
    agent.onEvent(({ payload, recordedAtMs: atMs }) => {
      if (payload.case === 'exceptionRaised') this.#unseen.push({ atMs, raised: payload.value });
      if (payload.case === 'exceptionResolved') this.#forget(payload.value.exceptionId);
    });
  }

  /** What the manager does about an exception now; null for everybody else. */
  next(personRef: string): Work | null {
    if (personRef !== this.#managerRef) return null;
    const waiting = this.#unseen.splice(0);
    for (const one of waiting) {
      const isCalm = !pressing.has(one.raised.type);
      if (isCalm && this.#nowMs() - one.atMs < calmMs) this.#unseen.push(one);
      else this.#see(one.raised);
    }
    for (const [slotId, exceptionId] of this.#misplaced) {
      this.#misplaced.delete(slotId);
      this.#underway.set(slotId, exceptionId);
      // Who is asked whether something else lies there looks, and takes it away; no more.
      return { kind: 'check-sensor', slotId, looksOnly: true };
    }
    return null;
  }

  /** A look for misplaced goods was had. */
  looked({ slotId, hadForeign }: SensorChecked): void {
    const exceptionId = this.#underway.get(slotId);
    this.#underway.delete(slotId);
    if (exceptionId === undefined) return;
    this.#answer(exceptionId, hadForeign ? 'taken away' : 'nothing there');
  }

  #see({ exceptionId, type, subjects, answers }: ExceptionRaised): void {
    const slotId = subjects.find((subject) => this.#slotIds.has(subject));
    const [approvalId = ''] = subjects;
    if (type === 'approval-needed') this.#approve(approvalId);
    else if (type === 'misplaced-goods' && slotId !== undefined) {
      this.#misplaced.set(slotId, exceptionId);
    } else if (type !== 'sensor-fault' && answers[0] !== undefined)
      this.#answer(exceptionId, answers[0]);
  }

  /** People count what they count: nobody refuses it. */
  #approve(approvalId: string): void {
    const value = { approvalId, granted: true, reason: 'seen' };
    this.#agent.tell(this.#managerRef, { case: 'decideApproval', value });
  }

  #answer(exceptionId: string, answer: string): void {
    const value = { exceptionId, answer };
    this.#agent.tell(this.#managerRef, { case: 'answerException', value });
  }

  #forget(exceptionId: string): void {
    for (const [slotId, one] of this.#misplaced) {
      if (one === exceptionId) this.#misplaced.delete(slotId);
    }
  }
}
