/** What the rounds of one load say: each figure beside its limit, with the ratio of each round. */
import { type BenchResult, judged } from '../report.ts';
import { median } from '../statistics.ts';
import type { Load, LoadFigures } from './load.ts';

/**
 * Against the durable limit: what the project promises itself. Against the others: what prototypes
 * reached with nothing but an event row and a projection.
 */
const goals = {
  throughput: { 'bare durable aedes': 0.7, 'bare aedes': 0.25, 'bare inserts': 0.05 },
  latency: { p50: 2, p95: 2, p99: 1.5 },
  memoryMiB: 380,
  /** Of the embedded broker's throughput. */
  externalBroker: 0.5,
} as const;

export type Competitor = 'agent' | 'bare durable aedes' | 'bare aedes';

/** Figures of one load, round by round. */
export interface Rounds {
  /** Through Mosquitto; empty where it is not installed and for the other loads. */
  externalPerSecond: number[];
  figures: Record<Competitor, LoadFigures[]>;
  insertsPerSecond: number[];
  residentMiB: number;
}

function ratioOf(values: readonly number[], limits: readonly number[]): number {
  return median(values.map((value, round) => value / (limits[round] ?? Number.NaN)));
}

export function resultsOf(name: string, load: Load, rounds: Rounds): BenchResult[] {
  const results =
    load.kind === 'closed' ? throughputResults(name, rounds) : latencyResults(name, rounds);
  if (rounds.externalPerSecond.length > 0) results.push(externalResult(name, rounds));
  if (name !== 'devices-2000') return results;
  const budget = goals.memoryMiB;
  const memory = judged({
    name: `${name}: resident memory with ${load.connections} devices over TLS`,
    unit: 'MiB',
    better: 'lower',
    value: rounds.residentMiB,
    limit: { name: 'budget', value: budget },
    ratio: rounds.residentMiB / budget,
    goal: 1,
  });
  return [...results, memory];
}

function externalResult(name: string, { figures, externalPerSecond }: Rounds): BenchResult {
  const embedded = figures.agent.map((one) => one.perSecond);
  return judged({
    name: `${name}: readings recorded through Mosquitto`,
    unit: '1/s',
    better: 'higher',
    value: median(externalPerSecond),
    limit: { name: 'the embedded broker', value: median(embedded) },
    ratio: ratioOf(externalPerSecond, embedded),
    goal: goals.externalBroker,
  });
}

function throughputResults(name: string, { figures, insertsPerSecond }: Rounds): BenchResult[] {
  const perSecond = (competitor: Competitor) => figures[competitor].map((one) => one.perSecond);
  const limits: [name: keyof typeof goals.throughput, values: number[]][] = [
    ['bare durable aedes', perSecond('bare durable aedes')],
    ['bare aedes', perSecond('bare aedes')],
    ['bare inserts', insertsPerSecond],
  ];
  const values = perSecond('agent');
  return limits.map(([limit, limitValues]) =>
    judged({
      name: `${name}: readings acknowledged`,
      unit: '1/s',
      better: 'higher',
      value: median(values),
      limit: { name: limit, value: median(limitValues) },
      ratio: ratioOf(values, limitValues),
      goal: goals.throughput[limit],
    }),
  );
}

function latencyResults(name: string, { figures }: Rounds): BenchResult[] {
  const results: BenchResult[] = [];
  for (const [part, field] of [
    ['p50', 'p50Ms'],
    ['p95', 'p95Ms'],
    ['p99', 'p99Ms'],
  ] as const) {
    for (const limit of ['bare durable aedes', 'bare aedes'] as const) {
      const values = figures.agent.map((one) => one[field]);
      const limitValues = figures[limit].map((one) => one[field]);
      // What a broker without a disk takes is no goal for one with a disk: it only shows the price.
      const goal = limit === 'bare aedes' ? goals.latency[part] * 10 : goals.latency[part];
      results.push(
        judged({
          name: `${name}: publish to PUBACK, ${part}`,
          unit: 'ms',
          better: 'lower',
          value: median(values),
          limit: { name: limit, value: median(limitValues) },
          ratio: ratioOf(values, limitValues),
          goal,
        }),
      );
    }
  }
  return results;
}
