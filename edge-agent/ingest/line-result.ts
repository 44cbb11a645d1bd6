/** What became of a command whose lines stand for themselves: one bad line does not stop the others. */
import type { Refusal } from '../input.ts';

export interface LineResult {
  /** Something of it took effect. */
  isApplied: boolean;
  /** Lines that were left out, or why nothing took effect. */
  refusals: Refusal[];
}
