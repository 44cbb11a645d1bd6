/**
 * Deciding: how long after a reading the decision stands with 5,000 slots, and how long two virtual
 * weeks of a store take. The limits are the budgets of the design, since nothing else does the same
 * work. A decision is what `step` does with one reading: belief, chance of an empty shelf, policy, need
 * and task; readings that raised or withdrew something are also counted alone, because most readings
 * decide that nothing is to be done.
 */
import type { StoreEvent } from '@stockhand/edge-agent/events/event.ts';
import { runStore } from '../scenarios/store-run.ts';
import type { StoreSize } from '../store/reference-store.ts';
import { CoreLoad } from './core/core-load.ts';
import { thisMachine } from './machine.ts';
import type { BenchSettings } from './main.ts';
import { type BenchReport, type BenchResult, judged } from './report.ts';
import { median } from './statistics.ts';

/** The design's limit on a decision after a reading, at p99 with 5,000 slots. */
const decisionLimitMs = 5;
/** What the issue allows for the virtual days of a store. */
const weeksLimitSeconds: readonly [StoreSize, number][] = [
  ['S', 10],
  ['M', 60],
];
const readingsPerSecond = 10_000;

/** What a reading may lead to beside the observation itself. */
const decided: ReadonlySet<StoreEvent['payload']['case']> = new Set([
  'needArose',
  'needWithdrawn',
  'taskCreated',
  'taskCancelled',
]);

export async function measureDecide(settings: BenchSettings): Promise<BenchReport> {
  const load = new CoreLoad();
  const count = Math.ceil(readingsPerSecond * settings.seconds);
  const rounds = Array.from({ length: settings.rounds }, (_, round) => {
    const { all, deciding } = latenciesOf(load, count);
    settings.progress(
      `round ${round + 1}: ${all.length} readings, ${deciding.length} of them raised or withdrew something`,
    );
    return { all: p99(all), deciding: p99(deciding), slowest: all.at(-1) ?? 0 };
  });
  const results = [
    atMost(
      'decision after a reading, p99',
      'ms',
      median(rounds.map(({ all }) => all)),
      decisionLimitMs,
    ),
    atMost(
      'of those that raised or withdrew work, p99',
      'ms',
      median(rounds.map(({ deciding }) => deciding)),
      decisionLimitMs,
    ),
  ];
  return {
    bench: 'decide',
    machine: { ...thisMachine(), slots: load.plan.slots.length, readings: count },
    detail: [`slowest decision of each round: ${slowestOf(rounds)} ms`],
    results: [...results, ...virtualWeeks(settings)],
  };
}

/** Milliseconds of `count` readings, sorted; of all, and of those that led to work. */
function latenciesOf(load: CoreLoad, count: number): { all: number[]; deciding: number[] } {
  const [all, deciding]: [number[], number[]] = [[], []];
  for (let index = 0; index < count; index += 1) {
    const input = load.reading();
    const startedMs = performance.now();
    const events = load.take(input);
    const tookMs = performance.now() - startedMs;
    all.push(tookMs);
    if (events.some(({ payload }) => decided.has(payload.case))) deciding.push(tookMs);
  }
  const upwards = (one: number, other: number) => one - other;
  return { all: all.sort(upwards), deciding: deciding.sort(upwards) };
}

function p99(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length * 0.99)] ?? 0;
}

/** For information: the collector of garbage decides about a single one. */
function slowestOf(rounds: readonly { slowest: number }[]): string {
  return rounds.map(({ slowest }) => slowest.toFixed(1)).join(', ');
}

function virtualWeeks({ days, progress }: BenchSettings): BenchResult[] {
  return weeksLimitSeconds.map(([store, limitSeconds]) => {
    // Once, however many rounds: one run of M is most of a minute.
    const startedMs = performance.now();
    const { report } = runStore({ scenario: 'normal', policy: 'stockhand', store, seed: 7, days });
    const seconds = (performance.now() - startedMs) / 1_000;
    progress(`store ${store}: ${days} days in ${seconds.toFixed(1)} s, ${report.kpi.tasks} tasks`);
    const name = `${days} virtual days of store ${store}, seed 7`;
    return atMost(name, 's', seconds, (limitSeconds * days) / 14);
  });
}

function atMost(name: string, unit: string, value: number, limit: number): BenchResult {
  const ratio = value / limit;
  return judged({
    name,
    unit,
    better: 'lower',
    value,
    limit: { name: 'budget', value: limit },
    ratio,
    goal: 1,
  });
}
