/**
 * Replans while people work: when something happens that matters (a new task, a block, a late delivery,
 * somebody is ill, a lead's word), and every few minutes because time goes on. The search runs in a
 * thread of its own on a snapshot; what it finds comes back as an input like any other, is checked by
 * the core and logged. No acknowledgement waits for it.
 */
import type { FoundPlan } from '../planning/plan-search.ts';
import { type PlanSnapshot, snapshotOf } from '../planning/plan-snapshot.ts';
import type { Hands } from '../planning/shifts.ts';
import type { Clock, Log, RunningAgent, StoredEvent } from '../ports.ts';
import type { State } from '../state.ts';
import { type Occasion, occasionOf } from './occasion.ts';
import { PlanSearchThread } from './plan-search-thread.ts';
import { proposalOf } from './proposal.ts';

/** Time that one search takes; people do not wait for it, but the plan should be fresh. */
export const searchBudgetMs = 60;
/** Between two plans, so that a rush of sales does not shuffle the board. */
const pauseMs = 2_000;
/** Times drift while people work. */
const refreshMs = 5 * 60_000;
/** After a search that failed: twice as long each time, to that at most. */
const longestPauseMs = 60_000;

export interface PlannerOptions {
  agent: Pick<RunningAgent<State>, 'submit' | 'read' | 'onCommit' | 'moment'>;
  clock: Clock;
  logger: Log;
}

export class Planner {
  readonly #options: PlannerOptions;
  readonly #thread = new PlanSearchThread();
  #occasion: Occasion | null = { words: 'the agent starts', rank: 1 };
  #isBusy = false;
  #failures = 0;
  #isStopped = false;
  #cancelPause: (() => void) | null = null;
  #cancelRefresh: (() => void) | null = null;
  #unsubscribe: (() => void) | null = null;

  constructor(options: PlannerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#unsubscribe = this.#options.agent.onCommit((events) => this.#notice(events));
    this.#refreshLater();
    this.#soon();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#unsubscribe?.();
    this.#cancelPause?.();
    this.#cancelRefresh?.();
    await this.#thread.stop();
  }

  /** How it would be with more people: two searches, nothing else happens. */
  async whatIf(
    extra: readonly Hands[],
  ): Promise<{ snapshot: PlanSnapshot; now: FoundPlan; then: FoundPlan }> {
    const { facts, snapshot } = await this.#snapshot();
    const more = { ...snapshot, hands: [...snapshot.hands, ...extra] };
    const [now, then] = await Promise.all([
      this.#thread.search(facts, snapshot, searchBudgetMs),
      this.#thread.search(facts, more, searchBudgetMs),
    ]);
    return { snapshot, now, then };
  }

  #notice(events: readonly StoredEvent[]): void {
    for (const { event } of events) {
      const occasion = occasionOf(event);
      if (occasion === null) continue;
      if (this.#occasion === null || occasion.rank > this.#occasion.rank) this.#occasion = occasion;
    }
    if (this.#occasion !== null) this.#soon();
  }

  #refreshLater(): void {
    this.#cancelRefresh = this.#options.clock.schedule(refreshMs, () => {
      this.#occasion ??= { words: 'work took longer or shorter than reckoned', rank: 0 };
      this.#soon();
      this.#refreshLater();
    });
  }

  #soon(): void {
    if (this.#isBusy || this.#isStopped || this.#cancelPause !== null) return;
    this.#isBusy = true;
    void this.#plan().finally(() => {
      this.#isBusy = false;
      if (this.#isStopped) return;
      const pause = Math.min(longestPauseMs, pauseMs * 2 ** this.#failures);
      this.#cancelPause = this.#options.clock.schedule(pause, () => {
        this.#cancelPause = null;
        if (this.#occasion !== null) this.#soon();
      });
    });
  }

  async #plan(): Promise<void> {
    const { agent, logger } = this.#options;
    const occasion = this.#occasion;
    this.#occasion = null;
    try {
      const { facts, snapshot, hasPlan } = await this.#snapshot();
      if (snapshot.hands.length === 0 && !hasPlan) return;
      const found = await this.#thread.search(facts, snapshot, searchBudgetMs);
      if (this.#isStopped) return;
      const outcome = await agent.submit({
        kind: 'plan',
        proposed: proposalOf(found, occasion?.words ?? ''),
      });
      this.#failures = 0;
      if (outcome.kind === 'refused') logger.warn({ refusals: outcome.refusals }, 'plan-refused');
    } catch (error) {
      if (this.#isStopped) return;
      // What happened still wants a plan.
      this.#occasion ??= occasion;
      this.#failures = Math.min(this.#failures + 1, 16);
      logger.warn({ err: error, failures: this.#failures }, 'planning-failed');
    }
  }

  #snapshot() {
    const { agent } = this.#options;
    return agent.read((state) => ({
      facts: state.catalogue.facts,
      snapshot: snapshotOf(state, state.catalogue.storeMap, agent.moment()),
      hasPlan: state.planning.plan !== null,
    }));
  }
}
