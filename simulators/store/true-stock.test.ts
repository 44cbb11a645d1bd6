import { describe, expect, it } from 'vitest';
import { planStore } from './store-plan.ts';
import { TrueStock } from './true-stock.ts';

const plan = planStore('S', 1, 1);
const [slot, neighbour] = plan.slots;
if (!slot || !neighbour) throw new Error('a store has slots');
const { gtin, binId, casePackPieces } = slot.product;

describe('true stock', () => {
  it('fills a slot to its capacity at most, with what the bins hold', () => {
    const stock = new TrueStock(plan, 3);
    for (let count = 0; count < 3; count += 1) stock.takePiece(slot.slotId);
    const before = stock.inBackroom(gtin);
    expect(stock.refill(slot.slotId, 99)).toBe(3);
    expect(stock.inBackroom(gtin)).toBe(before - 3);
    expect(stock.isBalanced).toBe(true);
  });

  it('keeps goods on the wrong slot apart until somebody clears them', () => {
    const stock = new TrueStock(plan, 3);
    stock.takeFromBin(gtin, binId, casePackPieces);
    stock.misplace(neighbour.slotId, gtin, casePackPieces);
    expect(stock.inSlot(neighbour.slotId)).toBe(neighbour.capacityPieces);
    expect([...stock.foreignIn(neighbour.slotId)]).toEqual([[gtin, casePackPieces]]);
    expect(stock.isBalanced).toBe(true);
    stock.clearForeign(neighbour.slotId);
    stock.putInBin(gtin, binId, casePackPieces);
    expect(stock.foreignIn(neighbour.slotId).size).toBe(0);
    expect(stock.isBalanced).toBe(true);
  });

  it('goes on after a restart with what it held', () => {
    const stock = new TrueStock(plan, 3);
    stock.takePiece(slot.slotId);
    stock.takeFromBin(gtin, binId, 2);
    stock.putInBin(gtin, 'bin-060', 2);
    const again = new TrueStock(plan, 3);
    again.restore(stock.toJson());
    expect(again.inSlot(slot.slotId)).toBe(stock.inSlot(slot.slotId));
    expect(again.inBackroom(gtin)).toBe(stock.inBackroom(gtin));
  });
});
