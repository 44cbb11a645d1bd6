/**
 * A Zebra scanner on a live line: every packet is answered as SSI demands, damaged ones are asked for
 * again, and our own commands wait for their acknowledgement. The rules are in `ssi-host.ts`; here are
 * the port and the clock.
 */
import type { Decoded, Meaning } from '../codec.ts';
import { isReject } from '../codec.ts';
import { ssi } from '../codecs/ssi.ts';
import {
  idleSsiHost,
  type SsiHostEffect,
  type SsiHostInput,
  ssiResponseTimeoutMs,
  stepSsiHost,
} from '../codecs/ssi-host.ts';
import type { Conversation, ConversationLine, Converse } from './conversation.ts';

/** @param responseTimeoutMs until a command counts as unanswered */
export function converseSsi(responseTimeoutMs = ssiResponseTimeoutMs): Converse {
  return (line) => new SsiConversation(line, responseTimeoutMs);
}

class SsiConversation implements Conversation {
  readonly #line: ConversationLine;
  readonly #responseTimeoutMs: number;
  #state = idleSsiHost;
  #cancel: () => void = () => {};

  constructor(line: ConversationLine, responseTimeoutMs: number) {
    this.#line = line;
    this.#responseTimeoutMs = responseTimeoutMs;
  }

  /** A scanner speaks when something is scanned; there is nothing to ask it. */
  begin(): void {}

  received(decoded: Decoded): void {
    if (!isReject(decoded.meaning)) this.#line.heard();
    this.#step({ kind: 'received', decoded }, decoded.frame);
  }

  command(meaning: Meaning): void {
    this.#step({ kind: 'send', packet: ssi.encode(meaning, {}) }, new Uint8Array());
  }

  end(): void {
    this.#cancel();
    this.#state = idleSsiHost;
  }

  #step(input: SsiHostInput, frame: Uint8Array): void {
    const { state, effects } = stepSsiHost(this.#state, input);
    this.#state = state;
    if (state.underWay === undefined) this.#cancel();
    for (const effect of effects) this.#follow(effect, frame);
  }

  #follow(effect: SsiHostEffect, frame: Uint8Array): void {
    switch (effect.kind) {
      case 'write':
        this.#line.write(effect.bytes);
        if (effect.startsTimeout) this.#awaitAnswer();
        return;
      case 'pass-on':
        this.#line.passOn(effect.meaning, frame);
        return;
      case 'done':
        return;
      case 'failed':
        if (effect.cause === 'not-answering') this.#line.silent(`no answer to ${effect.command}`);
        return;
      default:
        return effect satisfies never;
    }
  }

  #awaitAnswer(): void {
    this.#cancel();
    this.#cancel = this.#line.schedule(this.#responseTimeoutMs, () =>
      this.#step({ kind: 'time-out' }, new Uint8Array()),
    );
  }
}
