/**
 * What the warehouse says that it can send, and what an emergency order makes of it.
 *
 * Word that is older than a day and a half is no word. Where the warehouse has less than is wanted, no more
 * than that is asked of it, in whole cases; where it has none, the proposal is a transfer from another
 * store, which HQ picks. Nothing is assumed of products that it never named.
 *
 * Example: 40 jars are wanted in cases of 6, the warehouse has 20: an emergency order of 18. It has none
 * until Tuesday: a transfer of 42 is proposed, and the reason says so.
 */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { WarehouseStockReported } from '@stockhand/proto/events/v1alpha/inbound_events_pb.js';
import type { ReportWarehouseStock } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { baseUnitsOf, quantityText } from '@stockhand/proto/vocabulary/quantity.ts';
import type { Product } from '../catalogue/catalogue.ts';
import { Faults } from '../catalogue/faults.ts';
import type { Recorder } from '../events/recorder.ts';
import type { LineResult } from '../ingest/line-result.ts';
import type { State } from '../state.ts';
import { baseUnitOf } from '../stock/base-unit.ts';
import { quantityField } from '../stock/quantity-field.ts';

export interface WarehouseRecord {
  /** Base units that it can send to this store. */
  available: number;
  asOfMs: number;
  /** When it has more; 0 where nobody says. */
  moreAtMs: number;
}

/** By GTIN. */
export type WarehouseStock = Map<string, WarehouseRecord>;

/** Lines of one report: the assortment of a hypermarket. */
export const warehouseLinesLimit = 100_000;
const oldWordMs = 36 * 3_600_000;

/** Takes in the lines of known products; the others are told one by one. */
export function reportWarehouseStock(
  recorder: Recorder,
  { asOf, lines }: ReportWarehouseStock,
): LineResult {
  const { state, moment } = recorder;
  const faults = new Faults();
  if (asOf === undefined) faults.add('missing-field', 'asOf', '', 'when it was counted');
  else if (timestampMs(asOf) > moment.nowMs + 3_600_000) {
    faults.add('out-of-range', 'asOf', timestampMs(asOf), 'no time ahead');
  }
  if (lines.length === 0) faults.add('missing-field', 'lines', '', 'at least one product');
  if (lines.length > warehouseLinesLimit) {
    faults.add('too-many', 'lines', lines.length, `at most ${warehouseLinesLimit}`);
  }
  if (asOf === undefined || faults.list.length > 0) {
    return { isApplied: false, refusals: faults.list };
  }
  const sound = lines.filter(({ gtin, available }, index) => {
    const at = `lines[${index}]`;
    if (!state.catalogue.productByGtin.has(gtin)) {
      faults.add('unknown-product', `${at}.gtin`, gtin, 'a product of the master data');
      return false;
    }
    const read = quantityField(state, gtin, available, `${at}.available`);
    if (typeof read !== 'number') faults.take(read);
    return typeof read === 'number';
  });
  if (sound.length > 0) recorder.record('warehouseStockReported', { asOf, lines: sound });
  return { isApplied: sound.length > 0, refusals: faults.list };
}

/** Word that is older than what is known changes nothing. */
export function applyWarehouseStockReported(state: State, reported: WarehouseStockReported): void {
  const { warehouse } = state.proposals;
  const asOfMs = reported.asOf === undefined ? 0 : timestampMs(reported.asOf);
  for (const { gtin, available, moreAt } of reported.lines) {
    if ((warehouse.get(gtin)?.asOfMs ?? 0) > asOfMs) continue;
    const moreAtMs = moreAt === undefined ? 0 : timestampMs(moreAt);
    warehouse.set(gtin, { available: baseUnitsOf(available), asOfMs, moreAtMs });
  }
}

export interface Sourcing {
  kind: 'emergency' | 'transfer';
  /** Base units. */
  quantity: number;
  /** Why it is not what was wanted, as a sentence; empty when it is. */
  explanation: string;
}

/** From where `wanted` base units may come, and how many of them. */
export function sourcingOf(
  state: Readonly<State>,
  product: Product,
  wanted: number,
  nowMs: number,
): Sourcing {
  const { gtin } = product;
  const word = state.proposals.warehouse.get(gtin);
  if (word === undefined || nowMs - word.asOfMs > oldWordMs || word.available >= wanted) {
    return { kind: 'emergency', quantity: wanted, explanation: '' };
  }
  const pack = Math.max(1, product.casePack);
  const whole = Math.floor(word.available / pack) * pack;
  if (whole > 0) {
    const has = quantityText(word.available, baseUnitOf(state, gtin));
    const explanation = `The warehouse has ${has} only.`;
    return { kind: 'emergency', quantity: whole, explanation };
  }
  const until = word.moreAtMs > nowMs ? ` until ${dayOf(word.moreAtMs)}` : '';
  const explanation = `The warehouse has none${until}: from another store.`;
  return { kind: 'transfer', quantity: wanted, explanation };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
