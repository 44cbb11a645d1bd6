/**
 * State from disk: the newest good snapshot of this model version, the log behind it, and the input
 * marks. Without a snapshot, the whole log.
 */
import {
  apply,
  createState,
  deserializeState,
  modelVersion,
  restoreMarks,
  type State,
} from '../agent.ts';
import type { EventLog } from '../ports.ts';

export interface RebuiltState {
  state: State;
  /** Position of the snapshot that it began with; 0 for none. */
  snapshotPosition: number;
}

/** @throws StorageError */
export function rebuildState(log: EventLog, storeGln: string): RebuiltState {
  const snapshot = log.snapshots().find((one) => one.modelVersion === modelVersion);
  const state = snapshot
    ? deserializeState(snapshot.state)
    : createState({ storeGln, epoch: Buffer.from(log.epoch).toString('hex') });
  for (const { event } of log.readFrom(state.position + 1)) apply(state, event);
  restoreMarks(state, log.inputMarks());
  return { state, snapshotPosition: snapshot?.position ?? 0 };
}
