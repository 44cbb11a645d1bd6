/**
 * Nothing that a device, till, kiosk or HQ can put on the wire makes the core throw, and whatever it
 * records can be encoded, read back and replayed.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apply, createState, serializeState } from './agent.ts';
import { decodeEvent, encodeEvent, firstPreviousHash } from './events/event-codec.ts';
import type { Input } from './input.ts';
import {
  action,
  command,
  epoch,
  jam,
  reading,
  runningStore,
  sale,
  sampleMasterData,
  startMs,
  storeGln,
} from './sample-store.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('', '-1', '1e9', '0.0000001', '9'.repeat(32), '\ud800', 'a\nb', '../x', jam),
);
const deviceId = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom('plate-1', 'distance-1', 'zone-1', 'fridge-1', 'till-1'),
  },
  { weight: 1, arbitrary: text },
);
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const timestamp = fc.record({
  seconds: fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.constant(BigInt(startMs / 1_000)),
  ),
  nanos: fc.integer({ min: 0, max: 999_999_999 }),
});
const quantity = fc.oneof(
  fc.constant(undefined),
  fc.record({ amount: fc.record({ case: fc.constant('pieces'), value: fc.integer() }) }),
  fc.record({
    amount: fc.record({
      case: fc.constant('milligrams'),
      value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    }),
  }),
);
const measured = fc.record({ value: text, unit: fc.oneof(fc.constantFrom('kg', 'mm', 'C'), text) });
const value = fc.oneof(
  fc.record({ case: fc.constant('weight'), value: measured.map((w) => ({ ...w, stable: true })) }),
  fc.record({ case: fc.constant('distance'), value: measured }),
  fc.record({ case: fc.constant('temperature'), value: measured }),
  fc.record({ case: fc.constant('fillLevel'), value: fc.record({ percent: text }) }),
  fc.record({ case: fc.constant('tagReads'), value: fc.record({ epcs: fc.array(text) }) }),
  fc.record({ case: fc.constant('scan'), value: fc.record({ text, aimId: text }) }),
);
const hostile: fc.Arbitrary<Input> = fc.oneof(
  fc
    .record({
      deviceId,
      session: fc.oneof(fc.constant('s'), text),
      sequence: fc.oneof(uint64, fc.bigInt({ min: 0n, max: 50n })),
      channel: fc.oneof(fc.constant(''), text),
      observedAt: timestamp,
      value,
    })
    .map((init) => reading(init as never)),
  fc
    .tuple(
      fc.record({
        workstation: text,
        businessDay: fc.oneof(fc.constant('2026-11-23'), text),
        receipt: fc.oneof(fc.constant('r'), text),
        soldAt: timestamp,
      }),
      fc.array(fc.record({ code: text, quantity: text, kind: fc.integer({ min: -1, max: 9 }) }), {
        maxLength: 4,
      }),
    )
    .map(([fields, lines]) => sale('r', lines as never, fields)),
  fc
    .record({
      person: fc.constantFrom('anna', 'lea', 'max', 'eve'),
      seen: fc.nat(),
      verb: fc.constantFrom('countSlot', 'completeTask', 'blockTask', 'blockDevice', 'claimTask'),
      taskId: text,
      slotId: fc.oneof(fc.constantFrom('A1', 'C1'), text),
      counted: quantity,
      reason: text,
      id: text,
    })
    .map(({ person, seen, verb, id, ...fields }) => {
      const value = { ...fields, deviceId: 'plate-1', quantity: fields.counted };
      return action(person, seen, { case: verb, value }, id);
    }),
  fc
    .record({ sequence: fc.nat(20), gtin: text, capacity: fc.nat(), casePack: fc.nat() })
    .map(({ sequence, gtin, capacity, casePack }) => {
      const masterData = sampleMasterData(`2026-12-01/${sequence}`);
      for (const slot of masterData.slots.slice(0, 1)) slot.capacity = capacity;
      for (const product of masterData.products.slice(0, 1)) product.casePackPieces = casePack;
      for (const product of masterData.products.slice(2)) product.substitutes = [gtin];
      return command(sequence, { case: 'applyMasterData', value: { masterData } });
    }),
  fc
    .record({ sequence: fc.nat(20), quantity, slotId: text, kind: fc.integer({ min: 0, max: 20 }) })
    .map(({ sequence, quantity: amount, slotId, kind }) => {
      const line = { gtin: jam, account: { kind, placeId: 'B7' }, slotId, quantity: amount };
      return command(sequence, {
        case: 'applyOpeningStock',
        value: { lines: [line] },
      } as never);
    }),
);

test('whatever is sent gets an outcome, and what is recorded replays', () => {
  const frame = { storeGln, epoch: new Uint8Array(16), previousHash: firstPreviousHash };
  fc.assert(
    fc.property(fc.array(hostile, { maxLength: 30 }), (inputs) => {
      const store = runningStore();
      for (const input of inputs) {
        const { outcome, events } = store.take(input);
        expect(['accepted', 'unchanged', 'duplicate', 'refused']).toContain(outcome.kind);
        if (outcome.kind === 'refused') expect(outcome.refusals.length).toBeGreaterThan(0);
        if (outcome.kind === 'duplicate' || outcome.kind === 'unchanged')
          expect(events).toEqual([]);
      }
      const replayed = createState({ storeGln, epoch });
      for (const event of store.log) apply(replayed, decodeEvent(encodeEvent(event, frame)).event);
      expect(serializeState(replayed)).toEqual(serializeState(store.state));
    }),
    { numRuns: 300 },
  );
});
