import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SqliteEventLog } from '../event-store/sqlite-event-log.ts';
import { AgentLoop } from '../loop.ts';
import { systemClock } from '../platform/system-ports.ts';
import { parsePolicy } from '../policy-file.ts';
import { finishActivation, keepProposal } from '../policy-proposal.ts';
import { PolicyWatch } from '../policy-watch.ts';
import {
  command,
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

test('what HQ pushed is counted in, and told where it holds a file back', async () => {
  const { log, loop } = startLoop();
  await loop.submit(masterDataCommand(1));
  const cost = 'refill.costMinorUnits';
  const push = (sequence: number, value: object) =>
    loop.submit(
      command(sequence, { case: 'applyPolicyLayer', value: { version: '13', ...value } }),
    );
  await push(2, { layer: 'chain', thresholds: { [cost]: 90n }, final: [cost] });
  const file = join(folder, 'mine.yaml');
  writeFileSync(file, `layer: store\nversion: "1"\nthresholds:\n  ${cost}: 60\n`);
  expect(policy('check', file).status).toBe(0);
  const refused = policy('activate', file, '--data', folder);
  expect(refused).toMatchObject({ status: 2 });
  expect(refused.stderr).toContain(`line 4, column 26: ${cost}: final in the layer "chain"`);
  expect(existsSync(join(folder, 'policy-store.yaml'))).toBe(false);

  writeFileSync(file, 'layer: store\nversion: "2"\nrules: {refill.raise: onHand <= 8}\n');
  const tried = policy('dry-run', file, '--data', folder);
  expect(tried.stdout).toContain(
    'Policy chain 13 of HQ, store 2 on the facts of less than an hour, which is all there is',
  );
  await push(4, { layer: 'store', rules: { 'refill.raise': 'onHand <= 3' } });
  const shadowed = policy('activate', file, '--data', folder, '--json');
  expect(JSON.parse(shadowed.stdout)).toMatchObject({
    version: 'chain 13 of HQ, store 13 of HQ',
    shadowed: [expect.stringContaining('HQ has a layer "store" (13) of its own')],
  });
  loop.stop();
  log.close();
});

test('rules that a manager put in force become files, also when a crash came between', async () => {
  const { log, loop } = startLoop();
  await loop.submit(masterDataCommand(1));
  const text = 'layer: store\nversion: "5"\nrules: {refill.raise: onHand <= 8}\n';
  const tried = parsePolicy([{ file: 'mine.yaml', text }]);
  const counts = { needs: 0, tasks: 0, ended: 0 };
  const none = { mean: 0, low: 0, high: 0 };
  keepProposal(folder, {
    triedAtMs: startMs,
    days: 1,
    layers: [{ layer: 'store', text }],
    policy: tried,
    result: {
      recorded: counts,
      inForce: counts,
      candidate: counts,
      failures: 0,
      firstFailure: '',
      avoidedStockoutMinutes: none,
      avoidedLostUnits: none,
    },
  });
  finishActivation(folder, loop.latestState().policy);
  expect(existsSync(join(folder, 'policy-store.yaml'))).toBe(false);
  await loop.submit({ kind: 'policy', policy: tried });
  finishActivation(folder, loop.latestState().policy);
  expect(existsSync(join(folder, 'policy-store.yaml'))).toBe(true);
  expect(existsSync(join(folder, 'policy-proposal.json'))).toBe(false);
  loop.stop();
  log.close();
});
