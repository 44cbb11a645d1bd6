/** The small commands as people and scripts meet them: real processes on a real data folder. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteEventLog } from '../event-store/sqlite-event-log.ts';
import { recordInput } from '../ingest/input-record.ts';
import { AgentLoop } from '../loop.ts';
import { systemClock } from '../platform/system-ports.ts';
import {
  jam,
  jarsReading,
  masterDataCommand,
  momentAt,
  openingStockCommand,
  sale,
  startMs,
  storeGln,
} from '../sample-store.ts';
import { serializeState } from '../state.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stockhand-cli-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function stockhand(...args: string[]) {
  const dispatcher = join(import.meta.dirname, 'stockhand.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [dispatcher, ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** An agent's life: three starts, readings and sales, one refused. Answers the hash of its state. */
async function liveRun(isRecording = true): Promise<string> {
  let nowMs = startMs;
  let stateHash = '';
  for (let start = 0; start < 3; start += 1) {
    const log = new SqliteEventLog({ folder, storeGln });
    const loop = new AgentLoop({
      storeGln,
      log,
      clock: systemClock,
      logger: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
      moment: () => {
        nowMs += 1_000;
        return momentAt(nowMs);
      },
      ...(isRecording ? { recordInput } : {}),
    });
    const evidence = {
      deviceId: 'till-1',
      source: 'mqtt',
      topic: 't',
      payload: Buffer.from('{"é":1}'),
    } as const;
    await Promise.all([
      loop.submit({ kind: 'start', agentVersion: '0.1.0', configurationHash: 'c' }),
      loop.submit(masterDataCommand(1)),
      loop.submit(openingStockCommand(2)),
      loop.submit(jarsReading(start * 2, 9 - start)),
      loop.submit(jarsReading(start * 2 + 1, 2)),
      loop.submit(sale(`r${start}`, [{ code: jam, quantity: '1' }])),
      loop.submit(sale(`bad${start}`, [{ code: '4006381333932', quantity: '1' }]), evidence),
    ]);
    stateHash = createHash('sha256').update(serializeState(loop.latestState())).digest('hex');
    loop.stop();
    log.close();
  }
  return stateHash;
}

describe('stockhand replay', () => {
  it('gives the state that the agent had, and any earlier one', async () => {
    const stateHash = await liveRun();
    const { status, stdout } = stockhand('replay', '--data', folder, '--json');
    expect(status).toBe(0);
    const answer = JSON.parse(stdout) as { position: number };
    expect(answer).toMatchObject({ store: storeGln, stateHash });
    const earlier = stockhand('replay', '--data', folder, '--to', '4', '--json');
    expect(JSON.parse(earlier.stdout)).toMatchObject({ position: 4 });
    expect(answer.position).toBeGreaterThan(4);
  });

  it('steps the recorded inputs to the same events', async () => {
    const stateHash = await liveRun();
    const { status, stdout } = stockhand('replay', '--data', folder, '--inputs', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ store: storeGln, inputs: 21, stateHash });
  });

  it('says what to do when no inputs were recorded', async () => {
    await liveRun(false);
    const { status, stderr } = stockhand('replay', '--data', folder, '--inputs');
    expect(status).toBe(2);
    expect(stderr).toContain('recordInputs: true');
  });

  it('notices an input that was changed', async () => {
    await liveRun();
    const database = new SqliteDatabase(join(folder, 'store.db'));
    database
      .prepare("UPDATE recorded_inputs SET moment = replace(moment, 'Minutes\":0', 'Minutes\":60')")
      .run();
    database.close();
    const { status, stderr } = stockhand('replay', '--data', folder, '--inputs');
    expect(status).toBe(1);
    expect(stderr).toMatch(/Event \d+ comes out differently/);
  });

  it('notices an event that was taken out of the middle', async () => {
    await liveRun();
    const database = new SqliteDatabase(join(folder, 'store.db'));
    database.prepare('DELETE FROM events WHERE position = 3').run();
    database.close();
    const { status, stderr } = stockhand('replay', '--data', folder);
    expect(status).toBe(1);
    expect(stderr).toContain('The chain is broken before event 4');
  });

  it('refuses a folder without a log', () => {
    const { status, stderr } = stockhand('replay', '--data', folder);
    expect(status).toBe(2);
    expect(stderr).toContain('Start the agent once');
  });
});

