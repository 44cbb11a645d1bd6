/**
 * A whole store for tests of the kiosk: HQ, the agent's own process, and its page in a real browser. HQ
 * pushes commands as its tools do; people sign in, look and touch.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromJsonString, toJsonString } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { queueCommand } from '@stockhand/central-sync/hq/grpc-server/store-call.ts';
import { SqliteHqStore } from '@stockhand/central-sync/hq/store/sqlite-hq-store.ts';
import { storeGln } from '@stockhand/edge-agent/sample-store.ts';
import { buildKioskPage } from '@stockhand/kiosk-ui/build.ts';
import type { MasterData } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { ApplyMasterDataSchema } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import type { MqttClient } from 'mqtt';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, vi } from 'vitest';
import { type LoggingProcess, startAgent, startHq, stockhand } from '../harness/processes.ts';
import { openBrowser } from './chromium.ts';
import { connectDevice, prepareChain, publishJars, type SampleChain } from './sample-chain.ts';
import { scanByWedge } from './wedge-scanner.ts';

export const until = (condition: () => boolean | Promise<boolean>) =>
  vi.waitUntil(condition, { timeout: 30_000, interval: 50 });

export const pieces = (count: number) => quantityMessage(count, 'pieces');
export const inMinutes = (minutes: number) => timestampFromMs(Date.now() + minutes * 60_000);

/** A store whose slot A1 holds 3 of the 10 jars of its par, so that a refill of 7 is wanted. */
export async function storeLowOnJam(
  browser: Browser,
): Promise<{ store: KioskStore; plate: MqttClient }> {
  const store = await KioskStore.start(browser, ({ slots }) => {
    for (const slot of slots) if (slot.slotId === 'A1') slot.par = 10;
  });
  const plate = await store.connectPlate();
  await publishJars(plate, 1, 3);
  return { store, plate };
}

/** A browser for the tests of a suite, with the page built before; call it where the suite begins. */
export function browserOfSuite(): () => Browser {
  let browser: Browser;
  beforeAll(async () => {
    await buildKioskPage();
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  return () => browser;
}

/** PINs of the people who may sign in. */
export const pins = { Anna: '4711', Max: '1234' } as const;

type PushedCommand = Parameters<typeof queueCommand>[3];

export class KioskStore {
  readonly #folder: string;
  readonly #processes: LoggingProcess[];
  readonly chain: SampleChain;
  readonly agent: Awaited<ReturnType<typeof startAgent>>;
  readonly page: Page;
  /** HQ's own page, open on this machine. */
  readonly hqUrl: string;
  readonly #devices: MqttClient[] = [];

  private constructor(
    folder: string,
    chain: SampleChain,
    processes: LoggingProcess[],
    agent: Awaited<ReturnType<typeof startAgent>>,
    page: Page,
    hqUrl: string,
  ) {
    this.#folder = folder;
    this.#processes = processes;
    this.chain = chain;
    this.agent = agent;
    this.page = page;
    this.hqUrl = hqUrl;
  }

  /**
   * @param change what differs from the sample store's master data
   * @param timezoneId of the kiosk; absent: that of this machine
   */
  static async start(
    browser: Browser,
    change: (masterData: MasterData) => void = () => {},
    timezoneId?: string,
  ): Promise<KioskStore> {
    const folder = mkdtempSync(join(tmpdir(), 'stockhand-kiosk-e2e-'));
    const chain = prepareChain(folder);
    const file = join(folder, 'master-data.json');
    const message = fromJsonString(ApplyMasterDataSchema, readFileSync(file, 'utf8'));
    if (message.masterData) change(message.masterData);
    writeFileSync(file, toJsonString(ApplyMasterDataSchema, message));
    const forStore = ['--data', chain.hqData, '--gln', storeGln, '--file'];
    stockhand('hq', 'push-master-data', ...forStore, file);
    stockhand('hq', 'push-opening-stock', ...forStore, join(folder, 'opening-stock.json'));
    const hq = await startHq(chain.hqData);
    chain.place.hqPort = hq.grpcPort;
    const agent = await startAgent(chain.place);
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      locale: 'en-GB',
      ...(timezoneId !== undefined && { timezoneId }),
    });
    page.setDefaultTimeout(60_000);
    await page.goto(`http://localhost:${agent.kioskPort}/`);
    const store = new KioskStore(
      folder,
      chain,
      [hq.process, agent.process],
      agent,
      page,
      `http://127.0.0.1:${hq.webPort}/`,
    );
    await until(() => store.countOf('ItemsCounted') > 0);
    return store;
  }

  /** Connects the plate of slot A1; it goes with the store. */
  async connectPlate(): Promise<MqttClient> {
    const plate = await connectDevice(this.chain.place, 'plate-1', this.agent.mqttPort);
    this.#devices.push(plate);
    return plate;
  }

  async stop(): Promise<void> {
    for (const device of this.#devices) device.end(true);
    await this.page.close();
    for (const process of this.#processes) await process.end('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Queues a command at HQ for this store; it goes out over the open connection. */
  push(command: PushedCommand): void {
    const store = new SqliteHqStore(join(this.chain.hqData, 'hq.db'));
    try {
      queueCommand(store, storeGln, Date.now(), command);
    } finally {
      store.close();
    }
  }

  /** How many events of a type HQ has. */
  countOf(wanted: string): number {
    const lines = stockhand(
      ...['hq', 'events', '--data', this.chain.hqData, '--type', wanted, '--limit', '1000'],
      '--json',
    );
    return lines.split('\n').filter(Boolean).length;
  }

  button(name: string | RegExp, exact = false) {
    return this.page.getByRole('button', { name, exact });
  }

  text(text: string | RegExp) {
    return this.page.getByText(text).first();
  }

  scan(code: string): Promise<void> {
    return scanByWedge(this.page, code);
  }

  async signIn(name: keyof typeof pins): Promise<void> {
    await this.button(name).click();
    for (const digit of pins[name]) await this.button(digit).click();
    await this.button('Sign in').click();
    await this.text('Sign out').waitFor();
  }

  async signOut(): Promise<void> {
    await this.button(/^Sign out/).click();
    await this.text('Scan your badge').waitFor();
  }

  /** Keeps what is shown, where the environment names a folder for it. */
  async picture(name: string, page = this.page): Promise<void> {
    const to = process.env['STOCKHAND_PICTURES'];
    if (to) await page.screenshot({ path: join(to, `${name}.png`) });
  }

  /** Height and width of the smallest target on the page, in pixels. */
  async smallestTarget(): Promise<number> {
    const targets = await this.page.locator('button, input').all();
    const boxes = await Promise.all(targets.map((target) => target.boundingBox()));
    return Math.min(...boxes.flatMap((box) => (box ? [box.width, box.height] : [])));
  }

  /** True when the page is wider than its window. */
  async isTooWide(): Promise<boolean> {
    const width = await this.page.evaluate<number>('document.documentElement.scrollWidth');
    return width > (this.page.viewportSize()?.width ?? 0);
  }
}
