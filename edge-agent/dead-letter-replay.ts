/**
 * Sends what was refused through the door again, once its cause is mended: the same bytes, the same
 * parser, the same core. A letter is taken in at most once: its mark is in the commit that takes it in,
 * and while that commit is under way nobody else may replay it.
 *
 * Only publishes on a device's own topic can be replayed. A serial frame was the moment's weight or scan;
 * a till on HTTP sends its document again by itself.
 */
import { wasNotedWhenRefused } from './ingest/replayed-reading.ts';
import type { Input } from './input.ts';
import type { LetterReplayPort, ReplayAnswer } from './kiosk-api/ports.ts';
import { parsePublish } from './mqtt-broker/payload.ts';
import { parseDeviceTopic } from './mqtt-broker/topics.ts';
import type { DeadLetter, EventLog, Log, RunningAgent } from './ports.ts';
import type { State } from './state.ts';

/** Refused at the door with no more than their beginning kept. */
const cutReasons: readonly string[] = ['oversize', 'packet-too-large', 'not-own-topic'];

export interface LetterReplayOptions {
  agent: RunningAgent<State>;
  letters: Pick<EventLog, 'deadLetters'>;
  logger: Log;
}

export class LetterReplay implements LetterReplayPort {
  readonly #options: LetterReplayOptions;
  readonly #underWay = new Set<number>();

  constructor(options: LetterReplayOptions) {
    this.#options = options;
  }

  isReplayable({ source, topic, reason }: DeadLetter): boolean {
    const parsed = parseDeviceTopic(topic);
    const isInput = parsed?.channel === 'reading' || parsed?.channel === 'sale';
    return source === 'mqtt' && isInput && !cutReasons.includes(reason);
  }

  async replay(letterNumber: number): Promise<ReplayAnswer> {
    const { letters } = this.#options;
    const [letter] = letters.deadLetters({ beforeNumber: letterNumber + 1, limit: 1 });
    if (letter?.number !== letterNumber) return { kind: 'unknown-letter' };
    if (letter.replayedAtMs > 0 || this.#underWay.has(letterNumber)) {
      return { kind: 'already-taken-in' };
    }
    if (!this.isReplayable(letter)) return { kind: 'not-replayable' };
    this.#underWay.add(letterNumber);
    try {
      return await this.#submit(letter);
    } finally {
      this.#underWay.delete(letterNumber);
    }
  }

  async #submit(letter: DeadLetter): Promise<ReplayAnswer> {
    const { agent, logger } = this.#options;
    const input = inputOf(letter);
    if (!('kind' in input)) return { kind: 'refused', refusal: input.refusal };
    const outcome = await agent.submitReplay(input, letter.number);
    const { number: deadLetter, deviceId } = letter;
    logger.info({ deadLetter, deviceId, outcome: outcome.kind }, 'dead-letter-replayed');
    switch (outcome.kind) {
      case 'refused': {
        const [refusal] = outcome.refusals;
        if (refusal === undefined) throw new Error('a refusal without a reason');
        return { kind: 'refused', refusal };
      }
      case 'duplicate':
        return { kind: 'already-taken-in' };
      default:
        return { kind: 'taken-in' };
    }
  }
}

function inputOf(letter: DeadLetter) {
  const topic = parseDeviceTopic(letter.topic);
  if (topic === null) throw new Error(`letter ${letter.number} is not replayable`);
  const parsed = parsePublish(topic, letter.payload, {
    source: 'mqtt',
    // No connection of the device is called so: what it redelivers itself is told apart.
    client: `dead-letter ${letter.number}`,
    packetId: 0,
    duplicateFlag: false,
    retained: false,
    replay: {
      receivedAtMs: letter.receivedAtMs,
      wasNoted: wasNotedWhenRefused(letter.reason),
    },
  });
  if (!parsed.ok) return { refusal: parsed.refusal };
  if (parsed.value === null) throw new Error(`letter ${letter.number} holds no input`);
  return parsed.value satisfies Input;
}
