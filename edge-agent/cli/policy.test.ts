import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SqliteEventLog } from '../event-store/sqlite-event-log.ts';
import { AgentLoop } from '../loop.ts';
import { systemClock } from '../platform/system-ports.ts';
import { PolicyWatch } from '../policy-watch.ts';
import {
  jarsReading,
  masterDataCommand,
  momentAt,
  openingStockCommand,
  startMs,
  storeGln,
} from '../sample-store.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'policy-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function policy(...args: string[]) {
  const entry = join(import.meta.dirname, 'policy.ts');
  return spawnSync(process.execPath, [entry, ...args], { encoding: 'utf8' });
}

function startLoop() {
  let nowMs = startMs;
  const log = new SqliteEventLog({ folder, storeGln });
  const moment = () => {
    nowMs += 1_000;
    return momentAt(nowMs);
  };
  return { log, loop: new AgentLoop({ storeGln, log, clock: systemClock, logger: quiet, moment }) };
}

test('a policy is checked, tried on the log, activated, and taken by the agent', async () => {
  const { log, loop } = startLoop();
  await loop.submit(masterDataCommand(1));
  await loop.submit(openingStockCommand(2));
  for (const [index, jars] of [12, 7, 12, 3].entries()) {
    await loop.submit(jarsReading(index + 1, jars));
  }
  const file = join(folder, 'mine.yaml');
  const text = (rule: string) => `layer: store\nversion: "1"\nrules: {refill.raise: ${rule}}\n`;

  writeFileSync(file, text('onHnd <= 8'));
  const wrong = policy('activate', file, '--data', folder);
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toContain('line 3, column 23: refill.raise: Unknown variable: onHnd');
  expect(existsSync(join(folder, 'policy-store.yaml'))).toBe(false);
  const told = policy('check', file, '--json');
  expect(JSON.parse(told.stdout).faults).toHaveLength(1);

  writeFileSync(file, text('onHand <= 8'));
  expect(policy('check', file).stdout).toContain('The policy is fine: store 1');
  const tried = policy('dry-run', file, '--data', folder, '--json');
  expect(JSON.parse(tried.stdout)).toMatchObject({ isReproduced: true, failures: 0 });
  expect(JSON.parse(tried.stdout).difference.needs).toBeGreaterThan(0);
  expect(policy('dry-run', file, '--data', folder).stdout).toMatch(/raised \d+ more tasks? \(/);

  expect(policy('activate', file, '--data', folder).status).toBe(0);
  const watch = new PolicyWatch({ files: [], dataFolder: folder, agent: loop, logger: quiet });
  await watch.start();
  expect(loop.latestState().policy.version).toBe('store 1');
  writeFileSync(join(folder, 'policy-store.yaml'), 'layer: store\n');
  await watch.reload();
  expect(loop.latestState().policy.version).toBe('store 1');
  watch.stop();
  loop.stop();
  log.close();
});
