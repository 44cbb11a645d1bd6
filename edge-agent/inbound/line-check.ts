/**
 * What one line of a delivery came to: booked to dock and quarantine, and told where it differs from the
 * notice. One exception for each delivery and kind of difference; further lines join it.
 */

import { quantityText } from '@stockhand/proto/vocabulary/quantity.ts';
import type { Recorder } from '../events/recorder.ts';
import type { ExceptionType } from '../exceptions/exception.ts';
import { raiseException } from '../exceptions/exception-book.ts';
import { baseUnitOf, quantityOf } from '../stock/base-unit.ts';
import { type AccountRef, quarantine } from '../stock/ledger.ts';
import { lotMessages } from '../stock/lot-naming.ts';
import type { LotStock } from '../stock/lots.ts';
import { dock } from '../stock/store-places.ts';
import type { DeliveryLineRecord, DeliveryRecord } from './delivery.ts';

/** What came of a line, in base units. */
export interface LineFinding {
  /** Sound ones; damaged ones come on top. */
  received: number;
  damaged: number;
  /** Lots of the sound ones, as far as they are known. */
  lots: readonly LotStock[];
}

/** Books the line and tells the differences. */
export function checkLine(
  recorder: Recorder,
  delivery: DeliveryRecord,
  line: DeliveryLineRecord,
  finding: LineFinding,
): void {
  bookLine(recorder, delivery, line, finding);
  tellDifferences(recorder, delivery, line, finding);
}

function bookLine(
  recorder: Recorder,
  { deliveryId }: DeliveryRecord,
  { line, gtin, announced }: DeliveryLineRecord,
  { received, damaged, lots }: LineFinding,
): void {
  const { state } = recorder;
  const amount = (baseUnits: number) => quantityOf(state, gtin, baseUnits);
  const circumstances = { correlationId: deliveryId };
  recorder.record(
    'deliveryLineChecked',
    {
      deliveryId,
      line,
      gtin,
      announced: amount(announced),
      received: amount(received),
      damaged: amount(damaged),
    },
    circumstances,
  );
  const book = (quantity: number, to: AccountRef, ofLots: readonly LotStock[]) => {
    if (quantity === 0) return;
    const named = lotMessages(state, gtin, ofLots);
    const fields = { gtin, quantity: amount(quantity), to, deliveryId, lots: named };
    recorder.record('itemsReceived', fields, circumstances);
  };
  book(received, dock, lots);
  book(damaged, quarantine, damagedLots(lots, damaged));
}

/** Damaged goods of a line that came in one lot are of that lot; of several, nobody knows of which. */
function damagedLots(lots: readonly LotStock[], damaged: number): LotStock[] {
  const [only] = lots;
  return only === undefined || lots.length > 1 ? [] : [{ ...only, quantity: damaged }];
}

function tellDifferences(
  recorder: Recorder,
  { deliveryId }: DeliveryRecord,
  { line, gtin, announced }: DeliveryLineRecord,
  { received, damaged }: LineFinding,
): void {
  const { state } = recorder;
  const unit = baseUnitOf(state, gtin);
  const name = state.catalogue.productByGtin.get(gtin)?.name ?? gtin;
  const missing = announced - received - damaged;
  const tell = (type: ExceptionType, words: string) =>
    raiseException(recorder, {
      type,
      causeKey: `${type}/${deliveryId}`,
      // The first names the whole delivery, those that join it their lines.
      subjects: recorder.state.exceptions.has(`${type}/${deliveryId}`)
        ? [`${deliveryId}/${line}`, gtin]
        : [deliveryId],
      isGathering: true,
      evidence: `${name}, line ${line} of ${deliveryId}: ${words}.`,
    });
  const announcedText = quantityText(announced, unit);
  if (missing > 0) {
    tell('delivery-short', `${quantityText(missing, unit)} of ${announcedText} did not come`);
    hold(recorder, deliveryId, line, gtin, missing, 'short');
  }
  if (missing < 0) {
    tell(
      'delivery-over',
      `${quantityText(-missing, unit)} more than the ${announcedText} announced`,
    );
  }
  if (damaged > 0) {
    tell('delivery-damaged', `${quantityText(damaged, unit)} of ${announcedText} came damaged`);
    hold(recorder, deliveryId, line, gtin, damaged, 'damaged');
  }
}

function hold(
  recorder: Recorder,
  deliveryId: string,
  line: number,
  gtin: string,
  baseUnits: number,
  reason: string,
): void {
  const quantity = quantityOf(recorder.state, gtin, baseUnits);
  const correlation = { correlationId: deliveryId };
  recorder.record(
    'invoiceHoldRequested',
    { deliveryId, line, gtin, quantity, reason },
    correlation,
  );
}
