/**
 * The hands of whoever works at the real kiosk: what a person says they placed is placed in the true
 * store, so that the plates of the demo weigh it. Told by HQ's API, which knows a second later; virtual
 * staff place goods with their own hands and are left out.
 */
import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import { EventSchema } from '@stockhand/proto/events/v1alpha/event_pb.js';
import { baseUnitsOf } from '@stockhand/proto/vocabulary/quantity.ts';
import type { TrueStock } from '../store/true-stock.ts';

const pollMs = 500;

export interface KioskHandsOptions {
  /** Of HQ's page on loopback, open to this machine. */
  hqUrl: string;
  stock: TrueStock;
  isVirtual(personRef: string): boolean;
}

export class KioskHands {
  readonly #options: KioskHandsOptions;
  #timer: NodeJS.Timeout | undefined;
  /** The newest event that was looked at; null until the first look, which only notes it. */
  #seenId: number | null = null;
  #isStopped = false;

  constructor(options: KioskHandsOptions) {
    this.#options = options;
  }

  start(): void {
    void this.#look();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    try {
      await this.#takeNews();
    } catch {
      // HQ is away; what it learns meanwhile is there at the next look.
    }
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#look(), pollMs);
  }

  async #takeNews(): Promise<void> {
    // Newest first, as HQ's page lists them.
    const { events } = (await this.#get('/api/events?type=ItemsStocked')) as {
      events: { id: number }[];
    };
    const ids = events.map(({ id }) => id).reverse();
    const seen = this.#seenId ?? ids.at(-1) ?? 0;
    this.#seenId = seen;
    for (const id of ids) {
      if (id <= seen) continue;
      await this.#place(id);
      this.#seenId = id;
    }
  }

  async #place(id: number): Promise<void> {
    const { actor, payload } = fromJson(EventSchema, await this.#get(`/api/event?id=${id}`));
    if (payload.case !== 'itemsStocked' || this.#options.isVirtual(actor?.id ?? '')) return;
    const { slotId, quantity } = payload.value;
    this.#options.stock.refill(slotId, baseUnitsOf(quantity));
  }

  async #get(path: string): Promise<JsonValue> {
    const answer = await fetch(`${this.#options.hqUrl}${path}`);
    if (!answer.ok) throw new Error(`HQ answered ${answer.status}`);
    // JSON.parse gives JSON.
    return (await answer.json()) as JsonValue;
  }
}
