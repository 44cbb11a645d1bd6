import { create } from '@bufbuild/protobuf';
import { MapPlaceSchema, WalkSchema } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { PlaceKind } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { describe, expect, it } from 'vitest';
import { storeDrawing } from './store-drawing.ts';
import { walkPath } from './walk-path.ts';

const place = (placeId: string, kind: PlaceKind, xCentimetres: number, yCentimetres: number) =>
  create(MapPlaceSchema, { placeId, name: placeId, kind, xCentimetres, yCentimetres });
const walk = (fromPlaceId: string, toPlaceId: string) =>
  create(WalkSchema, { fromPlaceId, toPlaceId });

const map = [
  place('dock', PlaceKind.DOCK, 100, 100),
  place('bin', PlaceKind.BACKROOM, 500, 100),
  place('door', PlaceKind.SALES_FLOOR, 500, 500),
  place('shelf', PlaceKind.SALES_FLOOR, 900, 900),
  place('lost', PlaceKind.BACKROOM, 0, 0),
];

function drawn(walks: Parameters<typeof storeDrawing>[1] = []) {
  const drawing = storeDrawing(map, walks);
  if (drawing === null) throw new Error('a picture expected');
  return drawing;
}

describe('the picture of a store', () => {
  it('holds all places with a point, with room around them', () => {
    const { places, box, rooms } = drawn();
    expect([...places.keys()]).toEqual(['dock', 'bin', 'door', 'shelf']);
    for (const { x, y } of places.values()) {
      expect(x).toBeGreaterThan(box.x);
      expect(y).toBeGreaterThan(box.y);
      expect(x).toBeLessThan(box.x + box.width);
      expect(y).toBeLessThan(box.y + box.height);
    }
    expect(rooms.map(({ area }) => area)).toEqual(['floor', 'back']);
  });

  it('is none where no two places have points of their own', () => {
    expect(storeDrawing([], [])).toBeNull();
    expect(storeDrawing(map.slice(0, 1), [])).toBeNull();
    expect(storeDrawing([place('a', 1, 5, 5), place('b', 1, 5, 5)], [])).toBeNull();
  });
});

describe('the way between two places', () => {
  it('goes along and across without walkways', () => {
    expect(walkPath(drawn(), 'dock', 'shelf')).toEqual([
      { x: 100, y: 100 },
      { x: 900, y: 100 },
      { x: 900, y: 900 },
    ]);
  });

  it('follows the walkways, through the door', () => {
    const way = walkPath(drawn([walk('bin', 'door'), walk('door', 'shelf')]), 'dock', 'shelf');
    expect(way).toEqual([
      { x: 100, y: 100 },
      { x: 500, y: 100 },
      { x: 500, y: 500 },
      { x: 900, y: 500 },
      { x: 900, y: 900 },
    ]);
  });

  it('is one point to stay, and nothing to or from a place that is not drawn', () => {
    expect(walkPath(drawn(), 'bin', 'bin')).toHaveLength(1);
    expect(walkPath(drawn(), 'lost', 'bin')).toEqual([]);
    const parts = drawn([walk('dock', 'bin'), walk('door', 'shelf')]);
    expect(walkPath(parts, 'dock', 'shelf').at(-1)).toEqual({ x: 900, y: 900 });
  });
});
