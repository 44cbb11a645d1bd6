/**
 * Days of one virtual store under one policy in one scenario, judged by the truth. The same options
 * give the same bytes; a policy that works otherwise meets the very same shoppers.
 */
import { createHash } from 'node:crypto';
import { AvailabilityJudge } from '../checkers/availability-judge.ts';
import { BeliefJudge, type BeliefVerdict } from '../checkers/belief-judge.ts';
import {
  type ExceptionVerdict,
  type JudgedException,
  judgeExceptions,
} from '../checkers/exception-judge.ts';
import { chilledMinutesOut, promisesKeptShare } from '../checkers/service-judge.ts';
import { firstMidnightMs, hourMs, hourOf } from '../kernel/day-clock.ts';
import { Nightly } from '../policies/nightly.ts';
import { Oracle } from '../policies/oracle.ts';
import { Patrol } from '../policies/patrol.ts';
import type { PolicyName } from '../policies/policy.ts';
import { Stockhand } from '../policies/stockhand.ts';
import { capacityFactors, type StoreSize, world } from '../store/reference-store.ts';
import { planStore } from '../store/store-plan.ts';
import type { Cause } from './cause.ts';
import { exceptionMeaning } from './exception-meaning.ts';
import type { ScenarioName } from './scenario.ts';
import { type PolicyMaker, VirtualStore } from './virtual-store.ts';

export interface StoreRunOptions {
  scenario: ScenarioName;
  policy: PolicyName;
  store: StoreSize;
  seed: number;
  days: number;
  /** Hours, when the run ends within a day; else all of `days`. */
  hours?: number;
  capacityFactor?: number;
  /** Called after each virtual hour. */
  progress?(hour: number, store: VirtualStore): void;
}

export interface StoreRunReport {
  scenario: ScenarioName;
  policy: PolicyName;
  store: StoreSize;
  seed: number;
  days: number;
  kpi: {
    trueAvailability: number;
    lostSalesShare: number;
    stockoutMinutes: number;
    tasks: number;
    walkMetres: number;
    staffMinutes: number;
    promisesKeptShare: number;
    /** Beyond the limit, summed over lines of chilled and frozen goods. */
    chilledMinutesOut: number;
  };
  exceptions: ExceptionVerdict;
  belief: BeliefVerdict;
  /** Hash of all that was done, and of the agent's events. */
  digest: string;
}

export interface StoreRun {
  report: StoreRunReport;
  store: VirtualStore;
  judged: readonly JudgedException[];
  /** Planted causes that nobody named in time. */
  missed: readonly Cause[];
}

const storeSeed = 1;

export const policyMakers: Readonly<Record<PolicyName, PolicyMaker>> = {
  nightly: (context) => new Nightly(context),
  patrol: (context) => new Patrol(context),
  oracle: (context, store) => {
    const productOf = new Map(context.plan.products.map((one) => [one.gtin, one]));
    return new Oracle(context, {
      stock: store.stock,
      missing: (orderId) => store.desk.missing(orderId),
      demandAhead: (gtin, hours) => {
        const product = productOf.get(gtin);
        return product ? store.demandAhead(product, hours) : 0;
      },
    });
  },
  stockhand: (context) => new Stockhand(context),
};

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

export function runStore(options: StoreRunOptions): StoreRun {
  const { scenario, policy, seed, days } = options;
  const factor = options.capacityFactor ?? capacityFactors[options.store];
  const plan = planStore(options.store, storeSeed, factor);
  const store = new VirtualStore({ plan, seed, days, scenario, policy: policyMakers[policy] });
  const { agenda, stock } = store;
  const availability = new AvailabilityJudge(plan, stock, () => agenda.nowMs, firstMidnightMs);
  const belief = new BeliefJudge();
  store.start();
  const hours = options.hours ?? days * 24;
  for (let hour = 1; hour <= hours; hour += 1) {
    agenda.run(firstMidnightMs + hour * hourMs);
    const clock = hourOf(agenda.nowMs);
    if (clock > world.opensHour && clock <= world.closesHour) {
      for (const { slotId } of plan.slots) {
        belief.sample(store.policy.guess(slotId), stock.inSlot(slotId));
      }
    }
    options.progress?.(hour, store);
  }
  const raised = store.policy.raised?.() ?? [];
  const { verdict, judged, missed } = judgeExceptions(
    raised,
    store.scenario.causes,
    exceptionMeaning,
    agenda.nowMs,
  );
  const kpi = kpiOf(store, availability);
  const said = belief.verdict();
  const report: StoreRunReport = {
    scenario,
    policy,
    store: options.store,
    seed,
    days,
    kpi,
    exceptions: verdict,
    belief: {
      meanAbsoluteErrorPieces: rounded(said.meanAbsoluteErrorPieces, 4),
      brierEmpty: rounded(said.brierEmpty, 5),
      coverage80: rounded(said.coverage80, 4),
    },
    digest: '',
  };
  const { digest } = store.policy;
  const facts = JSON.stringify([report, store.stock.flow, store.crew.effort, digest]);
  report.digest = createHash('sha256').update(facts).digest('hex');
  return { report, store, judged, missed };
}

function kpiOf(store: VirtualStore, availability: AvailabilityJudge): StoreRunReport['kpi'] {
  const { crew, shoppers, desk, dock, agenda } = store;
  const { trueAvailability, stockoutMinutes } = availability.verdict();
  const { wanted, lost } = shoppers.outcome;
  const promises = [...desk.orders.values()].map(({ order, readyAtMs }) => ({
    promiseAtMs: order.promiseAtMs,
    readyAtMs,
  }));
  const cold = [...dock.lines.values()].filter(({ product }) => product.temperature !== 'ambient');
  const minutesOut = chilledMinutesOut(cold, world.chilledLimitMinutes, agenda.nowMs);
  return {
    trueAvailability: rounded(trueAvailability, 5),
    lostSalesShare: rounded(wanted === 0 ? 0 : lost / wanted, 5),
    stockoutMinutes: Math.round(stockoutMinutes),
    tasks: crew.effort.tasks,
    walkMetres: Math.round(crew.effort.walkMetres),
    staffMinutes: Math.round(crew.effort.workSeconds / 60),
    promisesKeptShare: rounded(promisesKeptShare(promises, agenda.nowMs), 4),
    chilledMinutesOut: Math.round(minutesOut),
  };
}
