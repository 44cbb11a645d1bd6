/**
 * What HQ told the store about itself, checked and indexed: products, places, slots, devices, people
 * by reference. The agent holds exactly one catalogue at a time; a new one replaces it whole.
 *
 * Base unit of all quantities: pieces for counted products, milligrams for weighed ones.
 */
import type { Gtin } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { type StoreMap, storeMapOf } from './store-map.ts';

export type UnitOfMeasure = 'piece' | 'kilogram';
/** Whether goods that differ in date, or in the producer's lot, are kept apart. */
export type LotTracking = 'none' | 'best-before' | 'lot';
export type TemperatureClass = 'ambient' | 'chilled' | 'frozen';
export type PlaceKind =
  | 'sales-floor'
  | 'backroom'
  | 'dock'
  | 'chilled'
  | 'frozen'
  | 'click-and-collect'
  | 'quarantine'
  | 'waste'
  | 'cart';
export type DeviceKind =
  | 'weight-plate'
  | 'distance'
  | 'rfid-zone'
  | 'scale'
  | 'scanner'
  | 'till'
  | 'temperature';
/** How a second arrival of a device's reading is recognised. */
export type ReadingIdentity = 'sequence' | 'device-time' | 'none';
export type StaffRoleName = 'associate' | 'lead' | 'manager' | 'integrator' | 'support' | 'hq';

export interface StoreFacts {
  gln: string;
  name: string;
  timeZone: string;
  businessDayEndMinute: number;
  opensMinute: number;
  closesMinute: number;
  currency: string;
  restrictedNumberRegion: string;
  /** Bounds of what leads’ choices may teach the plan, in parts per million; 0: as usual. */
  learnedWeightLeastPpm: number;
  learnedWeightMostPpm: number;
}

export interface Product {
  gtin: Gtin;
  sku: string;
  name: string;
  category: string;
  unitOfMeasure: UnitOfMeasure;
  /** Base units in a case; 0 when the product comes in no case. */
  casePack: number;
  caseGtin: string;
  unitWeightMilligrams: number;
  unitWeightSpreadPpm: number;
  temperatureClass: TemperatureClass;
  priceMinorUnits: number;
  marginMinorUnits: number;
  unitDepthMillimetres: number;
  substitutes: string[];
  lotTracking: LotTracking;
  /** Days from receipt to best-before when nobody gives the date; 0: unknown. */
  shelfLifeDays: number;
  /** Days before best-before at which what will be left over is somebody's business. */
  bestBeforeWarningDays: number;
}

export interface Place {
  placeId: string;
  kind: PlaceKind;
  name: string;
  parentPlaceId: string;
  xCentimetres: number;
  yCentimetres: number;
}

/** A way that people can walk, both directions. */
export interface Walkway {
  fromPlaceId: string;
  toPlaceId: string;
  /** 0: as far as the places are apart. */
  centimetres: number;
}

/** One product at one planogram place; quantities in the product's base unit. */
export interface Slot {
  slotId: string;
  gtin: Gtin;
  fixturePlaceId: string;
  capacity: number;
  par: number;
  reorderPoint: number;
  presentationMinimum: number;
  facings: number;
  homeBinPlaceId: string;
}

export interface Device {
  deviceId: string;
  kind: DeviceKind;
  slotIds: string[];
  readingIdentity: ReadingIdentity;
  /** Milligrams, millimetres or milli-degrees by kind. */
  deadBand: number;
  /** Milligrams or millimetres by kind. */
  emptyReading: number;
  model: string;
}

/** What the store's IT says of a model of device. */
export interface DeviceProfile {
  model: string;
  kind: DeviceKind;
  readingIdentity: ReadingIdentity;
  /** For devices of which master data states none; milligrams, millimetres or milli-degrees by kind. */
  deadBand: number;
  /** Empty: any unit that the kind knows. */
  units: string[];
  /** Milligrams, micrometres or milli-degrees by kind; null: no limit of its own. */
  least: number | null;
  most: number | null;
  /** With less its readings move nothing; 0: it does not matter. */
  leastBatteryPercent: number;
  /** Offline when it was not heard for so long; 0: it speaks only when something changes. */
  silentAfterSeconds: number;
}

export interface StaffMemberFacts {
  personRef: string;
  role: StaffRoleName;
  skills: string[];
}

