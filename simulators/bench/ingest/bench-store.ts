/**
 * A store for the ingest benchmark: as many slots with a weight plate each as there are connections,
 * prepared in the agent's data folder as HQ and the installer would.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { DeviceCredentials } from '@stockhand/edge-agent/event-store/device-credentials.ts';
import { SqliteEventLog } from '@stockhand/edge-agent/event-store/sqlite-event-log.ts';
import type { Input } from '@stockhand/edge-agent/input.ts';
import { AgentLoop } from '@stockhand/edge-agent/loop.ts';
import { LocalCalendar } from '@stockhand/edge-agent/platform/local-calendar.ts';
import { systemClock } from '@stockhand/edge-agent/platform/system-ports.ts';
import {
  DeviceKind,
  MasterDataSchema,
  PlaceKind,
  ReadingIdentity,
  UnitOfMeasure,
} from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { CommandSchema } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { checkDigitOf } from '@stockhand/proto/vocabulary/gs1-keys.ts';

export const benchStoreGln = '4000001000005';

export interface BenchDevice {
  deviceId: string;
  secret: string;
}

const gtinOf = (index: number) => {
  const body = `0400000${String(index).padStart(6, '0')}`;
  return `${body}${checkDigitOf(body)}`;
};

function masterDataInput(plates: number): Input {
  const indexes = Array.from({ length: plates }, (_, index) => index);
  const masterData = create(MasterDataSchema, {
    version: '2026-11-23T06:00:00Z/1',
    store: {
      gln: benchStoreGln,
      name: 'Bench',
      timeZone: 'Europe/Berlin',
      currency: 'EUR',
      opensMinute: 420,
      closesMinute: 1_260,
      restrictedNumberRegion: 'DE',
    },
    products: indexes.map((index) => ({
      gtin: gtinOf(index),
      sku: `P-${index}`,
      name: `Product ${index}`,
      unitOfMeasure: UnitOfMeasure.PIECE,
      casePackPieces: 6,
      unitWeightMilligrams: 345_000,
      price: { minorUnits: 249n, currency: 'EUR' },
    })),
    places: [
      { placeId: 'F1', kind: PlaceKind.SALES_FLOOR, name: 'Aisle' },
      { placeId: 'BR', kind: PlaceKind.BACKROOM, name: 'Backroom' },
      { placeId: 'B1', kind: PlaceKind.BACKROOM, name: 'Bin', parentPlaceId: 'BR' },
    ],
    slots: indexes.map((index) => ({
      slotId: `slot-${index}`,
      gtin: gtinOf(index),
      fixturePlaceId: 'F1',
      homeBinPlaceId: 'B1',
      capacity: 12,
      par: 12,
      reorderPoint: 4,
      presentationMinimum: 2,
      facings: 1,
    })),
    devices: indexes.map((index) => ({
      deviceId: `plate-${index}`,
      kind: DeviceKind.WEIGHT_PLATE,
      slotIds: [`slot-${index}`],
      readingIdentity: ReadingIdentity.SEQUENCE,
      deadBand: 20_000,
      emptyReading: 2_000_000,
    })),
  });
  const command = create(CommandSchema, {
    hqEpoch: 'bench',
    sequence: 1n,
    command: { case: 'applyMasterData', value: { masterData } },
  });
  return { kind: 'hq-command', command };
}

/** Fills the data folder and writes store.yaml beside it; answers the devices with their secrets. */
export async function prepareStore(
  folder: string,
  plates: number,
): Promise<{ config: string; devices: BenchDevice[] }> {
  const log = new SqliteEventLog({ folder, storeGln: benchStoreGln });
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const calendar = new LocalCalendar({ timeZone: 'Europe/Berlin', businessDayEndMinute: 0 });
  const loop = new AgentLoop({
    storeGln: benchStoreGln,
    log,
    clock: systemClock,
    logger: silent,
    moment: () => calendar.moment(Date.now()),
  });
  const outcome = await loop.submit(masterDataInput(plates));
  if (outcome.kind !== 'accepted') throw new Error(`master data: ${JSON.stringify(outcome)}`);
  loop.stop();
  const credentials = new DeviceCredentials(log.database);
  const issueAll = log.database.transaction(() =>
    Array.from({ length: plates }, (_, index) => {
      const deviceId = `plate-${index}`;
      return { deviceId, secret: credentials.issue(deviceId, Date.now()) };
    }),
  );
  const devices = issueAll();
  log.close();
  const config = join(folder, 'store.yaml');
  writeFileSync(
    config,
    `store: "${benchStoreGln}"
timeZone: Europe/Berlin
dataFolder: ${folder}
# The limits of one device are not what is measured here.
mqtt: { host: 127.0.0.1, port: 0, publishesPerSecond: 1000000, publishBurst: 1000000 }
kiosk: { host: 127.0.0.1, httpPort: 0, httpsPort: 0 }
metrics: { port: 0 }
logLevel: info
`,
  );
  return { config, devices };
}
