/**
 * Days of one virtual store under policy `stockhand`, as fast as the machine can: shoppers, sensors,
 * tills and staff around the agent's core. The same seed gives the same events, byte for byte.
 *
 * The backroom begins with a few days of goods and is not refilled yet: deliveries come with the
 * receiving tasks.
 */

import { AvailabilityJudge } from '../checkers/availability-judge.ts';
import { Agenda } from '../kernel/agenda.ts';
import { randomStream } from '../kernel/random.ts';
import type { StoreSize } from '../store/reference-store.ts';
import { world } from '../store/reference-store.ts';
import { Sensors } from '../store/sensors.ts';
import { Shoppers } from '../store/shoppers.ts';
import { Staff } from '../store/staff.ts';
import { planStore } from '../store/store-plan.ts';
import { TrueStock } from '../store/true-stock.ts';
import { HeadlessAgent } from './headless-agent.ts';

export interface StoreDaysOptions {
  size: StoreSize;
  seed: number;
  hours: number;
  /** The free number of the reference stores. */
  capacityFactor: number;
  /** Called after each virtual hour. */
  progress?(hour: number, agent: HeadlessAgent): void;
}

export interface StoreDaysReport {
  scenario: 'normal';
  policy: 'stockhand';
  store: StoreSize;
  seed: number;
  hours: number;
  kpi: {
    trueAvailability: number;
    stockoutMinutes: number;
    lostSalesShare: number;
    unitsWanted: number;
    unitsSold: number;
    tasks: number;
    walkMetres: number;
    staffMinutes: number;
  };
  events: number;
  refused: Record<string, number>;
  /** Hash chain over all events. */
  digest: string;
}

const hourMs = 3_600_000;
/** Monday 2 March 2026, midnight in Berlin. */
export const firstMidnightMs = Date.UTC(2026, 2, 1, 23);
const storeSeed = 1;
const openingBackroomDays = 4;

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

export function runStoreDays(options: StoreDaysOptions): StoreDaysReport {
  const { size, seed, hours } = options;
  const plan = planStore(size, storeSeed, options.capacityFactor);
  const agenda = new Agenda(firstMidnightMs);
  const nowMs = () => agenda.nowMs;
  const run = randomStream(`run/${seed}`);
  const stock = new TrueStock(plan, openingBackroomDays);
  const judge = new AvailabilityJudge(plan, stock, nowMs, firstMidnightMs);
  const agent = new HeadlessAgent(plan, seed, nowMs);
  agent.open(openingBackroomDays);
  const sensors = new Sensors({
    plan,
    stock,
    agenda,
    random: run.stream('sensors'),
    session: `run-${seed}`,
    publish: (reading) => agent.take({ kind: 'reading', reading, delivery: sensorDelivery }),
  });
  const tills = run.stream('tills');
  const shoppers = new Shoppers({
    plan,
    stock,
    agenda,
    random: run.stream('shoppers'),
    scanned: ({ gtin }) => agent.sell(gtin, plan.tills[tills.integer(plan.tills.length)] ?? ''),
  });
  const isOnShift = (atMs: number) => {
    const hour = Math.floor((atMs - firstMidnightMs) / hourMs) % 24;
    return hour >= world.opensHour && hour < world.closesHour;
  };
  const staff = new Staff({ plan, stock, agenda, kiosk: agent, people: plan.staff, isOnShift });
  sensors.start();
  staff.start();
  for (let day = 0; day * 24 < hours; day += 1) {
    shoppers.planDay(firstMidnightMs + day * 24 * hourMs, day);
  }
  for (let hour = 1; hour <= hours; hour += 1) {
    agenda.run(firstMidnightMs + hour * hourMs);
    options.progress?.(hour, agent);
  }
  const verdict = judge.verdict();
  const { wanted, sold, lost } = shoppers.outcome;
  return {
    scenario: 'normal',
    policy: 'stockhand',
    store: size,
    seed,
    hours,
    kpi: {
      trueAvailability: rounded(verdict.trueAvailability, 5),
      stockoutMinutes: Math.round(verdict.stockoutMinutes),
      lostSalesShare: rounded(wanted === 0 ? 0 : lost / wanted, 5),
      unitsWanted: wanted,
      unitsSold: sold,
      tasks: staff.effort.refills,
      walkMetres: Math.round(staff.effort.walkMetres),
      staffMinutes: Math.round(staff.effort.workSeconds / 60),
    },
    events: agent.state.position,
    refused: Object.fromEntries([...agent.refusals].sort()),
    digest: agent.digest,
  };
}

const sensorDelivery = {
  source: 'mqtt',
  client: 'simulator',
  packetId: 0,
  duplicateFlag: false,
  retained: false,
  payloadHash: '',
} as const;
