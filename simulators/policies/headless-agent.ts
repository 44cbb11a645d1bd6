/**
 * The agent's core under virtual time: the same `step` as in the live agent, without broker, disk or
 * network, and a digest of all events that it wrote.
 */
import { createHash, hash } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { createState, type State, step } from '@stockhand/edge-agent/agent.ts';
import { DeviceStillness } from '@stockhand/edge-agent/device-stillness.ts';
import { leftToTell } from '@stockhand/edge-agent/doubts/bin-question.ts';
import type { StoreEvent } from '@stockhand/edge-agent/events/event.ts';
import { encodeEvent, firstPreviousHash } from '@stockhand/edge-agent/events/event-codec.ts';
import type { Delivery, Input, Outcome } from '@stockhand/edge-agent/input.ts';
import { LocalCalendar } from '@stockhand/edge-agent/platform/local-calendar.ts';
import { backroomBins, shelfQuantity } from '@stockhand/edge-agent/views.ts';
import type { Reading } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import { TillLineKind, TillSaleSchema } from '@stockhand/proto/device/v1alpha/till_sale_pb.js';
import { AccountKind } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { ActRequestSchema } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { Role } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import {
  type ApplyOpeningStockSchema,
  CommandSchema,
} from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { masterDataOf, openingStockOf } from '../store/master-data.ts';
import type { StorePlan } from '../store/store-plan.ts';

const delivery: Delivery = {
  source: 'mqtt',
  client: 'simulator',
  packetId: 0,
  duplicateFlag: false,
  retained: false,
  payloadHash: '',
};

export type Action = NonNullable<Parameters<typeof create<typeof ActRequestSchema>>[1]>['action'];

export type HqCommand = NonNullable<Parameters<typeof create<typeof CommandSchema>>[1]>['command'];
type OpeningStockLineInit = NonNullable<
  NonNullable<Parameters<typeof create<typeof ApplyOpeningStockSchema>>[1]>['lines']
>[number];

export class HeadlessAgent {
  readonly state: State;
  readonly refusals = new Map<string, number>();
  readonly #plan: StorePlan;
  readonly #nowMs: () => number;
  readonly #epoch: Uint8Array;
  readonly #calendar = new LocalCalendar({ timeZone: 'Europe/Berlin', businessDayEndMinute: 0 });
  readonly #stillness = new DeviceStillness();
  readonly #listeners: ((event: StoreEvent) => void)[] = [];
  #hash: Uint8Array = firstPreviousHash;
  #actions = 0;
  #receipts = 0;
  #commands = 0;

