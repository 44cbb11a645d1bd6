/**
 * The whole path, as people meet it: a sensor publishes over MQTT, the kiosk in a real browser shows
 * the refill, it is done by scanning (keyboard wedge and serial scanner), and HQ has the events.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jam, milk, storeGln } from '@stockhand/edge-agent/sample-store.ts';
import { buildKioskPage } from '@stockhand/kiosk-ui/build.ts';
import type { MqttClient } from 'mqtt';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { SerialScanner } from '../devices/serial-scanner.ts';
import { type LoggingProcess, startAgent, startHq, stockhand } from '../harness/processes.ts';
import { violationsOf } from './axe.ts';
import { isChromiumMissing, openBrowser } from './chromium.ts';
import { connectDevice, prepareChain, publishJars, type SampleChain } from './sample-chain.ts';
import { scanByWedge } from './wedge-scanner.ts';

const until = (condition: () => boolean | Promise<boolean>) =>
  vi.waitUntil(condition, { timeout: 30_000, interval: 50 });

describe.skipIf(isChromiumMissing)('the kiosk in a browser', () => {
  let browser: Browser;
  let folder: string;
  let chain: SampleChain;
  let processes: LoggingProcess[];
  let agent: Awaited<ReturnType<typeof startAgent>>;
  let scanner: SerialScanner;
  let plate: MqttClient;
  let page: Page;

  const hqTypes = () =>
    stockhand('hq', 'events', '--data', chain.hqData, '--limit', '1000', '--json')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type);
  const button = (name: string | RegExp) => page.getByRole('button', { name });

  beforeAll(async () => {
    await buildKioskPage();
    browser = await openBrowser();
  });

  afterAll(() => browser?.close());

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stockhand-kiosk-e2e-'));
    chain = prepareChain(folder);
    const scannerPath = join(folder, 'scanner');
    scanner = new SerialScanner(scannerPath);
    const forStore = ['--data', chain.hqData, '--gln', storeGln, '--file'];
    stockhand('hq', 'push-master-data', ...forStore, join(folder, 'master-data.json'));
    stockhand('hq', 'push-opening-stock', ...forStore, join(folder, 'opening-stock.json'));
    const hq = await startHq(chain.hqData);
    chain.place.hqPort = hq.grpcPort;
    const serial = [`  - { device: scanner-1, path: ${scannerPath}, protocol: scanner-serial }`];
    chain.place.serial = serial;
    agent = await startAgent(chain.place);
    processes = [hq.process, agent.process];
    await until(() => hqTypes().includes('ItemsCounted'));
    plate = await connectDevice(chain.place, 'plate-1', agent.mqttPort);
    await publishJars(plate, 1, 2);
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(60_000);
    await page.goto(`http://localhost:${agent.kioskPort}/`);
  });

  afterEach(async () => {
    await page?.close();
    plate?.end(true);
    for (const process of processes ?? []) await process.end('SIGKILL');
    scanner?.unplug();
    rmSync(folder, { recursive: true, force: true });
  });

  async function signIn(): Promise<void> {
    await button('Anna').click();
    for (const digit of '4711') await button(digit).click();
    await button('Sign in').click();
    await page.getByText('Next task').waitFor();
  }

  const wedge = (code: string) => scanByWedge(page, code);

  it('does a refill by wedge scan, refusing the wrong product, and HQ hears of it', async () => {
    await signIn();
    await page.getByRole('heading', { name: 'Jam' }).waitFor();
    await button('Take it').click();
    await page.getByText('Scan the product to confirm it').waitFor();
    expect(await button('Done').isDisabled()).toBe(true);
    await wedge(milk.slice(1));
    await page.getByText('This is Milk').waitFor();
    expect(await button('Done').isDisabled()).toBe(true);
    await wedge(jam.slice(1));
    await page.getByText('Right product').waitFor();
    await button('Done').click();
    await page.getByText('Nothing to refill').waitFor();
    await until(() => hqTypes().includes('TaskDone'));
    expect(hqTypes()).toEqual(expect.arrayContaining(['TaskClaimed', 'ItemsStocked', 'NeedMet']));
  });

  it('takes the scan of the serial scanner at the desk', async () => {
    await signIn();
    scanner.scanProduct(milk);
    await page.getByRole('heading', { name: 'Milk' }).waitFor();
    await button('Close').click();
    await button('Take it').click();
    scanner.scanProduct(jam);
    await page.getByText('Right product').waitFor();
  });

  it('asks why when less was placed', async () => {
    await signIn();
    await button('Take it').click();
    await wedge(jam.slice(1));
    await page.getByText('Right product').waitFor();
    const placed = page.getByRole('group', { name: 'How many did you place?' });
    await placed.getByLabel('Less').click();
    await button('Done').click();
    await button('Shelf is full').click();
    await until(() => hqTypes().includes('TaskDoneShort'));
  });

  it('keeps what was done while the agent was away, and comes back by itself', async () => {
    await signIn();
    await button('Take it').click();
    await wedge(jam.slice(1));
    await page.getByText('Right product').waitFor();
    await agent.process.end('SIGKILL');
    await page.getByText('No connection').waitFor();
    await button('Done').click();
    await page.getByText('1 to send').waitFor();
    const { kioskPort } = agent;
    agent = await startAgent({ ...chain.place, kioskPort });
    processes.push(agent.process);
    await until(() => hqTypes().includes('TaskDone'));
    await page.getByText('Connected').waitFor();
    expect(hqTypes().filter((type) => type === 'TaskDone')).toHaveLength(1);
  });

  it('can be used by everyone, in light and in dark', async () => {
    const violations = () => violationsOf(page);
    await button('Anna').waitFor();
    expect(await violations()).toEqual([]);
    await signIn();
    expect(await violations()).toEqual([]);
    await button('Dark').click();
    expect(await violations()).toEqual([]);
    await button('Take it').click();
    await page.getByText('Scan the product to confirm it').waitFor();
    expect(await violations()).toEqual([]);
  });
});
