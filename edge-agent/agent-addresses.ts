/**
 * Where a running agent listens, told in its log and kept in its data folder, so that commands find an agent
 * whose ports the system chose.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const port = z.int().min(0).max(65_535);
const addressesSchema = z.object({
  mqttPort: port,
  /** 0: MQTT over WebSockets is not spoken. */
  mqttWebSocketPort: port,
  statusPort: port,
  kioskHttpPort: port,
  kioskHttpsPort: port,
});

export type AgentAddresses = z.infer<typeof addressesSchema>;

const fileIn = (dataFolder: string) => join(dataFolder, 'addresses.json');

export function keepAddresses(dataFolder: string, addresses: AgentAddresses): void {
  const file = fileIn(dataFolder);
  writeFileSync(`${file}.new`, JSON.stringify(addresses), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The agent has stopped: nobody listens there. */
export function forgetAddresses(dataFolder: string): void {
  rmSync(fileIn(dataFolder), { force: true });
}

/** Null where no agent has said where it listens. */
export function readAddresses(dataFolder: string): AgentAddresses | null {
  try {
    return addressesSchema.parse(JSON.parse(readFileSync(fileIn(dataFolder), 'utf8')));
  } catch {
    return null;
  }
}
