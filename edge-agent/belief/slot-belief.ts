/**
 * What is believed of one slot: a discrete Bayes filter over its true quantity.
 *
 * Between two signals the truth moves by process steps, each with what may go unseen: a sale takes a
 * unit (and in a few of a thousand a second one leaves unpaid), a refill brings its pieces (and in a few of
 * a thousand a case lands in the wrong slot). A sensor, a count, a person's look and the silence of the
 * till are observations: they weigh each quantity by how well it explains them.
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
export const misplacedCaseShare = 0.003;
/** Counts that are off by one. */
export const countErrorShare = 0.02;
/** Counts of another slot, or of goods that were moved meanwhile: they say nothing. */
const blunderShare = 0.005;
/** Looks that are wrong: an empty slot taken for stocked, or the other way round. */
export const lookErrorShare = 0.01;
/** Chance that a till names a product of which none was in the slot. */
const wrongScanShare = 0.01;
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
  const by = wholeCells(belief, quantity);
  const cases = Math.max(1, Math.ceil(quantity / Math.max(1, casePack)));
  const lost = Math.min(by, Math.max(1, wholeCells(belief, casePack)));
  const share = Math.min(0.5, misplacedCaseShare * cases);
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

/**
 * An hour in which the till was silent about the product. `chanceOfSilence` is how likely that was if
 * the slot had goods; an empty slot is always silent, and `elsewhereShare` of the buyers find the
 * product in another slot.
 */
export function believeSilence(
  belief: Distribution,
  chanceOfSilence: number,
  elsewhereShare: number,
): void {
  if (chanceOfSilence >= 1) return;
  const silentIfEmpty = chanceOfSilence ** elsewhereShare;
  weigh(belief.cells, (cell) => (cell === 0 ? silentIfEmpty : chanceOfSilence));
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
