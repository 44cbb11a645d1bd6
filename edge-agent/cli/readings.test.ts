/** `stockhand readings` as a real process, beside a log that is open for writing. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SqliteEventLog } from '../event-store/sqlite-event-log.ts';
import type { Input } from '../input.ts';
import { AgentLoop } from '../loop.ts';
import { systemClock } from '../platform/system-ports.ts';
import type { Evidence } from '../ports.ts';
import {
  jarsReading,
  masterDataCommand,
  momentAt,
  reading,
  startMs,
  storeGln,
} from '../sample-store.ts';

let folder: string;
let log: SqliteEventLog;
let loop: AgentLoop;
let nowMs = startMs;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stockhand-readings-'));
  nowMs = startMs;
  log = new SqliteEventLog({ folder, storeGln });
  const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const moment = () => momentAt(nowMs);
  loop = new AgentLoop({ storeGln, log, clock: systemClock, logger, moment });
  await loop.submit(masterDataCommand(1));
});

afterEach(() => {
  loop.stop();
  log.close();
  rmSync(folder, { recursive: true, force: true });
});

const evidence = (deviceId: string, payload: string | Uint8Array): Evidence => ({
  deviceId,
  source: 'mqtt',
  topic: `stockhand/v1/${storeGln}/${deviceId}/reading`,
  payload: Buffer.from(payload),
});

async function hear(input: Input, said: Evidence) {
  nowMs += 60_000;
  return loop.submit(input, said);
}

function readings(...args: string[]) {
  const dispatcher = join(import.meta.dirname, 'stockhand.ts');
  const all = [dispatcher, 'readings', '--data', folder, ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, all, { encoding: 'utf8' });
  return { status, stderr, lines: stdout.trim().split('\n') };
}

it('shows each reading with what became of it, newest first, while the agent runs', async () => {
  await hear(jarsReading(1, 9), evidence('plate-1', '{"sequence":"1"}'));
  await hear(jarsReading(2, 9), evidence('plate-1', '{"sequence":"2"}'));
  // Nothing else is in its commit: it must be kept nevertheless.
  expect(await hear(jarsReading(2, 9), evidence('plate-1', '{"sequence":"2"}'))).toEqual({
    kind: 'duplicate',
  });
  const stranger = reading({ deviceId: 'plate-8', session: 's', sequence: 1n });
  await hear(stranger, evidence('plate-8', Uint8Array.of(0x02, 0xff, 0x03)));
  const { status, lines } = readings('--json');
  expect(status).toBe(0);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { deviceId: 'plate-8', result: 'refused', payloadHex: '02ff03', payloadLength: 3 },
    { deviceId: 'plate-1', result: 'duplicate', receivedAt: '2026-11-23T09:03:00.000Z' },
    { deviceId: 'plate-1', result: 'unchanged', source: 'mqtt' },
    { deviceId: 'plate-1', result: 'accepted', payloadHex: '7b2273657175656e6365223a2231227d' },
  ]);
});

it('filters by device, result, time and count, and prints what a person can read', async () => {
  await hear(jarsReading(1, 9), evidence('plate-1', '{\n "sequence": "1"\n}'));
  await hear(jarsReading(2, 3), evidence('plate-1', 'x'.repeat(5_000)));
  const first = '2026-11-23T09:01:00.000Z  plate-1  mqtt  accepted   { "sequence": "1" }';
  expect(readings('--device', 'plate-1').lines[1]).toBe(first);
  expect(readings('--limit', '1').lines).toEqual([expect.stringContaining('… (904 more bytes)')]);
  expect(readings('--since', '2026-11-23T09:01:30Z').lines).toHaveLength(1);
  expect(readings('--result', 'duplicate').lines[0]).toContain('No reading is kept');
});

it('tells how it is used when it is used wrongly', () => {
  expect(readings('--since', 'yesterday')).toMatchObject({ status: 2 });
  expect(readings('--result', 'good').stderr).toContain('accepted, unchanged');
  expect(readings('--limit', '0').status).toBe(2);
  const help = readings('--help');
  expect(help.status).toBe(0);
  expect(help.lines.join('\n')).toContain('stockhand readings --data ./data --device plate-07-3');
});

it('tells what to do with a file of an older release', () => {
  log.database.exec('DROP TABLE raw_readings');
  expect(readings()).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('start this release'),
  });
});
