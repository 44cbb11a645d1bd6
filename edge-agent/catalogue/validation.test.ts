import { clone } from '@bufbuild/protobuf';
import {
  type MasterData,
  MasterDataSchema,
  Role,
} from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { describe, expect, test } from 'vitest';
import { cheese, jam, milk, sampleMasterData, storeGln } from '../sample-store.ts';
import { indexCatalogue } from './catalogue.ts';
import { faultsLimit } from './faults.ts';
import { catalogueFactsOf } from './master-data.ts';
import { findProduct } from './product-lookup.ts';
import { masterDataFaults, staffDirectoryFaults } from './validation.ts';
import { compareVersions } from './version-order.ts';

/** Elements that the sample store has: a test that misses one is wrong. */
function at<Value>(list: Value[], index: number): Value {
  const value = list[index];
  if (value === undefined) throw new Error(`nothing at ${index}`);
  return value;
}

type Change = (data: MasterData) => void;

const faults: [what: string, change: Change, reason: string, field: string][] = [
  ['no version', (data) => (data.version = ''), 'bad-field', 'version'],
  [
    'a wrong currency',
    (data) => Object.assign(data.store ?? {}, { currency: 'euro' }),
    'bad-field',
    'store.currency',
  ],
  [
    'an impossible hour',
    (data) => Object.assign(data.store ?? {}, { closesMinute: 1_441 }),
    'out-of-range',
    'store.closesMinute',
  ],
  [
    'no zone',
    (data) => Object.assign(data.store ?? {}, { timeZone: '' }),
    'missing-field',
    'store.timeZone',
  ],
  [
    'a wrong check digit',
    (data) => (at(data.products, 0).gtin = '04006381333932'),
    'bad-check-digit',
    'products[0].gtin',
  ],
  [
    'a short GTIN',
    (data) => (at(data.products, 0).gtin = '4006381333931'),
    'bad-length',
    'products[0].gtin',
  ],
  [
    'a product twice',
    (data) => data.products.push(clone(MasterDataSchema, data).products[0] as never),
    'bad-field',
    'products[3].gtin',
  ],
  [
    'a nameless product',
    (data) => (at(data.products, 1).name = ''),
    'missing-field',
    'products[1].name',
  ],
  [
    'no unit of measure',
    (data) => (at(data.products, 1).unitOfMeasure = 0),
    'bad-field',
    'products[1].unitOfMeasure',
  ],
  [
    'a case of nothing',
    (data) => (at(data.products, 0).casePackPieces = 0),
    'out-of-range',
    'products[0].casePackPieces',
  ],
  [
    'foreign money',
    (data) => (at(data.products, 0).price = { currency: 'USD', minorUnits: 1n } as never),
    'bad-field',
    'products[0].price.currency',
  ],
  [
    'an unknown substitute',
    (data) => at(data.products, 0).substitutes.push('00000000000017'),
    'unknown-product',
    'products[0].substitutes[0]',
  ],
  [
    'a place twice',
    (data) => (at(data.places, 1).placeId = 'F1'),
    'bad-field',
    'places[1].placeId',
  ],
  [
    'a place nowhere',
    (data) => (at(data.places, 2).parentPlaceId = 'X'),
    'unknown-place',
    'places[2].parentPlaceId',
  ],
  [
    'places in a circle',
    (data) => (at(data.places, 1).parentPlaceId = 'B7'),
    'bad-field',
    'places[1].parentPlaceId',
  ],
  [
    'a slot of no product',
    (data) => (at(data.slots, 0).gtin = '00000000000017'),
    'unknown-product',
    'slots[0].gtin',
  ],
  [
    'a slot on no fixture',
    (data) => (at(data.slots, 0).fixturePlaceId = ''),
    'unknown-place',
    'slots[0].fixturePlaceId',
  ],
  [
    'a slot of nothing',
    (data) => (at(data.slots, 0).capacity = 0),
    'out-of-range',
    'slots[0].capacity',
  ],
  ['par above capacity', (data) => (at(data.slots, 0).par = 13), 'out-of-range', 'slots[0].par'],
  [
    'reorder point above par',
    (data) => (at(data.slots, 0).reorderPoint = 13),
    'out-of-range',
    'slots[0].reorderPoint',
  ],
  [
    'minimum above reorder point',
    (data) => (at(data.slots, 0).presentationMinimum = 5),
    'out-of-range',
    'slots[0].presentationMinimum',
  ],
  ['no facings', (data) => (at(data.slots, 0).facings = 0), 'out-of-range', 'slots[0].facings'],
  [
    'a device id with a topic level',
    (data) => (at(data.devices, 0).deviceId = 'a/b'),
    'bad-field',
    'devices[0].deviceId',
  ],
  ['a device of no kind', (data) => (at(data.devices, 3).kind = 0), 'bad-field', 'devices[3].kind'],
  [
    'no reading identity',
    (data) => (at(data.devices, 0).readingIdentity = 0),
    'bad-field',
    'devices[0].readingIdentity',
  ],
  [
    'an unknown slot',
    (data) => (at(data.devices, 0).slotIds = ['Z9']),
    'unknown-slot',
    'devices[0].slotIds[0]',
  ],
  [
    'a shared plate',
    (data) => (at(data.devices, 0).slotIds = ['A1', 'A2']),
    'bad-field',
    'devices[0].slotIds',
  ],
  [
    'a scanner with slots',
    (data) => (at(data.devices, 4).slotIds = ['A1']),
    'bad-field',
    'devices[4].slotIds',
  ],
  [
    'a plate without unit weight',
    (data) => (at(data.products, 0).unitWeightMilligrams = 0),
    'bad-field',
    'devices[0].slotIds[0]',
  ],
  [
    'a distance without depth',
    (data) => (at(data.products, 1).unitDepthMillimetres = 0),
    'bad-field',
    'devices[1].slotIds[0]',
  ],
  [
    'no empty reading',
    (data) => (at(data.devices, 1).emptyReading = 0),
    'out-of-range',
    'devices[1].emptyReading',
  ],
  [
    'a person of no role',
    (data) => (at(data.staff, 0).role = Role.UNSPECIFIED),
    'bad-field',
    'staff[0].role',
  ],
  [
    'a person twice',
    (data) => (at(data.staff, 1).personRef = 'anna'),
    'bad-field',
    'staff[1].personRef',
  ],
];

