/** Wording of deliveries at the dock, and of customers' orders. */
import { TransportStatus } from '@stockhand/proto/events/v1alpha/inbound_events_pb.js';
import type { Difference } from '../view-models/line-check.ts';

export const receivingWords = {
  open: 'Deliveries',
  title: 'Deliveries',
  none: 'No delivery is announced.',
  back: 'Back to the board',
  toList: 'Back to deliveries',
  scanUnit: 'Scan the label of a pallet or roll cage.',
  scanProduct: 'Scan a product to check it.',
  scanUnitFirst: 'Scan the pallet, or open the delivery.',
  standing: { here: 'At the dock', late: 'Late', due: 'Expected' },
  since: (age: string) => `arrived ${age}`,
  dueAt: (time: string) => `due ${time}`,
  unannounced: 'not announced',
  transport: {
    [TransportStatus.UNSPECIFIED]: '',
    [TransportStatus.PLANNED]: 'planned',
    [TransportStatus.LOADED]: 'loaded',
    [TransportStatus.DEPARTED]: 'on the road',
    [TransportStatus.AT_GATE]: 'at the gate',
    [TransportStatus.CANCELLED]: 'does not come',
  },
  door: (door: string, from: string, until: string) =>
    `${door === '' ? 'the door' : door} from ${from} to ${until}`,
  checked: (checked: number, lines: number) => `${checked} of ${lines} lines checked`,
  lines: (count: number) => (count === 1 ? '1 line' : `${count} lines`),
  off: (count: number) => `${count} not as announced`,
  cold: 'Cold goods',
  arrive: 'It is here',
  line: (line: number) => `Line ${line}`,
  announced: (amount: string) => `${amount} announced`,
  notAnnounced: 'Nobody announced this',
  received: (amount: string) => `${amount} came`,
  damagedCount: (amount: string) => `${amount} damaged`,
  sending: 'sending…',
  more: (count: number) => `${count} more lines: scan to find them`,
  howMany: 'How many came?',
  howManyDamaged: 'Damaged among them',
  save: 'Save this line',
  checkedAlready: 'This line is checked.',
  next: 'Next product',
  cancel: 'Not now',
  putAside: 'set the damaged aside',
  closeAll: 'That is all that came',
  closeWarning: (count: number) =>
    count === 1 ? '1 line did not come?' : `${count} lines did not come?`,
  closeYes: 'Yes, close it',
  refuse: 'Send it away',
  whyRefuse: 'Why does it go back?',
  refuseReasons: ['Too warm', 'Goods are spoilt', 'Not for this store'],
  leadsOnly: 'A lead can close it before all is checked.',
  never: 'Not yet',
  done: 'The delivery is closed.',
  doneDifferences: 'What differs waits under “To decide”.',
  toDecisions: 'Show what to decide',
  closedAlready: (deliveryId: string) => `${deliveryId} is closed.`,
  unknownCode: 'The store does not know this code.',
} as const;

/** "2 pieces missing"; `amountText` words the amount. */
export function differenceText(difference: Difference, amountText: string): string {
  switch (difference.kind) {
    case 'none':
      return 'as announced';
    case 'missing':
      return `${amountText} missing`;
    case 'more':
      return `${amountText} more than announced`;
    case 'damaged':
      return `${amountText} damaged`;
    case 'unannounced':
      return 'not announced';
  }
}

export const orderWords = {
  open: 'Orders',
  title: 'Customers’ orders',
  none: 'No order waits.',
  toList: 'Back to orders',
  back: 'Back to the board',
  ready: 'Ready',
  picking: 'Being picked',
  waits: 'Waits for a delivery',
  promise: 'Promised',
  delivery: 'Comes with',
  lines: (ready: number, all: number) => `${ready} of ${all} products ready`,
  pickedOf: (picked: string, ordered: string) => `${picked} of ${ordered}`,
  closed: 'left out',
  handOver: 'Hand over to the customer',
  handingOver: 'Sending…',
  notReady: 'It can be handed over when all is picked.',
} as const;
