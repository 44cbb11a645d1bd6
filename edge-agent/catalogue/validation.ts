/**
 * Refuses master data that makes no sense, before it is logged: every fault with the path of its field,
 * what was found and what was expected. Master data replaces the old as a whole, so one fault refuses
 * all of it and the store goes on with what it has.
 *
 * Example: a slot with capacity 12 and par 15 is refused as "slots[4].par: 15, expected at most the
 * capacity 12"; a weight plate whose product has no unit weight as "devices[7].slotIds[0]: …".
 */
import {
  LotTracking,
  type MasterData,
  PlaceKind,
  type Product,
  Role,
  type Slot,
  type StaffDirectory,
  type Store,
  UnitOfMeasure,
} from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { parseGtin } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { isPlainId, plainIdExpectation } from '../ingest/identity.ts';
import { deviceFaults } from './device-validation.ts';
import { Faults } from './faults.ts';

/** Greatest number of entries of each kind: ten hypermarkets. */
export const masterDataLimits = {
  products: 200_000,
  places: 100_000,
  walkways: 5_000,
  slots: 50_000,
  devices: 50_000,
  staff: 10_000,
  categoryRules: 5_000,
} as const;

const placeIdForm = /^[A-Za-z0-9][A-Za-z0-9._:/@+=-]{0,63}$/;
const placeIdExpectation = '1 to 64 of A-Z a-z 0-9 . _ : / @ + = -, a letter or digit first';

/** All faults, at most `faultsLimit` of them; empty when the data can be applied. */
export function masterDataFaults(message: MasterData, storeGln: string): Faults {
  const faults = new Faults();
  if (message.version === '' || message.version.length > 64) {
    faults.add('bad-field', 'version', message.version, '1 to 64 characters');
  }
  for (const [name, limit] of Object.entries(masterDataLimits)) {
    // The keys of the limits are the list fields of the message.
    const { length } = message[name as keyof typeof masterDataLimits];
    if (length > limit) faults.add('too-many', name, length, `at most ${limit}`);
  }
  if (faults.list.length > 0) return faults;
  storeFaults(faults, message.store, storeGln);
  const products = productFaults(faults, message);
  const places = placeFaults(faults, message);
  walkwayFaults(faults, message, places);
  const slots = slotFaults(faults, message, products, places);
  deviceFaults(faults, message, products, slots);
  staffFaults(faults, message);
  categoryRuleFaults(faults, message);
  return faults;
}

/** Names and secrets of staff: each of a person whom the master data lists, secrets well-formed. */
export function staffDirectoryFaults(directory: StaffDirectory, message: MasterData): Faults {
  const faults = new Faults();
  const refs = new Set(message.staff.map((member) => member.personRef));
  directory.members.forEach((member, index) => {
    const at = `staff.members[${index}]`;
    if (!refs.has(member.personRef)) {
      faults.add('unknown-person', `${at}.personRef`, member.personRef, 'one of masterData.staff');
    }
    if (member.name === '') faults.add('missing-field', `${at}.name`, '', 'a name');
    // The secrets themselves are not quoted: refusals are logged and shown.
    if (member.pinHash !== '' && !/^scrypt(\$[^$]+){5}$/.test(member.pinHash)) {
      faults.add('bad-field', `${at}.pinHash`, '(not shown)', 'scrypt$N$r$p$salt$hash');
    }
    if (member.badgeHash !== '' && !/^[0-9a-f]{64}$/.test(member.badgeHash)) {
      faults.add('bad-field', `${at}.badgeHash`, '(not shown)', '64 lower-case hexadecimal digits');
    }
  });
  return faults;
}

function storeFaults(faults: Faults, store: Store | undefined, storeGln: string): void {
  if (store === undefined) {
    faults.add('missing-field', 'store', '', 'the store');
    return;
  }
  if (store.gln !== storeGln) faults.add('wrong-store', 'store.gln', store.gln, storeGln);
  if (store.timeZone === '') {
    faults.add('missing-field', 'store.timeZone', '', 'an IANA zone, "Europe/Berlin"');
  }
  if (!/^[A-Z]{3}$/.test(store.currency)) {
    faults.add('bad-field', 'store.currency', store.currency, 'ISO 4217, three capital letters');
  }
  for (const field of ['businessDayEndMinute', 'opensMinute', 'closesMinute'] as const) {
    if (store[field] > 1_440) {
      faults.add('out-of-range', `store.${field}`, store[field], 'a minute of the day, 0 to 1440');
    }
  }
}

/** Best-before of tins and frozen goods lies years ahead, not decades. */
const shelfLifeDaysLimit = 3_660;

