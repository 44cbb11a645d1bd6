import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { MoneySchema } from '@stockhand/proto/quantity/v1alpha/quantity_pb.js';
import { baseUnitsOf, quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { openApprovalsLimit } from '../approvals/approval.ts';
import {
  action,
  command,
  jam,
  masterDataCommand,
  milk,
  runningStore,
  type SampleStore,
  sampleMasterData,
} from '../sample-store.ts';
import { openExceptions } from '../views.ts';
import { upliftPpmAt } from './promotion.ts';

const pieces = (count: number) => quantityMessage(count, 'pieces');
const hourMs = 3_600_000;
let store: SampleStore;

function begin(marginMinorUnits: bigint, substitutes: string[] = []): void {
  store = runningStore();
  const masterData = sampleMasterData('2026-11-23T07:00:00Z/2');
  for (const product of masterData.products) {
    if (product.gtin !== jam) continue;
    product.margin = create(MoneySchema, { minorUnits: marginMinorUnits, currency: 'EUR' });
    product.substitutes = substitutes;
  }
  store.take(masterDataCommand(3, masterData));
  for (const placeId of ['B7', 'B9']) {
    const value = { placeId, gtin: jam, counted: pieces(0) };
    store.take(action('lea', 0, { case: 'countBin', value }));
  }
}

const empty = (slotId: string) => action('anna', 0, { case: 'reportEmpty', value: { slotId } });
const proposed = () =>
  store.log.flatMap(({ payload }) => (payload.case === 'orderProposed' ? [payload.value] : []));

beforeEach(() => begin(90n));

describe('an empty shelf with an empty backroom', () => {
  test('proposes an order in whole cases, once, and asks a lead', () => {
    expect(store.cases(empty('A1'))).toEqual([
      'itemsCounted',
      'shelfRanEmpty',
      'needArose',
      'orderProposed',
      'approvalRequested',
      'exceptionRaised',
      'recordDoubted',
    ]);
    const [order] = proposed();
    const quantity = baseUnitsOf(order?.quantity);
    expect(quantity).toBeGreaterThan(0);
    expect(quantity % 6).toBe(0);
    expect(order).toMatchObject({ gtin: jam, kind: 'emergency', slotId: 'A1' });
    expect(openExceptions(store.state).some(({ type }) => type === 'approval-needed')).toBe(true);
    store.take(empty('A2'));
    expect(proposed()).toHaveLength(1);
    const [approval] = store.state.approvals.open.values();
    const value = { approvalId: approval?.approvalId, granted: true, reason: 'weekend' };
    expect(store.outcome(action('lea', 0, { case: 'decideApproval', value }))).toEqual({
      kind: 'accepted',
    });
  });

  test('proposes nothing while a thousand approvals wait', () => {
    const { open } = store.state.approvals;
    store.take(
      action('anna', 0, {
        case: 'countBin',
        value: { placeId: 'B7', gtin: jam, counted: pieces(900) },
      }),
    );
    const [example] = open.values();
    if (example === undefined) throw new Error('an approval expected');
    for (let index = open.size; index < openApprovalsLimit; index += 1) {
      open.set(`old-${index}`, { ...example, approvalId: `old-${index}` });
    }
    store.take(empty('A1'));
    expect(proposed()).toEqual([]);
    // A person's count is never turned away: it would be lost.
    const value = { placeId: 'B9', gtin: jam, counted: pieces(900) };
    const count = action('anna', 0, { case: 'countBin', value });
    expect(store.cases(count)).toContain('approvalRequested');
  });

  test('proposes nothing that is not worth an order', () => {
    begin(2n);
    store.take(empty('A1'));
    expect(proposed()).toEqual([]);
  });

  test('proposes nothing that a delivery brings within a day', () => {
    const lines = [{ line: 1, gtin: jam, quantity: pieces(12) }];
    const expectedAt = timestampFromMs(store.nowMs + 5 * hourMs);
    const value = { deliveryId: 'D1', noticeVersion: 1, expectedAt, lines };
    store.take(command(4, { case: 'announceDelivery', value }));
    store.take(empty('A1'));
    expect(proposed()).toEqual([]);
  });

  test('waits no day longer for a delivery that did not come', () => {
    const lines = [{ line: 1, gtin: jam, quantity: pieces(12) }];
    const expectedAt = timestampFromMs(store.nowMs - 13 * hourMs);
    const value = { deliveryId: 'D1', noticeVersion: 1, expectedAt, lines };
    store.take(command(4, { case: 'announceDelivery', value }));
    store.take(empty('A1'));
    expect(proposed()).toHaveLength(1);
  });

  test('proposes what may stand in its place', () => {
    begin(90n, [milk]);
    expect(store.cases(empty('A1'))).toContain('substitutionProposed');
    const [one] = store.state.proposals.substitutions.values();
    expect(one).toMatchObject({ gtin: jam, candidateGtins: [milk], slotId: 'A1' });
    const value = { gtin: jam, quantity: pieces(12), toPlaceId: 'B7' };
    store.take(action('anna', 0, { case: 'putAway', value }));
    const counted = { slotId: 'A1', counted: pieces(12) };
    store.take(action('lea', 0, { case: 'countSlot', value: counted }));
    expect(store.state.needs.has('A1')).toBe(false);
    expect(store.state.proposals.substitutions.size).toBe(0);
  });
});

describe('a promotion', () => {
  const announce = (sequence: number, more: object) =>
    command(sequence, {
      case: 'announcePromotion',
      value: {
        promotionId: 'P1',
        gtins: [jam],
        startsAt: timestampFromMs(store.nowMs + hourMs),
        endsAt: timestampFromMs(store.nowMs + 3 * hourMs),
        upliftPpm: 3_000_000,
        ...more,
      },
    });

  test('is known from its start to its end', () => {
    const startMs = store.nowMs;
    expect(store.outcome(announce(4, {}))).toEqual({ kind: 'accepted' });
    const cases: [hours: number, ppm: number][] = [
      [0, 0],
      [2, 3_000_000],
      [3, 0],
    ];
    for (const [hours, ppm] of cases) {
      expect(upliftPpmAt(store.state, jam, startMs + hours * hourMs)).toBe(ppm);
    }
    expect(upliftPpmAt(store.state, milk, startMs + 2 * hourMs)).toBe(0);
  });

  test('keeps its known products, and is refused when it makes no sense', () => {
    expect(store.outcome(announce(4, { gtins: ['96385074', milk] }))).toMatchObject({
      refusals: [{ reason: 'unknown-product', field: 'gtins[0]' }],
    });
    expect(store.state.proposals.promotions.get('P1')?.gtins).toEqual([milk]);
    const senseless: [more: object, field: string][] = [
      [{ promotionId: 'P 1' }, 'promotionId'],
      [{ endsAt: timestampFromMs(0) }, 'endsAt'],
      [{ upliftPpm: 90_000_000 }, 'upliftPpm'],
      [{ gtins: [] }, 'gtins'],
      [{ startsAt: undefined }, 'startsAt'],
    ];
    senseless.forEach(([more, field], index) => {
      expect(store.outcome(announce(5 + index, more)), field).toMatchObject({
        refusals: [{ field }],
      });
    });
  });
});
