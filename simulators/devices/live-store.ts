/**
 * The virtual store beside a live agent: its shoppers empty the shelves, its sensors and tills
 * publish over MQTT, a scale and a scanner talk on pseudo-terminals, and virtual staff, if there are
 * any, do the tasks at the real kiosk. Virtual time runs `speed` times as fast as real time; devices
 * stamp what they say with real time.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, toJsonString } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { ReadingSchema } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import { TillLineKind, TillSaleSchema } from '@stockhand/proto/device/v1alpha/till_sale_pb.js';
import { Agenda } from '../kernel/agenda.ts';
import { type RandomStream, randomStream } from '../kernel/random.ts';
import { world } from '../store/reference-store.ts';
import { Sensors } from '../store/sensors.ts';
import { Shoppers } from '../store/shoppers.ts';
import type { StaffEffort } from '../store/staff.ts';
import type { StorePlan } from '../store/store-plan.ts';
import { TrueStock } from '../store/true-stock.ts';
import { demoBackroomDays, demoFill } from './demo-opening.ts';
import { KioskHands } from './kiosk-hands.ts';
import type { StaffMember } from './kiosk-person.ts';
import { LiveStaff } from './live-staff.ts';
import { MqttDevice } from './mqtt-device.ts';
import { SerialScale } from './serial-scale.ts';
import { SerialScanner } from './serial-scanner.ts';

/** How often virtual time is moved on. */
const tickMs = 100;
const saveEveryMs = 5_000;
const weighEveryMs = 20_000;
const hourMs = 3_600_000;
/** Virtual time begins at ten in the morning. */
const beginsHour = 10;
/**
 * Nobody would watch a closed store for the hour that a night takes at ten times the speed: one shopping day
 * follows the other, and the store's master data say that it never closes.
 */
const shoppingDayMs = (world.closesHour - world.opensHour) * hourMs;

export interface LiveStoreOptions {
  plan: StorePlan;
  seed: number;
  speed: number;
  mqttPort: number;
  authorityPem: string;
  secrets: ReadonlyMap<string, string>;
  /** Virtual people who do the tasks; none when people do them. */
  staff: readonly StaffMember[];
  /** Where the agent serves kiosks, for virtual staff. */
  kioskUrl: string;
  /** HQ's page on loopback, for the hands of people at the kiosk; empty: there are none. */
  hqUrl: string;
  /** Where the serial lines appear, and where the truth is kept between runs. */
  folder: string;
}

export class LiveStore {
  readonly stock: TrueStock;
  readonly scanner: SerialScanner;
  readonly #options: LiveStoreOptions;
  readonly #agenda = new Agenda(beginsHour * hourMs);
  readonly #devices = new Map<string, MqttDevice>();
  readonly #scale: SerialScale;
  readonly #staff: LiveStaff;
  readonly #hands: KioskHands | null;
  readonly #random: RandomStream;
  readonly #run = Date.now().toString(36);
  readonly #timers: NodeJS.Timeout[] = [];
  #receipts = 0;

  constructor(options: LiveStoreOptions) {
    this.#options = options;
    this.#random = randomStream(`live/${options.seed}/${this.#run}`);
    this.stock = new TrueStock(options.plan, demoBackroomDays, demoFill);
    const saved = this.#stateFile();
    // Written by #save.
    if (existsSync(saved)) this.stock.restore(JSON.parse(readFileSync(saved, 'utf8')));
    const { plan, staff: members, kioskUrl } = options;
    const { stock } = this;
    const isVirtual = (personRef: string) => members.some((one) => one.personRef === personRef);
    const { hqUrl } = options;
    this.#hands = hqUrl === '' ? null : new KioskHands({ hqUrl, stock, isVirtual });
    this.#staff = new LiveStaff({ plan, stock, agenda: this.#agenda, kioskUrl, members });
    this.#scale = new SerialScale(join(options.folder, 'scale-1'));
    this.scanner = new SerialScanner(join(options.folder, 'scanner-1'));
  }

  /** What virtual staff did so far. */
  get effort(): Readonly<StaffEffort> {
    return this.#staff.effort;
  }

  start(): void {
    const { plan, secrets, speed, mqttPort, authorityPem } = this.#options;
    for (const [deviceId, secret] of secrets) {
      const storeGln = plan.gln;
      const device = new MqttDevice({ deviceId, secret, storeGln, port: mqttPort, authorityPem });
      this.#devices.set(deviceId, device);
    }
    const sensors = new Sensors({
      plan,
      stock: this.stock,
      agenda: this.#agenda,
      random: this.#random.stream('sensors'),
      session: this.#run,
      deviceTimeMs: () => Date.now(),
      publish: (reading) =>
        this.#devices
          .get(reading.deviceId)
          ?.publish('reading', toJsonString(ReadingSchema, reading)),
    });
    const shoppers = new Shoppers({
      plan,
      stock: this.stock,
      agenda: this.#agenda,
      random: this.#random.stream('shoppers'),
      scanned: ({ gtin }) => this.#sell(gtin),
    });
    sensors.start();
    this.#staff.start();
    this.#hands?.start();
    for (let day = 0; day < 2; day += 1) shoppers.planDay(day * shoppingDayMs, day);
    this.#planMoreDays(shoppers, 2);
    this.#every(tickMs, () => this.#agenda.run(this.#agenda.nowMs + tickMs * speed));
    this.#every(saveEveryMs, () => this.#save());
    this.#every(weighEveryMs / speed, () => this.#scale.load(this.#random.integer(3_000)));
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#staff.stop();
    this.#hands?.stop();
    this.#save();
    await Promise.all([...this.#devices.values()].map((device) => device.stop()));
    this.#scale.unplug();
    this.scanner.unplug();
  }

  #every(intervalMs: number, callback: () => void): void {
    this.#timers.push(setInterval(callback, Math.max(tickMs, intervalMs)));
  }

  #planMoreDays(shoppers: Shoppers, day: number): void {
    this.#agenda.at((day - 1) * shoppingDayMs, () => {
      shoppers.planDay(day * shoppingDayMs, day);
      this.#planMoreDays(shoppers, day + 1);
    });
  }

  #sell(gtin: string): void {
    const { tills } = this.#options.plan;
    const workstation = tills[this.#random.integer(tills.length)] ?? '';
    this.#receipts += 1;
    const sale = create(TillSaleSchema, {
      workstation,
      businessDay: new Date().toISOString().slice(0, 10),
      receipt: `${this.#run}-${this.#receipts}`,
      soldAt: timestampFromMs(Date.now()),
      lines: [{ line: 1, code: gtin, quantity: '1', kind: TillLineKind.SALE }],
    });
    this.#devices.get(workstation)?.publish('sale', toJsonString(TillSaleSchema, sale));
  }

  #stateFile(): string {
    return join(this.#options.folder, 'truth.json');
  }

  /** Renamed into place, so that a kill in the middle leaves the old file. */
  #save(): void {
    writeFileSync(`${this.#stateFile()}.new`, JSON.stringify(this.stock.toJson()));
    renameSync(`${this.#stateFile()}.new`, this.#stateFile());
  }
}
