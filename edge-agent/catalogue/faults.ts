/** Collects what is wrong with a message, up to a limit. */
import { type RefusalReason, refusal } from '../errors.ts';
import type { Refusal } from '../input.ts';

/** Faults that are reported together; a file that is wrong everywhere is wrong enough by then. */
export const faultsLimit = 20;

export class Faults {
  readonly list: Refusal[] = [];
  /** All that were found, also those that are not in the list any more. */
  count = 0;

  add(reason: RefusalReason, field: string, found: string | number, expected: string): void {
    this.take(refusal(reason, field, found, expected));
  }

  /** Takes in a refusal that was made elsewhere. */
  take(refused: Refusal): void {
    this.count += 1;
    if (this.list.length < faultsLimit) this.list.push(refused);
  }

  /** Adds a fault when `value` is among `seen`, and puts it there. */
  unique(seen: Set<string>, field: string, value: string): void {
    if (seen.has(value)) this.add('bad-field', field, value, 'each once');
    seen.add(value);
  }
}
