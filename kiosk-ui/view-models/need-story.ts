/**
 * "Why was I sent here?" in one sentence: the one reason that counts, and how long what is there lasts.
 *
 * The reason is the need's own. How long it lasts is told when there is something left and the end is in
 * sight: in minutes up to 100, by the clock after that. Where no need is open any more, the story says so:
 * somebody was quicker, or a delivery or a return filled the slot.
 *
 * Example: 3 jars, a refill starts at 4, empty at 17:35, now 16:50: "3 are left and a refill starts at 4;
 * they last about 45 min."
 */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { NeedReason } from '@stockhand/proto/events/v1alpha/replenishment_events_pb.js';
import type { SlotNeed } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { type Amount, amountOf } from './quantity.ts';

export type NeedCause =
  | { kind: 'settled' }
  | { kind: 'reported' }
  | { kind: 'empty' }
  | { kind: 'below-minimum' | 'below-reorder'; left: Amount; level: Amount }
  | { kind: 'likely-empty'; left: Amount; percent: number };

export type Lasting =
  | { kind: 'unsaid' }
  | { kind: 'minutes'; minutes: number }
  | { kind: 'until'; atMs: number };

export interface NeedStory {
  cause: NeedCause;
  lasting: Lasting;
}

/** What was predicted of the slot, and how good predictions as sure as it were. */
export interface ToldPrediction {
  percent: number;
  atMs: number;
  /** In how many of ten they came true; null while too few were scored. */
  rightInTen: number | null;
}

/** Predictions that must have been scored before their share is told. */
const leastScored = 10;
const minuteMs = 60_000;
const mostMinutes = 100;

export function needStory(need: SlotNeed, nowMs: number): NeedStory {
  const cause = causeOf(need);
  const left = amountOf(need.believed)?.count ?? 0;
  const isSaid = cause.kind !== 'settled' && left > 0 && need.emptyAt !== undefined;
  if (!isSaid || need.emptyAt === undefined) return { cause, lasting: { kind: 'unsaid' } };
  const atMs = timestampMs(need.emptyAt);
  const minutes = Math.max(1, Math.round((atMs - nowMs) / minuteMs));
  const lasting: Lasting =
    minutes < mostMinutes ? { kind: 'minutes', minutes } : { kind: 'until', atMs };
  return { cause, lasting };
}

/** Null when nothing is predicted of the slot. */
export function toldPrediction(need: SlotNeed): ToldPrediction | null {
  const { predictedPpm, predictedAt, likeItScored, likeItRight } = need;
  if (predictedPpm === 0 || predictedAt === undefined) return null;
  const rightInTen =
    likeItScored < leastScored ? null : Math.round((10 * likeItRight) / likeItScored);
  const percent = Math.round(predictedPpm / 10_000);
  return { percent, atMs: timestampMs(predictedAt), rightInTen };
}

function causeOf(need: SlotNeed): NeedCause {
  const none: Amount = { unit: 'pieces', count: 0 };
  const left = amountOf(need.believed) ?? none;
  switch (need.reason) {
    case NeedReason.REPORTED_BY_STAFF:
      return { kind: 'reported' };
    case NeedReason.EMPTY:
      return { kind: 'empty' };
    case NeedReason.BELOW_PRESENTATION_MINIMUM:
      return { kind: 'below-minimum', left, level: amountOf(need.presentationMinimum) ?? none };
    case NeedReason.BELOW_REORDER_POINT:
      return { kind: 'below-reorder', left, level: amountOf(need.reorderPoint) ?? none };
    case NeedReason.LIKELY_EMPTY_SOON:
      return { kind: 'likely-empty', left, percent: Math.round(need.emptySoonPpm / 10_000) };
    default:
      return { kind: 'settled' };
  }
}
