/**
 * From HQ's `MasterData` message to the catalogue's plain facts.
 *
 * The conversion judges nothing: `validation.ts` did, before the message was logged. Replay converts
 * what the log holds even if a later release would refuse it.
 */
import type {
  MasterData,
  Device as MessageDevice,
  Place as MessagePlace,
  Product as MessageProduct,
} from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import {
  DeviceKind as MessageDeviceKind,
  LotTracking as MessageLotTracking,
  PlaceKind as MessagePlaceKind,
  ReadingIdentity as MessageReadingIdentity,
  TemperatureClass as MessageTemperatureClass,
  Role,
  UnitOfMeasure,
} from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import type { Gtin } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import type {
  CatalogueFacts,
  Device,
  DeviceKind,
  LotTracking,
  Place,
  PlaceKind,
  Product,
  ReadingIdentity,
  StaffRoleName,
  StoreFacts,
  TemperatureClass,
} from './catalogue.ts';

export const placeKinds: ReadonlyMap<MessagePlaceKind, PlaceKind> = new Map([
  [MessagePlaceKind.SALES_FLOOR, 'sales-floor'],
  [MessagePlaceKind.BACKROOM, 'backroom'],
  [MessagePlaceKind.DOCK, 'dock'],
  [MessagePlaceKind.CHILLED, 'chilled'],
  [MessagePlaceKind.FROZEN, 'frozen'],
  [MessagePlaceKind.CLICK_AND_COLLECT, 'click-and-collect'],
  [MessagePlaceKind.QUARANTINE, 'quarantine'],
  [MessagePlaceKind.WASTE, 'waste'],
  [MessagePlaceKind.CART, 'cart'],
]);

export const deviceKinds: ReadonlyMap<MessageDeviceKind, DeviceKind> = new Map([
  [MessageDeviceKind.WEIGHT_PLATE, 'weight-plate'],
  [MessageDeviceKind.DISTANCE, 'distance'],
  [MessageDeviceKind.RFID_ZONE, 'rfid-zone'],
  [MessageDeviceKind.SCALE, 'scale'],
  [MessageDeviceKind.SCANNER, 'scanner'],
  [MessageDeviceKind.TILL, 'till'],
  [MessageDeviceKind.TEMPERATURE, 'temperature'],
]);

export const readingIdentities: ReadonlyMap<MessageReadingIdentity, ReadingIdentity> = new Map([
  [MessageReadingIdentity.SEQUENCE, 'sequence'],
  [MessageReadingIdentity.DEVICE_TIME, 'device-time'],
  [MessageReadingIdentity.NONE, 'none'],
]);

export const staffRoles: ReadonlyMap<Role, StaffRoleName> = new Map([
  [Role.ASSOCIATE, 'associate'],
  [Role.LEAD, 'lead'],
  [Role.MANAGER, 'manager'],
  [Role.INTEGRATOR, 'integrator'],
  [Role.SUPPORT, 'support'],
  [Role.HQ, 'hq'],
]);

const temperatureClasses: ReadonlyMap<MessageTemperatureClass, TemperatureClass> = new Map([
  [MessageTemperatureClass.CHILLED, 'chilled'],
  [MessageTemperatureClass.FROZEN, 'frozen'],
]);

const lotTrackings: ReadonlyMap<MessageLotTracking, LotTracking> = new Map([
  [MessageLotTracking.BEST_BEFORE, 'best-before'],
  [MessageLotTracking.LOT, 'lot'],
]);

