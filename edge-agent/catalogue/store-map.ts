/**
 * How far people walk between two places of the store.
 *
 * Without walkways they go straight along and across the aisles (the rectilinear distance of the
 * points). With walkways the map is a graph of aisles and doors: a place that no walkway names is
 * reached from the nearest one that does, and the rest is the shortest path (Dijkstra 1959), kept for
 * each place once it was asked for.
 *
 * Example: a door D between sales floor and backroom. Shelf A and bin B lie 5 m apart through the wall,
 * but 20 m from D each: 40 m.
 */
import type { Place, Walkway } from './catalogue.ts';

/** A point of the store map, in centimetres. */
export interface MapPoint {
  xCentimetres: number;
  yCentimetres: number;
}

export interface StoreMap {
  /** Centimetres on foot; 0 to or from a place that the map does not know. */
  distance(fromPlaceId: string, toPlaceId: string): number;
}

/** Along and across the aisles. */
export function rectilinear(one: MapPoint, other: MapPoint): number {
  const across = Math.abs(one.xCentimetres - other.xCentimetres);
  return across + Math.abs(one.yCentimetres - other.yCentimetres);
}

export function storeMapOf(places: readonly Place[], walkways: readonly Walkway[]): StoreMap {
  const placeById = new Map(places.map((place) => [place.placeId, place]));
  const graph = graphOf(placeById, walkways);
  if (graph.size === 0) {
    return {
      distance: (from, to) => {
        const [one, other] = [placeById.get(from), placeById.get(to)];
        return one === undefined || other === undefined ? 0 : rectilinear(one, other);
      },
    };
  }
  const nodes = [...graph.keys()].flatMap((placeId) => placeById.get(placeId) ?? []);
  const lengthsFrom = new Map<string, Map<string, number>>();
  const doorOf = new Map<string, { placeId: string; centimetres: number }>();
  const nearestNode = (place: Place) => {
    const known = doorOf.get(place.placeId);
    if (known !== undefined) return known;
    let nearest = { placeId: place.placeId, centimetres: Number.POSITIVE_INFINITY };
    for (const node of nodes) {
      const centimetres = rectilinear(place, node);
      if (centimetres < nearest.centimetres) nearest = { placeId: node.placeId, centimetres };
    }
    doorOf.set(place.placeId, nearest);
    return nearest;
  };
  return {
    distance: (from, to) => {
      const [one, other] = [placeById.get(from), placeById.get(to)];
      if (one === undefined || other === undefined || from === to) return 0;
      const [first, last] = [nearestNode(one), nearestNode(other)];
      if (first.placeId === last.placeId) return rectilinear(one, other);
      let lengths = lengthsFrom.get(first.placeId);
      if (lengths === undefined) {
        lengths = shortestPaths(graph, first.placeId);
        lengthsFrom.set(first.placeId, lengths);
      }
      // Parts of the map that no walkway joins: as if there were a door between them.
      const between = lengths.get(last.placeId);
      if (between === undefined) return rectilinear(one, other);
      return first.centimetres + between + last.centimetres;
    },
  };
}

type Graph = Map<string, Map<string, number>>;

function graphOf(placeById: ReadonlyMap<string, Place>, walkways: readonly Walkway[]): Graph {
  const graph: Graph = new Map();
  const join = (from: string, to: string, centimetres: number) => {
    const ways = graph.get(from) ?? new Map<string, number>();
    ways.set(to, Math.min(centimetres, ways.get(to) ?? Number.POSITIVE_INFINITY));
    graph.set(from, ways);
  };
  for (const { fromPlaceId, toPlaceId, centimetres } of walkways) {
    const [one, other] = [placeById.get(fromPlaceId), placeById.get(toPlaceId)];
    if (one === undefined || other === undefined) continue;
    const length = centimetres > 0 ? centimetres : rectilinear(one, other);
    join(fromPlaceId, toPlaceId, length);
    join(toPlaceId, fromPlaceId, length);
  }
  return graph;
}

function shortestPaths(graph: Graph, start: string): Map<string, number> {
  const lengths = new Map<string, number>([[start, 0]]);
  const settled = new Set<string>();
  for (;;) {
    let next: string | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const [placeId, length] of lengths) {
      if (length < least && !settled.has(placeId)) [next, least] = [placeId, length];
    }
    if (next === undefined) return lengths;
    settled.add(next);
    for (const [to, way] of graph.get(next) ?? []) {
      if (least + way < (lengths.get(to) ?? Number.POSITIVE_INFINITY)) lengths.set(to, least + way);
    }
  }
}
