/** A forecast of demand, pushed at HQ as YAML and heard by a store over gRPC as two processes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jam, storeGln } from '@stockhand/edge-agent/sample-store.ts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  type AgentPlace,
  type LoggingProcess,
  startAgent,
  startHq,
  stockhand,
} from '../harness/processes.ts';
import { prepareChain } from './sample-chain.ts';

let folder: string;
let hqData: string;
let place: AgentPlace;
let processes: LoggingProcess[];

const until = (condition: () => boolean) =>
  vi.waitUntil(condition, { timeout: 30_000, interval: 50 });

const push = (command: string, file: string) =>
  stockhand('hq', command, '--data', hqData, '--gln', storeGln, '--file', join(folder, file));

const eventsOf = (type: string): number =>
  stockhand('hq', 'events', '--data', hqData, '--type', type, '--json')
    .split('\n')
    .filter((line) => line !== '').length;

/** Today at the store, which lies in Berlin. */
const today = () =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin', dateStyle: 'short' }).format();

function forecastFile(name: string, madeAt: string, gtin: string, mean: number): string {
  const text = `applyDemandForecast:
  modelName: hq-weekly
  madeAt: ${madeAt}
  products:
    - gtin: "${gtin}"
      days:
        - { date: "${today()}", mean: ${mean} }
`;
  writeFileSync(join(folder, name), text);
  return name;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stockhand-e2e-'));
  ({ hqData, place } = prepareChain(folder));
  processes = [];
});

afterEach(async () => {
  for (const process of processes) await process.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

it('brings a forecast down, once, tells the numbers, and refuses one that cannot be', async () => {
  push('push-master-data', 'master-data.json');
  push('push-opening-stock', 'opening-stock.json');
  const { process, grpcPort } = await startHq(hqData);
  processes.push(process);
  place.hqPort = grpcPort;
  const agent = await startAgent(place);
  processes.push(agent.process);
  await until(() => eventsOf('ItemsCounted') > 0);

  const madeAt = new Date().toISOString();
  const good = forecastFile('forecast.yaml', madeAt, jam, 24.5);
  push('push', good);
  await until(() => eventsOf('DemandForecastApplied') === 1);
  push('push', good);
  push('push', forecastFile('unknown.yaml', madeAt, '04099999999995', 3));
  await until(() => eventsOf('CommandRefused') === 1);
  expect(eventsOf('DemandForecastApplied')).toBe(1);

  const data = place.folder;
  const told = JSON.parse(stockhand('explain', 'product', jam, '--data', data, '--json')) as {
    slots: { demandToday: { own: number; hq: number; combined: number; hqWeight: number } }[];
  };
  const levels = told.slots[0]?.demandToday;
  expect(levels).toMatchObject({ hq: 24.5, hqWeight: 0.5, modelName: 'hq-weekly' });
  const own = levels?.own ?? Number.NaN;
  expect(levels?.combined).toBeCloseTo((own + Math.min(24.5, 4 * own)) / 2, 9);
  expect(stockhand('explain', 'product', jam, '--data', data)).toMatch(
    /demand +[\d.]+ expected today: the store says [\d.]+ \(weight 50 %\), HQ 24\.5 \(weight 50 %; hq-weekly of/,
  );
});
