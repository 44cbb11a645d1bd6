import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { MoneySchema } from '@stockhand/proto/quantity/v1alpha/quantity_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { beforeEach, expect, test } from 'vitest';
import { apply, createState, serializeState } from '../agent.ts';
import {
  action,
  command,
  jam,
  masterDataCommand,
  runningStore,
  type SampleStore,
  sampleMasterData,
} from '../sample-store.ts';

let store: SampleStore;
let sequence = 3;

/** Jam is out, an order is proposed and waits for a lead. */
beforeEach(() => {
  store = runningStore();
  const masterData = sampleMasterData('2026-11-23T07:00:00Z/2');
  for (const product of masterData.products) {
    if (product.gtin !== jam) continue;
    product.margin = create(MoneySchema, { minorUnits: 90n, currency: 'EUR' });
  }
  store.take(masterDataCommand(3, masterData));
  sequence = 3;
  const none = quantityMessage(0, 'pieces');
  for (const placeId of ['B7', 'B9']) {
    const value = { placeId, gtin: jam, counted: none };
    store.take(action('lea', 0, { case: 'countBin', value }));
  }
  store.take(action('anna', 0, { case: 'reportEmpty', value: { slotId: 'A1' } }));
});

const decide = (granted: boolean) => {
  const [approval] = store.state.approvals.open.values();
  const value = { approvalId: approval?.approvalId ?? '', granted, reason: 'weekend' };
  return action('lea', 0, { case: 'decideApproval', value });
};
const placed = () => [...store.state.proposals.placed.values()];
const answer = (more: object) => {
  sequence += 1;
  const value = { proposalId: placed()[0]?.proposalId ?? '', ...more };
  return command(sequence, { case: 'answerOrder', value });
};

test('an order goes to HQ when it is granted, under the key of its proposal', () => {
  expect(placed()).toEqual([]);
  expect(store.cases(decide(true))).toEqual([
    'approvalGranted',
    'exceptionResolved',
    'orderPlaced',
  ]);
  const { proposalId, quantity } = store.state.proposals.orders.get(jam) ?? {};
  expect(placed()).toMatchObject([{ proposalId, quantity, kind: 'emergency', status: 'placed' }]);
  const requested = store.log.find(({ payload }) => payload.case === 'approvalRequested');
  expect(requested?.payload.value).toMatchObject({
    rule: 'approval.required',
    policyVersion: 'built-in-1',
  });
});

test('an order is charged to the day’s budget of who grants it', () => {
  const [approval] = store.state.approvals.open.values();
  const before = store.state.approvals.movedToday.get('lead') ?? 0;
  store.take(decide(true));
  const worth = approval?.valueMinorUnits ?? 0;
  expect(worth).toBeGreaterThan(0);
  expect(store.state.approvals.movedToday.get('lead')).toBe(before + worth);
});

test('an order that is refused goes nowhere', () => {
  expect(store.cases(decide(false))).toEqual(['approvalRefused', 'exceptionResolved']);
  expect(placed()).toEqual([]);
});

test('HQ’s first answer holds; the same again changes nothing, another is refused', () => {
  store.take(decide(true));
  const expectedAtMs = store.nowMs + 3_600_000;
  const expectedAt = timestampFromMs(expectedAtMs);
  const accepted = { accepted: true, orderNumber: 'PO-4711', expectedAt };
  expect(store.cases(answer(accepted))).toEqual(['orderAnswered', 'commandApplied']);
  expect(placed()[0]).toMatchObject({
    status: 'accepted',
    orderNumber: 'PO-4711',
    expectedAtMs,
  });
  expect(store.cases(answer(accepted))).toEqual(['commandApplied']);
  expect(store.outcome(answer({ accepted: false, reason: 'none left' }))).toMatchObject({
    refusals: [{ reason: 'already-answered' }],
  });
  expect(placed()[0]?.status).toBe('accepted');
});

test('what was ordered is not ordered again while it is on its way', () => {
  const proposals = () =>
    store.log.filter(({ payload }) => payload.case === 'orderProposed').length;
  const emptyAgain = () => {
    for (const counted of [12, 0]) {
      const value = { slotId: 'A1', counted: quantityMessage(counted, 'pieces') };
      store.take(action('lea', 0, { case: 'countSlot', value }));
    }
  };
  const dayMs = 24 * 3_600_000;
  store.take(decide(true));
  // HQ is out of reach; its answer names the day after tomorrow.
  store.nowMs += dayMs + 60_000;
  emptyAgain();
  expect(proposals()).toBe(1);
  const expectedAt = timestampFromMs(store.nowMs + 2 * dayMs);
  store.take(answer({ accepted: true, orderNumber: 'PO-4711', expectedAt }));
  store.nowMs += dayMs + 60_000;
  emptyAgain();
  expect(proposals()).toBe(1);
  store.nowMs += 2 * dayMs;
  emptyAgain();
  expect(proposals()).toBe(2);
});

test('an answer without its number or reason, or to no order, is refused', () => {
  store.take(decide(true));
  expect(store.outcome(answer({ accepted: true }))).toMatchObject({
    refusals: [{ reason: 'bad-field', field: 'orderNumber' }],
  });
  expect(store.outcome(answer({ accepted: false, reason: ' ' }))).toMatchObject({
    refusals: [{ field: 'reason' }],
  });
  expect(store.outcome(answer({ proposalId: 'o-1', accepted: true }))).toMatchObject({
    refusals: [{ reason: 'unknown-order' }],
  });
  expect(placed()[0]?.status).toBe('placed');
});

test('replay of the log gives the same orders', () => {
  store.take(decide(true));
  store.take(answer({ accepted: false, reason: 'the warehouse has none' }));
  const { storeGln, epoch } = store.state;
  const again = createState({ storeGln, epoch });
  for (const event of store.log) apply(again, event);
  expect(serializeState(again)).toEqual(serializeState(store.state));
});
