import { create, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  ActorKind,
  ActorSchema,
  EventSchema,
  Lane,
  TimeQuality,
} from '@stockhand/proto/events/v1alpha/event_pb.js';
import { AccountKind } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jarsReading, runningStore } from '../sample-store.ts';
import type { EventCase, StoreEvent } from './event.ts';
import {
  decodeEvent,
  type EventFrame,
  encodeEvent,
  eventTypeName,
  firstPreviousHash,
} from './event-codec.ts';
import { laneOf } from './lanes.ts';
import { payload } from './payload.ts';

const frame: EventFrame = {
  storeGln: '4000001000005',
  epoch: Uint8Array.from({ length: 16 }, (_, index) => index),
  previousHash: Uint8Array.from({ length: 32 }, (_, index) => 255 - index),
};

const cases: EventCase[] = (EventSchema.oneofs[0]?.fields ?? []).map(
  ({ localName }) => localName as EventCase,
);

function eventOf(eventCase: EventCase, more: Partial<StoreEvent> = {}): StoreEvent {
  return {
    position: 88_123,
    lane: laneOf(eventCase),
    laneSequence: 41_007,
    occurredAtMs: 1_795_425_245_120,
    occurredAtQuality: TimeQuality.DEVICE_CLOCK,
    recordedAtMs: 1_795_425_245_131,
    localHour: 10,
    utcOffsetMinutes: 60,
    businessDay: '2026-11-23',
    actor: { kind: ActorKind.DEVICE, id: 'plate-07-3', detail: '' },
    correlationId: '',
    causationPosition: 0,
    causationInput: 'reading/plate-07-3/b41c/18231',
    masterDataVersion: '2026-11-23T06:00:00Z/3',
    payload: payload(eventCase, {}),
    ...more,
  };
}

/** The same event by the general writer. */
function generalBytes(event: StoreEvent): Uint8Array {
  const message = create(EventSchema, {
    storeGln: frame.storeGln,
    epoch: frame.epoch,
    position: BigInt(event.position),
    lane: event.lane,
    laneSequence: BigInt(event.laneSequence),
    previousHash: frame.previousHash,
    occurredAt: timestampFromMs(event.occurredAtMs),
    occurredAtQuality: event.occurredAtQuality,
    recordedAt: timestampFromMs(event.recordedAtMs),
    localHour: event.localHour,
    utcOffsetMinutes: event.utcOffsetMinutes,
    businessDay: event.businessDay,
    actor: create(ActorSchema, event.actor),
    correlationId: event.correlationId,
    causationPosition: BigInt(event.causationPosition),
    causationInput: event.causationInput,
    masterDataVersion: event.masterDataVersion,
    payload: event.payload,
  });
  return toBinary(EventSchema, message);
}

describe('an event and its bytes', () => {
  test.each(cases)('%s comes back as it went', (eventCase) => {
    const event = eventOf(eventCase);
    const bytes = encodeEvent(event, frame);
    expect(bytes).toEqual(generalBytes(event));
    expect(decodeEvent(bytes)).toEqual({ event, frame });
  });

  test('a filled payload comes back as it went', () => {
    const event = eventOf('itemsStocked', {
      payload: payload('itemsStocked', {
        gtin: '00012345678905',
        quantity: quantityMessage(-3_000_000_000, 'milligrams'),
        from: { kind: AccountKind.HANDS, placeId: 't-0-1' },
        slotId: 'A1',
      }),
    });
    const bytes = encodeEvent(event, frame);
    expect(bytes).toEqual(generalBytes(event));
    expect(decodeEvent(bytes).event).toEqual(event);
  });

  test('any envelope is written as the general writer writes it', () => {
    const envelope = fc.record({
      position: fc.maxSafeNat(),
      lane: fc.constantFrom(Lane.UNSPECIFIED, Lane.BUSINESS, Lane.TELEMETRY),
      laneSequence: fc.maxSafeNat(),
      occurredAtMs: fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }),
      occurredAtQuality: fc.constantFrom(...([0, 1, 2, 3] as TimeQuality[])),
      recordedAtMs: fc.integer({ min: 0, max: 253_402_300_799_999 }),
      localHour: fc.integer({ min: 0, max: 23 }),
      utcOffsetMinutes: fc.integer({ min: -840, max: 840 }),
      businessDay: fc.string(),
      actor: fc.record({
        kind: fc.constantFrom(...([0, 1, 2, 3, 4, 5] as ActorKind[])),
        id: fc.string(),
        detail: fc.string({ unit: 'grapheme' }),
      }),
      correlationId: fc.string(),
      causationPosition: fc.maxSafeNat(),
      causationInput: fc.string(),
      masterDataVersion: fc.string(),
    });
    fc.assert(
      fc.property(envelope, fc.constantFrom(...cases), (fields, eventCase) => {
        const event = eventOf(eventCase, fields);
        const bytes = encodeEvent(event, frame);
        expect(bytes).toEqual(generalBytes(event));
        expect(decodeEvent(bytes).event).toEqual(event);
      }),
    );
  });

  test('an event of a newer release, or none at all, is not read as something else', () => {
    const message = create(EventSchema, { position: 7n });
    expect(() => decodeEvent(toBinary(EventSchema, message))).toThrow(/event 7 has a payload/);
    expect(() => decodeEvent(Uint8Array.of(0xff, 0xff))).toThrow();
    expect(() => decodeEvent(encodeEvent(eventOf('needMet'), frame).slice(0, -30))).toThrow();
  });

  test('the first event of a log follows 32 zero bytes', () => {
    expect(firstPreviousHash).toEqual(new Uint8Array(32));
  });

  test('a payload is named as its proto message', () => {
    for (const { localName, message } of EventSchema.oneofs[0]?.fields ?? []) {
      expect(eventTypeName(localName)).toBe(message?.name);
    }
  });
});

test('what sensors say travels as telemetry, what moves stock and work as business', () => {
  const lanes = new Map(
    runningStore()
      .take(jarsReading(1, 3))
      .events.map((event) => [event.payload.case, event.lane]),
  );
  expect(lanes.get('shelfObserved')).toBe(Lane.TELEMETRY);
  expect(lanes.get('needArose')).toBe(Lane.BUSINESS);
  expect(lanes.get('taskCreated')).toBe(Lane.BUSINESS);
  expect(laneOf('itemsSold')).toBe(Lane.BUSINESS);
  expect(laneOf('readingsMissed')).toBe(Lane.TELEMETRY);
});
