import { describe, expect, it } from 'vitest';
import { Erp } from './erp.ts';
import { dailyDemand, planStore } from './store-plan.ts';

describe('the ERP’s truck orders', () => {
  const plan = planStore('S', 1, 1);
  const none = () => 0;

  it('brings record and orders up to three days of demand in whole cases, once', () => {
    const erp = new Erp(plan, none);
    const orders = erp.order((gtin) => erp.recordOf(gtin), none);
    expect(orders).toHaveLength(new Set(plan.slots.map(({ product }) => product.gtin)).size);
    for (const { product, cases } of orders) {
      const level = 3 * dailyDemand(product);
      const pieces = cases * product.casePackPieces;
      expect(pieces).toBeGreaterThanOrEqual(level);
      expect(pieces - product.casePackPieces).toBeLessThan(level);
    }
    expect(erp.order((gtin) => erp.recordOf(gtin), none)).toEqual([]);
  });

  it('orders again what was ordered and did not come', () => {
    const erp = new Erp(plan, none);
    const [first] = erp.order((gtin) => erp.recordOf(gtin), none);
    if (!first) throw new Error('something is ordered');
    const { gtin, casePackPieces } = first.product;
    erp.closeOrder(gtin, first.cases * casePackPieces);
    erp.book(gtin, (first.cases - 1) * casePackPieces);
    expect(erp.order((one) => erp.recordOf(one), none)).toEqual([
      { product: first.product, cases: 1 },
    ]);
  });
});
