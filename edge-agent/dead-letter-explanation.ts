/** What the reason of a dead letter means and what to do, wherever in the agent it was given. */
import { refusalReasons } from './errors.ts';
import { doorReasons } from './mqtt-broker/payload.ts';

export interface LetterExplanation {
  meaning: string;
  advice: string;
}

const byReason: Readonly<Record<string, readonly [meaning: string, advice: string]>> = {
  ...refusalReasons,
  ...doorReasons,
};

/** Reasons of codecs have no entry of their own: their words are in what was found and expected. */
const ofCodec = [
  'the bytes are not what the device’s protocol says',
  'Check protocol and line settings; try the bytes with stockhand decode.',
] as const;

export function explainReason(reason: string): LetterExplanation {
  const [meaning, advice] = byReason[reason] ?? ofCodec;
  return { meaning, advice };
}
