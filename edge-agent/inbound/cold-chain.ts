/**
 * How long goods stand at the dock. The clock of a product starts when its delivery arrives, and stops
 * when the last of it has left the dock.
 *
 * Chilled and frozen goods bear minutes only: after that somebody must check them, whatever is done next,
 * so this exception stays until it is answered; goods whose limit passes after that are told anew. Other goods that stand for hours are in the way, and
 * empty shelves may wait for them; that exception ends when they are put away.
 *
 * Example: milk (chilled, 30 minutes) arrives at 11:00 and stands there at 11:31: cold-chain-breach of
 * its delivery. Yoghurt of the same truck joins it.
 */
import type { TemperatureClass } from '../catalogue/catalogue.ts';
import type { Recorder } from '../events/recorder.ts';
import { isTold, raiseException, resolveException } from '../exceptions/exception-book.ts';
import type { State } from '../state.ts';
import { balance } from '../stock/ledger.ts';
import { dock } from '../stock/store-places.ts';
import { askForColdCheck } from '../tasks/goods-tasks.ts';

const minuteMs = 60_000;

/** Minutes that goods bear out of refrigeration, from the arrival on, until a policy says otherwise. */
export const coldLimitMinutes: Readonly<Record<TemperatureClass, number>> = {
  ambient: Number.POSITIVE_INFINITY,
  chilled: 30,
  frozen: 20,
};

const shortestLimitMs = Math.min(...Object.values(coldLimitMinutes)) * minuteMs;

/** Hours that other goods stand at the dock before it is unusual. */
export const dwellLimitMinutes = 4 * 60;

export interface DockClock {
  gtin: string;
  deliveryId: string;
  /** When the delivery arrived. */
  sinceMs: number;
}

export function temperatureOf(state: Readonly<State>, gtin: string): TemperatureClass {
  return state.catalogue.productByGtin.get(gtin)?.temperatureClass ?? 'ambient';
}

/** When goods that arrived then must be back in the cold; 0 for goods that bear it. */
export function coldDeadline(state: Readonly<State>, gtin: string, sinceMs: number): number {
  const minutes = coldLimitMinutes[temperatureOf(state, gtin)];
  return Number.isFinite(minutes) ? sinceMs + minutes * minuteMs : 0;
}

/** Looks at all clocks: those of goods at the dock, and of cold goods that nobody has received. */
export function watchDockClocks(recorder: Recorder): void {
  const { state, moment } = recorder;
  const nowMs = moment.nowMs;
  for (const clock of state.dockClocks.values()) {
    // A big truck starts a thousand clocks, most of which have time left in every sense.
    if (nowMs - clock.sinceMs <= shortestLimitMs || !isOver(recorder, clock)) continue;
    if (balance(state.ledger, clock.gtin, dock) === 0) continue;
    if (temperatureOf(state, clock.gtin) === 'ambient') tellDwell(recorder, clock);
    else tellBreach(recorder, clock);
  }
  for (const { deliveryId, arrivedAtMs, lines } of state.deliveries.values()) {
    if (arrivedAtMs === 0) continue;
    for (const { gtin, received } of lines.values()) {
      const isCold = received < 0 && temperatureOf(state, gtin) !== 'ambient';
      if (isCold) tellBreach(recorder, { gtin, deliveryId, sinceMs: arrivedAtMs });
    }
  }
}

/** Ends the dwell of deliveries of which nothing stands at the dock any more. */
export function endDwells(recorder: Recorder): void {
  const { exceptions, dockClocks } = recorder.state;
  const dwells = [...exceptions.values()].filter(({ type }) => type === 'unusual-dwell');
  if (dwells.length === 0) return;
  const waiting = new Set([...dockClocks.values()].map(({ deliveryId }) => dwellKey(deliveryId)));
  for (const { causeKey } of dwells) {
    if (!waiting.has(causeKey)) resolveException(recorder, causeKey, 'put away');
  }
}

function isOver({ state, moment }: Recorder, { gtin, sinceMs }: DockClock): boolean {
  const coldMs = coldDeadline(state, gtin, sinceMs);
  return moment.nowMs > (coldMs === 0 ? sinceMs + dwellLimitMinutes * minuteMs : coldMs);
}

function tellBreach(recorder: Recorder, { gtin, deliveryId, sinceMs }: DockClock): void {
  const { state, moment } = recorder;
  const deadlineMs = coldDeadline(state, gtin, sinceMs);
  if (deadlineMs === 0 || moment.nowMs <= deadlineMs) return;
  const causeKey = `cold-chain-breach/${deliveryId}`;
  if (isTold(state, causeKey, gtin)) return;
  const limit = coldLimitMinutes[temperatureOf(state, gtin)];
  const name = state.catalogue.productByGtin.get(gtin)?.name ?? gtin;
  raiseException(recorder, {
    type: 'cold-chain-breach',
    causeKey,
    subjects: [deliveryId, gtin],
    evidence: `${name} (${temperatureOf(state, gtin)}) stood at the dock for more than ${limit} minutes.`,
    isGathering: true,
  });
  askForColdCheck(recorder, gtin, `${name} stood out of the cold for more than ${limit} minutes.`);
}

function tellDwell(recorder: Recorder, { gtin, deliveryId }: DockClock): void {
  const { state } = recorder;
  const causeKey = dwellKey(deliveryId);
  if (isTold(state, causeKey, gtin)) return;
  const name = state.catalogue.productByGtin.get(gtin)?.name ?? gtin;
  raiseException(recorder, {
    type: 'unusual-dwell',
    causeKey,
    subjects: [deliveryId, gtin],
    evidence: `${name} has stood at the dock for more than ${dwellLimitMinutes / 60} hours.`,
    isGathering: true,
  });
}

function dwellKey(deliveryId: string): string {
  return `unusual-dwell/${deliveryId}`;
}
