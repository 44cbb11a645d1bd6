/**
 * What HQ makes of a batch of events, before it is written.
 *
 * HQ's key of an event is (store, epoch, lane, sequence), and each lane is free of gaps. So a batch
 * that begins behind HQ's mark holds events that are here already (they are passed over), and one that
 * begins beyond the next sequence is refused: the store must send what lies between first. An event
 * whose bytes cannot be read, or that names another place than the one it came for, is kept as it is
 * and put into quarantine: its place in the lane is taken, and the rest flows on.
 *
 * Example: HQ has 41,006 of a lane. A batch from 41,005 with four events brings 41,007 and 41,008; a
 * batch from 41,009 is refused until 41,007 has come.
 */
import { fromBinary } from '@bufbuild/protobuf';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { type Event, EventSchema, type Lane } from '@stockhand/proto/events/v1alpha/event_pb.js';
import { type PlacedOrder, placedOrderOf } from '../orders/placed-order.ts';

/** Where the events of a batch belong. */
export interface LaneAddress {
  storeGln: string;
  /** 32 hexadecimal digits. */
  epoch: string;
  lane: Lane;
}

/** An event as HQ keeps it: its bytes, and what its page asks for. */
export interface ReceivedEvent {
  sequence: number;
  bytes: Uint8Array;
  position: number;
  type: string;
  occurredAtMs: number;
  recordedAtMs: number;
  businessDay: string;
  correlationId: string;
  gtin: string;
  /** Empty, or why it is in quarantine. */
  quarantineReason: string;
}

export type BatchVerdict =
  | {
      kind: 'accepted';
      events: ReceivedEvent[];
      throughSequence: number;
      /** Orders that the store placed with them. */
      orders: PlacedOrder[];
      /** What the store goes by since these events; null when they do not say. */
      masterDataVersion: string | null;
    }
  | { kind: 'gap'; expectedSequence: number };

const hexOf = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

function gtinOf(event: Event): string {
  const value: unknown = event.payload.value;
  if (typeof value !== 'object' || value === null || !('gtin' in value)) return '';
  return String(value.gtin);
}

function typeOf(event: Event): string {
  const { case: name } = event.payload;
  return name === undefined ? '' : name.slice(0, 1).toUpperCase() + name.slice(1);
}

const maxPosition = BigInt(Number.MAX_SAFE_INTEGER);

function addressFault(event: Event, address: LaneAddress, sequence: number): string {
  if (event.storeGln !== address.storeGln) return `store ${event.storeGln}`;
  if (hexOf(event.epoch) !== address.epoch) return 'another epoch';
  if (event.lane !== address.lane) return `lane ${event.lane}`;
  if (event.position > maxPosition) return `position ${event.position}`;
  if (Number(event.laneSequence) !== sequence) return `sequence ${event.laneSequence}`;
  return typeOf(event) === '' ? 'a payload that this release does not know' : '';
}

interface Reception {
  received: ReceivedEvent;
  masterDataVersion: string | null;
  order: PlacedOrder | null;
}

/** The version that a store has just applied; null for every other event. */
function appliedVersionOf({ payload }: Event): string | null {
  return payload.case === 'masterDataApplied' ? (payload.value.masterData?.version ?? null) : null;
}

function receive(bytes: Uint8Array, address: LaneAddress, sequence: number): Reception {
  let event: Event;
  try {
    event = fromBinary(EventSchema, bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const received = unreadable(sequence, bytes, `cannot be decoded: ${reason}`);
    return { received, masterDataVersion: null, order: null };
  }
  const fault = addressFault(event, address, sequence);
  const received = {
    sequence,
    bytes,
    // What no database could hold stands in quarantine, under 0.
    position: event.position > maxPosition ? 0 : Number(event.position),
    type: typeOf(event),
    occurredAtMs: event.occurredAt ? timestampMs(event.occurredAt) : 0,
    recordedAtMs: event.recordedAt ? timestampMs(event.recordedAt) : 0,
    businessDay: event.businessDay,
    correlationId: event.correlationId,
    gtin: gtinOf(event),
    quarantineReason: fault === '' ? '' : `says ${fault}`,
  };
  if (fault !== '') return { received, masterDataVersion: null, order: null };
  const { payload } = event;
  const order = payload.case === 'orderPlaced' ? placedOrderOf(payload.value) : null;
  return { received, masterDataVersion: appliedVersionOf(event), order };
}

function unreadable(sequence: number, bytes: Uint8Array, quarantineReason: string): ReceivedEvent {
  return {
    sequence,
    bytes,
    position: 0,
    type: '',
    occurredAtMs: 0,
    recordedAtMs: 0,
    businessDay: '',
    correlationId: '',
    gtin: '',
    quarantineReason,
  };
}

/** @param markSequence the last sequence of the lane that HQ has; 0 for none. */
export function judgeBatch(
  address: LaneAddress,
  markSequence: number,
  firstSequence: number,
  events: readonly Uint8Array[],
): BatchVerdict {
  if (firstSequence > markSequence + 1) return { kind: 'gap', expectedSequence: markSequence + 1 };
  const fresh: ReceivedEvent[] = [];
  const orders: PlacedOrder[] = [];
  let masterDataVersion: string | null = null;
  for (const [index, bytes] of events.entries()) {
    const sequence = firstSequence + index;
    if (sequence <= markSequence) continue;
    const reception = receive(bytes, address, sequence);
    fresh.push(reception.received);
    masterDataVersion = reception.masterDataVersion ?? masterDataVersion;
    if (reception.order !== null) orders.push(reception.order);
  }
  return {
    kind: 'accepted',
    events: fresh,
    orders,
    throughSequence: Math.max(markSequence, firstSequence + events.length - 1),
    masterDataVersion,
  };
}
