/**
 * When somebody could next refill a slot: what a prediction of emptiness is about.
 *
 * With goods in the backroom: when the plan says that the task ends; else within two opening hours of the
 * next hands at work (on a busy day a refill that is raised now is done by then). Without: an hour
 * after the delivery that brings the product, for it must be received and put away; when none is known,
 * not before the store closes: what tomorrow's trucks bring is not known yet.
 *
 * Example: at 13:50 the backroom has none and the truck with it is expected at 15:00: 16:00, "delivery".
 */
import type { Slot } from '../catalogue/catalogue.ts';
import { dayMinutes } from '../catalogue/opening-hours.ts';
import { localMinuteOf } from '../events/local-time.ts';
import { isCover } from '../inbound/delivery.ts';
import type { Moment } from '../input.ts';
import { closingTimeMs, handsFrom } from '../planning/shifts.ts';
import type { State } from '../state.ts';
import { clockMinutesFor } from './empty-time.ts';
import { windowMinutes } from './stockout-outlook.ts';

const minuteMs = 60_000;
/** From the truck's arrival to the shelf. */
const inboundMs = 60 * minuteMs;

export interface NextChance {
  untilMs: number;
  kind: 'plan' | 'walk' | 'delivery' | 'unknown';
}

/** `inBackroom`: base units that a refill could take now. */
export function nextChance(
  state: Readonly<State>,
  slot: Slot,
  inBackroom: number,
  moment: Moment,
): NextChance {
  const { nowMs } = moment;
  const farMs = nowMs + dayMinutes * minuteMs;
  if (inBackroom <= 0) {
    const bringsAtMs = nextDeliveryMs(state, slot.gtin, nowMs);
    if (bringsAtMs === null) return { untilMs: closingTimeMs(state, moment), kind: 'unknown' };
    return { untilMs: Math.min(farMs, bringsAtMs + inboundMs), kind: 'delivery' };
  }
  const planned = plannedEndMs(state, state.needs.get(slot.slotId)?.taskId ?? '');
  if (planned > nowMs) return { untilMs: Math.min(farMs, planned), kind: 'plan' };
  let fromMs = Number.POSITIVE_INFINITY;
  for (const hands of handsFrom(state, moment)) fromMs = Math.min(fromMs, hands.fromMs);
  const waitMinutes = Number.isFinite(fromMs) ? Math.max(0, (fromMs - nowMs) / minuteMs) : 0;
  const localMinute = localMinuteOf(nowMs, moment.utcOffsetMinutes);
  const from = (localMinute + Math.ceil(waitMinutes)) % dayMinutes;
  const minutes = Math.ceil(waitMinutes) + clockMinutesFor(state.catalogue, from, windowMinutes);
  return { untilMs: Math.min(farMs, nowMs + minutes * minuteMs), kind: 'walk' };
}

function plannedEndMs(state: Readonly<State>, taskId: string): number {
  if (taskId === '') return 0;
  for (const stops of state.planning.plan?.routes.values() ?? []) {
    for (const stop of stops) if (stop.taskId === taskId) return stop.endsAtMs;
  }
  return 0;
}

/** When the next delivery with the product is expected; null when none is known. */
function nextDeliveryMs(state: Readonly<State>, gtin: string, nowMs: number): number | null {
  let next: number | null = null;
  for (const delivery of state.deliveries.values()) {
    const isHere = delivery.arrivedAtMs > 0;
    if (!isCover(delivery, nowMs)) continue;
    const atMs = isHere ? nowMs : Math.max(nowMs, delivery.expectedAtMs);
    if (next !== null && atMs >= next) continue;
    for (const line of delivery.lines.values()) {
      if (line.gtin !== gtin || line.received >= 0) continue;
      next = atMs;
      break;
    }
  }
  return next;
}
