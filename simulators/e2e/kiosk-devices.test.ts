/**
 * A device's life as staff see it: it announces itself, a manager says what it is, its readings move the
 * stock; what was refused is looked at and sent again once the cause is mended; and it is blocked.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jam, storeGln } from '@stockhand/edge-agent/sample-store.ts';
import { buildKioskPage } from '@stockhand/kiosk-ui/build.ts';
import type { MqttClient } from 'mqtt';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LoggingProcess, startAgent, startHq, stockhand } from '../harness/processes.ts';
import { violationsOf } from './axe.ts';
import { isChromiumMissing, openBrowser } from './chromium.ts';
import { connectDevice, prepareChain, publishJars, type SampleChain } from './sample-chain.ts';

const until = (condition: () => boolean | Promise<boolean>) =>
  vi.waitUntil(condition, { timeout: 30_000, interval: 50 });

describe.skipIf(isChromiumMissing)('devices on the kiosk', () => {
  let browser: Browser;
  let folder: string;
  let chain: SampleChain;
  let processes: LoggingProcess[];
  let agent: Awaited<ReturnType<typeof startAgent>>;
  let plate: MqttClient;
  let page: Page;

  const hqEvents = () =>
    stockhand('hq', 'events', '--data', chain.hqData, '--limit', '1000', '--json')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
  const countOf = (wanted: string) => hqEvents().filter(({ type }) => type === wanted).length;
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const picture = async (name: string) => {
    const to = process.env['STOCKHAND_PICTURES'];
    if (to) await page.screenshot({ path: join(to, `${name}.png`), fullPage: true });
  };

  beforeAll(async () => {
    await buildKioskPage();
    browser = await openBrowser();
  });

  afterAll(() => browser?.close());

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stockhand-devices-e2e-'));
    chain = prepareChain(folder);
    const forStore = ['--data', chain.hqData, '--gln', storeGln, '--file'];
    stockhand('hq', 'push-master-data', ...forStore, join(folder, 'master-data.json'));
    stockhand('hq', 'push-opening-stock', ...forStore, join(folder, 'opening-stock.json'));
    const hq = await startHq(chain.hqData);
    chain.place.hqPort = hq.grpcPort;
    agent = await startAgent(chain.place);
    processes = [hq.process, agent.process];
    await until(() => countOf('ItemsCounted') > 0);
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(60_000);
    await page.goto(`http://localhost:${agent.kioskPort}/`);
  });

  afterEach(async () => {
    await page?.close();
    plate?.end(true);
    for (const process of processes ?? []) await process.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  async function signIn(name: string, pin: string): Promise<void> {
    await button(name).click();
    for (const digit of pin) await button(digit).click();
    await button('Sign in').click();
    await page.getByText('Sign out').waitFor();
  }

  /** What the kiosk says of the jam in slot A2, which no plate of the master data watches. */
  async function jarsInA2(): Promise<string> {
    const token = await page.evaluate(() => sessionStorage.getItem('stockhand-session') ?? '');
    const { token: bearer } = JSON.parse(token) as { token: string };
    const url = `http://localhost:${agent.kioskPort}/stockhand.kiosk.v1alpha.KioskService/LookUp`;
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
      body: JSON.stringify({ text: jam }),
    });
    const found = (await answer.json()) as { slots: { slotId: string; believed?: unknown }[] };
    return JSON.stringify(found.slots.find(({ slotId }) => slotId === 'A2')?.believed);
  }

  it('an unknown plate is approved, and what it said before counts when it is sent again', async () => {
    plate = await connectDevice(chain.place, 'plate-9', agent.mqttPort);
    await publishJars(plate, 1, 3, 'plate-9');
    await signIn('Max', '1234');
    const before = await jarsInA2();
    await button('Devices').click();
    await button(/plate-9.*Waits for approval/).waitFor();
    expect(await page.locator('.record').first().textContent()).toContain('plate-9');
    expect(await violationsOf(page)).toEqual([]);
    await picture('devices');
    await button(/plate-9/).click();
    await button('Weight plate').click();
    await button('generic-weight-plate').click();
    expect(await button('Approve').isDisabled()).toBe(true);
    await button(/A2/).click();
    await page.getByLabel('Empty, it weighs (g)').fill('2000');
    expect(await violationsOf(page)).toEqual([]);
    await picture('device');
    await button('Approve').click();
    await page.getByText('Weight plate · Known').waitFor();
    expect(await jarsInA2()).toBe(before);

    await button('What was refused').click();
    await button(/waits for approval/).click();
    await page.getByText('A manager approves it').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await picture('dead-letter');
    await button('Send it again').click();
    await page.getByText('Taken in.').waitFor();
    expect(await jarsInA2()).toContain('3');
    await button('Back to the list').click();
    await page.getByText('Nothing was refused.').waitFor();

    await publishJars(plate, 2, 5, 'plate-9');
    expect(await jarsInA2()).toContain('5');
    await until(() => countOf('ShelfObserved') === 2);
    expect(countOf('DeviceApproved')).toBe(1);
  });

  it('a blocked device is disconnected and not let in again', async () => {
    plate = await connectDevice(chain.place, 'plate-9', agent.mqttPort);
    await publishJars(plate, 1, 3, 'plate-9');
    const closed = new Promise<void>((resolve) => plate.once('close', () => resolve()));
    await signIn('Max', '1234');
    await button('Dark').click();
    await button('Devices').click();
    await button(/plate-9/).click();
    await button('Block it').click();
    expect(await violationsOf(page)).toEqual([]);
    await button('Broken').click();
    await page.getByText('Blocked').first().waitFor();
    await closed;
    await expect(connectDevice(chain.place, 'plate-9', agent.mqttPort)).rejects.toThrow();
    await button('Back to devices').click();
    expect(await violationsOf(page)).toEqual([]);
    await picture('devices-dark');
  });

  it('associates see neither devices nor what was refused', async () => {
    await signIn('Anna', '4711');
    expect(await button('Devices').count()).toBe(0);
    expect(await button('Refused').count()).toBe(0);
  });

  it('every target is at least 48 pixels high and wide', async () => {
    plate = await connectDevice(chain.place, 'plate-9', agent.mqttPort);
    await publishJars(plate, 1, 3, 'plate-9');
    await signIn('Max', '1234');
    const smallest = async () => {
      const targets = await page.locator('button, input').all();
      const boxes = await Promise.all(targets.map((target) => target.boundingBox()));
      return Math.min(...boxes.flatMap((box) => (box ? [box.width, box.height] : [])));
    };
    await button('Devices').click();
    await button(/plate-9/).click();
    await button('Weight plate').click();
    expect(await smallest()).toBeGreaterThanOrEqual(48);
    await button('What was refused').click();
    await button(/plate-9/).click();
    expect(await smallest()).toBeGreaterThanOrEqual(48);
  });
});
