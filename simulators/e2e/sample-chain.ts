/** The sample store of the core's tests and its HQ, prepared in a folder for whole-path tests. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toJsonString } from '@bufbuild/protobuf';
import { hashBadge, hashPin } from '@stockhand/central-sync/hq/staff-secret.ts';
import {
  masterDataCommand,
  openingStockCommand,
  storeGln,
} from '@stockhand/edge-agent/sample-store.ts';
import {
  ApplyMasterDataSchema,
  ApplyOpeningStockSchema,
  type Command,
} from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { connectAsync, type MqttClient } from 'mqtt';
import { type AgentPlace, stockhand } from '../harness/processes.ts';

export interface SampleChain {
  hqData: string;
  place: AgentPlace;
}

function commandOf(input: ReturnType<typeof masterDataCommand>): Command['command'] {
  if (input.kind !== 'hq-command') throw new Error('a command expected');
  return input.command.command;
}

/** Enrols the store and writes HQ's files; Anna has PIN 4711, Max, the manager, 1234. */
export function prepareChain(folder: string): SampleChain {
  const hqData = join(folder, 'hq');
  const certificates = join(folder, 'hq-certificates');
  const place: AgentPlace = { folder: join(folder, 'store'), storeGln, hqPort: 0, certificates };
  mkdirSync(place.folder);
  const masterData = commandOf(masterDataCommand(1));
  const openingStock = commandOf(openingStockCommand(2));
  if (masterData.case !== 'applyMasterData') throw new Error('master data expected');
  if (openingStock.case !== 'applyOpeningStock') throw new Error('opening stock expected');
  masterData.value.staff = {
    $typeName: 'stockhand.masterdata.v1alpha.StaffDirectory',
    members: [
      {
        $typeName: 'stockhand.masterdata.v1alpha.StaffMember',
        personRef: 'anna',
        name: 'Anna',
        pinHash: hashPin('4711'),
        badgeHash: hashBadge('badge-anna-0001'),
      },
      {
        $typeName: 'stockhand.masterdata.v1alpha.StaffMember',
        personRef: 'max',
        name: 'Max',
        pinHash: hashPin('1234'),
        badgeHash: hashBadge('badge-max-0001'),
      },
    ],
  };
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('master-data.json', toJsonString(ApplyMasterDataSchema, masterData.value));
  write('opening-stock.json', toJsonString(ApplyOpeningStockSchema, openingStock.value));
  stockhand('hq', 'enroll-store', '--data', hqData, '--gln', storeGln, '--out', certificates);
  return { hqData, place };
}

/** Connects a device with a new secret of its own. */
export async function connectDevice(
  place: AgentPlace,
  deviceId: string,
  mqttPort: number,
): Promise<MqttClient> {
  const [device] = JSON.parse(
    stockhand('device', 'add', deviceId, '--data', place.folder, '--json'),
  ) as { secret: string }[];
  return connectAsync({
    protocol: 'mqtts',
    host: 'localhost',
    port: mqttPort,
    ca: readFileSync(join(place.folder, 'certificates', 'server', 'authority.pem')),
    clientId: deviceId,
    username: deviceId,
    password: device?.secret ?? '',
    reconnectPeriod: 0,
  });
}

/** A weight that stands for so many jars of jam on the plate. */
export async function publishJars(
  client: MqttClient,
  sequence: number,
  jars: number,
  deviceId = 'plate-1',
): Promise<void> {
  const value = ((2_000_000 + jars * 345_000) / 1_000_000).toFixed(3);
  const weight = { value, unit: 'kg', stable: true };
  const reading = JSON.stringify({ session: 'boot-1', sequence: `${sequence}`, weight });
  await client.publishAsync(`stockhand/v1/${storeGln}/${deviceId}/reading`, reading, { qos: 1 });
}
