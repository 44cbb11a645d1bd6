/**
 * One virtual store as it stands: products with their demand, slots on the map, bins, sensors, staff.
 * Everything is drawn from the seed of the store, not of the run: two runs differ in what happens, not
 * in where it happens.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDigitOf } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { type RandomStream, randomStream } from '../kernel/random.ts';
import { productName, type Temperature } from './product-names.ts';
import { type ReferenceStore, referenceStores, type StoreSize, world } from './reference-store.ts';

export type SensorKind = 'plate' | 'distance' | 'rfid';

export interface PlannedProduct {
  gtin: string;
  sku: string;
  name: string;
  category: string;
  /** Mean demand of each hour of the day, in pieces. */
  piecesPerHour: readonly number[];
  casePackPieces: number;
  unitWeightGrams: number;
  unitDepthMillimetres: number;
  priceCents: number;
  temperature: Temperature;
  binId: string;
}

export interface PlannedSlot {
  slotId: string;
  product: PlannedProduct;
  fixtureId: string;
  capacityPieces: number;
  sensor: SensorKind | null;
  deviceId: string;
}

export interface PlannedPlace {
  placeId: string;
  name: string;
  kind: 'fixture' | 'bin' | 'dock' | 'collect';
  xMetres: number;
  yMetres: number;
}

export interface StorePlan {
  size: StoreSize;
  reference: ReferenceStore;
  gln: string;
  products: readonly PlannedProduct[];
  slots: readonly PlannedSlot[];
  places: ReadonlyMap<string, PlannedPlace>;
  tills: readonly string[];
  /** Who signs in at the demo's kiosks. */
  staff: readonly string[];
  /** Everybody who is ever at work at once, the staff among them. */
  crew: readonly string[];
}

interface DemandFile {
  products: { source: string; category: string; piecesPerHour: number[] }[];
}

const slotsPerFixture = 20;
export const dockId = 'dock';
/** Where orders wait for the customers who come for them. */
export const collectShelfId = 'collect-shelf';

/** A key of the given digits with its GS1 check digit. */
const withCheckDigit = (digits: string) => `${digits}${checkDigitOf(digits)}`;

function shuffled<T>(items: readonly T[], random: RandomStream): T[] {
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last -= 1) {
    const other = random.integer(last + 1);
    // Both indexes lie within the array.
    [copy[last], copy[other]] = [copy[other] as T, copy[last] as T];
  }
  return copy;
}

function planProducts(reference: ReferenceStore, random: RandomStream): PlannedProduct[] {
  const file = join(import.meta.dirname, 'demand', 'hourly-demand.json');
  // Made by extract.ts beside it.
  const demand = (JSON.parse(readFileSync(file, 'utf8')) as DemandFile).products;
  const order = shuffled(demand, random.stream('assortment'));
  const named = new Map<Temperature, number>();
  return Array.from({ length: reference.products }, (_, index) => {
    const draw = random.stream(`product/${index}`);
    const source = order[index % order.length];
    if (!source) throw new RangeError('the demand file is empty');
    const number = String(index + 1).padStart(5, '0');
    const cold = draw.fraction();
    const temperature = cold < 0.15 ? 'chilled' : cold < 0.2 ? 'frozen' : 'ambient';
    const place = named.get(temperature) ?? 0;
    named.set(temperature, place + 1);
    return {
      gtin: `0${withCheckDigit(`4012345${number}`)}`,
      sku: `SKU-${number}`,
      name: productName(temperature, place),
      category: `category-${source.category}`,
      piecesPerHour: source.piecesPerHour,
      casePackPieces: world.casePacks[draw.integer(world.casePacks.length)] ?? 12,
      unitWeightGrams: 80 + draw.integer(1_200),
      unitDepthMillimetres: 30 + draw.integer(30),
      priceCents: 79 + draw.integer(900),
      temperature,
      binId: `bin-${String((index % reference.backroomBins) + 1).padStart(3, '0')}`,
    } satisfies PlannedProduct;
  });
}

/** Mean demand of a day, in pieces: what is wanted while the store is open. */
export const dailyDemand = (product: Pick<PlannedProduct, 'piecesPerHour'>) =>
  product.piecesPerHour
    .slice(world.opensHour, world.closesHour)
    .reduce((sum, pieces) => sum + pieces, 0);

