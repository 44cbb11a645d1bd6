/**
 * What is believed of one slot: a discrete Bayes filter over its true quantity.
 *
 * Between two signals the truth moves by process steps, each with what may go unseen: a sale takes a
 * unit (and in a few of a thousand a second one leaves unpaid), a refill brings its pieces (and in a few of
 * a thousand a case lands in the wrong slot). A sensor, a count, a person's look, the room that a refill found
 * and the hours of the till are observations: they weigh each quantity by how well it explains them.
 *
 * Before a sensor's word the slot may have changed without anybody telling: shoppers have goods in their
 * baskets, and a share of the belief is spread over all quantities, so that a reading can take it anywhere. Evidence of one sensor is not
 * independent: it says the same again and again, so its readings count only when they change (the
 * dead-band), and a sensor that the till contradicts is distrusted (see witnesses.ts).
 *
 * Example: capacity 12, after a count of 10 and five sales: 5 with 0.92, 4 with 0.05. Six silent hours in
 * which four sales were expected: empty with 0.4 although the record says 5 - look there.
 */
import {
  blended,
  cellOf,
  type Distribution,
  settleOn,
  shifted,
  unknownUpTo,
  weigh,
} from './distribution.ts';
import type { Likelihood } from './observation-model.ts';

/** Units that leave unpaid or unscanned beside each one sold. */
export const unseenLossPerSale = 0.008;
/** Cases that are put on a wrong slot. */
const misplacedCaseShare = 0.003;
/**
 * Of these, the ones still missing when it matters: whoever works at the slot where they lie puts them back. In
 * store S (seeds 21 to 28 of `normal`, 37 cases) half were back within 13 hours, three in four within 22, and
 * 4 slots had run empty before.
 */
const stillMissingShare = 0.3;
/** Counts that are off by one. */
export const countErrorShare = 0.02;
/** Counts of another slot, or of goods that were moved meanwhile: they say nothing. */
const blunderShare = 0.005;
/** Looks that are wrong: an empty slot taken for stocked, or the other way round. */
export const lookErrorShare = 0.01;
/** Chance, for each piece more than a refilled slot seems to have room for, that it was in a basket. */
const beyondRoomShare = 0.3;
/** Chance that a till names a product of which none was in the slot. */
export const wrongScanShare = 0.01;
/**
 * Of buyers that find a slot empty, those who look in another slot of the product: a guess, for which no
 * study was found; all would make silence tell nothing of one of two slots, none would make it the only one.
 */
const otherSlotFoundShare = 0.5;
/** Shape of the gamma that the demand of a single hour is believed to have: hours differ more than days. */
const hourShape = 3;
/** Share of the belief that may have moved anywhere before a sensor speaks. */
const movedUnseenShare = 0.05;

/** A slot of which nothing is known yet. */
export function unknownSlot(capacity: number): Distribution {
  return unknownUpTo(capacity);
}

/**
 * Units left through the till. `share` is the chance that they came from this slot and not from another
 * of the product; the sale itself proves that something was there.
 */
export function believeSold(belief: Distribution, quantity: number, share: number): void {
  if (quantity <= 0 || share <= 0) return;
  const before = [...belief.cells];
  weigh(belief.cells, (cell) => (cell > 0 ? 1 : wrongScanShare));
  const by = wholeCells(belief, quantity);
  const loss = Math.min(0.5, unseenLossPerSale * by);
  const after = blended(shifted(belief.cells, -by), shifted(belief.cells, -by - 1), 1 - loss);
  belief.cells = share >= 1 ? after : blended(after, before, share);
}

/** Units stayed in or came back to the slot. */
export function believeReturned(belief: Distribution, quantity: number): void {
  belief.cells = shifted(belief.cells, wholeCells(belief, quantity));
}

/** A person placed so many; `casePack` is what a misplaced case would lack. */
export function believeStocked(belief: Distribution, quantity: number, casePack: number): void {
  believeRoomFor(belief, quantity);
  believePlaced(belief, quantity, casePack);
}

/** It had room for what was placed; what seems too much was in baskets, of which the till has not told. */
export function believeRoomFor(belief: Distribution, quantity: number): void {
  const room = belief.cells.length - 1 - wholeCells(belief, quantity);
  if (room < 0) return;
  weigh(belief.cells, (cell) => beyondRoomShare ** Math.max(0, cell - room));
}

