/** Master data for tests of the plan: a map with aisles, bins, a dock and a door, and three refills. */
import { type MasterData, PlaceKind } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';

interface PointOf {
  placeId: string;
  name: string;
  kind: PlaceKind;
  xMetres: number;
  yMetres: number;
}

const { SALES_FLOOR, BACKROOM, DOCK } = PlaceKind;

const aisles: PointOf[] = [1, 2, 3, 4, 5, 6].flatMap((column) =>
  [1, 2, 3].map((row) => ({
    placeId: column === 2 && row === 2 ? 'F1' : `F${column}${row}`,
    name: column === 2 && row === 2 ? 'Aisle 1' : `Aisle ${column}${row}`,
    kind: SALES_FLOOR,
    xMetres: 4 + column * 4,
    yMetres: 14 + row * 5,
  })),
);

const backroom: PointOf[] = [
  { placeId: 'dock', name: 'Dock', kind: DOCK, xMetres: 2, yMetres: 2 },
  { placeId: 'B7', name: 'Bin 7', kind: BACKROOM, xMetres: 10, yMetres: 3 },
  { placeId: 'B9', name: 'Bin 9', kind: BACKROOM, xMetres: 24, yMetres: 3 },
  { placeId: 'B8', name: 'Bin 8', kind: BACKROOM, xMetres: 16, yMetres: 3 },
  { placeId: 'door', name: 'Door', kind: SALES_FLOOR, xMetres: 16, yMetres: 12 },
];

const walks: [string, string][] = [
  ['dock', 'B7'],
  ['B7', 'B8'],
  ['B8', 'B9'],
  ['B8', 'door'],
  ['door', 'F31'],
  ...[1, 2, 3, 4, 5].map((column): [string, string] => [`F${column}1`, `F${column + 1}1`]),
  ...[1, 2, 3, 4, 5, 6].flatMap((column): [string, string][] => {
    const middle = column === 2 ? 'F1' : `F${column}2`;
    return [
      [`F${column}1`, middle],
      [middle, `F${column}3`],
    ];
  }),
];

/** Where each slot stands, and from which stock on it is refilled: all of them at once. */
const slots: Readonly<Record<string, { fixturePlaceId: string; par: number; reorder: number }>> = {
  A1: { fixturePlaceId: 'F1', par: 24, reorder: 14 },
  A2: { fixturePlaceId: 'F43', par: 14, reorder: 10 },
  B1: { fixturePlaceId: 'F62', par: 30, reorder: 20 },
};

/** A time zone in which it is early afternoon now, so that the store is open whenever the tests run. */
export function afternoonZone(): string {
  const behind = (13 - new Date().getUTCHours() + 24) % 24;
  const offset = behind > 12 ? behind - 24 : behind;
  // The names of these zones count westwards.
  return offset === 0 ? 'Etc/GMT' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`;
}

export function withPlannedWork(masterData: MasterData): void {
  if (masterData.store) masterData.store.timeZone = afternoonZone();
  const $typeName = 'stockhand.masterdata.v1alpha.Place';
  masterData.places = [...aisles, ...backroom].map(({ xMetres, yMetres, ...place }) => ({
    $typeName,
    ...place,
    parentPlaceId: '',
    xCentimetres: xMetres * 100,
    yCentimetres: yMetres * 100,
  }));
  masterData.walkways = walks.map(([fromPlaceId, toPlaceId]) => ({
    $typeName: 'stockhand.masterdata.v1alpha.Walkway',
    fromPlaceId,
    toPlaceId,
    centimetres: 0,
  }));
  for (const slot of masterData.slots) {
    const change = slots[slot.slotId];
    if (change === undefined) continue;
    slot.fixturePlaceId = change.fixturePlaceId;
    slot.par = change.par;
    slot.capacity = change.par;
    slot.reorderPoint = change.reorder;
  }
}
