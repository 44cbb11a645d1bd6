/**
 * How the demo store opens: shelves between a third full and full, so that a few refills are due at once
 * (they start at 40 %), and a week of goods in the backroom.
 */
import { randomStream } from '../kernel/random.ts';
import type { SlotFill } from '../store/master-data.ts';

export const demoBackroomDays = 7;

const emptiest = 0.34;

export const demoFill: SlotFill = ({ slotId, capacityPieces }) => {
  const share = emptiest + (1 - emptiest) * randomStream(`demo/${slotId}`).fraction();
  return Math.ceil(capacityPieces * share);
};
