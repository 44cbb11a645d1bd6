/**
 * ApplyOpeningStock: what the ERP says the store starts with. Each line becomes a count of a slot, of a
 * whole sales floor or of a bin; the difference to the record comes from lost-and-found. All lines are
 * checked before the first is counted.
 */
import { AccountKind, CountReason } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import type {
  ApplyOpeningStock,
  OpeningStockLine,
} from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { baseUnitsOf } from '@stockhand/proto/vocabulary/quantity.ts';
import { Faults } from '../catalogue/faults.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Refusal } from '../input.ts';
import type { State } from '../state.ts';
import { recordCount } from './count.ts';
import { quantityField } from './quantity-field.ts';

/** Lines of one command: every slot and bin of ten hypermarkets. */
export const openingStockLinesLimit = 400_000;

/** Counts all lines, or answers what is wrong and counts none. */
export function applyOpeningStock(recorder: Recorder, command: ApplyOpeningStock): Refusal[] {
  const { lines } = command;
  const faults = new Faults();
  if (lines.length > openingStockLinesLimit) {
    faults.add('too-many', 'lines', lines.length, `at most ${openingStockLinesLimit}`);
    return faults.list;
  }
  lines.forEach((line, index) => {
    lineFaults(faults, recorder.state, line, `lines[${index}]`);
  });
  if (faults.list.length > 0) return faults.list;
  for (const line of lines) {
    recordCount(recorder, {
      gtin: line.gtin,
      account: {
        kind: line.account?.kind ?? AccountKind.SALES_FLOOR,
        placeId: line.account?.placeId ?? '',
      },
      slotId: line.slotId,
      counted: baseUnitsOf(line.quantity),
      reason: CountReason.OPENING,
    });
  }
  return [];
}

function lineFaults(faults: Faults, state: State, line: OpeningStockLine, at: string): void {
  const { catalogue } = state;
  if (!catalogue.productByGtin.has(line.gtin)) {
    faults.add('unknown-product', `${at}.gtin`, line.gtin, 'a product of the master data');
    return;
  }
  const quantity = quantityField(state, line.gtin, line.quantity, `${at}.quantity`);
  if (typeof quantity !== 'number') faults.take(quantity);
  const kind = line.account?.kind ?? AccountKind.SALES_FLOOR;
  if (kind === AccountKind.BACKROOM_BIN) {
    const placeId = line.account?.placeId ?? '';
    if (!catalogue.placeById.has(placeId)) {
      faults.add('unknown-place', `${at}.account.placeId`, placeId, 'a bin of the master data');
    }
    if (line.slotId !== '') faults.add('bad-field', `${at}.slotId`, line.slotId, 'empty for a bin');
  } else if (kind === AccountKind.SALES_FLOOR) {
    if (line.slotId === '') return;
    const slot = catalogue.slotById.get(line.slotId);
    if (slot === undefined) {
      faults.add('unknown-slot', `${at}.slotId`, line.slotId, 'a slot of the master data');
    } else if (slot.gtin !== line.gtin) {
      faults.add('wrong-product', `${at}.slotId`, line.slotId, `a slot of ${line.gtin}`);
    }
  } else {
    const expected = 'the sales floor or a backroom bin';
    faults.add('bad-field', `${at}.account.kind`, AccountKind[kind] ?? String(kind), expected);
  }
}
