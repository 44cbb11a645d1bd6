/** Wording of what waits for somebody's word: exceptions, approvals, substitutes. */
import type { TimeLeft } from '../view-models/time-left.ts';

const units = { minutes: 'min', hours: 'h', days: 'd' } as const;

/** "12 min left", "3 h over". */
export function timeLeftText({ unit, count, isOver }: TimeLeft): string {
  return `${count} ${units[unit]} ${isOver ? 'over' : 'left'}`;
}

export const decisionWords = {
  open: 'To decide',
  title: 'To decide',
  none: 'Nothing waits for a decision.',
  back: 'Back to the board',
  toList: 'Back to the list',
  gone: 'It is settled.',
  tones: { urgent: 'Urgent', warning: 'Important', note: 'When there is time' },
  types: {
    'sensor-fault': 'A sensor is in doubt',
    'misplaced-goods': 'Goods on the wrong slot',
    'stock-discrepancy': 'Stock does not add up',
    'phantom-suspected': 'It may not be there',
    overstock: 'There is too much of it',
    'delivery-late': 'A delivery is late',
    'delivery-short': 'A delivery came short',
    'delivery-over': 'More came than announced',
    'delivery-damaged': 'Goods came damaged',
    'delivery-unannounced': 'Nobody announced this delivery',
    'demand-shift': 'It sells unlike usual',
    'substitution-needed': 'An order needs a substitute',
    'task-overdue': 'A task is overdue',
    'unusual-dwell': 'Goods stand at the dock',
    'cold-chain-breach': 'Cold goods were out too long',
    'approval-needed': 'Something needs approval',
    'sync-stale': 'No contact with HQ',
    'forecast-unusual': 'The forecast is far off',
  } as Readonly<Record<string, string>>,
  roles: {
    associate: 'anyone',
    lead: 'a lead',
    manager: 'a manager',
    hq: 'HQ',
  } as Readonly<Record<string, string>>,
  answers: {
    accept: 'Accept it as it is',
    claim: 'Claim it',
    reorder: 'Order it again',
    waiting: 'We wait for it',
    keep: 'Keep it',
    receive: 'Receive it',
    refuse: 'Send it away',
    recalibrated: 'It was recalibrated',
    replaced: 'It was replaced',
    'sensor is right': 'The sensor is right',
    'count is right': 'The count is right',
    'put away now': 'We put it away now',
    'going on': 'It is going on',
    'leave out': 'Leave it out',
    explained: 'I know why',
  } as Readonly<Record<string, string>>,
  /** What moves goods or money is asked once more, by type and answer: what follows. */
  effects: {
    'overstock/send back': 'Tasks are made that take the excess out of the bins, to go back.',
    'cold-chain-breach/waste it':
      'Tasks are made that throw away what stands at the dock of these products.',
    'cold-chain-breach/send back':
      'Tasks are made that send back what stands at the dock of these products.',
    'delivery-damaged/waste': 'A task is made that throws away what was set aside.',
    'delivery-damaged/claim': 'What was set aside is kept for the carrier, and HQ claims it.',
    'delivery-short/accept':
      'All that is short in this delivery is taken as it is. Nothing is claimed.',
    'delivery-short/claim':
      'All that is short in this delivery is claimed. The invoice waits for HQ.',
    'delivery-short/reorder': 'All that is short in this delivery is to be ordered again by HQ.',
    'delivery-over/keep': 'What came too much stays, and will be on the invoice.',
    'delivery-over/send back': 'What came too much goes back with the next truck.',
    'delivery-unannounced/refuse': 'The truck takes all of it back.',
  } as Readonly<Record<string, string>>,
  sure: 'Yes, do it',
  notYet: 'Not yet',
  openDelivery: 'Look at the delivery',
  openLabour: 'What is due first now',
  evidence: 'What was seen',
  event: (position: bigint) => `event ${position}`,
  subjects: 'It is about',
  facts: {
    owner: 'Who decides',
    due: 'Time to answer',
    raised: 'Since',
    value: 'Worth',
    askedBy: 'Asked by',
    product: 'Product',
    expires: 'Waits for',
    order: 'Order',
    missing: 'Missing',
    rule: 'The store',
  },
  notYours: (role: string) => `Not for you to answer: ask ${role}.`,
  approvals: {
    count: 'Approve a count',
    order: 'Approve an order',
  } as Readonly<Record<string, string>>,
  placed: {
    title: 'Orders to HQ',
    kinds: { emergency: 'emergency order', transfer: 'transfer' } as Readonly<
      Record<string, string>
    >,
    waiting: 'Provisional: HQ has not answered',
    accepted: (number: string) => `Accepted: ${number}`,
    refused: (reason: string) => `Refused: ${reason}`,
  },
  grant: 'Approve',
  refuse: 'Refuse',
  whyRefuse: 'Why is it refused?',
  refuseReasons: ['Count again first', 'Too expensive', 'Not needed'],
  otherReason: 'Another reason',
  fourEyes: (role: string) => `Decided by ${role}, and not by who asked.`,
  substituteFor: (name: string) => `A substitute for ${name}`,
  noCandidates: 'Nothing listed can take its place.',
  whatInstead: 'What does the customer get?',
  leaveOut: 'Leave it out',
  refused: (expected: string) => `Not taken. Expected: ${expected}`,
} as const;

/** An answer as a button says it; a product goes by its name. */
export function answerText(answer: string, nameById: ReadonlyMap<string, string>): string {
  const known = decisionWords.answers[answer] ?? nameById.get(answer);
  return known ?? `${answer.slice(0, 1).toUpperCase()}${answer.slice(1)}`;
}

export function typeText(type: string): string {
  const words = type.replaceAll('-', ' ');
  return decisionWords.types[type] ?? `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}
