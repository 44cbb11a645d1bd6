/** Wording of the business rules: those in force, and what the tried ones would have done. */
import type { PolicyEstimate } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';

export const policyWords = {
  open: 'Rules',
  title: 'Rules of the store',
  back: 'Back to the board',
  inForce: 'In force',
  nothingTried: 'No new rules were tried.',
  howToTry: 'The office tries rules with: stockhand policy dry-run --propose',
  tried: (version: string) => `Tried: ${version}`,
  onFacts: (days: number) =>
    days === 1 ? 'On what happened in the last day' : `On what happened in the last ${days} days`,
  counted: 'Counted exactly',
  countedHint: 'The recorded facts, judged again',
  columns: ['Decided by', 'Needs', 'Refills', 'Ended'],
  recorded: 'The store, as recorded',
  again: 'Rules in force, again',
  candidate: 'Tried rules',
  estimated: 'Estimates, not counts',
  estimatedHint: 'By the demand model; in four of five cases between the two figures',
  stockoutMinutes: 'Minutes of empty shelf avoided',
  lostUnits: 'Lost units avoided',
  failures: (count: number, first: string) =>
    `A rule failed on ${count} inputs: ${first}. The built-in rule held there.`,
  changes: 'What changes',
  was: (value: string) => (value === '' ? 'not set' : value),
  activate: 'Put them in force',
  sure: 'Yes, from now on',
  notYours: 'A manager puts them in force.',
  done: 'These rules are in force.',
} as const;

/** "Would have raised 14 more tasks". */
export function moreTasksText(difference: number): string {
  if (difference === 0) return 'Would have raised as many tasks';
  const plural = Math.abs(difference) === 1 ? '' : 's';
  return `Would have raised ${Math.abs(difference)} ${difference > 0 ? 'more' : 'fewer'} task${plural}`;
}

/** "about 340 (120 to 560)". */
export function estimateText(estimate: PolicyEstimate | undefined): string {
  if (estimate === undefined) return '–';
  const figure = (milli: bigint) => String(Math.round(Number(milli) / 1_000));
  const { meanMilli, lowMilli, highMilli } = estimate;
  return `about ${figure(meanMilli)} (${figure(lowMilli)} to ${figure(highMilli)})`;
}