describe('master data', () => {
  test('that makes sense has no faults', () => {
    expect(masterDataFaults(sampleMasterData(), storeGln).list).toEqual([]);
  });

  test.each(faults)('with %s is refused by field', (_what, change, reason, field) => {
    const data = sampleMasterData();
    change(data);
    const found = masterDataFaults(data, storeGln).list;
    expect(found).toContainEqual(expect.objectContaining({ reason, field }));
    for (const fault of found) expect(fault.expected).not.toBe('');
  });

  test('that is wrong everywhere is reported in bounds', () => {
    const data = sampleMasterData();
    data.slots = Array.from({ length: 50 }, () => ({ ...at(data.slots, 0), capacity: 0 }));
    expect(masterDataFaults(data, storeGln).list).toHaveLength(faultsLimit);
  });

  test('shows no secret of staff in its faults', () => {
    const members = [
      { personRef: 'eve', name: 'Eve', pinHash: '1234', badgeHash: 'BADGE' },
      { personRef: 'anna', name: '', pinHash: 'scrypt$32768$8$1$c2FsdA==$aGFzaA==', badgeHash: '' },
    ];
    const { list } = staffDirectoryFaults({ members } as never, sampleMasterData());
    expect(list.map(({ field }) => field)).toEqual([
      'staff.members[0].personRef',
      'staff.members[0].pinHash',
      'staff.members[0].badgeHash',
      'staff.members[1].name',
    ]);
    expect(JSON.stringify(list)).not.toMatch(/1234|BADGE/);
  });
});

test('versions sort by text, then by the number behind the last slash', () => {
  const sorted = [
    '2026-11-22T06:00:00Z/9',
    '2026-11-23T06:00:00Z/3',
    '2026-11-23T06:00:00Z/10',
    '2026-11-24',
  ];
  expect([...sorted].reverse().sort(compareVersions)).toEqual(sorted);
  expect(compareVersions('a/1', 'a/1')).toBe(0);
});

test.each([
  ['4006381333931', jam],
  [jam, jam],
  ['14006381333938', jam],
  [' JAM-1 ', jam],
  ['MILK-1', milk],
  [']E04006381333931', jam],
  [']C1010400638133393110LOT7', jam],
  ['2000000000015', cheese],
  ['4006381333932', null],
  ['96385074', null],
  ['', null],
  ['x'.repeat(5_000), null],
])('a scan of %j means %j', (text, expected) => {
  const catalogue = indexCatalogue(catalogueFactsOf(sampleMasterData()));
  expect(findProduct(catalogue, text, 2026)).toBe(expected);
});
