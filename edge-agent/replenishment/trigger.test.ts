import { NeedReason } from '@stockhand/proto/events/v1alpha/replenishment_events_pb.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Slot } from '../catalogue/catalogue.ts';
import { indexCatalogue } from '../catalogue/catalogue.ts';
import { catalogueFactsOf } from '../catalogue/master-data.ts';
import { sampleMasterData } from '../sample-store.ts';
import type { SlotOutlook } from './stockout-outlook.ts';
import { explainNeed, judgeSlot, recoveryLevel } from './trigger.ts';

const sample = indexCatalogue(catalogueFactsOf(sampleMasterData())).slotById.get('A1');
if (sample === undefined) throw new Error('the sample store has no slot A1');
const slot: Slot = sample;

const calm: SlotOutlook = {
  pEmptyPpm: 0,
  pEmptySoonPpm: 0,
  shortMilliUnits: 0,
  wantedMilliUnits: 0,
};

function judge(onShelf: number, hasOpenNeed = false, isReported = false, at: Slot = slot) {
  return judgeSlot({ slot: at, onShelf, inBackroom: 30, isReported, hasOpenNeed, outlook: calm });
}

describe('a slot with par 12, reorder point 4, presentation minimum 2', () => {
  test.each([
    [12, false, 'enough'],
    [5, false, 'enough'],
    [4, false, 8],
    [0, false, 12],
    [5, true, 7],
    [7, true, 5],
    [8, true, 'enough'],
    [13, true, 'enough'],
  ])('with %d on the shelf, need open: %s', (onShelf, hasOpenNeed, expected) => {
    const verdict = judge(onShelf, hasOpenNeed);
    expect(verdict.kind === 'needed' ? verdict.wanted : verdict.kind).toBe(expected);
  });

  test.each([
    [4, false, NeedReason.BELOW_REORDER_POINT, 200_000],
    [3, false, NeedReason.BELOW_REORDER_POINT, 400_000],
    [2, false, NeedReason.BELOW_REORDER_POINT, 600_000],
    [1, false, NeedReason.BELOW_PRESENTATION_MINIMUM, 750_000],
    [0, false, NeedReason.EMPTY, 900_000],
    [0, true, NeedReason.REPORTED_BY_STAFF, 950_000],
  ])(
    'with %d on the shelf, reported: %s, the urgency says how bad',
    (onShelf, isReported, reason, urgencyPpm) => {
      expect(judge(onShelf, false, isReported)).toMatchObject({ reason, urgencyPpm });
    },
  );

  test('explains itself in one sentence', () => {
    const situation = {
      slot,
      onShelf: 2,
      inBackroom: 30,
      isReported: false,
      hasOpenNeed: false,
      outlook: calm,
    };
    expect(explainNeed(situation, 10, 'pieces')).toBe(
      'Shelf has 2, refill starts at 4; 10 fill it to 12, the backroom has 30.',
    );
  });
});

test('for any slot: emptier is never less urgent, and a met need does not arise again at once', () => {
  const levels = fc
    .tuple(fc.nat(30), fc.nat(30), fc.nat(30), fc.nat(30))
    .map((list) => list.sort((one, other) => one - other))
    .filter(([, , par = 0]) => par > 0);
  fc.assert(
    fc.property(levels, ([presentationMinimum = 0, reorderPoint = 0, par = 1, capacity = 1]) => {
      const any = { ...slot, presentationMinimum, reorderPoint, par, capacity };
      let before = Number.POSITIVE_INFINITY;
      for (let onShelf = 0; onShelf <= capacity; onShelf += 1) {
        const verdict = judge(onShelf, true, false, any);
        const urgency = verdict.kind === 'needed' ? verdict.urgencyPpm : 0;
        expect(urgency).toBeLessThanOrEqual(before);
        expect(urgency).toBeLessThanOrEqual(1_000_000);
        before = urgency;
        if (verdict.kind === 'enough')
          expect(judge(onShelf, false, false, any).kind).toBe('enough');
      }
      expect(judge(recoveryLevel(any), true, false, any).kind).toBe('enough');
      expect(judge(0, false, false, any).kind).toBe('needed');
    }),
  );
});
