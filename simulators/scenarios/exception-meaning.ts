/** What each type of exception claims to have happened; other types claim nothing that is planted. */
import type { CauseKind } from './cause.ts';

const meanings: Readonly<Record<string, readonly CauseKind[]>> = {};

export const exceptionMeaning = (type: string): readonly CauseKind[] | undefined => meanings[type];
