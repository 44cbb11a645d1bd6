/** What the agent's half of the sync needs. The agent's event log and loop fit it as they are. */
import type { Command } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';

/** The store's log, as far as the sync reads it. */
export interface SyncLog {
  /** 16 bytes. */
  readonly epoch: Uint8Array;
  /** Sequence of the last durable event of a lane; 0 for none. */
  laneSequence(lane: number): number;
  /** Durable events of a lane from a sequence on, in order. */
  readLane(
    lane: number,
    fromSequence: number,
    limit: number,
  ): { sequence: number; bytes: Uint8Array; recordedAtMs: number }[];
  /** What HQ acknowledged last, as the store remembers it. */
  cursor(lane: number): { sequence: number; hash: Uint8Array };
  /** A cursor only goes forward. */
  saveCursor(lane: number, sequence: number, hash: Uint8Array): void;
}

/** Resolves when the command is in the store's log, applied or refused; rejects when it is not. */
export type ApplyCommand = (command: Command) => Promise<void>;

export interface Clock {
  wallMs(): number;
  /** Calls back once after `delayMs`; the answer cancels it. */
  schedule(delayMs: number, callback: () => void): () => void;
}

export interface Log {
  info(fields: Record<string, unknown>, event: string): void;
  warn(fields: Record<string, unknown>, event: string): void;
}
