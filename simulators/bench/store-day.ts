/**
 * A day of store S without disk or network: what `stockhand sim` takes. The limit is the budget of a
 * developer's patience, since nothing else does the same work.
 */
import { runStore } from '../scenarios/store-run.ts';
import { thisMachine } from './machine.ts';
import type { BenchSettings } from './main.ts';
import { type BenchReport, judged } from './report.ts';
import { median } from './statistics.ts';

const day = { scenario: 'normal', policy: 'stockhand', store: 'S', seed: 7, days: 1 } as const;
/** A developer waits this long without turning to something else. */
const budgetSeconds = 10;

export async function measureStoreDay(settings: BenchSettings): Promise<BenchReport> {
  const seconds = Array.from({ length: settings.rounds }, (_, round) => {
    const startedMs = performance.now();
    const { report } = runStore(day);
    const took = (performance.now() - startedMs) / 1_000;
    settings.progress(`round ${round + 1}: ${took.toFixed(2)} s for ${report.kpi.tasks} tasks`);
    return took;
  });
  const value = median(seconds);
  return {
    bench: 'store-day',
    machine: { ...thisMachine() },
    results: [
      judged({
        name: '24 virtual hours of store S, seed 7',
        unit: 's',
        better: 'lower',
        value,
        limit: { name: 'budget', value: budgetSeconds },
        ratio: value / budgetSeconds,
        goal: 1,
      }),
    ],
  };
}
