/** Wording of tasks by their kind. */
import type { Stop, TaskKind } from '../view-models/task-kind.ts';

export const kindWords: Readonly<Record<TaskKind, { title: string; howMany: string }>> = {
  refill: { title: 'Refill', howMany: 'How many did you place?' },
  count: { title: 'Count', howMany: 'How many are there?' },
  look: { title: 'Have a look', howMany: 'How many do you see?' },
  receive: { title: 'Receive', howMany: 'How many came?' },
  'put-away': { title: 'Put away', howMany: 'How many did you put away?' },
  pick: { title: 'Pick for an order', howMany: 'How many did you take?' },
  move: { title: 'Move', howMany: 'How many did you move?' },
  waste: { title: 'Take out of sale', howMany: 'How many did you take out?' },
  'mark-down': { title: 'Reduce the price', howMany: 'How many labels did you put on?' },
  'change-price': { title: 'Change the price label', howMany: '' },
  'change-planogram': { title: 'Change the product', howMany: 'How many of it are there now?' },
  'check-cold': { title: 'Check cold goods', howMany: 'How many are still good?' },
  'check-sensor': { title: 'Check a sensor', howMany: 'How many are there now?' },
  return: { title: 'Send back', howMany: 'How many did you send back?' },
};

/** Why less was done, as the agent knows it, and how it reads. */
export const shortReasonsByKind: Readonly<
  Record<TaskKind, readonly (readonly [reason: string, text: string])[]>
> = {
  refill: [
    ['shelf-full', 'Shelf is full'],
    ['backroom-empty', 'Not enough in the backroom'],
    ['goods-damaged', 'Goods are damaged'],
  ],
  'put-away': [
    ['dock-empty', 'There is no more at the dock'],
    ['bin-full', 'The bin is full'],
    ['goods-damaged', 'Goods are damaged'],
  ],
  pick: [
    ['shelf-empty', 'There is no more there'],
    ['goods-damaged', 'Goods are damaged'],
  ],
  move: [
    ['backroom-empty', 'There is no more there'],
    ['bin-full', 'There is no room'],
    ['goods-damaged', 'Goods are damaged'],
  ],
  waste: [['not-there', 'There were no more there']],
  'mark-down': [['not-there', 'There were no more there']],
  'check-cold': [['too-warm', 'The rest is too warm']],
  return: [['not-there', 'There were no more there']],
  'check-sensor': [
    ['sensor is right', 'It is right'],
    ['recalibrated', 'I set it right'],
    ['replaced', 'I replaced it'],
    ['broken', 'It is broken'],
  ],
  'change-price': [],
  'change-planogram': [],
  count: [],
  look: [],
  receive: [],
};

export const taskWords = {
  whatFound: 'What about the sensor?',
  delivery: (deliveryId: string) => `Delivery ${deliveryId}`,
  order: (orderId: string) => `Order ${orderId}`,
  lines: (count: number) => (count === 1 ? '1 line' : `${count} lines`),
  goTo: 'Go to',
  bring: 'Bring to',
  dock: 'the dock',
  collectShelf: 'the collect shelf',
  leftAsk: (bin: string) => `At the bin: how many are left in ${bin}, with what you bring back?`,
  leftTell: 'So many are left',
  leftSkip: 'No time to count',
  countAgain: 'please count once more',
  leftTold: (bin: string, figure: string) => `Left in ${bin}: ${figure}`,
  leftSkipped: (bin: string) => `Left in ${bin}: not counted`,
} as const;

export function stopText(stop: Stop): string {
  switch (stop.kind) {
    case 'named':
      return stop.name;
    case 'dock':
      return taskWords.dock;
    case 'collect-shelf':
      return taskWords.collectShelf;
  }
}
