import { create } from '@bufbuild/protobuf';
import { MoneySchema } from '@stockhand/proto/quantity/v1alpha/quantity_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  action,
  command,
  jam,
  masterDataCommand,
  runningStore,
  type SampleStore,
  sampleMasterData,
} from '../sample-store.ts';
import { balance, bin } from '../stock/ledger.ts';
import { openExceptions } from '../views.ts';
import { approvalMs, roleFor, roleLimits } from './approval.ts';

const pieces = (count: number) => quantityMessage(count, 'pieces');
let store: SampleStore;

/** Jam at 49.00: six jars are above an associate's limit of 250.00, 21 above a lead's of 1,000.00. */
beforeEach(() => {
  store = runningStore();
  const masterData = sampleMasterData('2026-11-23T07:00:00Z/2');
  for (const product of masterData.products) {
    if (product.gtin === jam)
      product.price = create(MoneySchema, { minorUnits: 4_900n, currency: 'EUR' });
  }
  store.take(masterDataCommand(3, masterData));
});

const count = (person: string, counted: number) =>
  action(person, 0, {
    case: 'countBin',
    value: { placeId: 'B7', gtin: jam, counted: pieces(counted) },
  });
const waiting = () => [...store.state.approvals.open.values()];
const decide = (person: string, granted = true, reason = 'seen it') =>
  action(person, 0, {
    case: 'decideApproval',
    value: { approvalId: waiting()[0]?.approvalId ?? '', granted, reason },
  });
const inBin = () => balance(store.state.ledger, jam, bin('B7'));

test('the least role is asked whose limits hold, for one decision and for the day', () => {
  const cases = [
    { value: 25_000, today: {}, role: 'associate' },
    { value: 25_001, today: {}, role: 'lead' },
    { value: 100_001, today: {}, role: 'manager' },
    { value: 500_001, today: {}, role: 'hq' },
    { value: 1_000, today: { associate: 249_500 }, role: 'lead' },
    { value: 1_000, today: { associate: 250_000, lead: 1_000_000 }, role: 'manager' },
  ];
  for (const { value, today, role } of cases) {
    // The keys are roles as the table has them.
    const moved = new Map(Object.entries(today)) as Parameters<typeof roleFor>[1];
    expect(roleFor(value, moved), `${value}`).toBe(role);
  }
  expect(roleLimits.has('hq')).toBe(false);
});

