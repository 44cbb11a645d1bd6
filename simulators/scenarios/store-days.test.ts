import { describe, expect, it } from 'vitest';
import { runStoreDays } from './store-days.ts';

const day = (seed: number, hours = 24) =>
  runStoreDays({ size: 'S', seed, hours, capacityFactor: 1 });

describe('days of a virtual store', () => {
  it('gives the same bytes for the same seed, and others for another', () => {
    const [once, again, other] = [day(7, 12), day(7, 12), day(8, 12)];
    expect(JSON.stringify(again)).toBe(JSON.stringify(once));
    expect(other.digest).not.toBe(once.digest);
  });

  it('keeps the shelves filled with every input understood', () => {
    const { kpi, refused } = day(3);
    expect(refused).toEqual({});
    expect(kpi.unitsWanted).toBeGreaterThan(1_500);
    expect(kpi.tasks).toBeGreaterThan(50);
    expect(kpi.trueAvailability).toBeGreaterThan(0.95);
    expect(kpi.unitsSold / kpi.unitsWanted).toBeGreaterThan(0.95);
  });

  it('runs dry between refills with a tenth of the shelf space, and the judge sees it', () => {
    const { kpi } = runStoreDays({ size: 'S', seed: 3, hours: 48, capacityFactor: 0.1 });
    expect(kpi.trueAvailability).toBeLessThan(0.995);
    expect(kpi.lostSalesShare).toBeGreaterThan(0);
    expect(kpi.stockoutMinutes).toBeGreaterThan(1_000);
  });
});
