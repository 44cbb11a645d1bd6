/** The planner as it runs: a loop on a log, a search in a thread of its own. */
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Priority } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { TemperatureClass } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryDisk, MemoryEventLog } from '../event-store/memory-event-log.ts';
import { AgentLoop } from '../loop.ts';
import { systemClock } from '../platform/system-ports.ts';
import type { Log } from '../ports.ts';
import {
  action,
  command,
  jarsReading,
  masterDataCommand,
  milk,
  momentAt,
  openingStockCommand,
  sale,
  sampleMasterData,
  signIn,
  startMs,
  storeGln,
} from '../sample-store.ts';
import { Planner, type PlannerOptions } from './planner.ts';

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };
const until = (condition: () => boolean) =>
  vi.waitUntil(condition, { timeout: 60_000, interval: 10 });

describe('the planner', () => {
  let loop: AgentLoop;
  let planner: Planner;
  const plan = () => loop.latestState().planning.plan;
  const tasks = () => [...loop.latestState().tasks.open.values()];
  const route = (personRef: string) =>
    plan()
      ?.routes.get(personRef)
      ?.map(({ taskId }) => taskId) ?? [];

  beforeEach(async () => {
    const log = new MemoryEventLog(new MemoryDisk({ storeGln, epoch: new Uint8Array(16).fill(7) }));
    const moment = () => momentAt(startMs);
    loop = new AgentLoop({ storeGln, log, clock: systemClock, logger: silent, moment });
    for (const input of [masterDataCommand(1), openingStockCommand(2)]) await loop.submit(input);
    planner = new Planner({ agent: loop, clock: systemClock, logger: silent });
    planner.start();
  });

  afterEach(async () => {
    await planner.stop();
    loop.stop();
  });

  it('plans work for those who are there, and anew when something happens', async () => {
    await loop.submit(signIn('anna'));
    await loop.submit(jarsReading(1, 2));
    await until(() => route('anna').length === 1);
    await loop.submit(sale('1', [{ code: milk, quantity: '20' }]));
    await until(() => route('anna').length === tasks().length && tasks().length > 1);
    expect(new Set(route('anna'))).toEqual(new Set(tasks().map(({ taskId }) => taskId)));
  });

  it('obeys a lead’s choice and says so', async () => {
    for (const person of ['anna', 'lea']) await loop.submit(signIn(person));
    // Lea only looks after things today.
    const never = timestampFromMs(startMs);
    const shift = { personRef: 'lea', startsAt: never, endsAt: never };
    const reason = 'office day';
    await loop.submit(action('lea', 0, { case: 'changeShift', value: { shift, reason } }));
    await loop.submit(jarsReading(1, 0));
    await loop.submit(sale('1', [{ code: milk, quantity: '10' }]));
    await until(() => route('anna').length > 1);
    const calm = tasks().find(({ gtin }) => gtin === milk)?.taskId ?? '';
    const value = { taskId: calm, priority: Priority.FIRST, reason: 'school class at ten' };
    await loop.submit(action('lea', 0, { case: 'overridePriority', value }));
    await until(() => plan()?.occasion.includes('school class') ?? false);
    expect(route('anna')[0]).toBe(calm);
    expect(plan()?.routes.has('lea')).toBe(false);
  });

  it('gives hands to other work while a truck is late, and to its cold goods when it is there', async () => {
    const masterData = sampleMasterData('2026-11-23T07:00:00Z/2');
    for (const product of masterData.products) {
      if (product.gtin === milk) product.temperatureClass = TemperatureClass.CHILLED;
    }
    await loop.submit(masterDataCommand(3, masterData));
    for (const person of ['anna', 'ben']) await loop.submit(signIn(person));
    const value = {
      deliveryId: 'D1',
      noticeVersion: 1,
      expectedAt: timestampFromMs(startMs + 30 * 60_000),
      lines: [{ line: 1, gtin: milk, quantity: quantityMessage(48, 'pieces') }],
    };
    await loop.submit(command(4, { case: 'announceDelivery', value }));
    await loop.submit(jarsReading(1, 0));
    const later = { deliveryId: 'D1', expectedAt: timestampFromMs(startMs + 3 * 3_600_000) };
    await loop.submit(command(5, { case: 'delayDelivery', value: later }));
    await until(() => plan()?.occasion.includes('D1 comes later') ?? false);
    const planned = () => [...route('anna'), ...route('ben')];
    const types = () => planned().map((id) => loop.latestState().tasks.open.get(id)?.type);
    expect(types()).toEqual([TaskType.REFILL]);
    const arrived = { deliveryId: 'D1' };
    await loop.submit(action('anna', 0, { case: 'arriveDelivery', value: arrived }));
    await until(() => types().includes(TaskType.RECEIVE));
    const receive = tasks().find(({ type }) => type === TaskType.RECEIVE)?.taskId ?? '';
    expect([route('anna')[0], route('ben')[0]]).toContain(receive);
    expect(types()).toContain(TaskType.REFILL);
  });

  it('answers what would be with more people, and changes nothing', async () => {
    await loop.submit(signIn('anna'));
    await loop.submit(jarsReading(1, 0));
    await loop.submit(sale('1', [{ code: milk, quantity: '20' }]));
    await until(() => route('anna').length > 1);
    const before = loop.latestState().position;
    const extra = { personRef: '?1', fromMs: startMs, untilMs: startMs + 3_600_000 };
    const { now, then } = await planner.whatIf([{ ...extra, skills: [], cartCases: 0 }]);
    expect(then.weightedLateSeconds).toBeLessThan(now.weightedLateSeconds);
    expect(then.routes.get('?1')).not.toEqual([]);
    expect(loop.latestState().position).toBe(before);
  });

  it('plans again after a search that failed, for the reason that there was', async () => {
    await planner.stop();
    let failures = 2;
    const agent: PlannerOptions['agent'] = {
      submit: (input) => loop.submit(input),
      onCommit: (listener) => loop.onCommit(listener),
      moment: () => loop.moment(),
      read: (question) => {
        failures -= 1;
        return failures < 0 ? loop.read(question) : Promise.reject(new Error('no answer'));
      },
    };
    // The look at times that drift never comes here.
    const schedule = (delayMs: number, callback: () => void) =>
      delayMs < 60_000 ? systemClock.schedule(delayMs / 100, callback) : () => {};
    const clock = { ...systemClock, schedule };
    await loop.submit(signIn('anna'));
    await loop.submit(jarsReading(1, 0));
    planner = new Planner({ agent, clock, logger: silent });
    planner.start();
    await until(() => plan()?.occasion === 'the agent starts');
    expect(failures).toBeLessThan(0);
  });
});
