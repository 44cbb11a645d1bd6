/** Which goods come on which truck of a day: ordered the evening before, loaded, delayed, announced. */
import { hourOf, instantOf } from '../kernel/day-clock.ts';
import type { Truck } from '../store/dock.ts';
import type { OrderedCases } from '../store/erp.ts';
import type { StorePlan } from '../store/store-plan.ts';
import type { CollectOrder } from '../store/work.ts';

const two = (hour: number) => String(hour).padStart(2, '0');

/** Trucks of a day with nothing on them: "truck-4-11", and "truck-4-11-2" for a second at that hour. */
export function trucksOf(plan: StorePlan, day: number): Truck[] {
  return plan.reference.truckHours.map((hour, index, hours) => {
    const before = hours.slice(0, index).filter((other) => other === hour).length;
    const truckId = `truck-${day}-${two(hour)}${before === 0 ? '' : `-${before + 1}`}`;
    const dueAtMs = instantOf(day, hour);
    return { truckId, dueAtMs, arrivesAtMs: dueAtMs, lines: [] };
  });
}

/** The truck of 11:00, which carries goods of customers' orders. */
export const carrierOf = (trucks: readonly Truck[]): Truck | undefined =>
  trucks.find(({ dueAtMs }) => hourOf(dueAtMs) === 11);

/** Each product has its truck, so that chilled goods come on all of them. */
export function loadTrucks(
  plan: StorePlan,
  trucks: readonly Truck[],
  orders: readonly OrderedCases[],
  carried: readonly CollectOrder[],
): void {
  const indexOf = new Map(plan.products.map(({ gtin }, index) => [gtin, index]));
  const carrier = carrierOf(trucks);
  const productOf = new Map(plan.products.map((product) => [product.gtin, product]));
  const put = (truck: Truck | undefined, gtin: string, cases: number) => {
    const product = productOf.get(gtin);
    if (!truck || !product) return;
    const pieces = cases * product.casePackPieces;
    const loaded = truck.lines.find(({ line }) => line.gtin === gtin);
    if (loaded) {
      loaded.truePieces += pieces;
      loaded.line = { ...loaded.line, announcedPieces: loaded.line.announcedPieces + pieces };
      return;
    }
    const { truckId } = truck;
    const lineId = `${truckId}/${product.sku}`;
    const line = { lineId, truckId, gtin, announcedPieces: pieces };
    truck.lines.push({ line, product, truePieces: pieces, damagedPieces: 0 });
  };
  for (const { product, cases } of orders) {
    put(trucks[(indexOf.get(product.gtin) ?? 0) % trucks.length], product.gtin, cases);
  }
  for (const { lines } of carried) for (const { gtin } of lines) put(carrier, gtin, 1);
}
