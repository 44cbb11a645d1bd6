/** T: the law that both law tests hold: the encoded log gives the state that lived, from any snapshot too. */
import { expect } from 'vitest';
import { apply, createState, deserializeState, serializeState } from './agent.ts';
import { decodeEvent, encodeEvent, firstPreviousHash } from './events/event-codec.ts';
import { epoch, type SampleStore, storeGln } from './sample-store.ts';
import type { State } from './state.ts';

/**
 * Folds the store's log again, whole and from a snapshot after `cut` events (modulo its length), and
 * expects the same bytes both times. Answers the state that began at the snapshot, without reading marks.
 */
export function expectReplayIsLive(store: SampleStore, cut: number): State {
  const frame = { storeGln, epoch: new Uint8Array(16), previousHash: firstPreviousHash };
  const log = store.log.map((event) => decodeEvent(encodeEvent(event, frame)).event);
  const live = serializeState(store.state);
  const replayed = createState({ storeGln, epoch });
  for (const event of log) apply(replayed, event);
  expect(serializeState(replayed)).toEqual(live);

  const middle = cut % (log.length + 1);
  const before = createState({ storeGln, epoch });
  for (const event of log.slice(0, middle)) apply(before, event);
  const resumed = deserializeState(serializeState(before));
  for (const event of log.slice(middle)) apply(resumed, event);
  expect(serializeState(resumed)).toEqual(live);
  return resumed;
}