/** The goods themselves, and the case that may have gone elsewhere. */
export function believePlaced(belief: Distribution, quantity: number, casePack: number): void {
  const by = wholeCells(belief, quantity);
  const cases = Math.max(1, Math.ceil(quantity / Math.max(1, casePack)));
  const lost = Math.min(by, Math.max(1, wholeCells(belief, casePack)));
  const share = Math.min(0.5, misplacedCaseShare * stillMissingShare * cases);
  belief.cells = blended(shifted(belief.cells, by), shifted(belief.cells, by - lost), 1 - share);
}

/** A person counted. */
export function believeCounted(belief: Distribution, quantity: number): void {
  settleOn(belief, quantity, quantity === 0 ? lookErrorShare : countErrorShare);
  const even = blunderShare / belief.cells.length;
  belief.cells = belief.cells.map((chance) => (1 - blunderShare) * chance + even);
}

/** A person looked and saw nothing, or something. */
export function believeLooked(belief: Distribution, isEmpty: boolean): void {
  const [right, wrong] = [1 - lookErrorShare, lookErrorShare];
  weigh(belief.cells, (cell) => ((cell === 0) === isEmpty ? right : wrong));
}

/**
 * A sensor spoke. `basketShare` is the chance that shoppers took something since its last word which no
 * till has told yet: one piece in half of these cases, two in a quarter, and so on.
 */
export function believeObserved(
  belief: Distribution,
  likelihood: Likelihood,
  basketShare = 0,
): void {
  const { cells } = belief;
  const even = movedUnseenShare / cells.length;
  const kept = 1 - movedUnseenShare - basketShare;
  let taken = 0;
  for (let cell = cells.length - 1; cell >= 0; cell -= 1) {
    const chance = cells[cell] ?? 0;
    // What would have been taken below an empty slot stays in it.
    const basket = cell === 0 ? 2 * taken : taken;
    cells[cell] = kept * chance + basketShare * basket + even;
    taken = (taken + chance) / 2;
  }
  weigh(cells, (cell) => likelihood(cell * belief.unit));
}

/** What an ended hour says of one slot of a product; demand in pieces or purchases. */
export interface HourOfSales {
  /** Of the whole product, while all its slots have goods. */
  expected: number;
  sold: number;
  /** Of the buyers of the product, those that go to this slot first: 1 for the only one. */
  ownShare: number;
  /** Chance that no other slot of the product had goods: 1 for the only one. */
  othersEmpty: number;
}

/**
 * An hour ended. Of an empty slot nothing is sold: silence speaks for it, more the more was expected. While
 * other slots of the product have goods it only sells less: who goes there first buys on, and of the rest
 * a part (`otherSlotFoundShare`) finds the way. Hours in which it sold are weighed as well then, for if only the
 * silent ones were, a slot from which nobody takes would seem emptier from day to day. (Of the only slot
 * each sale itself has told more.)
 *
 * The count of an hour is negative binomial: Poisson, with a demand that is gamma around what is expected.
 */
export function believeHour(
  belief: Distribution,
  { expected, sold, ownShare, othersEmpty }: HourOfSales,
): void {
  if (expected <= 0 || (sold > 0 && othersEmpty >= 1)) return;
  const sellingShare = 1 - ownShare * (1 - otherSlotFoundShare);
  const ifStocked = (hourShape / (hourShape + expected)) ** hourShape;
  // Up to the same factor, which the quantity has no part in.
  const lessExpected = expected * sellingShare;
  const ifOthersSell =
    (hourShape / (hourShape + lessExpected)) ** hourShape *
    (sellingShare * ((hourShape + expected) / (hourShape + lessExpected))) ** sold;
  // That no slot had any is as good as ruled out by a sale, and the sale has said so (slot-split.ts).
  const ifEmpty = sold > 0 ? ifOthersSell : othersEmpty + (1 - othersEmpty) * ifOthersSell;
  weigh(belief.cells, (cell) => (cell === 0 ? ifEmpty : ifStocked));
}

function wholeCells(belief: Distribution, quantity: number): number {
  return Math.max(1, Math.round(quantity / belief.unit));
}

/** The belief moved to another capacity, when the planogram changes. */
export function resized(belief: Distribution, capacity: number): Distribution {
  const fresh = unknownUpTo(capacity);
  fresh.cells.fill(0);
  belief.cells.forEach((chance, cell) => {
    const to = cellOf(fresh, cell * belief.unit);
    fresh.cells[to] = (fresh.cells[to] ?? 0) + chance;
  });
  return fresh;
}