/** The plain facts, as they are serialised. */
export interface CatalogueFacts {
  /** Empty before the first master data. */
  version: string;
  store: StoreFacts;
  products: Product[];
  places: Place[];
  /** None: people walk straight along and across the aisles. */
  walkways: Walkway[];
  slots: Slot[];
  devices: Device[];
  staff: StaffMemberFacts[];
  /** Of the file of device profiles; empty before the first. */
  profilesVersion: string;
  /** Of the store's own IT, not of HQ: new master data leaves them as they are. */
  profiles: DeviceProfile[];
}

/** What a code stands for: the product and how many base units one of it is. */
export interface CodeMeaning {
  gtin: Gtin;
  baseUnits: number;
}

/** The facts with their indexes. Never changed after `indexCatalogue`. */
export interface Catalogue {
  facts: CatalogueFacts;
  productByGtin: Map<string, Product>;
  productBySku: Map<string, Product>;
  /** By any GTIN that a scan may show: the piece's own and the case's. */
  codeByGtin: Map<string, CodeMeaning>;
  placeById: Map<string, Place>;
  slotById: Map<string, Slot>;
  slotsByGtin: Map<string, Slot[]>;
  deviceById: Map<string, Device>;
  /** Slots that a shelf sensor watches. */
  shelfDevicesBySlot: Map<string, Device[]>;
  staffByRef: Map<string, StaffMemberFacts>;
  /** How far it is from place to place. */
  storeMap: StoreMap;
  profileByModel: Map<string, DeviceProfile>;
}

/** The catalogue of an agent that HQ has not spoken to yet. */
export function emptyCatalogue(storeGln: string): Catalogue {
  return indexCatalogue({
    version: '',
    store: {
      gln: storeGln,
      name: '',
      timeZone: 'UTC',
      businessDayEndMinute: 0,
      opensMinute: 0,
      closesMinute: 0,
      currency: '',
      restrictedNumberRegion: '',
      learnedWeightLeastPpm: 0,
      learnedWeightMostPpm: 0,
    },
    products: [],
    places: [],
    walkways: [],
    slots: [],
    devices: [],
    staff: [],
    profilesVersion: '',
    profiles: [],
  });
}

/** Base units in one unit as people say it: a piece is one, a kilogram a million milligrams. */
export function baseUnitsPerUnit(product: Product): number {
  return product.unitOfMeasure === 'kilogram' ? 1_000_000 : 1;
}

/** True for devices whose readings tell the quantity of slots. */
export function isShelfSensor(kind: DeviceKind): boolean {
  return kind === 'weight-plate' || kind === 'distance' || kind === 'rfid-zone';
}

/** Builds the indexes; the facts were checked before. */
export function indexCatalogue(facts: CatalogueFacts): Catalogue {
  const codeByGtin = new Map<string, CodeMeaning>();
  for (const product of facts.products) {
    codeByGtin.set(product.gtin, { gtin: product.gtin, baseUnits: baseUnitsPerUnit(product) });
    if (product.caseGtin !== '') {
      codeByGtin.set(product.caseGtin, { gtin: product.gtin, baseUnits: product.casePack });
    }
  }
  const slotsByGtin = new Map<string, Slot[]>();
  for (const slot of facts.slots) append(slotsByGtin, slot.gtin, slot);
  const shelfDevicesBySlot = new Map<string, Device[]>();
  for (const device of facts.devices) {
    if (!isShelfSensor(device.kind)) continue;
    for (const slotId of device.slotIds) append(shelfDevicesBySlot, slotId, device);
  }
  return {
    facts,
    productByGtin: new Map(facts.products.map((product) => [product.gtin, product])),
    productBySku: new Map(
      facts.products.filter(({ sku }) => sku !== '').map((product) => [product.sku, product]),
    ),
    codeByGtin,
    placeById: new Map(facts.places.map((place) => [place.placeId, place])),
    slotById: new Map(facts.slots.map((slot) => [slot.slotId, slot])),
    slotsByGtin,
    deviceById: new Map(facts.devices.map((device) => [device.deviceId, device])),
    shelfDevicesBySlot,
    profileByModel: new Map(facts.profiles.map((profile) => [profile.model, profile])),
    staffByRef: new Map(facts.staff.map((member) => [member.personRef, member])),
    storeMap: storeMapOf(facts.places, facts.walkways),
  };
}

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