describe('stockhand suspects', () => {
  it('lists doubted records with what a question about them is worth', async () => {
    await liveRun();
    const { status, stdout } = stockhand('suspects', '--data', folder, '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ budgetMinutes: 20, checks: [] });
    expect(JSON.parse(stdout)).toHaveProperty('suspects');
    expect(stockhand('suspects', '--data', folder).stdout).toMatch(/^\d+ suspects as of 20/);
    expect(stockhand('suspects', '--data', folder, '--limit', 'x').status).toBe(2);
    expect(stockhand('suspects', '--help').stdout).toContain('Examples:');
  });
});

describe('stockhand device and dead-letters', () => {
  it('give secrets, list them and take them away', async () => {
    await liveRun();
    const added = stockhand('device', 'add', 'plate-1', 'plate-2', '--data', folder, '--json');
    expect(JSON.parse(added.stdout)).toMatchObject([
      { deviceId: 'plate-1', secret: expect.stringMatching(/^[0-9a-f]{32}$/) },
      { deviceId: 'plate-2' },
    ]);
    expect(stockhand('device', 'remove', 'plate-1', '--data', folder).status).toBe(0);
    const listed = stockhand('device', 'list', '--data', folder, '--json');
    expect(JSON.parse(listed.stdout)).toMatchObject([{ deviceId: 'plate-2' }]);
    expect(stockhand('device', 'remove', 'plate-1', '--data', folder).status).toBe(2);
    expect(stockhand('device', 'add', 'a/b', '--data', folder).stderr).toContain('no device id');
  });

  it('show what was refused, newest first, with its bytes', async () => {
    await liveRun();
    const listed = stockhand('dead-letters', '--data', folder, '--json');
    const letters = listed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(letters.map((letter) => letter.number)).toEqual([3, 2, 1]);
    expect(letters[0]).toMatchObject({ deviceId: 'till-1', reason: 'bad-check-digit' });
    const shown = stockhand('dead-letters', 'show', '2', '--data', folder);
    expect(shown.stdout).toContain('{"é":1}');
    expect(stockhand('dead-letters', 'show', '9', '--data', folder).status).toBe(2);
  });
});

describe('stockhand', () => {
  it('lists its commands, and none is without its own help', () => {
    const { status, stdout } = stockhand('--help');
    expect(status).toBe(0);
    const names = [...stdout.matchAll(/^ {2}([a-z-]+) {2,}\S/gm)].map(([, name]) => name ?? '');
    expect(names).toEqual(expect.arrayContaining(['agent', 'device', 'hq', 'replay', 'sim']));
    for (const name of names) {
      const help = stockhand(name, '--help');
      expect(help.status, name).toBe(0);
      expect(help.stdout, name).toMatch(/Example/);
    }
  });

  it('knows no other command, and passes exit codes on', () => {
    expect(stockhand('teleport')).toMatchObject({ status: 2 });
    expect(stockhand('agent').status).not.toBe(0);
  });
});

describe('stockhand explain', () => {
  it('tells what moved the belief of a slot, and what was believed before', async () => {
    await liveRun();
    const { status, stdout } = stockhand('explain', 'slot', 'A1', '--data', folder, '--json');
    expect(status).toBe(0);
    const { slots } = JSON.parse(stdout) as { slots: { belief: object; signals: object[] }[] };
    expect(slots[0]).toMatchObject({
      slotId: 'A1',
      gtin: jam,
      need: { urgencyPpm: expect.any(Number) },
    });
    expect(slots[0]?.signals.at(-1)).toMatchObject({
      event: expect.any(String),
      likeliestAfter: 2,
    });
    const product = stockhand('explain', 'product', jam, '--data', folder);
    expect(product.stdout).toMatch(/Slot A1[\s\S]*because[\s\S]*shelfObserved/);
    const early = stockhand(
      'explain',
      'slot',
      'A1',
      '--data',
      folder,
      '--at',
      '2001-01-01T00:00:00Z',
    );
    expect(early).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('knew no slot "A1"'),
    });
  });
});
