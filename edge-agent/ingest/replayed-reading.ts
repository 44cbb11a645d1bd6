/**
 * A reading that was refused and is replayed, once the cause is mended. It takes the same way as any
 * other, with two differences. The identity of some was noted when they were refused, so that their own
 * note would make them duplicates of themselves. And what they saw is past: where the device has been
 * heard since, they are late and move no belief.
 *
 * Taken in once it stays: the letter is marked in the same commit, and a marked letter is not replayed.
 *
 * Example: plate-9, pending, sends 7, is refused, and is approved. Replayed, 7 is news. Had the device
 * sent 8 in between, 7 would be late: noted, and of no effect. Had it sent 7 again itself, the replay
 * would be a duplicate.
 */
import type { Reading } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import type { Recorder } from '../events/recorder.ts';
import type { ReplayFacts } from '../input.ts';
import type { Arrival } from './arrival.ts';

/** Reasons that are found after the reading's identity was noted. */
const reasonsAfterNote: ReadonlySet<string> = new Set([
  'bad-length',
  'bad-number',
  'bad-unit',
  'device-without-slots',
  'epc-unreadable',
  'implausible-measure',
  'wrong-device-kind',
]);

/**
 * Whether a refused reading's identity had been noted by then. Where a reason may be found on both
 * sides of the note the answer is no: at worst the replay is a duplicate.
 */
export function wasNotedWhenRefused(reason: string): boolean {
  return reasonsAfterNote.has(reason);
}

/** The arrival as it counts for a replay; that of a device's own word is left as it is. */
export function asReplayed(
  recorder: Recorder,
  reading: Reading,
  arrival: Arrival,
  replay: ReplayFacts | undefined,
): Arrival {
  if (replay === undefined || arrival.kind === 'refused') return arrival;
  if (arrival.kind === 'duplicate' && !replay.wasNoted) return arrival;
  const last = recorder.state.channels.get(reading.deviceId)?.get(reading.channel);
  const isPast = last !== undefined && last.observedAtMs > replay.receivedAtMs;
  if (arrival.kind === 'duplicate') {
    const discriminator = `replay-${replay.receivedAtMs}`;
    const kind = isPast ? 'late' : 'news';
    return { kind, discriminator, missed: null, mark: () => undefined };
  }
  return isPast ? { ...arrival, kind: 'late' } : arrival;
}
