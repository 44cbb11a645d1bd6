/**
 * A route on the map: the ways from stop to stop, and one mark for each place where a stop ends.
 *
 * A place that is met twice has one mark with both numbers, since two marks would hide each other; more than
 * three numbers are "1, 4…". Example: stops 1 and 4 end at aisle 3: one mark "1, 4".
 */
import type { RouteRow } from './route-list.ts';
import type { Point, StoreDrawing } from './store-drawing.ts';
import { walkPath } from './walk-path.ts';

export interface MapRoute {
  legs: Point[][];
  stops: { label: string; placeId: string; isNext: boolean }[];
}

const numbersShown = 3;

type Stop = Pick<RouteRow, 'number' | 'fromPlaceId' | 'placeId'>;

export function mapRoute(drawing: StoreDrawing, rows: readonly Stop[]): MapRoute {
  const legs: Point[][] = [];
  const numbers = new Map<string, number[]>();
  let at: string | undefined;
  for (const { number, fromPlaceId, placeId } of rows) {
    const way = [
      ...(at === undefined ? [] : walkPath(drawing, at, fromPlaceId)),
      ...walkPath(drawing, fromPlaceId, placeId),
    ];
    if (way.length > 1) legs.push(way);
    if (drawing.places.has(placeId)) at = placeId;
    numbers.set(placeId, [...(numbers.get(placeId) ?? []), number]);
  }
  const stops = [...numbers].map(([placeId, all]) => ({
    label: `${all.slice(0, numbersShown).join(', ')}${all.length > numbersShown ? '…' : ''}`,
    placeId,
    isNext: all[0] === 1,
  }));
  // The next stop is drawn last, above the others.
  return { legs, stops: stops.reverse() };
}
