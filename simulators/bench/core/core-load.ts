/**
 * What is put through the bare core: sales and readings of store L in a fixed order, without agenda,
 * world or clock, so that nothing but `step` and `apply` is measured.
 */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { createState, type State, step } from '@stockhand/edge-agent/agent.ts';
import type { StoreEvent } from '@stockhand/edge-agent/events/event.ts';
import type { Delivery, Input } from '@stockhand/edge-agent/input.ts';
import { ReadingSchema } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import { TillLineKind, TillSaleSchema } from '@stockhand/proto/device/v1alpha/till_sale_pb.js';
import { CommandSchema } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { randomStream } from '../../kernel/random.ts';
import { emptyPlateMilligrams, masterDataOf, openingStockOf } from '../../store/master-data.ts';
import { type PlannedSlot, planStore, type StorePlan } from '../../store/store-plan.ts';

/** Monday 2 March 2026, 09:00 in Berlin. */
const morningMs = Date.UTC(2026, 2, 2, 8);
const delivery: Delivery = {
  source: 'mqtt',
  client: 'bench',
  packetId: 0,
  duplicateFlag: false,
  retained: false,
  payloadHash: '',
};

export class CoreLoad {
  readonly state: State;
  readonly plan: StorePlan;
  readonly plates: readonly PlannedSlot[];
  #nowMs = morningMs;
  #receipts = 0;
  readonly #pieces = new Map<string, number>();
  readonly #sequences = new Map<string, bigint>();
  readonly #random = randomStream('bench/core');

  constructor() {
    this.plan = planStore('L', 1, 1);
    this.plates = this.plan.slots.filter(({ sensor }) => sensor === 'plate');
    this.state = createState({ storeGln: this.plan.gln, epoch: '00'.repeat(16) });
    this.take({ kind: 'start', agentVersion: 'bench', configurationHash: 'bench' });
    const issuedAt = timestampFromMs(this.#nowMs);
    const commands = [
      { case: 'applyMasterData' as const, value: { masterData: masterDataOf(this.plan, '1') } },
      { case: 'applyOpeningStock' as const, value: openingStockOf(this.plan, 4) },
    ];
    commands.forEach((command, index) => {
      const sequence = BigInt(index + 1);
      const message = create(CommandSchema, { hqEpoch: 'hq', sequence, issuedAt, command });
      this.take({ kind: 'hq-command', command: message });
    });
  }

  /** Steps one input; ten milliseconds pass between two. */
  take(input: Input): StoreEvent[] {
    this.#nowMs += 10;
    return step(this.state, input, {
      nowMs: this.#nowMs,
      localHour: 9,
      utcOffsetMinutes: 60,
      businessDay: '2026-03-02',
    }).events;
  }

  /** One piece of a product over a till. */
  sale(): Input {
    this.#receipts += 1;
    const slot = this.plan.slots[this.#random.integer(this.plan.slots.length)];
    const workstation = this.plan.tills[this.#receipts % this.plan.tills.length] ?? '';
    return {
      kind: 'sale',
      deviceId: workstation,
      delivery,
      sale: create(TillSaleSchema, {
        workstation,
        businessDay: '2026-03-02',
        receipt: `${this.#receipts}`,
        lines: [
          { line: 1, code: slot?.product.gtin ?? '', quantity: '1', kind: TillLineKind.SALE },
        ],
      }),
    };
  }

  /** A plate on which one piece went, or which was filled when it was empty. */
  reading(): Input {
    const slot = this.plates[this.#random.integer(this.plates.length)];
    if (slot === undefined) throw new RangeError('store L has no plates');
    const before = this.#pieces.get(slot.slotId) ?? slot.capacityPieces;
    const pieces = before === 0 ? slot.capacityPieces : before - 1;
    const sequence = (this.#sequences.get(slot.deviceId) ?? 0n) + 1n;
    this.#pieces.set(slot.slotId, pieces);
    this.#sequences.set(slot.deviceId, sequence);
    const grams = emptyPlateMilligrams / 1_000 + pieces * slot.product.unitWeightGrams;
    const value = { value: (grams / 1_000).toFixed(3), unit: 'kg', stable: true };
    return {
      kind: 'reading',
      delivery,
      reading: create(ReadingSchema, {
        deviceId: slot.deviceId,
        session: 'bench',
        sequence,
        value: { case: 'weight', value },
      }),
    };
  }
}
