/**
 * A live run once more without its devices: the recorded inputs, at their recorded moments, must lead
 * to the events that are in the log, byte for byte. Where they do not, the core has changed since, or
 * does not decide by its inputs alone.
 *
 * Only a log whose inputs were recorded from its first event on can be replayed so.
 */
import { createState, type State, step } from '../agent.ts';
import { encodeEvent, firstPreviousHash } from '../events/event-codec.ts';
import { readInputRecord } from '../ingest/input-record.ts';
import type { Moment } from '../input.ts';

export interface RecordedRun {
  storeGln: string;
  epoch: Uint8Array;
  /** The events of the log in order: their bytes and hash. */
  events: Iterator<{ bytes: Uint8Array; hash: Uint8Array }>;
  /** In order; the moment is JSON. */
  inputs: Iterable<{ moment: string; input: Uint8Array }>;
}

export interface ReplayedInputs {
  inputs: number;
  events: number;
  /** Position of the first event that came out differently; null when all are the same. */
  firstDifference: number | null;
  /** Events of the log that no recorded input leads to. */
  unexplained: number;
  state: State;
}

export function replayInputs(run: RecordedRun): ReplayedInputs {
  try {
    return replay(run);
  } finally {
    // Left before its end, the log would stay busy with it.
    run.events.return?.();
  }
}

function replay(run: RecordedRun): ReplayedInputs {
  const { storeGln, epoch } = run;
  const state = createState({ storeGln, epoch: Buffer.from(epoch).toString('hex') });
  const replayed = { inputs: 0, events: 0, firstDifference: null as number | null, unexplained: 0 };
  let previousHash: Uint8Array = firstPreviousHash;
  for (const { moment, input } of run.inputs) {
    replayed.inputs += 1;
    // Written by the loop from a Moment.
    const { events } = step(state, readInputRecord(input), JSON.parse(moment) as Moment);
    for (const event of events) {
      replayed.events += 1;
      const logged = run.events.next();
      const bytes = encodeEvent(event, { storeGln, epoch, previousHash });
      const isSame = !logged.done && Buffer.compare(bytes, logged.value.bytes) === 0;
      if (!isSame) return { ...replayed, firstDifference: event.position, state };
      previousHash = logged.value.hash;
    }
  }
  while (!run.events.next().done) replayed.unexplained += 1;
  return { ...replayed, state };
}
