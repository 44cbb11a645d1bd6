/**
 * What the store knows of one product, for the look-up screen: each slot with what is believed to be
 * in it, each backroom bin by the ledger, and both sums. Slots need not add up to the sales floor's
 * figure: a till does not say from which slot it sold, so the ledger keeps one account for all.
 */
import { create } from '@bufbuild/protobuf';
import {
  type LookUpResponse,
  LookUpResponseSchema,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { findProduct } from '../catalogue/product-lookup.ts';
import type { State } from '../state.ts';
import {
  backroomBins,
  backroomQuantity,
  isShelfKnown,
  quantityOf,
  salesFloorQuantity,
  shelfQuantity,
} from '../views.ts';

/** Null when no listed product carries the code. `currentYear` resolves dates on labels. */
export function stockAnswer(
  state: Readonly<State>,
  text: string,
  currentYear: number,
  asOfPosition: number,
): LookUpResponse | null {
  const { catalogue } = state;
  const gtin = findProduct(catalogue, text, currentYear);
  const product = gtin === null ? undefined : catalogue.productByGtin.get(gtin);
  if (gtin === null || product === undefined) return null;
  const amount = (baseUnits: number) => quantityOf(state, gtin, baseUnits);
  const slots = (catalogue.slotsByGtin.get(gtin) ?? []).map((slot) => ({
    slotId: slot.slotId,
    slotName: catalogue.placeById.get(slot.fixturePlaceId)?.name ?? '',
    ...(isShelfKnown(state, slot.slotId) && {
      believed: amount(shelfQuantity(state, slot.slotId)),
    }),
    capacity: amount(slot.capacity),
    openTaskId: openTaskOf(state, slot.slotId),
  }));
  const bins = backroomBins(state, gtin).map(({ placeId, quantity }) => ({
    placeId,
    placeName: catalogue.placeById.get(placeId)?.name ?? '',
    onHand: amount(quantity),
  }));
  return create(LookUpResponseSchema, {
    gtin,
    productName: product.name,
    slots,
    bins,
    salesFloor: amount(salesFloorQuantity(state, gtin)),
    backroom: amount(backroomQuantity(state, gtin)),
    asOfPosition: BigInt(asOfPosition),
    casePackPieces: product.unitOfMeasure === 'piece' ? product.casePack : 0,
  });
}

function openTaskOf(state: Readonly<State>, slotId: string): string {
  for (const task of state.tasks.open.values()) if (task.slotId === slotId) return task.taskId;
  return '';
}