/** Each twentieth product has two slots, so as many products at the end of the list have none. */
function planSlots(
  reference: ReferenceStore,
  products: readonly PlannedProduct[],
  capacityFactor: number,
): PlannedSlot[] {
  const slots: PlannedSlot[] = [];
  for (const [index, product] of products.entries()) {
    const isDouble = index % world.productsPerSecondSlot === 0;
    const space = Math.min(world.capacityPiecesAtMost, world.capacityDays * dailyDemand(product));
    const wanted = space * capacityFactor;
    const share = isDouble ? wanted / 2 : wanted;
    for (let copy = 0; copy < (isDouble ? 2 : 1); copy += 1) {
      if (slots.length === reference.slots) return slots;
      const fixture = Math.floor(slots.length / slotsPerFixture) + 1;
      slots.push({
        slotId: `slot-${String(slots.length + 1).padStart(4, '0')}`,
        product,
        fixtureId: `fixture-${String(fixture).padStart(3, '0')}`,
        capacityPieces: Math.max(world.capacityPiecesAtLeast, Math.round(share)),
        sensor: null,
        deviceId: '',
      });
    }
  }
  return slots;
}

function placeSensors(
  reference: ReferenceStore,
  slots: readonly PlannedSlot[],
  random: RandomStream,
): PlannedSlot[] {
  const kinds: SensorKind[] = [
    ...Array<SensorKind>(reference.plates).fill('plate'),
    ...Array<SensorKind>(reference.distanceSensors).fill('distance'),
    ...Array<SensorKind>(reference.rfidZones).fill('rfid'),
  ];
  const sensored = shuffled(slots, random.stream('sensors')).slice(0, kinds.length);
  const kindBySlot = new Map(sensored.map((slot, index) => [slot.slotId, kinds[index] ?? null]));
  return slots.map((slot) => {
    const sensor = kindBySlot.get(slot.slotId) ?? null;
    return sensor === null ? slot : { ...slot, sensor, deviceId: `${sensor}-${slot.slotId}` };
  });
}

/**
 * Fixtures stand in aisles, bins along the back wall with the dock in their middle, and the
 * collect shelf beside the tills.
 */
function planPlaces(
  slots: readonly PlannedSlot[],
  reference: ReferenceStore,
): Map<string, PlannedPlace> {
  const { fixturesPerAisle, binsPerRow, backroomBins } = reference;
  const places = new Map<string, PlannedPlace>();
  for (const { fixtureId } of slots) {
    if (places.has(fixtureId)) continue;
    const index = places.size;
    places.set(fixtureId, {
      placeId: fixtureId,
      name: `Aisle ${Math.floor(index / fixturesPerAisle) + 1}, fixture ${(index % fixturesPerAisle) + 1}`,
      kind: 'fixture',
      xMetres: 2 + (index % fixturesPerAisle) * 2,
      yMetres: 4 + Math.floor(index / fixturesPerAisle) * 3,
    });
  }
  for (let index = 0; index < backroomBins; index += 1) {
    const placeId = `bin-${String(index + 1).padStart(3, '0')}`;
    places.set(placeId, {
      placeId,
      name: `Bin ${index + 1}`,
      kind: 'bin',
      xMetres: 1 + (index % binsPerRow),
      yMetres: -2 - 2 * Math.floor(index / binsPerRow),
    });
  }
  const [dock, collect] = ['dock', 'collect'] as const;
  places.set(dockId, {
    placeId: dockId,
    name: 'Dock',
    kind: dock,
    xMetres: binsPerRow / 2,
    yMetres: -1,
  });
  places.set(collectShelfId, {
    placeId: collectShelfId,
    name: 'Collect shelf',
    kind: collect,
    xMetres: 1,
    yMetres: 2,
  });
  return places;
}

const numbered = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);

/** Draws a store. `capacityFactor` is the free number of the reference stores. */
export function planStore(size: StoreSize, storeSeed: number, capacityFactor: number): StorePlan {
  const reference = referenceStores[size];
  const random = randomStream(`store/${size}/${storeSeed}`);
  const products = planProducts(reference, random);
  const slots = placeSensors(reference, planSlots(reference, products, capacityFactor), random);
  return {
    size,
    reference,
    gln: withCheckDigit(`4012345${String(storeSeed % 100_000).padStart(5, '0')}`),
    products,
    slots,
    places: planPlaces(slots, reference),
    tills: numbered('till', reference.tills),
    staff: numbered('staff', reference.staff),
    crew: numbered('staff', Math.max(...reference.crew.map(({ people }) => people))),
  };
}

/** Walking distance between two places: along and across the aisles, never through a fixture. */
export function walkMetres(plan: StorePlan, fromId: string, toId: string): number {
  const [from, to] = [plan.places.get(fromId), plan.places.get(toId)];
  if (!from || !to) return 0;
  return Math.abs(from.xMetres - to.xMetres) + Math.abs(from.yMetres - to.yMetres);
}
