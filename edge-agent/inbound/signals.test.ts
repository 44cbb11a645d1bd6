import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { TransportStatus } from '@stockhand/proto/events/v1alpha/inbound_events_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { labourHours } from '../planning/labour-view.ts';
import { action, command, jam, milk, runningStore, type SampleStore } from '../sample-store.ts';
import { openExceptions } from '../views.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
let store: SampleStore;
let sequence: number;
let dueAtMs: number;

type CommandBody = Parameters<typeof command>[1];

const send = (body: CommandBody) => {
  sequence += 1;
  return store.take(command(sequence, body));
};
const announce = (deliveryId: string, gtin: string, pieces: number) =>
  send({
    case: 'announceDelivery',
    value: {
      deliveryId,
      noticeVersion: 1,
      expectedAt: timestampFromMs(dueAtMs),
      lines: [{ line: 1, gtin, quantity: quantityMessage(pieces, 'pieces') }],
    },
  });
const report = (status: TransportStatus, estimatedAtMs?: number) =>
  send({
    case: 'reportTransport',
    value: {
      deliveryId: 'D7',
      status,
      ...(estimatedAtMs !== undefined && { estimatedAt: timestampFromMs(estimatedAtMs) }),
    },
  });
const book = (deliveryId: string, fromMs: number, untilMs: number, dockPlaceId = '') =>
  send({
    case: 'bookDockAppointment',
    value: {
      deliveryId,
      dockPlaceId,
      from: timestampFromMs(fromMs),
      until: timestampFromMs(untilMs),
    },
  });
const late = () => openExceptions(store.state).filter(({ type }) => type === 'delivery-late');
const delivery = (deliveryId: string) => store.state.deliveries.get(deliveryId);

beforeEach(() => {
  store = runningStore();
  sequence = 2;
  dueAtMs = store.nowMs + 2 * hourMs;
  announce('D7', jam, 24);
});

describe('what a carrier says of a delivery', () => {
  test('an estimate far behind the notice is told at once, and taken back when it is in time', () => {
    report(TransportStatus.DEPARTED, dueAtMs + 5 * hourMs);
    expect(late()).toHaveLength(1);
    expect(late()[0]?.evidence).toContain('300 minutes after its time');
    expect(delivery('D7')?.expectedAtMs).toBe(dueAtMs + 5 * hourMs);
    report(TransportStatus.DEPARTED, dueAtMs + 5 * minuteMs);
    expect(late()).toEqual([]);
    expect(delivery('D7')?.transport).toBe(TransportStatus.DEPARTED);
  });

  test('an estimate within a quarter of an hour moves the delivery and calls nobody', () => {
    const { events } = report(TransportStatus.LOADED, dueAtMs + 14 * minuteMs);
    expect(events.map(({ payload }) => payload.case)).toEqual([
      'transportReported',
      'commandApplied',
    ]);
  });

  test('a cancelled transport is told, and its goods count as cover no more', () => {
    report(TransportStatus.CANCELLED);
    expect(late()[0]?.evidence).toContain('does not come');
  });

  test('delays that creep are told when they add up, and taken back when it is in time', () => {
    const delay = (byMs: number) => {
      const expectedAt = timestampFromMs(dueAtMs + byMs);
      send({ case: 'delayDelivery', value: { deliveryId: 'D7', expectedAt, reason: 'jam' } });
    };
    delay(10 * minuteMs);
    expect(late()).toEqual([]);
    delay(20 * minuteMs);
    expect(late()).toHaveLength(1);
    delay(5 * minuteMs);
    expect(late()).toEqual([]);
  });

  test('that it does not come at all is told also after "waiting" was the answer', () => {
    report(TransportStatus.DEPARTED, dueAtMs + 5 * hourMs);
    const value = { exceptionId: late()[0]?.exceptionId ?? '', answer: 'waiting' };
    store.take(action('lea', 0, { case: 'answerException', value }));
    expect(late()).toEqual([]);
    report(TransportStatus.CANCELLED);
    expect(late()).toHaveLength(1);
    expect(late()[0]?.evidence).toContain('does not come');
    const lines = [{ line: 1, gtin: jam, quantity: quantityMessage(24, 'pieces') }];
    const expectedAt = timestampFromMs(dueAtMs + 5 * hourMs);
    const again = { deliveryId: 'D7', noticeVersion: 2, expectedAt, lines };
    send({ case: 'announceDelivery', value: again });
    expect(late()).toEqual([]);
    expect(delivery('D7')?.transport).toBe(TransportStatus.UNSPECIFIED);
  });

  test('one that never came is forgotten a week after its time', () => {
    const tick = () => store.take({ kind: 'timer', purpose: 'minute', dueAtMs: store.nowMs });
    store.nowMs = dueAtMs + 6 * 24 * hourMs;
    tick();
    expect(delivery('D7')).toBeDefined();
    store.nowMs += 2 * 24 * hourMs;
    tick();
    expect(delivery('D7')).toBeUndefined();
  });

  test('a delivery that nobody expects is refused', () => {
    sequence += 1;
    const value = { deliveryId: 'D99', status: TransportStatus.LOADED };
    const { outcome } = store.take(command(sequence, { case: 'reportTransport', value }));
    expect(outcome).toMatchObject({
      kind: 'refused',
      refusals: [{ reason: 'unknown-delivery', field: 'deliveryId' }],
    });
    expect(report(TransportStatus.UNSPECIFIED).outcome).toMatchObject({
      kind: 'refused',
      refusals: [{ field: 'status' }],
    });
  });
});

