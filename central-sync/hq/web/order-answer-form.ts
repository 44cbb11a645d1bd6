/** What HQ's page posts when somebody answers an order of a store. */
import type { OrderAnswer } from '../orders/placed-order.ts';

export const orderAnswerForm =
  '{"storeGln","proposalId","accepted","orderNumber","reason","expectedAtMs"} expected';

interface GivenAnswer {
  storeGln: string;
  proposalId: string;
  answer: OrderAnswer;
}

/** Null for what has not this form. */
export function orderAnswerOf(text: string): GivenAnswer | null {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof given !== 'object' || given === null) return null;
  const field = (name: string): unknown => Reflect.get(given, name);
  const textOf = (name: string) => {
    const value = field(name) ?? '';
    return typeof value === 'string' ? value : null;
  };
  const [storeGln, proposalId] = [textOf('storeGln'), textOf('proposalId')];
  const [orderNumber, reason] = [textOf('orderNumber'), textOf('reason')];
  const [accepted, expectedAtMs = null] = [field('accepted'), field('expectedAtMs')];
  if (!storeGln || !proposalId || orderNumber === null || reason === null) return null;
  if (typeof accepted !== 'boolean') return null;
  if (expectedAtMs !== null && typeof expectedAtMs !== 'number') return null;
  return { storeGln, proposalId, answer: { accepted, orderNumber, reason, expectedAtMs } };
}
