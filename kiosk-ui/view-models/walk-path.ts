/**
 * The way on foot between two places of the picture: along the walkways when the map has some (the
 * shortest, Dijkstra 1959), else along and across the aisles. It is the drawing of what the agent reckons
 * with (edge-agent/catalogue/store-map.ts), not a second opinion: nobody is sent by it.
 *
 * Example: shelf A, door D and bin B in one line of walkways: A, D, B. Without walkways, from (0,0) to
 * (4,3): (0,0), (4,0), (4,3).
 */
import type { Point, StoreDrawing } from './store-drawing.ts';

/** Corners of the way, both ends included; empty when the picture does not know a place. */
export function walkPath(drawing: StoreDrawing, fromId: string, toId: string): Point[] {
  const [from, to] = [drawing.places.get(fromId), drawing.places.get(toId)];
  if (from === undefined || to === undefined) return [];
  if (fromId === toId) return [from];
  const nodes = [...new Set(drawing.walks.flat())];
  const [first, last] = [nearestOf(drawing, nodes, fromId), nearestOf(drawing, nodes, toId)];
  const way = first === last ? [] : shortestWay(drawing, first, last);
  const between = way.flatMap((placeId) => drawing.places.get(placeId) ?? []);
  return squared([from, ...between, to]);
}

/** A place that no walkway names is reached from the nearest one that does. */
function nearestOf(drawing: StoreDrawing, nodes: readonly string[], placeId: string): string {
  if (nodes.includes(placeId)) return placeId;
  let [nearest, least] = [placeId, Number.POSITIVE_INFINITY];
  for (const node of nodes) {
    const gap = apart(drawing, placeId, node);
    if (gap < least) [nearest, least] = [node, gap];
  }
  return nearest;
}

function apart({ places }: StoreDrawing, one: string, other: string): number {
  const [left, right] = [places.get(one), places.get(other)];
  if (left === undefined || right === undefined) return Number.POSITIVE_INFINITY;
  return Math.abs(left.x - right.x) + Math.abs(left.y - right.y);
}

function shortestWay(drawing: StoreDrawing, first: string, last: string): string[] {
  const lengths = new Map([[first, 0]]);
  const before = new Map<string, string>();
  const settled = new Set<string>();
  for (;;) {
    let [next, least]: [string | undefined, number] = [undefined, Number.POSITIVE_INFINITY];
    for (const [placeId, length] of lengths) {
      if (length < least && !settled.has(placeId)) [next, least] = [placeId, length];
    }
    // Parts that no walkway joins: straight over.
    if (next === undefined) return [];
    if (next === last) return wayTo(last, before);
    settled.add(next);
    for (const [one, other] of drawing.walks) {
      if (one !== next && other !== next) continue;
      const to = one === next ? other : one;
      const length = least + apart(drawing, one, other);
      if (length >= (lengths.get(to) ?? Number.POSITIVE_INFINITY)) continue;
      lengths.set(to, length);
      before.set(to, next);
    }
  }
}

function wayTo(last: string, before: ReadonlyMap<string, string>): string[] {
  const way = [last];
  for (let one = before.get(last); one !== undefined; one = before.get(one)) way.unshift(one);
  return way;
}

/** People walk along and across the aisles, not through them. */
function squared(points: readonly Point[]): Point[] {
  const corners: Point[] = [];
  for (const point of points) {
    const previous = corners.at(-1);
    if (previous?.x === point.x && previous.y === point.y) continue;
    if (previous && previous.x !== point.x && previous.y !== point.y) {
      corners.push({ x: point.x, y: previous.y });
    }
    corners.push({ x: point.x, y: point.y });
  }
  return corners;
}