describe('a count that moves much value', () => {
  test('waits, is granted by somebody else, and then is the record', () => {
    expect(store.cases(count('anna', 10))).toEqual(['approvalRequested', 'exceptionRaised']);
    expect(inBin()).toBe(20);
    expect(openExceptions(store.state)[0]).toMatchObject({
      type: 'approval-needed',
      ownerRole: 'lead',
      evidence: 'Jam at B7: counted 10, the record says 20.',
    });
    expect(store.cases(count('anna', 10))).toEqual([]);
    expect(store.outcome(decide('ben'))).toMatchObject({ refusals: [{ reason: 'not-allowed' }] });
    const granted = decide('lea');
    // What one bin lacks may lie in the other.
    expect(store.cases(granted)).toEqual([
      'approvalGranted',
      'exceptionResolved',
      'itemsCounted',
      'recordDoubted',
    ]);
    expect(inBin()).toBe(10);
    expect(store.outcome(granted)).toEqual({ kind: 'duplicate' });
    expect(openExceptions(store.state)).toEqual([]);
  });

  test('is decided once: who comes second is told', () => {
    store.take(count('anna', 10));
    const first = decide('lea');
    const second = decide('max', false);
    store.take(first);
    expect(store.outcome(second)).toMatchObject({ refusals: [{ reason: 'already-answered' }] });
    const approvalId = 'a-01234567-1';
    const unknown = { case: 'decideApproval', value: { approvalId, granted: true } };
    expect(store.outcome(action('lea', 0, unknown))).toMatchObject({
      refusals: [{ reason: 'unknown-approval' }],
    });
  });

  test('is not decided by who asked, however high', () => {
    store.take(count('lea', 41));
    expect(waiting()[0]?.requiredRole).toBe('manager');
    expect(store.outcome(decide('lea'))).toMatchObject({ refusals: [{ reason: 'not-allowed' }] });
    store.take(count('max', 160));
    const [, byManager] = waiting();
    expect(byManager).toBeUndefined();
    expect(waiting()[0]).toMatchObject({ requestedBy: 'max', requiredRole: 'hq' });
    expect(store.outcome(decide('max'))).toMatchObject({ refusals: [{ reason: 'not-allowed' }] });
  });

  test('is refused with a reason only, and changes nothing', () => {
    store.take(count('anna', 10));
    expect(store.outcome(decide('lea', false, ' '))).toMatchObject({
      refusals: [{ reason: 'missing-field' }],
    });
    expect(store.cases(decide('lea', false))).toEqual(['approvalRefused', 'exceptionResolved']);
    expect(inBin()).toBe(20);
  });

  test('is decided by HQ, too', () => {
    store.take(count('max', 160));
    const approvalId = waiting()[0]?.approvalId ?? '';
    const value = { approvalId, granted: true, reason: 'audited' };
    expect(store.outcome(command(4, { case: 'answerApproval', value }))).toEqual({
      kind: 'accepted',
    });
    expect(inBin()).toBe(160);
    expect(store.outcome(command(5, { case: 'answerApproval', value }))).toMatchObject({
      refusals: [{ reason: 'already-answered' }],
    });
  });

  test('expires when nobody decides', () => {
    store.take(count('anna', 10));
    const late = decide('lea');
    store.nowMs += approvalMs;
    const tick = { kind: 'timer', purpose: 'minute', dueAtMs: store.nowMs } as const;
    expect(store.cases(tick)).toEqual(['timerFired', 'approvalExpired', 'exceptionResolved']);
    expect(store.outcome(late)).toMatchObject({ refusals: [{ reason: 'already-answered' }] });
    expect(inBin()).toBe(20);
  });

  test('in small steps ends at the budget of the day', () => {
    let jars = 20;
    let steps = 0;
    while (waiting().length === 0 && steps < 30) {
      jars = jars === 20 ? 16 : 20;
      store.take(count('anna', jars));
      steps += 1;
    }
    // Twelve steps of four jars are 2,352.00; the thirteenth would be above 2,500.00.
    expect(steps).toBe(13);
    store.nowMs += 24 * 3_600_000;
    store.take({ kind: 'timer', purpose: 'minute', dueAtMs: store.nowMs });
    store.take(count('anna', inBin() === 20 ? 16 : 20));
    expect(waiting()).toEqual([]);
  });

  test('in small steps ends at the own budget of a lead, too', () => {
    let jars = 20;
    let steps = 0;
    while (waiting().length === 0 && steps < 100) {
      jars = jars === 20 ? 16 : 20;
      store.take(count('lea', jars));
      steps += 1;
    }
    // 51 steps of 196.00 are 9,996.00; the next would be above 10,000.00, and is a manager's.
    expect(steps).toBe(52);
    expect(waiting()[0]?.requiredRole).toBe('manager');
  });

  test('is not granted after its time, though no minute has passed it yet', () => {
    store.take(count('anna', 10));
    const late = decide('lea');
    store.nowMs += approvalMs;
    expect(store.outcome(late)).toMatchObject({ refusals: [{ reason: 'already-answered' }] });
    expect(inBin()).toBe(20);
  });

  test('leaves what went since it was counted', () => {
    store.take(count('anna', 10));
    const away = {
      gtin: jam,
      quantity: pieces(4),
      fromPlaceId: 'B7',
      toPlaceId: 'B9',
      reason: 'room',
    };
    store.take(action('anna', 0, { case: 'moveGoods', value: away }));
    expect(inBin()).toBe(16);
    store.take(decide('lea'));
    // Ten were there, and four of them went: six, and not ten again.
    expect(inBin()).toBe(6);
  });

  test('gives way to a later count that needs nobody', () => {
    store.take(count('anna', 10));
    const stale = decide('lea');
    expect(store.cases(count('anna', 19))).toContain('approvalExpired');
    expect(store.outcome(stale)).toMatchObject({ refusals: [{ reason: 'already-answered' }] });
    expect(inBin()).toBe(19);
  });

  test('gives way to a shelf that is reported empty', () => {
    const value = { slotId: 'A1', counted: pieces(48) };
    store.take(action('lea', 0, { case: 'countSlot', value }));
    expect(waiting()).toHaveLength(1);
    store.take(action('anna', 0, { case: 'reportEmpty', value: { slotId: 'A1' } }));
    expect(waiting()).toEqual([]);
  });
});

test('who grants spends the own budget, and not more of it', () => {
  const request = (counted: number) => store.take(count('anna', counted));
  let granted = 0;
  for (let round = 0; round < 20 && granted < 20; round += 1) {
    // Sixteen jars are 784.00.
    request(inBin() === 20 ? 4 : 20);
    const [approval] = waiting();
    if (approval?.requiredRole !== 'lead') break;
    store.take(decide('lea'));
    granted += 1;
  }
  expect(granted).toBe(12);
  expect(waiting()[0]?.requiredRole).toBe('manager');
});

test('what was asked of a lead is a manager’s when the lead’s budget is spent by then', () => {
  store.take(count('anna', 10));
  store.state.approvals.movedToday.set('lead', 990_000);
  expect(store.outcome(decide('lea'))).toMatchObject({ refusals: [{ reason: 'not-allowed' }] });
  expect(store.outcome(decide('max'))).toEqual({ kind: 'accepted' });
});
