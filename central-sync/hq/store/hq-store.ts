/** HQ's database, as the rest of HQ sees it: SQLite today, PostgreSQL behind the same port. */
import type { LaneAddress, ReceivedEvent } from '../ingest/batch.ts';
import type { OrderAnswer, OrderRow, PlacedOrder } from '../orders/placed-order.ts';

export interface LaneMarkRow {
  /** The last event of the lane, as it was sent. */
  bytes: Uint8Array;
  lane: number;
  sequence: number;
}

/** A command to a store, numbered per store from 1. */
export interface StoredCommand {
  sequence: number;
  issuedAtMs: number;
  /** Encoded stockhand.sync.v1alpha.Command. */
  bytes: Uint8Array;
}

export interface StoreRow {
  gln: string;
  installationId: string;
  epoch: string;
  agentVersion: string;
  masterDataVersion: string;
  lastSeenAtMs: number;
  events: number;
  quarantined: number;
  newestRecordedAtMs: number;
  commandsWaiting: number;
}

export interface EventFilter {
  storeGln?: string;
  type?: string;
  correlationId?: string;
  gtin?: string;
  /** Only events that came before this one, for the next page. */
  beforeId?: number;
  limit: number;
}

export interface EventRow extends Omit<ReceivedEvent, 'bytes'> {
  id: number;
  storeGln: string;
  epoch: string;
  lane: number;
  receivedAtMs: number;
}

export interface Greeting {
  gln: string;
  installationId: string;
  epoch: string;
  agentVersion: string;
  masterDataVersion: string;
  atMs: number;
}

export interface HqStore {
  /** Random name of this life of HQ's database. */
  readonly epoch: string;
  /** Notes who called. Answers the installation that spoke for the store before, if another. */
  greet(greeting: Greeting): { otherInstallation: string | null };
  marks(gln: string, epoch: string): LaneMarkRow[];
  /**
   * Writes fresh events, the orders that they place, and the version of master data that they say the
   * store goes by now (null: they do not say), in one durable transaction.
   */
  append(
    address: LaneAddress,
    events: readonly ReceivedEvent[],
    atMs: number,
    masterDataVersion: string | null,
    orders: readonly PlacedOrder[],
  ): void;
  /** Keeps an order that came by a call; false when HQ has it. Durable when it returns. */
  placeOrder(gln: string, order: PlacedOrder, atMs: number): boolean;
  /** Waiting ones first, then newest first. */
  orders(limit: number): OrderRow[];
  /** Keeps the answer and the command with it; the command's number, or null when no such order waits. */
  answerOrder(
    gln: string,
    proposalId: string,
    answer: OrderAnswer,
    atMs: number,
    encode: (sequence: number) => Uint8Array,
  ): number | null;
  eventBytes(id: number): Uint8Array | null;
  events(filter: EventFilter): EventRow[];
  eventTypes(): string[];
  stores(): StoreRow[];
  /** When each store last brought events or greeted: cheap, where `stores` counts events. */
  lastSeen(): { gln: string; lastSeenAtMs: number }[];
  /** Numbers a command and keeps it until the store receipts it. */
  addCommand(gln: string, atMs: number, encode: (sequence: number) => Uint8Array): number;
  commandsAfter(gln: string, sequence: number): StoredCommand[];
  receipt(gln: string, throughSequence: number): void;
  close(): void;
}
