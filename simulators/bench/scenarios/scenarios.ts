/**
 * All scenarios under all policies over several seeds of store S: how much of the gap between a refill
 * at night and a policy that knows the truth the agent closes, and at which price. Rounds are seeds.
 */
import { type PolicyName, policyNames } from '../../policies/policy.ts';
import { type ScenarioName, scenarioNames } from '../../scenarios/scenario.ts';
import { runStore, type StoreRunReport } from '../../scenarios/store-run.ts';
import { capacityFactors } from '../../store/reference-store.ts';
import { UnknownLoadError } from '../ingest/ingest.ts';
import { thisMachine } from '../machine.ts';
import type { BenchSettings } from '../main.ts';
import { type BenchReport, type BenchResult, judged } from '../report.ts';
import { type ScenarioMeans, scenarioTable } from './scenario-means.ts';

/** Seeds begin here; any others can be tried with `stockhand sim`. */
const firstSeed = 1;
const gapGoal = 0.5;
const lostGoal = 0.5;
const staffGoal = 1;
const lyingPoints = 0.01;

export async function measureScenarios(settings: BenchSettings): Promise<BenchReport> {
  const scenarios = chosen(settings.only);
  const means: ScenarioMeans[] = [];
  for (const scenario of scenarios) {
    const reports = new Map<PolicyName, StoreRunReport[]>();
    for (const policy of policyNames) {
      reports.set(policy, []);
      for (let seed = firstSeed; seed < firstSeed + settings.rounds; seed += 1) {
        const startedMs = performance.now();
        const { days } = settings;
        const { report } = runStore({ scenario, policy, store: 'S', seed, days });
        reports.get(policy)?.push(report);
        const took = ((performance.now() - startedMs) / 1_000).toFixed(1);
        const available = (report.kpi.trueAvailability * 100).toFixed(2);
        settings.progress(`${scenario} ${policy} seed ${seed}: ${available} % in ${took} s`);
      }
    }
    means.push({ scenario, reports });
  }
  return {
    bench: 'scenarios',
    machine: {
      ...thisMachine(),
      store: `S, capacity factor ${capacityFactors.S}`,
      seeds: `${firstSeed} to ${firstSeed + settings.rounds - 1}`,
      days: settings.days,
    },
    detail: scenarioTable(means),
    results: means.flatMap((one) => resultsOf(one, means)),
  };
}

function chosen(only: readonly string[]): ScenarioName[] {
  for (const name of only) {
    if (!scenarioNames.some((one) => one === name)) {
      throw new UnknownLoadError(
        `There is no scenario "${name}". There are: ${scenarioNames.join(', ')}.`,
      );
    }
  }
  return scenarioNames.filter((name) => only.length === 0 || only.includes(name));
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

export function meanOf(
  { reports }: ScenarioMeans,
  policy: PolicyName,
  figure: keyof StoreRunReport['kpi'],
): number {
  return mean((reports.get(policy) ?? []).map(({ kpi }) => kpi[figure]));
}

function resultsOf(one: ScenarioMeans, all: readonly ScenarioMeans[]): BenchResult[] {
  const { scenario } = one;
  const of = (policy: PolicyName, figure: keyof StoreRunReport['kpi']) =>
    meanOf(one, policy, figure);
  const beside = (
    name: string,
    unit: string,
    better: 'higher' | 'lower',
    [value, limitName, limit]: readonly [number, string, number],
    goal: number,
  ) => {
    const ratio = limit === 0 ? (value === 0 ? 0 : Number.POSITIVE_INFINITY) : value / limit;
    const named = `${scenario}: ${name}`;
    return judged({
      name: named,
      unit,
      better,
      value,
      limit: { name: limitName, value: limit },
      ratio,
      goal,
    });
  };
  const gained = of('stockhand', 'trueAvailability') - of('nightly', 'trueAvailability');
  const gap = of('oracle', 'trueAvailability') - of('nightly', 'trueAvailability');
  const lost = of('stockhand', 'lostSalesShare');
  const results = [
    beside('availability gained', '1', 'higher', [gained, 'oracle', gap], gapGoal),
    beside(
      'lost sales',
      '1',
      'lower',
      [lost, 'nightly', of('nightly', 'lostSalesShare')],
      lostGoal,
    ),
    beside(
      'staff',
      'min',
      'lower',
      [of('stockhand', 'staffMinutes'), 'patrol', of('patrol', 'staffMinutes')],
      staffGoal,
    ),
  ];
  const kept = of('stockhand', 'promisesKeptShare');
  results.push(
    beside('promises kept', '1', 'higher', [kept, 'oracle', of('oracle', 'promisesKeptShare')], 1),
  );
  const normal = all.find((other) => other.scenario === 'normal');
  if (scenario === 'lying-sensor' && normal) {
    const usual = meanOf(normal, 'stockhand', 'trueAvailability');
    const value = of('stockhand', 'trueAvailability');
    const goal = Number((1 - lyingPoints / usual).toFixed(4));
    results.push(beside('availability', '1', 'higher', [value, 'normal', usual], goal));
  }
  return results;
}
