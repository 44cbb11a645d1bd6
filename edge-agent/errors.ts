/**
 * Every reason for which the core refuses an input: a stable code, what it means, and what staff should
 * do. Codes are never reused or renamed: dead letters, metrics and HQ hold them for years.
 */
import type { Refusal } from './input.ts';

export const refusalReasons = {
  'already-answered': ['somebody was quicker', 'Look at the list again.'],
  'bad-charset': ['a code holds characters that it may not hold', 'Check the scanner or till.'],
  'bad-check-digit': ['a code is misread or mistyped', 'Scan again; check the label.'],
  'bad-date': ['a date is not an ISO date', 'Check the till’s interface.'],
  'bad-field': ['a field holds something that it may not hold', 'Check who sent it.'],
  'bad-length': ['a code has the wrong number of digits', 'Scan again; check the label.'],
  'bad-number': ['a number is not decimal text', 'Check the device’s profile.'],
  'bad-quantity': ['a quantity makes no sense for its product', 'Enter it again.'],
  'bad-unit': ['a unit is not one that the agent knows', 'Check the device’s profile.'],
  'clock-ahead': ['the device’s clock is ahead of the store’s', 'Set the device’s clock.'],
  'command-expired': [
    'HQ’s command came after its deadline',
    'HQ sends it again if it still holds.',
  ],
  'day-ahead': ['a receipt is of a day that has not come', 'Set the till’s business day.'],
  'device-blocked': ['a manager blocked the device', 'Approve it if it may speak again.'],
  'device-pending': ['the device waits for approval', 'A manager approves it on the device page.'],
  'device-without-slots': [
    'no slot is assigned to the sensor',
    'HQ adds the device to master data.',
  ],
  empty: ['a code is empty', 'Scan again.'],
  'epc-unreadable': ['no tag of the pass names a known product', 'Check the tags of the zone.'],
  'implausible-measure': [
    'the measurement cannot be this slot',
    'Look at the slot and its sensor.',
  ],
  'missing-field': ['a field that is needed is not set', 'Check who sent it.'],
  'more-than-capacity': ['more was placed than the slot holds', 'Count and enter it again.'],
  'not-allowed': ['the role may not do this', 'Ask a lead or manager.'],
  'not-signed-in': ['the session is not signed in', 'Sign in again.'],
  'out-of-range': ['a number is outside what is possible', 'Check who sent it.'],
  'receipt-too-old': [
    'a receipt is too old to tell from a duplicate',
    'Tell HQ; count the products.',
  ],
  'unknown-finding': ['it is not said what was found', 'Say what is about the sensor.'],
  'short-reason-missing': ['less was placed than asked, and no reason given', 'Say why.'],
  'stale-version': ['the task changed since it was seen', 'Look at the task again.'],
  'stale-master-data': ['older than the master data in force', 'Nothing: the newer one stays.'],
  'task-closed': ['the task is done or cancelled', 'Take the next task.'],
  'task-not-claimed': ['nobody has taken the task', 'Take the task first.'],
  'task-taken': ['someone else has the task', 'Take the next task.'],
  'too-many': ['a limit of the agent is reached', 'Tell store IT.'],
  'unknown-approval': ['no such approval waits', 'Look at the list again.'],
  'unknown-delivery': ['no such delivery is expected or here', 'Check the delivery’s number.'],
  'unknown-device': ['no such device', 'Check its id.'],
  'unknown-line': ['the notice has no such line', 'Check the delivery note.'],
  'unknown-order': ['no such customer’s order is open', 'Check the order’s number.'],
  'unknown-person': ['master data does not list the person in this role', 'HQ adds the person.'],
  'unknown-place': ['master data does not list the place', 'HQ adds the place.'],
  'unknown-product': ['master data does not list the product', 'HQ adds the product.'],
  'unknown-slot': ['master data does not list the slot', 'HQ adds the slot.'],
  'unknown-task': ['no such task', 'Look at the board again.'],
  'wrong-device-kind': ['a device of this kind does not say such things', 'Check master data.'],
  'wrong-product': ['the scanned product is not the task’s', 'Take the product of the task.'],
  'wrong-status': ['the task cannot do this step now', 'Look at the task again.'],
  'wrong-store': ['it is for another store', 'Check HQ’s addressing.'],
  'wrong-unit': ['the quantity is in the other unit of measure', 'Enter it again.'],
} as const satisfies Record<string, readonly [meaning: string, advice: string]>;

export type RefusalReason = keyof typeof refusalReasons;

/** Longest text of a refused value that is kept. */
export const foundTextLimit = 200;

/** A refusal; what was found is cut to `foundTextLimit` characters. */
export function refusal(
  reason: RefusalReason,
  field: string,
  found: string | number | bigint | boolean,
  expected: string,
): Refusal {
  return { reason, field, found: String(found).slice(0, foundTextLimit), expected };
}

/** The outcome of an input that is refused for one reason. */
export function refused(...refusals: Refusal[]): { kind: 'refused'; refusals: Refusal[] } {
  return { kind: 'refused', refusals };
}
