import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Place } from './catalogue.ts';
import { rectilinear, storeMapOf } from './store-map.ts';

const place = (placeId: string, xCentimetres: number, yCentimetres: number): Place => ({
  placeId,
  kind: 'sales-floor',
  name: placeId,
  parentPlaceId: '',
  xCentimetres,
  yCentimetres,
});

const way = (fromPlaceId: string, toPlaceId: string, centimetres = 0) => ({
  fromPlaceId,
  toPlaceId,
  centimetres,
});

describe('the store map', () => {
  const shelf = place('A', 0, 0);
  const bin = place('B', 500, 0);
  const door = place('D', 250, 2_000);
  const [aisle, rack] = [place('a', 0, 100), place('b', 500, 100)];

  it('goes straight where no ways are known', () => {
    const map = storeMapOf([shelf, bin], []);
    expect(map.distance('A', 'B')).toBe(500);
    expect(map.distance('A', 'nowhere')).toBe(0);
  });

  it('goes through the door where a wall stands between', () => {
    const map = storeMapOf([shelf, bin, door, aisle, rack], [way('a', 'D'), way('D', 'b')]);
    expect(map.distance('A', 'B')).toBe(100 + 2_150 + 2_150 + 100);
    expect(map.distance('A', 'a')).toBe(100);
  });

  it('takes the shorter of two ways, and the length that is stated', () => {
    const map = storeMapOf(
      [aisle, rack, door],
      [way('a', 'D', 100), way('D', 'b', 150), way('a', 'b', 400)],
    );
    expect(map.distance('a', 'b')).toBe(250);
  });

  it('is as far back as there, and never shorter than any detour', () => {
    const point = fc.nat(5_000);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(point, point), { minLength: 3, maxLength: 9 }),
        fc.array(fc.tuple(fc.nat(8), fc.nat(8)), { maxLength: 14 }),
        (points, pairs) => {
          const places = points.map(([x, y], index) => place(`p${index}`, x, y));
          const ways = pairs
            .filter(([one, other]) => one !== other)
            .map(([one, other]) => way(`p${one}`, `p${other}`));
          const map = storeMapOf(places, ways);
          const joined = new Set(ways.flatMap((one) => [one.fromPlaceId, one.toPlaceId]));
          for (const one of places) {
            for (const other of places) {
              const there = map.distance(one.placeId, other.placeId);
              expect(there).toBe(map.distance(other.placeId, one.placeId));
              if (joined.has(one.placeId) && joined.has(other.placeId)) {
                expect(there).toBeGreaterThanOrEqual(rectilinear(one, other));
              }
            }
          }
        },
      ),
    );
  });
});
