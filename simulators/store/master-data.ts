/** What HQ would tell the agent of a virtual store: master data, staff by reference, opening stock. */
import { create } from '@bufbuild/protobuf';
import { AccountKind } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import {
  DeviceKind,
  type MasterData,
  MasterDataSchema,
  PlaceKind,
  ReadingIdentity,
  Role,
  TemperatureClass,
  UnitOfMeasure,
} from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import {
  type ApplyOpeningStock,
  ApplyOpeningStockSchema,
} from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { world } from './reference-store.ts';
import type { PlannedProduct, PlannedSlot, SensorKind, StorePlan } from './store-plan.ts';

/** What an empty fixture weighs, and how far its back wall is. */
export const emptyPlateMilligrams = 2_000_000;
export const emptySlotMillimetres = 4_000;

/** A refill starts when a slot is down to this share of its capacity. */
const reorderShare = 0.4;

const temperatureClass = {
  ambient: TemperatureClass.AMBIENT,
  chilled: TemperatureClass.CHILLED,
  frozen: TemperatureClass.FROZEN,
} as const;

const placeKinds = {
  fixture: PlaceKind.SALES_FLOOR,
  bin: PlaceKind.BACKROOM,
  dock: PlaceKind.DOCK,
  collect: PlaceKind.CLICK_AND_COLLECT,
} as const;

const sensorDevices = {
  plate: { kind: DeviceKind.WEIGHT_PLATE, emptyReading: emptyPlateMilligrams },
  distance: { kind: DeviceKind.DISTANCE, emptyReading: emptySlotMillimetres },
  rfid: { kind: DeviceKind.RFID_ZONE, emptyReading: 0 },
} as const satisfies Record<SensorKind, { kind: DeviceKind; emptyReading: number }>;

/** A change of less than so much is noise; a quarter of a piece on a plate, so that a drift is seen. */
function deadBand(sensor: SensorKind, product: PlannedProduct): number {
  if (sensor === 'plate') return Math.round((product.unitWeightGrams * 1_000) / 4);
  return sensor === 'distance' ? Math.round(product.unitDepthMillimetres / 2) : 0;
}

const money = (minorUnits: number) => ({ minorUnits: BigInt(minorUnits), currency: 'EUR' });

function slotMessage(slot: PlannedSlot) {
  const { capacityPieces } = slot;
  const presentationMinimum = Math.min(world.presentationMinimumPieces, capacityPieces);
  return {
    slotId: slot.slotId,
    gtin: slot.product.gtin,
    fixturePlaceId: slot.fixtureId,
    capacity: capacityPieces,
    par: capacityPieces,
    reorderPoint: Math.max(presentationMinimum, Math.floor(capacityPieces * reorderShare)),
    presentationMinimum,
    facings: 1,
    homeBinPlaceId: slot.product.binId,
  };
}

export function masterDataOf(plan: StorePlan, version: string): MasterData {
  return create(MasterDataSchema, {
    version,
    store: {
      gln: plan.gln,
      name: `Reference store ${plan.size}`,
      timeZone: 'Europe/Berlin',
      opensMinute: world.opensHour * 60,
      closesMinute: world.closesHour * 60,
      currency: 'EUR',
      restrictedNumberRegion: 'DE',
    },
    products: plan.products.map((product) => ({
      gtin: product.gtin,
      sku: product.sku,
      name: product.name,
      category: product.category,
      unitOfMeasure: UnitOfMeasure.PIECE,
      casePackPieces: product.casePackPieces,
      unitWeightMilligrams: product.unitWeightGrams * 1_000,
      unitWeightSpreadPpm: world.unitWeightSpread * 1_000_000,
      temperatureClass: temperatureClass[product.temperature],
      price: money(product.priceCents),
      margin: money(Math.round(product.priceCents * 0.3)),
      unitDepthMillimetres: product.unitDepthMillimetres,
    })),
    places: [...plan.places.values()].map((place) => ({
      placeId: place.placeId,
      name: place.name,
      kind: placeKinds[place.kind],
      xCentimetres: Math.round((place.xMetres + 10) * 100),
      yCentimetres: Math.round((place.yMetres + 100) * 100),
    })),
    slots: plan.slots.map(slotMessage),
    devices: [
      ...plan.slots.flatMap(({ sensor, deviceId, slotId, product }) =>
        sensor === null
          ? []
          : [
              {
                deviceId,
                ...sensorDevices[sensor],
                slotIds: [slotId],
                readingIdentity: ReadingIdentity.SEQUENCE,
                deadBand: deadBand(sensor, product),
              },
            ],
      ),
      ...plan.tills.map((deviceId) => ({
        deviceId,
        kind: DeviceKind.TILL,
        readingIdentity: ReadingIdentity.NONE,
      })),
      ...['scanner-1', 'scale-1'].map((deviceId) => ({
        deviceId,
        kind: deviceId === 'scale-1' ? DeviceKind.SCALE : DeviceKind.SCANNER,
        readingIdentity: ReadingIdentity.SEQUENCE,
      })),
    ],
    staff: plan.staff.map((personRef, index) => ({
      personRef,
      role: index === 0 ? Role.MANAGER : Role.ASSOCIATE,
    })),
  });
}

/** So many days of mean demand in whole cases. */
export function openingBackroomPieces(product: PlannedProduct, days: number): number {
  const daily = product.piecesPerHour.reduce((sum, pieces) => sum + pieces, 0);
  return Math.ceil((daily * days) / product.casePackPieces) * product.casePackPieces;
}

/** Pieces in a slot at the opening. */
export type SlotFill = (slot: PlannedSlot) => number;

export const fullSlots: SlotFill = (slot) => slot.capacityPieces;

export function openingStockOf(
  plan: StorePlan,
  backroomDays: number,
  fill: SlotFill = fullSlots,
): ApplyOpeningStock {
  return create(ApplyOpeningStockSchema, {
    lines: [
      ...plan.slots.map((slot) => ({
        gtin: slot.product.gtin,
        slotId: slot.slotId,
        account: { kind: AccountKind.SALES_FLOOR },
        quantity: quantityMessage(fill(slot), 'pieces'),
      })),
      ...plan.products.map((product) => ({
        gtin: product.gtin,
        account: { kind: AccountKind.BACKROOM_BIN, placeId: product.binId },
        quantity: quantityMessage(openingBackroomPieces(product, backroomDays), 'pieces'),
      })),
    ],
  });
}
