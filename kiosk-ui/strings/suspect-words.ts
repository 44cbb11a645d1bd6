/** Wording of the records that may be wrong. */
export const suspectWords = {
  open: 'Doubts',
  title: 'Records in doubt',
  back: 'Back to the board',
  none: 'No record is in doubt.',
  asked: (asked: number, budget: number) => `${asked} of ${budget} minutes of checks asked today`,
  hint: 'What is worth its minutes becomes a task by itself.',
  more: (count: number) => (count === 1 ? 'and 1 more' : `and ${count} more`),
  chance: (percent: number) => `${percent} % likely wrong`,
  recorded: (amount: string) => `record: ${amount}`,
  atRisk: (value: string) => `${value} at risk`,
  questions: { look: 'A look', count: 'A count' } as Readonly<Record<string, string>>,
  takes: (seconds: number) => (seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`),
  isAsked: 'is a task already',
  tally: (kind: string, wrong: number, checked: number) =>
    `${kind}: ${wrong} of ${checked} checks found a wrong record`,
} as const;
