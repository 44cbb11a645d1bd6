/**
 * Weighing after weighing with a scale that speaks Checkout-Dialog 06, so that it shows like any other
 * polled scale. The scale must be told a unit price before it weighs; where nobody sells by it, any
 * price does. Each result is a weight at rest: the scale gives no other.
 *
 * A weighing that failed (overload, no motion since the last one) is passed on as an error and the
 * next one begins after the usual pause. A scale that says nothing through all its starts is silent.
 */
import type { CodecContext, Decoded, Meaning } from '../codec.ts';
import { isMembers, isReject } from '../codec.ts';
import { dialog06 } from '../codecs/dialog06.ts';
import { parsePolynomial } from '../codecs/dialog06-checksum.ts';
import {
  continueWeighing,
  startWeighing,
  type WeighingInput,
  type WeighingOrder,
  type WeighingState,
  type WeighingStep,
} from '../codecs/dialog06-weighing.ts';
import type { Conversation, ConversationLine, Converse } from './conversation.ts';

export interface Dialog06Settings {
  /** Settings of the codec, with `unit_price` in the smallest coin and `checksum_polynomial`. */
  context: CodecContext;
  /** Pause between weighings. */
  intervalMs: number;
  /** Pause after a scale that did not answer. */
  silentIntervalMs: number;
  replyTimeoutMs: number;
  /** Any 16-bit number, drawn anew for each weighing. */
  drawChecksum(): number;
}

const defaultUnitPrice = 100;
const noBytes = new Uint8Array();

/** @throws RangeError when a setting cannot be right */
export function converseDialog06(settings: Dialog06Settings): Converse {
  const { unit_price: unitPrice = defaultUnitPrice, checksum_polynomial: secret } =
    settings.context;
  if (typeof unitPrice !== 'number') throw new RangeError('unit_price is a number of coins');
  const polynomial = secret === undefined ? {} : { polynomial: parsePolynomial(String(secret)) };
  const order = () => ({ unitPrice, ...polynomial, checksum: settings.drawChecksum() });
  return (line) => new Dialog06Conversation(line, settings, order);
}

class Dialog06Conversation implements Conversation {
  readonly #line: ConversationLine;
  readonly #settings: Dialog06Settings;
  readonly #order: () => WeighingOrder;
  #state: WeighingState | null = null;
  #cancel: () => void = () => {};
  #hasEnded = false;

  constructor(line: ConversationLine, settings: Dialog06Settings, order: () => WeighingOrder) {
    this.#line = line;
    this.#settings = settings;
    this.#order = order;
  }

  begin(): void {
    this.#follow(startWeighing(this.#order()), noBytes);
  }

  received({ meaning, frame }: Decoded): void {
    if (isReject(meaning)) {
      // The time-out goes on: the scale is asked again, or found silent.
      this.#line.passOn(meaning, frame);
      return;
    }
    this.#line.heard();
    if (this.#state) this.#follow(continueWeighing(this.#state, meaning), frame);
  }

  /** Only what stands outside of a weighing, for example "version". */
  command(meaning: Meaning): void {
    this.#line.write(dialog06.encode(meaning, this.#settings.context));
  }

  end(): void {
    this.#hasEnded = true;
    this.#state = null;
    this.#cancel();
  }

  #follow({ send, state, result }: WeighingStep, frame: Uint8Array): void {
    this.#cancel();
    for (const command of send) this.command(command);
    this.#state = state ?? null;
    const { replyTimeoutMs, intervalMs } = this.#settings;
    if (state) this.#cancel = this.#line.schedule(replyTimeoutMs, () => this.#silence(state));
    else if (result?.['error'] === 'no-answer') this.#giveUp();
    else {
      if (result) this.#line.passOn(weightOf(result), frame);
      this.#againAfter(intervalMs);
    }
  }

  /** What still comes belongs to the question that was given up. */
  async #silence(state: WeighingState): Promise<void> {
    await this.#line.flush();
    const input: WeighingInput = 'silence';
    if (this.#state === state) this.#follow(continueWeighing(state, input), noBytes);
  }

  #giveUp(): void {
    this.#againAfter(this.#settings.silentIntervalMs);
    this.#line.silent('no answer to a price');
  }

  #againAfter(delayMs: number): void {
    if (!this.#hasEnded) this.#cancel = this.#line.schedule(delayMs, () => this.begin());
  }
}

/** Weight, price and total of the scale are a weight to us; an error stays what it is. */
function weightOf(result: Meaning): Meaning {
  const { weight } = result;
  if (!isMembers(weight)) return result;
  return { kind: 'weight', value: weight['value'] ?? '', unit: weight['unit'] ?? '', stable: true };
}
