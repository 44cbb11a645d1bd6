/** Commands that ask a running agent: real processes against a real kiosk door. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepAddresses } from '../agent-addresses.ts';
import { SampleKiosk, samplePin } from '../kiosk-api/sample-kiosk.ts';
import { reading, storeGln } from '../sample-store.ts';

let folder: string;
let kiosk: SampleKiosk;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stockhand-agent-cli-'));
  kiosk = new SampleKiosk({ folder, pageFolder: join(folder, 'no-page') });
  await kiosk.start();
  const weight = { value: '3.035', unit: 'kg', stable: true };
  const input = reading({
    deviceId: 'plate-9',
    session: 'boot-1',
    sequence: 1n,
    value: { case: 'weight', value: weight },
  });
  await kiosk.loop.submit(input, {
    deviceId: 'plate-9',
    source: 'mqtt',
    topic: `stockhand/v1/${storeGln}/plate-9/reading`,
    payload: Buffer.from(JSON.stringify({ session: 'boot-1', sequence: '1', weight })),
  });
});

afterEach(async () => {
  await kiosk.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Asynchronous, for the agent that answers runs in this process. */
function stockhand(pin: string, ...args: string[]): Promise<Ran> {
  const dispatcher = join(import.meta.dirname, 'stockhand.ts');
  const env = { ...process.env, STOCKHAND_PIN: pin, STOCKHAND_BADGE: '' };
  return new Promise((resolve) => {
    execFile(process.execPath, [dispatcher, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

test('a manager approves from a shell, and sends again what was refused', {
  timeout: 60_000,
}, async () => {
  const at = ['--agent', `http://localhost:${kiosk.httpPort}`, '--person', 'max'];
  const replay = () => stockhand(samplePin, 'dead-letters', 'replay', '1', ...at, '--json');
  const early = await replay();
  expect(early.code).toBe(1);
  expect(JSON.parse(early.stdout)).toMatchObject({ outcome: 'refused', reason: 'device-pending' });
  const what = ['--kind', 'weight-plate', '--slot', 'A2'];
  const approve = ['device', 'approve', 'plate-9', ...what, '--empty', '2000000', ...at];
  const wrong = await stockhand('0000', ...approve);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('wrong-pin') });
  expect(await stockhand(samplePin, ...approve)).toMatchObject({ code: 0 });
  expect(JSON.parse((await replay()).stdout)).toMatchObject({ outcome: 'taken-in' });
  expect(JSON.parse((await replay()).stdout)).toMatchObject({ outcome: 'already-taken-in' });
  const shown = await stockhand('', 'dead-letters', 'show', '1', '--data', folder, '--json');
  expect(JSON.parse(shown.stdout)).toMatchObject({ advice: expect.stringContaining('approves') });
  const open = await stockhand('', 'dead-letters', 'list', '--data', folder, '--open');
  expect(open.stdout).toContain('Nothing was refused');
  const blocked = await stockhand(
    samplePin,
    'device',
    'block',
    'plate-9',
    '--reason',
    'odd',
    ...at,
  );
  expect(blocked.stdout).toBe('plate-9 is blocked\n');
});

test('an associate may not, and nobody may namelessly', { timeout: 60_000 }, async () => {
  const door = ['--agent', `http://localhost:${kiosk.httpPort}`];
  const anna = await stockhand(
    samplePin,
    'dead-letters',
    'replay',
    '1',
    ...door,
    '--person',
    'anna',
  );
  expect(anna).toMatchObject({ code: 2, stderr: expect.stringContaining('not-allowed') });
  const nobody = await stockhand('', 'dead-letters', 'replay', '1', ...door);
  expect(nobody).toMatchObject({ code: 2, stderr: expect.stringContaining('Who asks?') });
});

test('the plan is shown by the store’s clock to whoever gives a name', {
  timeout: 60_000,
}, async () => {
  keepAddresses(folder, {
    mqttPort: 0,
    mqttWebSocketPort: 0,
    statusPort: 0,
    kioskHttpPort: kiosk.httpPort,
    kioskHttpsPort: 0,
  });
  const asMax = ['--data', folder, '--person', 'MAX'];
  const shown = await stockhand(samplePin, 'labour', ...asMax, '--json');
  expect(JSON.parse(shown.stdout)).toMatchObject({ timeZone: 'Europe/Berlin' });
  const both = await stockhand(samplePin, 'labour', ...asMax, '--agent', 'http://localhost:1');
  expect(both).toMatchObject({ code: 2, stderr: 'Give --agent or --data, not both.\n' });
  const unknown = await stockhand(
    samplePin,
    'labour',
    '--data',
    join(folder, 'x'),
    '--person',
    'm',
  );
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('knows no agent') });
});
