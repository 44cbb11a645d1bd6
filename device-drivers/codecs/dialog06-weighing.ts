/**
 * One weighing by Checkout-Dialog 06, as a state machine without a line: it is told what the scale
 * sent (or that it kept silent) and says what to send next and when it is over.
 *
 *     send price → ACK → ask for the result → record 02          done
 *                → NAK → ask why → 20 or 22: ask for the result again; others: start again
 *                → record 11 (d=2) → send checksums → ACK → ask → record 11 (1 or 0) → start again
 *
 * Every answer of the scale is thanked for with EOT before anything else is sent. The number of
 * starts and of questions is bounded: a scale that is never quiet, or one that keeps refusing,
 * ends the weighing with the last reason instead of for ever.
 *
 * Source: METTLER TOLEDO DIVA Service Manual p.55.
 */

import type { Meaning } from '../codec.ts';
import { answerChecksums } from './dialog06-checksum.ts';

/** Times that the whole weighing may begin. */
const startLimit = 4;
/** Times that one weighing may ask for its result (20 means still in motion). */
const askLimit = 40;

export interface WeighingOrder {
  /** Smallest coin per unit of weight. */
  unitPrice: number;
  tareGrams?: number;
  /** Shown on the scale, 13 characters. */
  text?: string;
  /** Low 16 bits of the licensed polynomial; absent where the scale's check is switched off. */
  polynomial?: number;
  /** Any 16-bit number; the caller draws it. */
  checksum: number;
}

/** What the dialogue waits for. */
type Waiting = 'price-taken' | 'result' | 'reason' | 'checksums-taken' | 'checksums-judged';

export interface WeighingState {
  order: WeighingOrder;
  waiting: Waiting;
  starts: number;
  asks: number;
}

/** What the scale did: sent a message, or nothing within the time-out. */
export type WeighingInput = Meaning | 'silence';

/** Commands to send, in order, then either a new state or the end. */
export interface WeighingStep {
  send: Meaning[];
  state?: WeighingState;
  result?: Meaning;
}

const thanks: Meaning = { kind: 'command', name: 'end' };
const ask: Meaning = { kind: 'command', name: 'result' };

function priceCommand(order: WeighingOrder): Meaning {
  const tare = order.tareGrams === undefined ? {} : { tare_grams: order.tareGrams };
  const text = order.text === undefined ? {} : { text: order.text };
  const name = `price${order.tareGrams === undefined ? '' : '-tare'}${order.text === undefined ? '' : '-text'}`;
  return { kind: 'command', name, unit_price: order.unitPrice, ...tare, ...text };
}

/** Begins a weighing. */
export function startWeighing(order: WeighingOrder): WeighingStep {
  return {
    send: [priceCommand(order)],
    state: { order, waiting: 'price-taken', starts: 1, asks: 0 },
  };
}

function failed(error: string, send: Meaning[] = []): WeighingStep {
  return { send, result: { kind: 'error', error } };
}

function startAgain(state: WeighingState, reason: string, send: Meaning[]): WeighingStep {
  if (state.starts >= startLimit) {
    return failed(reason, send);
  }
  const again = { ...state, waiting: 'price-taken' as const, starts: state.starts + 1 };
  return { send: [...send, priceCommand(state.order)], state: again };
}

function askAgain(state: WeighingState, reason: string): WeighingStep {
  return state.asks >= askLimit
    ? failed(reason, [thanks])
    : { send: [thanks, ask], state: { ...state, waiting: 'result', asks: state.asks + 1 } };
}

function sendChecksums(state: WeighingState, random: string): WeighingStep {
  const { polynomial, checksum } = state.order;
  if (polynomial === undefined) {
    return failed('checksum-polynomial-missing', [thanks]);
  }
  const command: Meaning = {
    kind: 'command',
    name: 'checksums',
    ...answerChecksums(checksum, random, polynomial),
  };
  return { send: [thanks, command], state: { ...state, waiting: 'checksums-taken' } };
}

function afterReason(state: WeighingState, input: Meaning): WeighingStep {
  const code = input['code'];
  const reason = typeof input['error'] === 'string' ? input['error'] : 'general';
  return code === '20' || code === '22'
    ? askAgain(state, reason)
    : startAgain(state, reason, [thanks]);
}

/** Goes on after what the scale did. */
export function continueWeighing(state: WeighingState, input: WeighingInput): WeighingStep {
  if (input === 'silence') {
    return startAgain(state, 'no-answer', [thanks]);
  }
  switch (input.kind) {
    case 'ack':
      if (state.waiting === 'price-taken') {
        return askAgain(state, 'no-result');
      }
      return state.waiting === 'checksums-taken'
        ? { send: [thanks, ask], state: { ...state, waiting: 'checksums-judged' } }
        : startAgain(state, 'unexpected-answer', [thanks]);
    case 'nak': {
      const status: Meaning = { kind: 'command', name: 'status' };
      return { send: [thanks, status], state: { ...state, waiting: 'reason' } };
    }
    case 'weighing':
      return state.waiting === 'result'
        ? { send: [thanks], result: input }
        : startAgain(state, 'unexpected-answer', [thanks]);
    case 'status-record':
      return afterReason(state, input);
    case 'checksum-request':
      return sendChecksums(state, String(input['random']));
    case 'checksum-result':
      return input['valid'] === true
        ? startAgain(state, 'unexpected-answer', [thanks])
        : startAgain(state, 'checksums-invalid', [thanks]);
    default:
      return startAgain(state, 'unexpected-answer', [thanks]);
  }
}
