/** An open need: a slot that wants goods. It rises and falls, and ends by being met or withdrawn. */
import type { NeedReason } from '@stockhand/proto/events/v1alpha/replenishment_events_pb.js';

export interface Need {
  needId: string;
  slotId: string;
  gtin: string;
  /** Base units that fill the slot to par. */
  wanted: number;
  onShelf: number;
  inBackroom: number;
  reason: NeedReason;
  urgencyPpm: number;
  explanation: string;
  arosePosition: number;
  aroseAtMs: number;
  /** The task that serves it now; empty when there is none. */
  taskId: string;
  /**
   * Backroom stock on record when a task for it ended short or blocked, or -1. Asking again before more
   * arrives would send people to the same empty bin.
   */
  heldAtBackroom: number;
}
