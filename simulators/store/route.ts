/** The order in which people visit places: always the nearest next. */
import { type StorePlan, walkMetres } from './store-plan.ts';

export function nearestFirst<T>(
  plan: StorePlan,
  fromId: string,
  items: readonly T[],
  placeOf: (item: T) => string,
): T[] {
  const left = [...items];
  const ordered: T[] = [];
  let hereId = fromId;
  while (left.length > 0) {
    let nearest = 0;
    let nearestMetres = Number.POSITIVE_INFINITY;
    for (const [index, item] of left.entries()) {
      const metres = walkMetres(plan, hereId, placeOf(item));
      if (metres < nearestMetres) [nearest, nearestMetres] = [index, metres];
    }
    for (const item of left.splice(nearest, 1)) {
      ordered.push(item);
      hereId = placeOf(item);
    }
  }
  return ordered;
}
