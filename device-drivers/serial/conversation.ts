/**
 * Protocols in which host and device answer each other by rules of their own (Checkout-Dialog 06,
 * Zebra SSI). The rules are pure machines beside their codecs; a conversation moves one of them along
 * a line: what the device said goes in, what to write and when to give up comes out.
 */
import type { Decoded, Meaning } from '../codec.ts';

/** The line as a conversation uses it: one opening of the port. */
export interface ConversationLine {
  /** A port that went away while we wrote tells of it by itself. */
  write(bytes: Uint8Array): void;
  /** Throws away what is still in the line. */
  flush(): Promise<void>;
  /** The device speaks, whatever it says. */
  heard(): void;
  /** A message for the rest of the program: a weight, a scan, a reject. */
  passOn(meaning: Meaning, frame: Uint8Array): void;
  /** The device does not answer; the port may be opened again, which ends this conversation. */
  silent(cause: string): void;
  /** Calls back once; the answer cancels it. */
  schedule(delayMs: number, callback: () => void): () => void;
}

export interface Conversation {
  /** The line is open. */
  begin(): void;
  /** The device said something. */
  received(decoded: Decoded): void;
  /** Someone wants the device to do something. @throws RangeError when it cannot be said */
  command(meaning: Meaning): void;
  /** The line is gone: nothing is written or scheduled any more. */
  end(): void;
}

/** Begins a conversation on a line; a new one for each opening. */
export type Converse = (line: ConversationLine) => Conversation;
