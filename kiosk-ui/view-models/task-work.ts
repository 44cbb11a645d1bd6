/**
 * Doing one task on the screen: confirm the product, enter the quantity, finish.
 *
 * A refill goes wrong most often at the shelf: the neighbour's product is put into the slot. So the
 * product is confirmed by scanning before a quantity can be finished; a person may confirm by hand
 * (label torn off), and the event then says that no scan confirmed it. A scan of another product
 * raises an alarm that stays until it is dismissed or the right product is scanned, at any moment
 * of the task. Whether a scan is right is decided by the screen when the code carries the GTIN of
 * the task; everything else is asked of the agent, because a case may have a GTIN of its own. While
 * that question is open nothing is confirmed, and an answer that comes late for an earlier scan is
 * dropped.
 *
 * Example: the task asks for 04006381333931. Scanning 4006381333931 confirms. Scanning
 * 4001234567893 asks the agent, which answers "Oat drink": the alarm names it.
 */
import { gtinOfScan } from './product-scan.ts';
import type { Amount } from './quantity.ts';
import {
  enterQuantity,
  isShort,
  type QuantityEntry,
  type QuantityEntryEvent,
  startQuantityEntry,
} from './quantity-entry.ts';

export type Confirmation = { kind: 'scan'; text: string } | { kind: 'hand' };

export interface WrongScan {
  text: string;
  /** Name of what was scanned; undefined when the store does not know it. */
  productName: string | undefined;
  /** Grows with each alarm, so that a second wrong scan flashes again. */
  alarm: number;
}

export interface TaskWork {
  gtin: string;
  confirmation: Confirmation | undefined;
  /** A scan that the agent is being asked about. */
  checking: string | undefined;
  wrong: WrongScan | undefined;
  alarms: number;
  entry: QuantityEntry;
  /** Which choice of reasons is open. */
  asking: 'nothing' | 'short-reason' | 'block-reason';
}

export type TaskWorkEvent =
  | { kind: 'scanned'; text: string }
  | { kind: 'looked-up'; text: string; gtin: string; productName: string }
  /** The agent does not know the code, or could not be asked. */
  | { kind: 'not-found'; text: string }
  | { kind: 'confirmed-by-hand' }
  | { kind: 'alarm-dismissed' }
  | { kind: 'quantity'; change: QuantityEntryEvent }
  | { kind: 'ask'; asking: TaskWork['asking'] };

export function startTaskWork(gtin: string, asked: Amount, casePackPieces: number): TaskWork {
  return {
    gtin,
    confirmation: undefined,
    checking: undefined,
    wrong: undefined,
    alarms: 0,
    entry: startQuantityEntry(asked, casePackPieces),
    asking: 'nothing',
  };
}

function confirmed(work: TaskWork, confirmation: Confirmation): TaskWork {
  return { ...work, confirmation, checking: undefined, wrong: undefined };
}

function alarmed(work: TaskWork, text: string, productName: string | undefined): TaskWork {
  const alarms = work.alarms + 1;
  return { ...work, checking: undefined, alarms, wrong: { text, productName, alarm: alarms } };
}

export function workOnTask(work: TaskWork, event: TaskWorkEvent): TaskWork {
  switch (event.kind) {
    case 'scanned':
      return gtinOfScan(event.text) === work.gtin
        ? confirmed(work, { kind: 'scan', text: event.text })
        : { ...work, checking: event.text };
    case 'looked-up':
      if (event.text !== work.checking) return work;
      return event.gtin === work.gtin
        ? confirmed(work, { kind: 'scan', text: event.text })
        : alarmed(work, event.text, event.productName);
    case 'not-found':
      return event.text === work.checking ? alarmed(work, event.text, undefined) : work;
    case 'confirmed-by-hand':
      return confirmed(work, { kind: 'hand' });
    case 'alarm-dismissed':
      return { ...work, wrong: undefined };
    case 'quantity':
      return { ...work, entry: enterQuantity(work.entry, event.change) };
    case 'ask':
      return { ...work, asking: event.asking };
  }
}

/** What pressing "done" leads to; `asksFinding`: a reason is told in any case. */
export function finishOf(
  work: TaskWork,
  asksFinding = false,
): 'confirm-first' | 'done' | 'ask-short-reason' {
  if (work.confirmation === undefined) return 'confirm-first';
  return asksFinding || isShort(work.entry) ? 'ask-short-reason' : 'done';
}
