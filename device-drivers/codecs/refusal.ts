import { type Reject, type RejectReason, reject } from '../codec.ts';

/**
 * How a payload reader gives up from deep inside a document: thrown where the fault is found and
 * caught in exactly one place, `payloadReader` in `mqtt-payload.ts`, which turns it into a `Reject`.
 * A document is refused as a whole, because half a receipt would book half a sale.
 */
export class Refusal extends Error {
  readonly reason: RejectReason;

  constructor(reason: RejectReason, detail: string) {
    super(detail);
    this.reason = reason;
  }

  toReject(): Reject {
    return reject(this.reason, this.message);
  }
}

/** Throws a `Refusal`. */
export function refuse(reason: RejectReason, detail: string): never {
  throw new Refusal(reason, detail);
}
