import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DeviceCredentials } from '../event-store/device-credentials.ts';
import { SqliteEventLog } from '../event-store/sqlite-event-log.ts';
import { AgentLoop } from '../loop.ts';
import { systemClock } from '../platform/system-ports.ts';
import {
  masterDataCommand,
  milk,
  momentAt,
  openingStockCommand,
  startMs,
  storeGln,
} from '../sample-store.ts';
import { salesFloorQuantity } from '../views.ts';
import { ownSaleType } from './till-documents.ts';
import { addTillRoutes } from './till-routes.ts';

let folder: string;
let log: SqliteEventLog;
let loop: AgentLoop;
let server: FastifyInstance;
let url: string;
let secret: string;
let observed: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'till-'));
  log = new SqliteEventLog({ folder, storeGln });
  loop = new AgentLoop({
    storeGln,
    log,
    clock: systemClock,
    logger: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    moment: () => momentAt(startMs),
  });
  await loop.submit(masterDataCommand(1));
  await loop.submit(openingStockCommand(2));
  const credentials = new DeviceCredentials(log.database);
  secret = credentials.issue('till-1', startMs);
  observed = [];
  server = fastify();
  await addTillRoutes(server, {
    agent: loop,
    credentials,
    observed: (deviceId, result, reason) => observed.push(`${deviceId} ${result} ${reason}`),
  });
  url = `${await server.listen({ host: '127.0.0.1', port: 0 })}/till/v1/sales`;
});

afterEach(async () => {
  await server.close();
  loop.stop();
  log.close();
  rmSync(folder, { recursive: true });
});

async function post(type: string, body: string, login = `till-1:${secret}`) {
  const authorization = `Basic ${Buffer.from(login).toString('base64')}`;
  const headers = { authorization, 'content-type': type };
  const response = await fetch(url, { method: 'POST', headers, body });
  return { status: response.status, body: (await response.json()) as { receipts?: unknown[] } };
}

const onFloor = () => salesFloorQuantity(loop.latestState(), milk);
const jsonSale = (quantity: number) =>
  JSON.stringify({
    store: storeGln,
    workstation: 'till-1',
    businessDay: '2026-11-23',
    txn: 'r-1',
    lines: [{ gtin: milk, qty: quantity }],
  });

const posLog = `<?xml version="1.0"?><POSLog xmlns="http://www.nrf-arts.org/IXRetail/namespace/">
<Transaction CancelFlag="false" TrainingModeFlag="false"><RetailStoreID>1</RetailStoreID>
<WorkstationID>till-1</WorkstationID><SequenceNumber>77</SequenceNumber>
<BusinessDayDate>2026-11-23</BusinessDayDate><RetailTransaction>
<LineItem VoidFlag="false"><SequenceNumber>1</SequenceNumber><Sale><POSIdentity><POSItemID>${milk}</POSItemID></POSIdentity><Quantity>2</Quantity></Sale></LineItem>
<LineItem VoidFlag="true"><SequenceNumber>2</SequenceNumber><Sale><POSIdentity><POSItemID>${milk}</POSItemID></POSIdentity><Quantity>9</Quantity></Sale></LineItem>
</RetailTransaction></Transaction></POSLog>`;

test('books a receipt once, however often the till sends it', async () => {
  const before = onFloor();
  expect(await post('application/json', jsonSale(3))).toMatchObject({
    status: 200,
    body: { receipts: [{ receipt: 'r-1', outcome: 'accepted' }] },
  });
  expect(await post('application/json', jsonSale(3))).toMatchObject({
    status: 200,
    body: { receipts: [{ outcome: 'duplicate' }] },
  });
  expect(onFloor()).toBe(before - 3);
  expect(observed).toEqual(['till-1 accepted ', 'till-1 duplicate ']);
});

test('takes POSLog, without its voided lines, and our own form', async () => {
  const before = onFloor();
  expect((await post('application/xml; charset=utf-8', posLog)).status).toBe(200);
  expect(onFloor()).toBe(before - 2);
  const own = {
    workstation: 'till-1',
    businessDay: '2026-11-23',
    receipt: 'own-1',
    lines: [{ line: 1, code: milk, quantity: '1', kind: 'TILL_LINE_KIND_SALE' }],
  };
  expect((await post(ownSaleType, JSON.stringify(own))).status).toBe(200);
  expect(onFloor()).toBe(before - 3);
});

test('says what is wrong, keeps it as a dead letter, and moves nothing', async () => {
  const before = onFloor();
  const cases: [string, string, string][] = [
    ['application/json', '{"txn":', 'bad-json'],
    ['application/json', jsonSale(1).replace(milk, '4006381333932'), 'bad-check-digit'],
    ['application/xml', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', 'doctype-forbidden'],
    ['text/plain', 'milk', 'bad-content-type'],
  ];
  for (const [type, body, reason] of cases) {
    expect(await post(type, body)).toMatchObject({
      status: 422,
      body: { receipts: [{ outcome: 'refused', refusals: [{ reason }] }] },
    });
  }
  expect(onFloor()).toBe(before);
  expect(log.deadLetters({ limit: 10 })).toHaveLength(cases.length);
});

test('refuses a receipt without a day: over midnight it could be booked twice', async () => {
  const before = onFloor();
  const body = jsonSale(1).replace('"businessDay":"2026-11-23",', '');
  expect(await post('application/json', body)).toMatchObject({
    status: 422,
    body: { receipts: [{ refusals: [{ reason: 'bad-date', field: 'businessDay' }] }] },
  });
  expect(onFloor()).toBe(before);
});

test('lets no one in without the till’s own secret', async () => {
  expect((await post('application/json', jsonSale(1), 'till-1:wrong')).status).toBe(401);
  expect((await post('application/json', jsonSale(1), `till-2:${secret}`)).status).toBe(401);
  expect((await fetch(url, { method: 'POST' })).status).toBe(401);
});