  constructor(plan: StorePlan, seed: number, nowMs: () => number) {
    this.#plan = plan;
    this.#nowMs = nowMs;
    this.#epoch = createHash('sha256').update(`epoch/${seed}`).digest().subarray(0, 16);
    const epoch = Buffer.from(this.#epoch).toString('hex');
    this.state = createState({ storeGln: plan.gln, epoch });
  }

  onEvent(listener: (event: StoreEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** Hash of the last event, which holds the hashes of all before it. */
  get digest(): string {
    return Buffer.from(this.#hash).toString('hex');
  }

  take(input: Input): Outcome {
    const { outcome, events } = step(this.state, input, this.#calendar.moment(this.#nowMs()));
    for (const event of events) {
      const frame = { storeGln: this.#plan.gln, epoch: this.#epoch, previousHash: this.#hash };
      this.#hash = hash('sha256', encodeEvent(event, frame), 'buffer');
      for (const listener of this.#listeners) listener(event);
    }
    if (outcome.kind === 'refused') {
      const reason = outcome.refusals[0]?.reason ?? '';
      this.refusals.set(reason, (this.refusals.get(reason) ?? 0) + 1);
    }
    return outcome;
  }

  /** Start, master data, opening stock and sign-ins, as on the first morning. */
  open(backroomDays: number): void {
    this.take({ kind: 'start', agentVersion: 'simulated', configurationHash: 'simulated' });
    const people = { ...this.#plan, staff: this.#plan.crew };
    const masterData = masterDataOf(people, '1');
    this.command({ case: 'applyMasterData', value: { masterData } });
    this.command({ case: 'applyOpeningStock', value: openingStockOf(this.#plan, backroomDays) });
    for (const personRef of this.#plan.crew) {
      this.take({
        kind: 'sign-in',
        personRef,
        role: this.#roleOf(personRef),
        sessionId: `session-${personRef}`,
        kioskId: `kiosk-${personRef}`,
        method: 'badge',
      });
    }
  }

  /** What HQ sends. Throws when the agent refuses it: the simulator then speaks nonsense. */
  command(command: HqCommand): void {
    const outcome = this.offer(command);
    if (outcome.kind === 'refused') throw new Error(JSON.stringify(outcome.refusals));
  }

  /** What HQ sends and the agent may refuse. */
  offer(command: HqCommand): Outcome {
    this.#commands += 1;
    const message = create(CommandSchema, {
      hqEpoch: 'hq',
      sequence: BigInt(this.#commands),
      issuedAt: timestampFromMs(this.#nowMs()),
      ...(command === undefined ? {} : { command }),
    });
    return this.take({ kind: 'hq-command', command: message });
  }

  /** One piece over the till, as a receipt of its own. */
  sell(gtin: string, workstation: string): void {
    this.#receipts += 1;
    this.take({
      kind: 'sale',
      deviceId: workstation,
      delivery,
      sale: create(TillSaleSchema, {
        workstation,
        businessDay: this.#calendar.moment(this.#nowMs()).businessDay,
        receipt: `${this.#receipts}`,
        soldAt: timestampFromMs(this.#nowMs()),
        lines: [{ line: 1, code: gtin, quantity: '1', kind: TillLineKind.SALE }],
      }),
    });
  }

  read(reading: Reading): void {
    this.take({ kind: 'reading', reading, delivery });
    const still = this.#stillness.heard(reading, this.#nowMs());
    if (still !== null) this.take({ kind: 'sensor-still', ...still });
  }

  /** Claims and starts a task; false when the agent refuses. */
  begin(personRef: string, taskId: string): boolean {
    const value = { taskId };
    if (!this.#act(personRef, taskId, { case: 'claimTask', value })) return false;
    return this.#act(personRef, taskId, { case: 'startTask', value });
  }

  /** @param shortReason told when less was placed than the task asks for by now, or what was found */
  finish(
    personRef: string,
    taskId: string,
    placedPieces: number,
    scan: string,
    shortReason: string,
    leftInBinPieces: number | null,
  ): boolean {
    const task = this.state.tasks.open.get(taskId);
    const isAsked = task?.type === TaskType.CHECK_SENSOR || placedPieces < (task?.quantity ?? 0);
    const quantity = quantityMessage(placedPieces, 'pieces');
    const reason = isAsked ? shortReason : '';
    const leftInBin =
      leftInBinPieces === null ? {} : { leftInBin: quantityMessage(leftInBinPieces, 'pieces') };
    const value = { taskId, quantity, scan, shortReason: reason, ...leftInBin };
    return this.#act(personRef, taskId, { case: 'completeTask', value });
  }

  /** Pieces that the kiosk expects to be left in the bin when it asks for them; null when it does not. */
  leftToTell(taskId: string): number | null {
    const task = this.state.tasks.open.get(taskId);
    return task === undefined ? null : leftToTell(this.state, task);
  }

  /** Gives a task back that could not be finished. */
  release(personRef: string, taskId: string): boolean {
    return this.#act(personRef, taskId, { case: 'releaseTask', value: { taskId } });
  }

  /** Says at the kiosk what concerns no task. */
  tell(personRef: string, action: Action): boolean {
    return this.#act(personRef, '', action);
  }

  /** Puts a bin's record up or down. */
  bookBin(gtin: string, placeId: string, pieces: number): void {
    const held = backroomBins(this.state, gtin).find((bin) => bin.placeId === placeId);
    const counted = Math.max(0, (held?.quantity ?? 0) + pieces);
    const account = { kind: AccountKind.BACKROOM_BIN, placeId };
    this.#correct({ gtin, account, quantity: quantityMessage(counted, 'pieces') });
  }

  /** Puts a slot's record up or down. */
  bookSlot(gtin: string, slotId: string, pieces: number): void {
    const counted = Math.max(0, shelfQuantity(this.state, slotId) + pieces);
    const account = { kind: AccountKind.SALES_FLOOR };
    this.#correct({ gtin, account, slotId, quantity: quantityMessage(counted, 'pieces') });
  }

  #correct(line: OpeningStockLineInit): void {
    this.command({ case: 'applyOpeningStock', value: { lines: [line] } });
  }

  #act(personRef: string, taskId: string, action: Action): boolean {
    this.#actions += 1;
    const message = create(ActRequestSchema, {
      actionId: `action-${this.#actions}`,
      seenVersion: this.state.tasks.open.get(taskId)?.version ?? 0,
      ...(action === undefined ? {} : { action }),
    });
    const outcome = this.take({
      kind: 'action',
      action: message,
      personRef,
      role: this.#roleOf(personRef),
      sessionId: `session-${personRef}`,
    });
    return outcome.kind === 'accepted';
  }

  #roleOf(personRef: string): Role {
    return personRef === this.#plan.crew[0] ? Role.MANAGER : Role.ASSOCIATE;
  }
}