describe('a door of the dock', () => {
  test('serves one truck at a time, and says whose it is', () => {
    announce('D8', milk, 12);
    expect(book('D7', dueAtMs, dueAtMs + 45 * minuteMs).outcome.kind).toBe('accepted');
    const { outcome } = book('D8', dueAtMs + 30 * minuteMs, dueAtMs + hourMs);
    expect(outcome).toMatchObject({
      kind: 'refused',
      refusals: [{ field: 'from', expected: expect.stringContaining('D7 has the door') }],
    });
    expect(delivery('D8')?.appointment).toBeNull();
    expect(book('D8', dueAtMs + 45 * minuteMs, dueAtMs + hourMs).outcome.kind).toBe('accepted');
  });

  test('is free again when its delivery moves, or gives it back', () => {
    announce('D8', milk, 12);
    book('D7', dueAtMs, dueAtMs + hourMs);
    book('D7', dueAtMs + 5 * hourMs, dueAtMs + 6 * hourMs);
    expect(book('D8', dueAtMs, dueAtMs + hourMs).outcome.kind).toBe('accepted');
    send({ case: 'bookDockAppointment', value: { deliveryId: 'D8' } });
    expect(delivery('D8')?.appointment).toBeNull();
  });

  test.each([
    ['no end', { from: timestampFromMs(0) }, 'until'],
    ['an end before its start', { from: timestampFromMs(9), until: timestampFromMs(3) }, 'until'],
    ['an unknown door', { dockPlaceId: 'B7' }, 'dockPlaceId'],
  ])('with %s is refused', (_name, fields, field) => {
    const { outcome } = send({
      case: 'bookDockAppointment',
      value: { deliveryId: 'D7', ...fields },
    });
    expect(outcome).toMatchObject({ kind: 'refused', refusals: [{ field }] });
  });
});

test('work that a delivery will bring stands in the hour in which it is expected at its door', () => {
  const inbound = () => {
    const { nowMs } = store;
    const moment = { nowMs, localHour: 9, utcOffsetMinutes: 60, businessDay: '2026-11-23' };
    return labourHours(store.state, moment, [], new Map())
      .filter(({ inboundMinutes }) => inboundMinutes > 0)
      .map(({ fromMs, inboundMinutes }) => [Math.floor(fromMs / hourMs), inboundMinutes]);
  };
  // Four cases of six, 60 seconds each to check and put away.
  expect(inbound()).toEqual([[Math.floor(dueAtMs / hourMs), 4]]);
  book('D7', dueAtMs + hourMs, dueAtMs + 2 * hourMs);
  expect(inbound()).toEqual([[Math.floor(dueAtMs / hourMs) + 1, 4]]);
  report(TransportStatus.CANCELLED);
  expect(inbound()).toEqual([]);
});