export function catalogueFactsOf(message: MasterData): CatalogueFacts {
  const warningDays = new Map(
    message.categoryRules.map((rule) => [rule.category, rule.bestBeforeWarningDays]),
  );
  return {
    version: message.version,
    store: storeOf(message),
    products: message.products.map((product) =>
      productOf(product, warningDays.get(product.category) ?? 0),
    ),
    places: message.places.map(placeOf),
    walkways: message.walkways.map(({ fromPlaceId, toPlaceId, centimetres }) => ({
      fromPlaceId,
      toPlaceId,
      centimetres,
    })),
    slots: message.slots.map((slot) => ({
      slotId: slot.slotId,
      // Checked before it was logged.
      gtin: slot.gtin as Gtin,
      fixturePlaceId: slot.fixturePlaceId,
      capacity: slot.capacity,
      par: slot.par,
      reorderPoint: slot.reorderPoint,
      presentationMinimum: slot.presentationMinimum,
      facings: slot.facings,
      homeBinPlaceId: slot.homeBinPlaceId,
    })),
    devices: message.devices.map(deviceOf),
    staff: message.staff.map((member) => ({
      personRef: member.personRef,
      role: staffRoles.get(member.role) ?? 'support',
      skills: [...member.skills],
    })),
    // HQ says nothing of them: whoever applies master data keeps those in force.
    profilesVersion: '',
    profiles: [],
  };
}

function storeOf({ store }: MasterData): StoreFacts {
  return {
    gln: store?.gln ?? '',
    name: store?.name ?? '',
    timeZone: store?.timeZone ?? 'UTC',
    businessDayEndMinute: store?.businessDayEndMinute ?? 0,
    opensMinute: store?.opensMinute ?? 0,
    closesMinute: store?.closesMinute ?? 0,
    currency: store?.currency ?? '',
    restrictedNumberRegion: store?.restrictedNumberRegion ?? '',
    learnedWeightLeastPpm: store?.learnedWeightLeastPpm ?? 0,
    learnedWeightMostPpm: store?.learnedWeightMostPpm ?? 0,
  };
}

/** A fifth of the shelf life, at least a day: milk of ten days two days before, rice of a year ten weeks. */
function usualWarningDays({ shelfLifeDays }: MessageProduct): number {
  return Math.max(1, Math.floor(shelfLifeDays / 5));
}

function productOf(product: MessageProduct, categoryWarningDays: number): Product {
  const warningDays = product.bestBeforeWarningDays || categoryWarningDays;
  return {
    // Checked before it was logged.
    gtin: product.gtin as Gtin,
    sku: product.sku,
    name: product.name,
    category: product.category,
    unitOfMeasure: product.unitOfMeasure === UnitOfMeasure.KILOGRAM ? 'kilogram' : 'piece',
    casePack: product.casePackPieces,
    caseGtin: product.caseGtin,
    unitWeightMilligrams: product.unitWeightMilligrams,
    unitWeightSpreadPpm: product.unitWeightSpreadPpm,
    temperatureClass: temperatureClasses.get(product.temperatureClass) ?? 'ambient',
    priceMinorUnits: Number(product.price?.minorUnits ?? 0n),
    marginMinorUnits: Number(product.margin?.minorUnits ?? 0n),
    unitDepthMillimetres: product.unitDepthMillimetres,
    substitutes: [...product.substitutes],
    lotTracking: lotTrackings.get(product.lotTracking) ?? 'none',
    shelfLifeDays: product.shelfLifeDays,
    bestBeforeWarningDays: warningDays || usualWarningDays(product),
  };
}

function placeOf(place: MessagePlace): Place {
  return {
    placeId: place.placeId,
    kind: placeKinds.get(place.kind) ?? 'backroom',
    name: place.name,
    parentPlaceId: place.parentPlaceId,
    xCentimetres: place.xCentimetres,
    yCentimetres: place.yCentimetres,
  };
}

/** A device as the catalogue holds it; it was checked before. */
export function deviceOf(device: MessageDevice): Device {
  return {
    deviceId: device.deviceId,
    kind: deviceKinds.get(device.kind) ?? 'scanner',
    slotIds: [...device.slotIds],
    readingIdentity: readingIdentities.get(device.readingIdentity) ?? 'none',
    deadBand: device.deadBand,
    emptyReading: device.emptyReading,
    model: device.model,
  };
}