function freshnessFaults(faults: Faults, product: Product, at: string): void {
  if (LotTracking[product.lotTracking] === undefined) {
    faults.add('bad-field', `${at}.lotTracking`, product.lotTracking, 'none, best-before or lot');
  }
  for (const field of ['shelfLifeDays', 'bestBeforeWarningDays'] as const) {
    if (product[field] <= shelfLifeDaysLimit) continue;
    faults.add('out-of-range', `${at}.${field}`, product[field], `at most ${shelfLifeDaysLimit}`);
  }
}

function categoryRuleFaults(faults: Faults, { categoryRules }: MasterData): void {
  const categories = new Set<string>();
  categoryRules.forEach(({ category, bestBeforeWarningDays }, index) => {
    const at = `categoryRules[${index}]`;
    if (category === '') faults.add('missing-field', `${at}.category`, '', 'a category');
    faults.unique(categories, `${at}.category`, category);
    if (bestBeforeWarningDays > shelfLifeDaysLimit) {
      const expected = `at most ${shelfLifeDaysLimit}`;
      faults.add('out-of-range', `${at}.bestBeforeWarningDays`, bestBeforeWarningDays, expected);
    }
  });
}

function productFaults(faults: Faults, message: MasterData): Map<string, Product> {
  const products = new Map<string, Product>();
  const codes = new Set<string>();
  const currency = message.store?.currency;
  message.products.forEach((product, index) => {
    const at = `products[${index}]`;
    gtinFault(faults, `${at}.gtin`, product.gtin);
    faults.unique(codes, `${at}.gtin`, product.gtin);
    products.set(product.gtin, product);
    if (product.name === '') faults.add('missing-field', `${at}.name`, '', 'a name');
    if (
      product.unitOfMeasure !== UnitOfMeasure.PIECE &&
      product.unitOfMeasure !== UnitOfMeasure.KILOGRAM
    ) {
      faults.add('bad-field', `${at}.unitOfMeasure`, product.unitOfMeasure, 'piece or kilogram');
    }
    freshnessFaults(faults, product, at);
    if (product.casePackPieces > levelLimit(product)) {
      const expected = `at most ${levelLimit(product)}`;
      faults.add('out-of-range', `${at}.casePackPieces`, product.casePackPieces, expected);
    }
    if (product.caseGtin !== '') {
      gtinFault(faults, `${at}.caseGtin`, product.caseGtin);
      faults.unique(codes, `${at}.caseGtin`, product.caseGtin);
      if (product.casePackPieces === 0) {
        faults.add('out-of-range', `${at}.casePackPieces`, 0, 'at least 1, as it has a case GTIN');
      }
    }
    for (const field of ['price', 'margin'] as const) {
      const money = product[field];
      if (money !== undefined && money.currency !== currency) {
        faults.add(
          'bad-field',
          `${at}.${field}.currency`,
          money.currency,
          currency ?? 'a currency',
        );
      }
    }
  });
  message.products.forEach((product, index) => {
    product.substitutes.forEach((gtin, place) => {
      if (products.has(gtin)) return;
      const field = `products[${index}].substitutes[${place}]`;
      faults.add('unknown-product', field, gtin, 'the GTIN of one of products');
    });
  });
  return products;
}

function gtinFault(faults: Faults, field: string, text: string): void {
  const gtin = parseGtin(text);
  if (!gtin.ok) faults.add(gtin.error, field, text, gtin.detail);
  else if (gtin.value !== text) faults.add('bad-length', field, text, `14 digits: ${gtin.value}`);
}

function placeFaults(faults: Faults, message: MasterData): Map<string, PlaceKind> {
  const kinds = new Map<string, PlaceKind>();
  const parents = new Map<string, string>();
  const ids = new Set<string>();
  message.places.forEach((place, index) => {
    const at = `places[${index}]`;
    if (!placeIdForm.test(place.placeId)) {
      faults.add('bad-field', `${at}.placeId`, place.placeId, placeIdExpectation);
    }
    faults.unique(ids, `${at}.placeId`, place.placeId);
    kinds.set(place.placeId, place.kind);
    parents.set(place.placeId, place.parentPlaceId);
    if (place.kind === PlaceKind.UNSPECIFIED || PlaceKind[place.kind] === undefined) {
      faults.add('bad-field', `${at}.kind`, place.kind, 'a kind of place');
    }
  });
  message.places.forEach((place, index) => {
    const at = `places[${index}].parentPlaceId`;
    if (place.parentPlaceId === '') return;
    if (!ids.has(place.parentPlaceId)) {
      faults.add('unknown-place', at, place.parentPlaceId, 'one of places, or empty');
    } else if (isOwnAncestor(place.placeId, parents)) {
      faults.add('bad-field', at, place.parentPlaceId, 'a place that does not lie in this one');
    }
  });
  return kinds;
}

