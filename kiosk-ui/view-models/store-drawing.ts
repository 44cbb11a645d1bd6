/**
 * The store map as a picture: where fixtures, bins, the dock stand, the walkways between them, and the
 * rooms they lie in. Coordinates are centimetres of the master data; y grows downwards as on a screen.
 *
 * A place without a point (0/0) is not drawn, and with fewer than two points there is no picture: the list
 * beside it says the same. Example: bins at (0,100) and (400,100), a fixture at (200,900): two rooms, one
 * above the other, and three marks.
 */
import type { MapPlace, Walk } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { PlaceKind } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';

export interface Point {
  x: number;
  y: number;
}

export type Area = 'floor' | 'back' | 'dock' | 'other';

export interface DrawnPlace extends Point {
  placeId: string;
  name: string;
  area: Area;
}

export interface Box extends Point {
  width: number;
  height: number;
}

export interface StoreDrawing {
  box: Box;
  /** Side of a place's square: most of the way to its nearest neighbour. */
  side: number;
  places: ReadonlyMap<string, DrawnPlace>;
  /** Sales floor and backroom, each as the box around its places. */
  rooms: { area: Area; box: Box }[];
  walks: readonly (readonly [string, string])[];
}

const areaByKind: Readonly<Partial<Record<PlaceKind, Area>>> = {
  [PlaceKind.SALES_FLOOR]: 'floor',
  [PlaceKind.BACKROOM]: 'back',
  [PlaceKind.CHILLED]: 'back',
  [PlaceKind.FROZEN]: 'back',
  [PlaceKind.DOCK]: 'dock',
};

/** Neither dots nor walls: between these parts of the picture's longer side. */
const sideLeast = 0.012;
const sideMost = 0.05;

/** Null when the map has no picture. */
export function storeDrawing(
  map: readonly MapPlace[],
  walks: readonly Walk[],
): StoreDrawing | null {
  const drawn = map
    .filter(({ xCentimetres, yCentimetres }) => xCentimetres > 0 || yCentimetres > 0)
    .map(
      ({ placeId, name, kind, xCentimetres, yCentimetres }): DrawnPlace => ({
        placeId,
        name,
        area: areaByKind[kind] ?? 'other',
        x: xCentimetres,
        y: yCentimetres,
      }),
    );
  const around = boxAround(drawn, 0);
  const longer = Math.max(around.width, around.height);
  if (drawn.length < 2 || longer === 0) return null;
  const side = Math.min(longer * sideMost, Math.max(longer * sideLeast, nearest(drawn) * 0.7));
  const places = new Map(drawn.map((place) => [place.placeId, place]));
  const rooms = (['floor', 'back'] as const).flatMap((area) => {
    const inside = drawn.filter((place) => place.area === area);
    return inside.length === 0 ? [] : [{ area, box: boxAround(inside, side * 1.2) }];
  });
  return {
    box: boxAround(drawn, Math.max(side * 2, longer * 0.07)),
    side,
    places,
    rooms,
    walks: walks
      .filter(({ fromPlaceId, toPlaceId }) => places.has(fromPlaceId) && places.has(toPlaceId))
      .map(({ fromPlaceId, toPlaceId }) => [fromPlaceId, toPlaceId] as const),
  };
}

function boxAround(points: readonly Point[], margin: number): Box {
  if (points.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [x, y] = [Math.min(...xs) - margin, Math.min(...ys) - margin];
  return { x, y, width: Math.max(...xs) + margin - x, height: Math.max(...ys) + margin - y };
}

/** Median of how far each of the first places is from its nearest neighbour; equal points say nothing. */
function nearest(points: readonly Point[]): number {
  const gaps = points.slice(0, sampled).flatMap((one) => {
    const others = points.map((other) => Math.hypot(one.x - other.x, one.y - other.y));
    const apart = others.filter((gap) => gap > 0);
    return apart.length === 0 ? [] : [Math.min(...apart)];
  });
  gaps.sort((one, other) => one - other);
  return gaps[Math.floor(gaps.length / 2)] ?? 0;
}

const sampled = 60;
