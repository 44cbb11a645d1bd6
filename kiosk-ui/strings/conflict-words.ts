/** Wording for whoever was second: who has it, and what to do now. */
import type { Conflict } from '../view-models/refused-action.ts';

export const conflictWords = {
  understood: 'Understood',
  countAsked: 'Tell them what you placed. A count is on the board.',
  putBack: 'Leave the goods where they are, and tell a lead.',
  leave: 'Leave it, and take the next task.',
} as const;

/** "Refill Jam, Aisle 1: Anna did it at 14:05." */
export function conflictText(conflict: Conflict, clockText: (atMs: number) => string): string {
  const { met, title, holderName, closedMs } = conflict;
  const who = holderName === '' ? 'A colleague' : holderName;
  switch (met) {
    case 'held':
      return `${title}: ${who} has it.`;
    case 'done':
      return `${title}: ${who} did it${closedMs === undefined ? '' : ` at ${clockText(closedMs)}`}.`;
    case 'unwanted':
      return `${title}: it is not wanted any more.`;
    case 'expired':
      return `${title}: nobody began it in time, it ran out.`;
  }
}

/** What to do now. */
export function conflictAdvice({ wasDone, isCountAsked }: Conflict): string {
  if (!wasDone) return conflictWords.leave;
  return isCountAsked ? conflictWords.countAsked : conflictWords.putBack;
}