/** Store, zone, fixture, rack, bin: deeper nesting is a circle. */
const placeDepthLimit = 16;

function walkwayFaults(
  faults: Faults,
  message: MasterData,
  places: ReadonlyMap<string, PlaceKind>,
): void {
  message.walkways.forEach(({ fromPlaceId, toPlaceId }, index) => {
    const at = `walkways[${index}]`;
    placeFault(faults, `${at}.fromPlaceId`, fromPlaceId, places);
    placeFault(faults, `${at}.toPlaceId`, toPlaceId, places);
    if (fromPlaceId === toPlaceId) {
      faults.add('bad-field', `${at}.toPlaceId`, toPlaceId, 'another place than fromPlaceId');
    }
  });
}

function isOwnAncestor(placeId: string, parents: ReadonlyMap<string, string>): boolean {
  let at = parents.get(placeId) ?? '';
  for (let depth = 0; at !== '' && depth < placeDepthLimit; depth += 1) {
    if (at === placeId) return true;
    at = parents.get(at) ?? '';
  }
  return at !== '';
}

function slotFaults(
  faults: Faults,
  message: MasterData,
  products: ReadonlyMap<string, Product>,
  places: ReadonlyMap<string, PlaceKind>,
): Map<string, Slot> {
  const slots = new Map<string, Slot>();
  const ids = new Set<string>();
  message.slots.forEach((slot, index) => {
    const at = `slots[${index}]`;
    if (!placeIdForm.test(slot.slotId)) {
      faults.add('bad-field', `${at}.slotId`, slot.slotId, placeIdExpectation);
    }
    faults.unique(ids, `${at}.slotId`, slot.slotId);
    slots.set(slot.slotId, slot);
    if (!products.has(slot.gtin)) {
      faults.add('unknown-product', `${at}.gtin`, slot.gtin, 'the GTIN of one of products');
    }
    placeFault(faults, `${at}.fixturePlaceId`, slot.fixturePlaceId, places);
    if (slot.homeBinPlaceId !== '') {
      placeFault(faults, `${at}.homeBinPlaceId`, slot.homeBinPlaceId, places);
    }
    levelFaults(faults, at, slot, levelLimit(products.get(slot.gtin)));
  });
  return slots;
}

/** Greatest capacity or case: 100,000 pieces or 500 kg, so that figures of a slot fit 32 bits. */
function levelLimit(product: Product | undefined): number {
  return product?.unitOfMeasure === UnitOfMeasure.KILOGRAM ? 500_000_000 : 100_000;
}

function levelFaults(faults: Faults, at: string, slot: Slot, limit: number): void {
  const { capacity, par, reorderPoint, presentationMinimum, facings } = slot;
  if (capacity > limit) faults.add('out-of-range', `${at}.capacity`, capacity, `at most ${limit}`);
  if (facings > 1_000) faults.add('out-of-range', `${at}.facings`, facings, 'at most 1000');
  if (capacity === 0) faults.add('out-of-range', `${at}.capacity`, 0, 'at least 1');
  if (par === 0) faults.add('out-of-range', `${at}.par`, 0, 'at least 1');
  if (facings === 0) faults.add('out-of-range', `${at}.facings`, 0, 'at least 1');
  if (par > capacity) {
    faults.add('out-of-range', `${at}.par`, par, `at most the capacity ${capacity}`);
  }
  if (reorderPoint > par) {
    faults.add('out-of-range', `${at}.reorderPoint`, reorderPoint, `at most par ${par}`);
  }
  if (presentationMinimum > reorderPoint) {
    const expected = `at most the reorder point ${reorderPoint}`;
    faults.add('out-of-range', `${at}.presentationMinimum`, presentationMinimum, expected);
  }
}

function placeFault(
  faults: Faults,
  field: string,
  placeId: string,
  places: ReadonlyMap<string, PlaceKind>,
): void {
  if (!places.has(placeId)) faults.add('unknown-place', field, placeId, 'one of places');
}

function staffFaults(faults: Faults, message: MasterData): void {
  const refs = new Set<string>();
  message.staff.forEach((member, index) => {
    const at = `staff[${index}]`;
    if (!isPlainId(member.personRef)) {
      faults.add('bad-field', `${at}.personRef`, member.personRef, plainIdExpectation);
    }
    faults.unique(refs, `${at}.personRef`, member.personRef);
    if (member.role === Role.UNSPECIFIED || Role[member.role] === undefined) {
      faults.add('bad-field', `${at}.role`, member.role, 'a role');
    }
  });
}
