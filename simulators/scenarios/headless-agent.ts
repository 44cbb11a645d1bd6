/**
 * The agent's core under virtual time: the same `step` as in the live agent, without broker, disk or
 * network, and a digest of all events that it wrote.
 */
import { createHash } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { createState, type State, step } from '@stockhand/edge-agent/agent.ts';
import type { StoreEvent } from '@stockhand/edge-agent/events/event.ts';
import { encodeEvent, firstPreviousHash } from '@stockhand/edge-agent/events/event-codec.ts';
import type { Delivery, Input, Outcome } from '@stockhand/edge-agent/input.ts';
import { LocalCalendar } from '@stockhand/edge-agent/platform/local-calendar.ts';
import { nextTask } from '@stockhand/edge-agent/views.ts';
import { TillLineKind, TillSaleSchema } from '@stockhand/proto/device/v1alpha/till_sale_pb.js';
import { ActRequestSchema } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { Role } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { CommandSchema } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { masterDataOf, openingStockOf } from '../store/master-data.ts';
import type { Kiosk, KioskAnswer, RefillTask } from '../store/staff.ts';
import type { StorePlan } from '../store/store-plan.ts';

const delivery: Delivery = {
  source: 'mqtt',
  client: 'simulator',
  packetId: 0,
  duplicateFlag: false,
  retained: false,
  payloadHash: '',
};

type Action = NonNullable<Parameters<typeof create<typeof ActRequestSchema>>[1]>['action'];

export class HeadlessAgent implements Kiosk {
  readonly state: State;
  readonly refusals = new Map<string, number>();
  readonly #plan: StorePlan;
  readonly #nowMs: () => number;
  readonly #epoch: Uint8Array;
  readonly #calendar = new LocalCalendar({ timeZone: 'Europe/Berlin', businessDayEndMinute: 0 });
  readonly #listeners: ((event: StoreEvent) => void)[] = [];
  #hash: Uint8Array = firstPreviousHash;
  #actions = 0;
  #receipts = 0;

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
      this.#hash = createHash('sha256').update(encodeEvent(event, frame)).digest();
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
    const issuedAt = timestampFromMs(this.#nowMs());
    const commands = [
      { case: 'applyMasterData' as const, value: { masterData: masterDataOf(this.#plan, '1') } },
      { case: 'applyOpeningStock' as const, value: openingStockOf(this.#plan, backroomDays) },
    ];
    commands.forEach((command, index) => {
      const sequence = BigInt(index + 1);
      const message = create(CommandSchema, { hqEpoch: 'hq', sequence, issuedAt, command });
      const outcome = this.take({ kind: 'hq-command', command: message });
      if (outcome.kind === 'refused') throw new Error(JSON.stringify(outcome.refusals));
    });
    for (const personRef of this.#plan.staff) {
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

  nextRefill(): RefillTask | null {
    const task = nextTask(this.state);
    if (!task) return null;
    const { taskId, version, slotId, gtin, fromPlaceId, quantity } = task;
    return { taskId, version, slotId, gtin, fromPlaceId, pieces: quantity };
  }

  claim(personRef: string, task: RefillTask, answer: KioskAnswer): void {
    const value = { taskId: task.taskId };
    answer(this.#act(personRef, task, { case: 'claimTask', value }));
  }

  start(personRef: string, task: RefillTask, answer: KioskAnswer): void {
    const value = { taskId: task.taskId };
    answer(this.#act(personRef, task, { case: 'startTask', value }));
  }

  complete(
    personRef: string,
    task: RefillTask,
    placedPieces: number,
    scan: string,
    answer: KioskAnswer,
  ): void {
    const quantity = quantityMessage(placedPieces, 'pieces');
    const shortReason = placedPieces < task.pieces ? 'no more room or no more goods' : '';
    const value = { taskId: task.taskId, quantity, scan, shortReason };
    answer(this.#act(personRef, task, { case: 'completeTask', value }));
  }

  #act(personRef: string, task: RefillTask, action: Action): boolean {
    this.#actions += 1;
    const current = this.state.tasks.open.get(task.taskId);
    const message = create(ActRequestSchema, {
      actionId: `action-${this.#actions}`,
      seenVersion: current?.version ?? task.version,
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
    return personRef === this.#plan.staff[0] ? Role.MANAGER : Role.ASSOCIATE;
  }
}
