/**
 * Promotions that HQ announces: which products, when, and how much more is wanted of them. Products that
 * master data does not list are refused one by one; the others are promoted.
 */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { AnnouncePromotion } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { Faults } from '../catalogue/faults.ts';
import type { Recorder } from '../events/recorder.ts';
import { isPlainId, plainIdExpectation } from '../ingest/identity.ts';
import type { LineResult } from '../ingest/line-result.ts';
import type { State } from '../state.ts';

/** Products of one promotion. */
export const promotionProductsLimit = 5_000;
/** A promotion that sells twenty times as much as usual is a typing error. */
export const upliftLimitPpm = 20_000_000;

/** So far ahead a promotion counts: shelves are filled for it before it begins. */
export const upliftSpanMs = 2 * 3_600_000;

export function announcePromotion(recorder: Recorder, command: AnnouncePromotion): LineResult {
  const { promotionId, gtins, startsAt, endsAt, upliftPpm } = command;
  const { catalogue } = recorder.state;
  const faults = new Faults();
  if (!isPlainId(promotionId)) {
    faults.add('bad-field', 'promotionId', promotionId, plainIdExpectation);
  }
  if (startsAt === undefined) faults.add('missing-field', 'startsAt', '', 'when it starts');
  if (endsAt === undefined) faults.add('missing-field', 'endsAt', '', 'when it ends');
  if (
    startsAt !== undefined &&
    endsAt !== undefined &&
    timestampMs(endsAt) <= timestampMs(startsAt)
  ) {
    faults.add('out-of-range', 'endsAt', timestampMs(endsAt), 'later than its start');
  }
  if (upliftPpm > upliftLimitPpm) {
    faults.add('out-of-range', 'upliftPpm', upliftPpm, `at most ${upliftLimitPpm}`);
  }
  if (gtins.length > promotionProductsLimit) {
    faults.add('too-many', 'gtins', gtins.length, `at most ${promotionProductsLimit}`);
  }
  if (faults.list.length > 0) return { isApplied: false, refusals: faults.list };
  const known = gtins.filter((gtin, index) => {
    const isKnown = catalogue.productByGtin.has(gtin);
    if (!isKnown)
      faults.add('unknown-product', `gtins[${index}]`, gtin, 'a product of the master data');
    return isKnown;
  });
  if (known.length === 0) {
    if (faults.list.length === 0) faults.add('missing-field', 'gtins', '', 'at least one product');
    return { isApplied: false, refusals: faults.list };
  }
  const times = { ...(startsAt && { startsAt }), ...(endsAt && { endsAt }) };
  recorder.record('promotionAnnounced', { promotionId, gtins: known, upliftPpm, ...times });
  return { isApplied: true, refusals: faults.list };
}

/**
 * Demand beyond the usual, in parts per million of it, by GTIN: of each product the greatest uplift of
 * the promotions that run at some time of the span.
 */
export function upliftsBetween(
  state: Readonly<State>,
  fromMs: number,
  untilMs: number,
): Map<string, number> {
  const uplifts = new Map<string, number>();
  for (const { gtins, startsAtMs, endsAtMs, upliftPpm } of state.proposals.promotions.values()) {
    if (upliftPpm === 0 || startsAtMs >= untilMs || endsAtMs <= fromMs) continue;
    for (const gtin of gtins) uplifts.set(gtin, Math.max(upliftPpm, uplifts.get(gtin) ?? 0));
  }
  return uplifts;
}

/** Demand of one product at a moment beyond the usual, in parts per million of it; 0 without a promotion. */
export function upliftPpmAt(state: Readonly<State>, gtin: string, atMs: number): number {
  let greatest = 0;
  for (const { gtins, startsAtMs, endsAtMs, upliftPpm } of state.proposals.promotions.values()) {
    if (atMs < startsAtMs || atMs >= endsAtMs || upliftPpm <= greatest) continue;
    if (gtins.includes(gtin)) greatest = upliftPpm;
  }
  return greatest;
}
