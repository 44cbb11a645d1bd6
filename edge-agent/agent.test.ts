import { create } from '@bufbuild/protobuf';
import { NeedReason } from '@stockhand/proto/events/v1alpha/replenishment_events_pb.js';
import { AccountKind } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { MasterDataSchema } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { baseUnitsOf, quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { describe, expect, test } from 'vitest';
import { createState } from './agent.ts';
import {
  action,
  command,
  epoch,
  jam,
  jamCase,
  jarsReading,
  masterDataCommand,
  milk,
  openingStockCommand,
  reading,
  runningStore,
  SampleStore,
  sale,
  sampleMasterData,
  signIn,
  startMs,
  storeGln,
} from './sample-store.ts';
import { balance, bin, quarantine, salesFloor } from './stock/ledger.ts';
import {
  backroomQuantity,
  deviceFacts,
  nextTask,
  onShelfAvailabilityPpm,
  openTasks,
  salesFloorQuantity,
  shelfQuantity,
  slotCounts,
} from './views.ts';

function pieces(count: number) {
  return quantityMessage(count, 'pieces');
}

describe('a store that opens', () => {
  test('starts its log once, and notes a changed configuration', () => {
    const store = new SampleStore();
    const start = { kind: 'start', agentVersion: '0.1.0', configurationHash: 'c0' } as const;
    expect(store.cases(start)).toEqual(['logStarted', 'configurationChanged']);
    expect(store.outcome(start)).toEqual({ kind: 'unchanged' });
    expect(store.cases({ ...start, configurationHash: 'c1' })).toEqual(['configurationChanged']);
  });

  test('takes master data and opening stock from HQ, each once', () => {
    const store = runningStore();
    expect(shelfQuantity(store.state, 'A1')).toBe(12);
    expect(salesFloorQuantity(store.state, jam)).toBe(20);
    expect(backroomQuantity(store.state, jam)).toBe(24);
    expect(onShelfAvailabilityPpm(store.state)).toBe(1_000_000);
    const position = store.state.position;
    expect(store.outcome(masterDataCommand(1))).toEqual({ kind: 'duplicate' });
    expect(store.outcome(openingStockCommand(2))).toEqual({ kind: 'duplicate' });
    expect(store.state.position).toBe(position);
  });

  test('has no availability without slots', () => {
    expect(onShelfAvailabilityPpm(createState({ storeGln, epoch }))).toBe(0);
  });
});

describe('commands of HQ', () => {
  test('refuses nonsense whole, in the log, and goes on with what it has', () => {
    const store = runningStore();
    const bad = sampleMasterData('2026-11-23T07:00:00Z/1');
    const [slot] = bad.slots;
    if (slot !== undefined) slot.par = 99;
    const result = store.take(masterDataCommand(3, bad));
    expect(result.outcome).toMatchObject({
      kind: 'refused',
      refusals: [{ reason: 'out-of-range', field: 'slots[0].par', found: '99' }],
    });
    expect(result.events.map((event) => event.payload.case)).toEqual(['commandRefused']);
    expect(store.state.catalogue.facts.version).toBe('2026-11-23T06:00:00Z/1');
    expect(store.outcome(masterDataCommand(3, bad))).toEqual({ kind: 'duplicate' });
  });

  test('refuses stale master data, and takes the same version as already applied', () => {
    const store = runningStore();
    const stale = masterDataCommand(3, sampleMasterData('2026-11-22T06:00:00Z/7'));
    expect(store.outcome(stale)).toMatchObject({ refusals: [{ reason: 'stale-master-data' }] });
    expect(store.cases(masterDataCommand(4))).toEqual(['commandApplied']);
    const tenth = masterDataCommand(5, sampleMasterData('2026-11-23T06:00:00Z/10'));
    expect(store.cases(tenth)).toEqual(['masterDataApplied', 'commandApplied']);
  });

  test('refuses a command after its deadline, for another store, or of no known kind', () => {
    const store = runningStore();
    const late = command(3, { case: 'reportQuarantine', value: {} }, startMs - 1);
    expect(store.outcome(late)).toMatchObject({ refusals: [{ reason: 'command-expired' }] });
    const foreign = sampleMasterData('2026-11-23T09:00:00Z/1');
    if (foreign.store !== undefined) foreign.store.gln = '4000001000012';
    expect(store.outcome(masterDataCommand(4, foreign))).toMatchObject({
      refusals: [{ reason: 'wrong-store', field: 'store.gln' }],
    });
    expect(store.outcome(command(5, { case: undefined }))).toMatchObject({ kind: 'refused' });
    expect(store.state.commandSequences.get('hq-1')).toBe(5);
  });

  test('keeps people out of the log and hands them to the side table', () => {
    const store = new SampleStore();
    const staff = { members: [{ personRef: 'anna', name: 'Anna A.', badgeHash: 'ab'.repeat(32) }] };
    const input = command(1, {
      case: 'applyMasterData',
      value: { masterData: sampleMasterData(), staff },
    });
    const { people, events } = store.take(input);
    expect(people).toEqual([
      { personRef: 'anna', name: 'Anna A.', pinHash: '', badgeHash: 'ab'.repeat(32) },
    ]);
    const text = JSON.stringify(events, (_key, value) =>
      typeof value === 'bigint' ? `${value}` : value,
    );
    expect(text).not.toContain('Anna A.');
  });

  test('withdraws needs and cancels tasks of slots that are gone, and signs leavers out', () => {
    const store = runningStore();
    store.take(jarsReading(1, 3));
    expect(openTasks(store.state)).toHaveLength(1);
    const next = sampleMasterData('2026-11-24T06:00:00Z/1');
    next.slots = next.slots.filter((slot) => slot.slotId !== 'A1');
    next.devices = next.devices.filter((device) => !device.slotIds.includes('A1'));
    next.staff = next.staff.filter((member) => member.personRef !== 'ben');
    const cases = store.cases(masterDataCommand(3, next));
    expect(cases).toEqual([
      'masterDataApplied',
      'taskCancelled',
      'needWithdrawn',
      'staffSignedOut',
      'commandApplied',
    ]);
    expect(openTasks(store.state)).toEqual([]);
    expect(store.state.needs.size).toBe(0);
    expect([...store.markTable.keys()]).toEqual([]);
  });

  test('refuses master data without a store', () => {
    const store = new SampleStore();
    const empty = create(MasterDataSchema, { version: 'v1' });
    expect(store.outcome(masterDataCommand(1, empty))).toMatchObject({
      refusals: [{ reason: 'missing-field', field: 'store' }],
    });
  });
});

describe('the till', () => {
  test('sells once, whatever is sent how often', () => {
    const store = runningStore();
    const receipt = sale('4711', [{ code: '4006381333931', quantity: '2' }]);
    expect(store.cases(receipt)).toEqual(['itemsSold']);
    expect(store.outcome(receipt)).toEqual({ kind: 'duplicate' });
    expect(salesFloorQuantity(store.state, jam)).toBe(18);
    expect(shelfQuantity(store.state, 'A1')).toBe(10);
  });

  test('books the good lines and refuses the others with their reasons', () => {
    const store = runningStore();
    const receipt = sale('4712', [
      { code: '4006381333931', quantity: '1' },
      { code: '4006381333932', quantity: '1' },
      { code: '96385074', quantity: '1' },
      { code: jam, quantity: '0.5' },
      { code: jam, quantity: '1e3' },
      { code: jam, quantity: '-1' },
    ]);
    const result = store.take(receipt);
    expect(result.events.map((event) => event.payload.case)).toEqual(['itemsSold']);
    expect(result.outcome).toMatchObject({
      kind: 'refused',
      refusals: [
        { reason: 'bad-check-digit', field: 'lines[1].code' },
        { reason: 'unknown-product', field: 'lines[2].code' },
        { reason: 'bad-quantity', field: 'lines[3].quantity' },
        { reason: 'bad-number', field: 'lines[4].quantity' },
        { reason: 'out-of-range', field: 'lines[5].quantity' },
      ],
    });
    expect(salesFloorQuantity(store.state, jam)).toBe(19);
  });

  test('sells weighed goods by the milligram and cases by their content', () => {
    const store = runningStore();
    store.take(sale('1', [{ code: '2000000000015', quantity: '0.226' }]));
    expect(shelfQuantity(store.state, 'C1')).toBe(2_774_000);
    store.take(sale('2', [{ code: jamCase, quantity: '1' }]));
    expect(salesFloorQuantity(store.state, jam)).toBe(14);
  });

  test('moves nothing for training and cancelled receipts, or for retained messages', () => {
    const store = runningStore();
    const lines = [{ code: jam, quantity: '1' }];
    expect(store.outcome(sale('1', lines, { training: true }))).toEqual({ kind: 'unchanged' });
    expect(store.outcome(sale('2', lines, { cancelled: true }))).toEqual({ kind: 'unchanged' });
    const retained = sale('3', lines);
    if (retained.kind === 'sale') retained.delivery = { ...retained.delivery, retained: true };
    expect(store.outcome(retained)).toEqual({ kind: 'unchanged' });
    expect(salesFloorQuantity(store.state, jam)).toBe(20);
  });

  test('takes a void back onto the sales floor and a return into quarantine', () => {
    const store = runningStore();
    store.take(sale('1', [{ code: milk, quantity: '3' }]));
    expect(shelfQuantity(store.state, 'B1')).toBe(13);
    store.take(sale('1', [{ code: milk, quantity: '3', kind: 3 }]));
    expect(shelfQuantity(store.state, 'B1')).toBe(16);
    store.take(sale('2', [{ code: milk, quantity: '1', kind: 2 }]));
    expect(salesFloorQuantity(store.state, milk)).toBe(16);
    expect(balance(store.state.ledger, milk, quarantine)).toBe(1);
  });

  test('contradicts the record instead of going below zero', () => {
    const store = runningStore();
    const cases = store.cases(sale('1', [{ code: milk, quantity: '20' }]));
    expect(cases.slice(0, 2)).toEqual(['stockContradicted', 'itemsSold']);
    expect(salesFloorQuantity(store.state, milk)).toBe(0);
    expect(shelfQuantity(store.state, 'B1')).toBe(0);
    expect(slotCounts(store.state)).toEqual({ empty: 1, belowReorderPoint: 1 });
  });

  test('refuses receipts that are too old to tell from duplicates, or from the future', () => {
    const store = runningStore();
    const lines = [{ code: jam, quantity: '1' }];
    const cases: [businessDay: string, reason: string][] = [
      ['2026-11-19', 'receipt-too-old'],
      ['2026-11-25', 'day-ahead'],
      ['2026-02-30', 'bad-date'],
      ['yesterday', 'bad-date'],
    ];
    for (const [businessDay, reason] of cases) {
      const outcome = store.outcome(sale('9', lines, { businessDay }));
      expect(outcome).toMatchObject({ kind: 'refused', refusals: [{ reason }] });
    }
    expect(salesFloorQuantity(store.state, jam)).toBe(20);
  });
});

describe('refilling', () => {
  test('a slot that runs low gets one need and one task, met by doing it', () => {
    const store = runningStore();
    expect(store.cases(jarsReading(1, 4))).toEqual(['shelfObserved', 'needArose', 'taskCreated']);
    const task = nextTask(store.state);
    expect(task).toMatchObject({ slotId: 'A1', quantity: 8, fromPlaceId: 'B7', version: 1 });
    expect(task?.taskId).toMatch(/^t-01234567-[0-9]+$/);
    const taskId = task?.taskId ?? '';
    expect(store.outcome(action('anna', 1, { case: 'startTask', value: { taskId } }))).toEqual({
      kind: 'accepted',
      taskId,
    });
    const done = action('anna', 3, {
      case: 'completeTask',
      value: { taskId, quantity: pieces(8), scan: '4006381333931' },
    });
    expect(store.cases(done)).toEqual(['itemsPicked', 'itemsStocked', 'taskDone', 'needMet']);
    expect(shelfQuantity(store.state, 'A1')).toBe(12);
    expect(balance(store.state.ledger, jam, bin('B7'))).toBe(12);
    expect(store.state.tasksDoneToday).toBe(1);
    expect(store.outcome(done)).toEqual({ kind: 'duplicate' });
    expect(store.cases(jarsReading(2, 12))).toEqual(['shelfObserved']);
    expect(shelfQuantity(store.state, 'A1')).toBe(12);
  });

  test('a plate that sees the refill before it is reported does not count it twice', () => {
    const store = runningStore();
    store.take(jarsReading(1, 4));
    const taskId = nextTask(store.state)?.taskId ?? '';
    store.take(action('anna', 1, { case: 'startTask', value: { taskId } }));
    store.take(jarsReading(2, 12));
    expect(openTasks(store.state)).toHaveLength(1);
    store.take(action('anna', 3, { case: 'completeTask', value: { taskId, quantity: pieces(8) } }));
    expect(shelfQuantity(store.state, 'A1')).toBe(12);
  });

  test('a plate that sees goods go before the till sells them does not count them twice', () => {
    const store = runningStore();
    store.take(jarsReading(1, 10));
    store.take(sale('1', [{ code: jam, quantity: '2' }]));
    expect(shelfQuantity(store.state, 'A1')).toBe(10);
    expect(shelfQuantity(store.state, 'A2')).toBe(8);
    store.take(sale('2', [{ code: jam, quantity: '1' }]));
    expect(shelfQuantity(store.state, 'A2')).toBe(7);
  });

  test('a quantity swinging around the reorder point raises one need', () => {
    const store = runningStore();
    const cases = [4, 5, 4, 6, 3, 7, 4].flatMap((jars, index) =>
      store.cases(jarsReading(index + 1, jars)),
    );
    expect(cases.filter((name) => name === 'needArose')).toHaveLength(1);
    expect(cases.filter((name) => name === 'taskCreated')).toHaveLength(1);
    expect(store.cases(jarsReading(20, 8))).toEqual([
      'readingsMissed',
      'shelfObserved',
      'taskCancelled',
      'needMet',
    ]);
  });

  test('a need follows the slot while nobody has begun, and stands still in someone’s hands', () => {
    const store = runningStore();
    store.take(jarsReading(1, 4));
    expect(store.cases(jarsReading(2, 0))).toEqual([
      'shelfObserved',
      'shelfRanEmpty',
      'needChanged',
      'taskChanged',
    ]);
    const task = nextTask(store.state);
    expect(task).toMatchObject({ quantity: 12, urgencyPpm: 900_000 });
    const taskId = task?.taskId ?? '';
    // Quantity and urgency changed since version 1, its status did not: no conflict.
    store.take(action('anna', 1, { case: 'claimTask', value: { taskId } }));
    expect(store.cases(jarsReading(3, 12))).toEqual(['shelfObserved', 'shelfRecovered']);
    expect(store.cases(action('anna', 3, { case: 'releaseTask', value: { taskId } }))).toEqual([
      'taskReleased',
      'taskCancelled',
      'needMet',
    ]);
  });

  test('without backroom stock there is a need and no task, until stock is counted there', () => {
    const store = runningStore();
    const count = (quantity: number) => ({
      case: 'applyOpeningStock' as const,
      value: {
        lines: ['B7', 'B9'].map((placeId) => ({
          gtin: jam,
          account: { kind: AccountKind.BACKROOM_BIN, placeId },
          quantity: pieces(quantity),
        })),
      },
    });
    store.take(command(3, count(0)));
    expect(store.cases(jarsReading(1, 2))).toEqual(['shelfObserved', 'needArose']);
    expect(store.state.needs.get('A1')?.explanation).toBe(
      'Shelf has 2, refill starts at 4; 10 fill it to 12, the backroom has none.',
    );
    expect(store.cases(command(4, count(3)))).toContain('taskCreated');
    expect(nextTask(store.state)).toMatchObject({ quantity: 6 });
    expect(store.cases(command(5, count(0)))).toContain('taskCancelled');
  });

  test('a short refill does not send people to the same empty bin again', () => {
    const store = runningStore();
    store.take(jarsReading(1, 2));
    const taskId = nextTask(store.state)?.taskId ?? '';
    store.take(action('anna', 1, { case: 'startTask', value: { taskId } }));
    const short = { taskId, quantity: pieces(1) };
    expect(store.outcome(action('anna', 3, { case: 'completeTask', value: short }))).toMatchObject({
      refusals: [{ reason: 'short-reason-missing' }],
    });
    const value = { ...short, shortReason: 'bin is empty' };
    expect(store.cases(action('anna', 3, { case: 'completeTask', value }))).toEqual([
      'itemsPicked',
      'itemsStocked',
      'taskDoneShort',
      'needChanged',
    ]);
    store.take(jarsReading(2, 1));
    expect(openTasks(store.state)).toEqual([]);
    expect(store.state.needs.size).toBe(1);
    store.nowMs += 86_400_000;
    expect(store.cases(jarsReading(3, 2))).toContain('taskCreated');
  });

  test('goods that no bin had on record are contradicted, not refused', () => {
    const store = runningStore();
    store.take(
      command(3, {
        case: 'applyOpeningStock',
        value: {
          lines: ['B7', 'B9'].map((placeId) => ({
            gtin: jam,
            account: { kind: AccountKind.BACKROOM_BIN, placeId },
            quantity: pieces(2),
          })),
        },
      }),
    );
    store.take(jarsReading(1, 1));
    const taskId = nextTask(store.state)?.taskId ?? '';
    store.take(action('anna', 1, { case: 'startTask', value: { taskId } }));
    const value = { taskId, quantity: pieces(9) };
    expect(store.cases(action('anna', 3, { case: 'completeTask', value }))).toEqual([
      'itemsPicked',
      'itemsPicked',
      'stockContradicted',
      'itemsPicked',
      'itemsStocked',
      'taskDone',
      'needMet',
    ]);
    expect(backroomQuantity(store.state, jam)).toBe(0);
  });

  test('what staff report empty is counted as empty and most urgent', () => {
    const store = runningStore();
    const report = action('anna', 0, { case: 'reportEmpty', value: { slotId: 'B1' } });
    expect(store.cases(report)).toEqual([
      'itemsCounted',
      'shelfRanEmpty',
      'needArose',
      'taskCreated',
    ]);
    expect(store.state.needs.get('B1')?.reason).toBe(NeedReason.REPORTED_BY_STAFF);
    expect(salesFloorQuantity(store.state, milk)).toBe(0);
    expect(balance(store.state.ledger, milk, salesFloor)).toBe(0);
  });
});

describe('people', () => {
  test('only who is signed in acts, and only as the role allows', () => {
    const store = runningStore();
    const count = { case: 'countSlot', value: { slotId: 'A1', counted: pieces(3) } };
    expect(store.outcome(action('anna', 0, count))).toMatchObject({
      refusals: [{ reason: 'not-allowed', found: 'associate', expected: 'lead or manager' }],
    });
    expect(store.cases(action('lea', 0, count))).toContain('itemsCounted');
    store.take({ kind: 'sign-out', personRef: 'lea', sessionId: 'session-lea', reason: 'asked' });
    expect(store.outcome(action('lea', 0, count))).toMatchObject({
      refusals: [{ reason: 'not-signed-in' }],
    });
  });

  test('signs in only whom master data lists, and one person per kiosk', () => {
    const store = runningStore();
    const stranger = { ...signIn('eve'), sessionId: 's-eve' } as ReturnType<typeof signIn>;
    expect(store.outcome(stranger)).toMatchObject({ refusals: [{ reason: 'unknown-person' }] });
    expect(store.outcome(signIn('anna'))).toEqual({ kind: 'duplicate' });
    const second = { ...signIn('ben'), sessionId: 's-2', kioskId: 'kiosk-anna' };
    expect(store.cases(second as ReturnType<typeof signIn>)).toEqual([
      'staffSignedOut',
      'staffSignedIn',
    ]);
  });

  test('two people who take one task get one yes', () => {
    const store = runningStore();
    store.take(jarsReading(1, 4));
    const taskId = nextTask(store.state)?.taskId ?? '';
    const claim = { case: 'claimTask', value: { taskId } };
    expect(store.outcome(action('anna', 1, claim))).toEqual({ kind: 'accepted', taskId });
    expect(store.outcome(action('anna', 1, claim))).toEqual({ kind: 'unchanged' });
    expect(store.outcome(action('ben', 1, claim))).toMatchObject({
      refusals: [{ reason: 'task-taken' }],
    });
    const release = { case: 'releaseTask', value: { taskId } };
    expect(store.outcome(action('ben', 2, release))).toMatchObject({
      refusals: [{ reason: 'task-taken' }],
    });
    expect(store.cases(action('lea', 2, release))).toEqual(['taskReleased']);
    expect(store.outcome(action('ben', 1, claim))).toMatchObject({
      refusals: [{ reason: 'stale-version', expected: 'version 3' }],
    });
    const block = { case: 'blockTask', value: { taskId, reason: 'aisle closed' } };
    expect(store.cases(action('ben', 3, block))).toEqual(['taskBlocked']);
    expect(openTasks(store.state)[0]?.status).toBe(TaskStatus.BLOCKED);
  });

  test('a refill is refused with the wrong product, too much, or before it is taken', () => {
    const store = runningStore();
    store.take(jarsReading(1, 4));
    const taskId = nextTask(store.state)?.taskId ?? '';
    const complete = (value: object) =>
      action('anna', store.state.tasks.open.get(taskId)?.version ?? 1, {
        case: 'completeTask',
        value: { taskId, quantity: pieces(8), ...value },
      });
    const reasonOf = (value: object) => {
      const outcome = store.outcome(complete(value));
      return outcome.kind === 'refused' ? outcome.refusals[0]?.reason : outcome.kind;
    };
    expect(reasonOf({})).toBe('task-not-claimed');
    store.take(action('anna', 1, { case: 'startTask', value: { taskId } }));
    expect(reasonOf({ scan: '4000000000013' })).toBe('wrong-product');
    expect(reasonOf({ scan: 'nonsense' })).toBe('wrong-product');
    expect(reasonOf({ quantity: pieces(13) })).toBe('more-than-capacity');
    expect(reasonOf({ quantity: pieces(-1) })).toBe('out-of-range');
    expect(reasonOf({ quantity: quantityMessage(1, 'milligrams') })).toBe('wrong-unit');
    expect(reasonOf({ quantity: undefined })).toBe('missing-field');
    expect(reasonOf({ scan: `]C1${'01'}${jamCase}` })).toBe('accepted');
    expect(reasonOf({})).toBe('task-closed');
    expect(reasonOf({ taskId: 't-00000000-1' })).toBe('unknown-task');
  });
});

describe('devices', () => {
  test('an unknown device is registered once and refused until a manager approves it', () => {
    const store = runningStore();
    const scan = () =>
      reading({ deviceId: 'new-1', value: { case: 'scan', value: { text: '4006381333931' } } });
    const first = store.take(scan());
    expect(first.events.map((event) => event.payload.case)).toEqual(['deviceRegistered']);
    expect(first.outcome).toMatchObject({ refusals: [{ reason: 'device-pending' }] });
    expect(store.cases(scan())).toEqual([]);
    const approve = { case: 'approveDevice', value: { deviceId: 'new-1' } };
    expect(store.outcome(action('lea', 0, approve))).toMatchObject({ kind: 'refused' });
    expect(store.cases(action('max', 0, approve))).toEqual(['deviceApproved']);
    expect(store.outcome(scan())).toEqual({ kind: 'unchanged' });
    const block = { case: 'blockDevice', value: { deviceId: 'new-1', reason: 'odd' } };
    expect(store.cases(action('max', 0, block))).toEqual(['deviceBlocked']);
    expect(store.outcome(scan())).toMatchObject({ refusals: [{ reason: 'device-blocked' }] });
    const facts = deviceFacts(store.state).find(({ record }) => record.deviceId === 'new-1');
    expect(facts).toMatchObject({ kind: 'unconfigured', record: { standing: 'blocked' } });
  });

  test('notes that a device came and went, once each', () => {
    const store = runningStore();
    const online = (is: boolean) =>
      ({ kind: 'device-state', deviceId: 'plate-1', online: is, reason: 'last-will' }) as const;
    expect(store.cases(online(true))).toEqual(['deviceCameOnline']);
    expect(store.outcome(online(true))).toEqual({ kind: 'unchanged' });
    expect(store.cases(online(false))).toEqual(['deviceWentOffline']);
  });

  test('a timer fires once per due time', () => {
    const store = runningStore();
    const timer = (dueAtMs: number) => ({ kind: 'timer', purpose: 'tick', dueAtMs }) as const;
    expect(store.cases(timer(startMs))).toEqual(['timerFired']);
    expect(store.outcome(timer(startMs))).toEqual({ kind: 'duplicate' });
    expect(store.outcome(timer(startMs - 1))).toEqual({ kind: 'duplicate' });
    expect(store.outcome(timer(startMs + 86_400_000))).toMatchObject({ kind: 'refused' });
  });
});

test('every event names its cause, its actor and the next position of its lane', () => {
  const store = runningStore();
  store.take(jarsReading(1, 4));
  store.take(sale('1', [{ code: jam, quantity: '2' }]));
  const laneSequences = new Map<number, number>();
  store.log.forEach((event, index) => {
    expect(event.position).toBe(index + 1);
    const sequence = (laneSequences.get(event.lane) ?? 0) + 1;
    laneSequences.set(event.lane, sequence);
    expect(event.laneSequence).toBe(sequence);
    expect(event.causationInput).not.toBe('');
    expect(event.actor.id).not.toBe('');
  });
  const created = store.log.find((event) => event.payload.case === 'taskCreated');
  const arose = store.log.find((event) => event.payload.case === 'needArose');
  expect(created?.causationPosition).toBe(arose?.position);
  if (created?.payload.case === 'taskCreated') {
    expect(baseUnitsOf(created.payload.value.quantity)).toBe(8);
    expect(created.correlationId).toBe(created.payload.value.needId);
  }
});
