/**
 * How the demo store opens: shelves between half full and full, so that the first refill is due within
 * a minute or so, and a week of goods in the backroom.
 */
import { randomStream } from '../kernel/random.ts';
import type { SlotFill } from '../store/master-data.ts';

export const demoBackroomDays = 7;

const emptiest = 0.42;

export const demoFill: SlotFill = ({ slotId, capacityPieces }) => {
  const share = emptiest + (1 - emptiest) * randomStream(`demo/${slotId}`).fraction();
  return Math.ceil(capacityPieces * share);
};
