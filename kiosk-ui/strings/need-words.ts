/** Wording of "why was I sent here?". */
import type { NeedStory } from '../view-models/need-story.ts';
import type { Amount } from '../view-models/quantity.ts';

export const needWords = {
  open: 'Why was I sent here?',
  title: 'Why was I sent here?',
  close: 'Back to the task',
  levels: {
    minimum: (amount: string) => `Never below ${amount}`,
    reorder: (amount: string) => `Refill starts at ${amount}`,
    par: (amount: string) => `Fill to ${amount}`,
  },
  full: (amount: string) => `Full: ${amount}`,
  there: (amount: string) => `${amount} there`,
  unknown: 'Nobody knows what is there',
  between: (least: string, most: string) => `Surely between ${least} and ${most}`,
  backroom: 'In the backroom',
  emptyAt: 'Empty at about',
  noEnd: 'Not within a day',
  waiting: 'Known since',
  chance: 'Empty within two hours',
  prediction: 'Prediction',
  predicted: (percent: number, clock: string) => `Empty at about ${clock}, ${percent} % sure`,
  record: 'How good that is',
  likeIt: (tenths: number) => `Predictions like this were right ${tenths} times in 10`,
  likeItUnknown: 'Too few like this to say how good they are',
  percent: (ppm: number) => `${Math.round(ppm / 10_000)} %`,
} as const;

/** The story as one sentence. */
export function needText(
  { cause, lasting }: NeedStory,
  amountText: (amount: Amount) => string,
  clockText: (atMs: number) => string,
): string {
  const left = 'left' in cause ? amountText(cause.left) : '';
  switch (lasting.kind) {
    case 'minutes':
      return `${causeText()}; that lasts about ${lasting.minutes} min.`;
    case 'until':
      return `${causeText()}; that lasts until about ${clockText(lasting.atMs)}.`;
    case 'unsaid':
      return `${causeText()}.`;
  }

  function causeText(): string {
    switch (cause.kind) {
      case 'settled':
        return 'Nothing is needed here any more';
      case 'reported':
        return 'Somebody reported the shelf empty';
      case 'empty':
        return 'The shelf is empty';
      case 'below-minimum':
        return `${left} left, and the shelf should show ${amountText(cause.level)}`;
      case 'below-reorder':
        return `${left} left, and a refill starts at ${amountText(cause.level)}`;
      case 'likely-empty':
        return `${left} left, and likely none within two hours (${cause.percent} %)`;
    }
  }
}
