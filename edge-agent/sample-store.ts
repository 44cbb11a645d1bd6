/**
 * A small store for tests of the core: three products, four slots, a plate, a distance sensor, an RFID
 * zone, a till, a scanner and three people; and a driver that feeds the core and keeps what it says.
 */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { type Reading, ReadingSchema } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import { TillLineKind, TillSaleSchema } from '@stockhand/proto/device/v1alpha/till_sale_pb.js';
import { AccountKind } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import {
  type ActRequest,
  ActRequestSchema,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import {
  DeviceKind,
  LotTracking,
  type MasterData,
  MasterDataSchema,
  PlaceKind,
  ReadingIdentity,
  Role,
  UnitOfMeasure,
} from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { type Command, CommandSchema } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { createState, type State, type Step, step } from './agent.ts';
import type { StoreEvent } from './events/event.ts';
import type { Delivery, Input, Moment, Outcome } from './input.ts';
import type { InputMark } from './ports.ts';

export const storeGln = '4000001000005';
export const epoch = '0123456789abcdef0123456789abcdef';
export const jam = '04006381333931';
export const milk = '04000000000013';
export const cheese = '02000000000015';
export const jamCase = '14006381333938';
export const startMs = Date.UTC(2026, 10, 23, 9, 0, 0);

/** Jam in A1 (plate) and A2, milk in B1 (distance), cheese by weight in C1. */
export function sampleMasterData(version = '2026-11-23T06:00:00Z/1'): MasterData {
  return create(MasterDataSchema, {
    version,
    store: {
      gln: storeGln,
      name: 'Corner',
      timeZone: 'Europe/Berlin',
      currency: 'EUR',
      opensMinute: 420,
      closesMinute: 1_260,
      restrictedNumberRegion: 'DE',
    },
    products: [
      {
        gtin: jam,
        sku: 'JAM-1',
        name: 'Jam',
        unitOfMeasure: UnitOfMeasure.PIECE,
        casePackPieces: 6,
        caseGtin: jamCase,
        unitWeightMilligrams: 345_000,
        price: { minorUnits: 249n, currency: 'EUR' },
      },
      {
        gtin: milk,
        sku: 'MILK-1',
        name: 'Milk',
        unitOfMeasure: UnitOfMeasure.PIECE,
        casePackPieces: 12,
        unitWeightMilligrams: 1_040_000,
        unitDepthMillimetres: 70,
      },
      { gtin: cheese, sku: 'CHEESE-1', name: 'Cheese', unitOfMeasure: UnitOfMeasure.KILOGRAM },
    ],
    places: [
      { placeId: 'F1', kind: PlaceKind.SALES_FLOOR, name: 'Aisle 1' },
      { placeId: 'BR', kind: PlaceKind.BACKROOM, name: 'Backroom' },
      { placeId: 'B7', kind: PlaceKind.BACKROOM, name: 'Bin 7', parentPlaceId: 'BR' },
      { placeId: 'B9', kind: PlaceKind.BACKROOM, name: 'Bin 9', parentPlaceId: 'BR' },
    ],
    slots: [
      { slotId: 'A1', gtin: jam, ...levels(12, 12, 4, 2), homeBinPlaceId: 'B7' },
      { slotId: 'A2', gtin: jam, ...levels(8, 8, 2, 1), homeBinPlaceId: 'B7' },
      { slotId: 'B1', gtin: milk, ...levels(20, 16, 6, 2), facings: 2, homeBinPlaceId: 'B9' },
      { slotId: 'C1', gtin: cheese, ...levels(5_000_000, 5_000_000, 1_000_000, 500_000) },
    ],
    devices: [
      shelfDevice('plate-1', DeviceKind.WEIGHT_PLATE, ['A1'], 20_000, 2_000_000),
      shelfDevice('distance-1', DeviceKind.DISTANCE, ['B1'], 10, 900),
      shelfDevice('zone-1', DeviceKind.RFID_ZONE, ['A1', 'A2'], 0, 0),
      { deviceId: 'till-1', kind: DeviceKind.TILL, readingIdentity: ReadingIdentity.NONE },
      { deviceId: 'scanner-1', kind: DeviceKind.SCANNER, readingIdentity: ReadingIdentity.NONE },
      {
        deviceId: 'fridge-1',
        kind: DeviceKind.TEMPERATURE,
        readingIdentity: ReadingIdentity.DEVICE_TIME,
      },
    ],
    staff: [
      { personRef: 'anna', role: Role.ASSOCIATE },
      { personRef: 'ben', role: Role.ASSOCIATE },
      { personRef: 'lea', role: Role.LEAD },
      { personRef: 'max', role: Role.MANAGER },
    ],
  });
}

function levels(capacity: number, par: number, reorderPoint: number, presentationMinimum: number) {
  return { capacity, par, reorderPoint, presentationMinimum, facings: 1, fixturePlaceId: 'F1' };
}

function shelfDevice(
  deviceId: string,
  kind: DeviceKind,
  slotIds: string[],
  deadBand: number,
  emptyReading: number,
) {
  const readingIdentity = ReadingIdentity.SEQUENCE;
  return { deviceId, kind, slotIds, readingIdentity, deadBand, emptyReading };
}

export function momentAt(nowMs: number): Moment {
  const businessDay = new Date(nowMs).toISOString().slice(0, 10);
  return { nowMs, localHour: new Date(nowMs).getUTCHours(), utcOffsetMinutes: 0, businessDay };
}

export const mqttDelivery: Delivery = {
  source: 'mqtt',
  client: 'client',
  packetId: 1,
  duplicateFlag: false,
  retained: false,
  payloadHash: '00',
};

export function weightReading(sequence: number, kilograms: string, more = {}): Input {
  const weight = { value: kilograms, unit: 'kg', stable: true, ...more };
  return reading({
    deviceId: 'plate-1',
    session: 'boot-1',
    sequence: BigInt(sequence),
    value: { case: 'weight', value: weight },
  });
}

/** A weight that stands for so many jars of jam on the plate. */
export function jarsReading(sequence: number, jars: number): Input {
  return weightReading(sequence, ((2_000_000 + jars * 345_000) / 1_000_000).toFixed(3));
}

type ReadingInit = Parameters<typeof create<typeof ReadingSchema>>[1];

export function reading(init: ReadingInit, delivery: Partial<Delivery> = {}): Input {
  const message: Reading = create(ReadingSchema, init);
  return { kind: 'reading', reading: message, delivery: { ...mqttDelivery, ...delivery } };
}

export interface LineInit {
  code: string;
  quantity: string;
  kind?: TillLineKind;
}

export function sale(receipt: string, lines: LineInit[], more = {}): Input {
  return {
    kind: 'sale',
    deviceId: 'till-1',
    delivery: mqttDelivery,
    sale: create(TillSaleSchema, {
      workstation: 'till-1',
      businessDay: '2026-11-23',
      receipt,
      lines: lines.map((line, index) => ({ line: index + 1, kind: TillLineKind.SALE, ...line })),
      ...more,
    }),
  };
}

export function masterDataCommand(sequence: number, masterData = sampleMasterData()): Input {
  return command(sequence, { case: 'applyMasterData', value: { masterData } });
}

type CommandInit = NonNullable<Parameters<typeof create<typeof CommandSchema>>[1]>['command'];

export function command(sequence: number, init: CommandInit, expiresAtMs?: number): Input {
  const message: Command = create(CommandSchema, {
    hqEpoch: 'hq-1',
    sequence: BigInt(sequence),
    ...(init !== undefined && { command: init }),
    ...(expiresAtMs !== undefined && { expiresAt: timestampFromMs(expiresAtMs) }),
  });
  return { kind: 'hq-command', command: message };
}

/** Jam: 12 in A1, 8 in A2, 20 in B7 and 4 in B9; milk: 16 in B1, 24 in B9; cheese: 3 kg. */
export function openingStockCommand(sequence: number): Input {
  const slotLine = (gtin: string, slotId: string, pieces: number) => ({
    gtin,
    slotId,
    account: { kind: AccountKind.SALES_FLOOR },
    quantity: quantityMessage(pieces, gtin === cheese ? 'milligrams' : 'pieces'),
  });
  const binLine = (gtin: string, placeId: string, pieces: number) => ({
    gtin,
    account: { kind: AccountKind.BACKROOM_BIN, placeId },
    quantity: quantityMessage(pieces, 'pieces'),
  });
  const lines = [
    slotLine(jam, 'A1', 12),
    slotLine(jam, 'A2', 8),
    binLine(jam, 'B7', 20),
    binLine(jam, 'B9', 4),
    slotLine(milk, 'B1', 16),
    binLine(milk, 'B9', 24),
    slotLine(cheese, 'C1', 3_000_000),
  ];
  return command(sequence, { case: 'applyOpeningStock', value: { lines } });
}

let actions = 0;

function newActionId(): string {
  actions += 1;
  return `action-${actions}`;
}

export function action(
  personRef: string,
  seenVersion: number,
  init: ActRequest['action'] | { case: string; value: object },
  actionId = newActionId(),
): Input {
  // The messages inside are given as plain objects, which `create` completes.
  const message = create(ActRequestSchema, { actionId, seenVersion, action: init as never });
  const role =
    personRef === 'max' ? Role.MANAGER : personRef === 'lea' ? Role.LEAD : Role.ASSOCIATE;
  return { kind: 'action', action: message, personRef, role, sessionId: `session-${personRef}` };
}

export function signIn(personRef: string): Input {
  const role =
    personRef === 'max' ? Role.MANAGER : personRef === 'lea' ? Role.LEAD : Role.ASSOCIATE;
  return {
    kind: 'sign-in',
    personRef,
    role,
    sessionId: `session-${personRef}`,
    kioskId: `kiosk-${personRef}`,
    method: 'pin',
  };
}

/** The core with all that it has said. */
export class SampleStore {
  readonly state: State = createState({ storeGln, epoch });
  readonly log: StoreEvent[] = [];
  readonly markTable = new Map<string, string>();
  nowMs = startMs;

  /** Feeds one input and keeps events and marks; a second passes between inputs. */
  take(input: Input): Step {
    this.nowMs += 1_000;
    const result = step(this.state, input, momentAt(this.nowMs));
    this.log.push(...result.events);
    for (const { key, value } of result.marks) {
      if (value === '') this.markTable.delete(key);
      else this.markTable.set(key, value);
    }
    return result;
  }

  outcome(input: Input): Outcome {
    return this.take(input).outcome;
  }

  /** Names of the events that one input leads to. */
  cases(input: Input): string[] {
    return this.take(input).events.map((event) => event.payload.case);
  }

  markRows(): InputMark[] {
    return [...this.markTable].map(([key, value]) => ({ key, value }));
  }
}

/** A store with master data, opening stock and everyone signed in. */
export function runningStore(): SampleStore {
  const store = new SampleStore();
  store.take({ kind: 'start', agentVersion: '0.1.0', configurationHash: 'c0' });
  store.take(masterDataCommand(1));
  store.take(openingStockCommand(2));
  for (const person of ['anna', 'ben', 'lea', 'max']) store.take(signIn(person));
  return store;
}

/** Milk is tracked by lot with ten days of life, jam by date, cheese not at all. */
export function trackingStore(): SampleStore {
  const store = runningStore();
  const data = sampleMasterData('2026-11-23T06:00:00Z/2');
  for (const product of data.products) {
    if (product.gtin === milk) {
      product.lotTracking = LotTracking.LOT;
      product.shelfLifeDays = 10;
    }
    if (product.gtin === jam) product.lotTracking = LotTracking.BEST_BEFORE;
  }
  store.take(masterDataCommand(3, data));
  return store;
}
