/**
 * Sends what was refused through the door again, once its cause is mended: the same bytes, the same
 * parser, the same core. A letter is taken in at most once: its mark is in the commit that takes it in,
 * and while that commit is under way nobody else may replay it.
 *
 * What came by MQTT can be replayed, from either broker: publishes on a device's own topic, and messages
 * of gateways, decoded as the configuration says today. A serial frame was the moment's weight or scan; a
 * till on HTTP sends its document again by itself; a Sparkplug message means nothing out of its order.
 *
 * A gateway's message may hold several readings, of which some were taken in when it came. Of measures
 * that say how much there is now that does no harm: the letter's device has them all replayed, and what
 * is past moves nothing. A sale or a tag would count twice; it is replayed only where it is alone.
 *
 * Example: an uplink says distance and temperature of shelf-7, which was pending: two letters, the same
 * bytes. Once it is approved, one replay takes in both measures; the other letter's finds them told.
 */
import { hash } from 'node:crypto';
import { wasNotedWhenRefused } from './ingest/replayed-reading.ts';
import type { Delivery, Input, Outcome, Refusal } from './input.ts';
import type { LetterReplayPort, ReplayAnswer } from './kiosk-api/ports.ts';
import type { ForeignRoute, ForeignTopics } from './mqtt-broker/foreign-topics.ts';
import { inputOfForeign } from './mqtt-broker/intake.ts';
import { parsePublish } from './mqtt-broker/payload.ts';
import { parseDeviceTopic } from './mqtt-broker/topics.ts';
import type { DeadLetter, EventLog, Log, RunningAgent } from './ports.ts';
import type { State } from './state.ts';

/** Refused at the door with no more than their beginning kept. */
const cutReasons: readonly string[] = ['oversize', 'packet-too-large', 'not-own-topic'];

export interface LetterReplayOptions {
  agent: RunningAgent<State>;
  letters: Pick<EventLog, 'deadLetters'>;
  /** Topics of gateways. */
  foreign: Pick<ForeignTopics, 'routeOf' | 'read'>;
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
    const isInput =
      parsed === null
        ? this.#routeOf(topic) !== null
        : parsed.channel === 'reading' || parsed.channel === 'sale';
    return source === 'mqtt' && isInput && !cutReasons.includes(reason);
  }

  #routeOf(topic: string): ForeignRoute | null {
    const route = this.#options.foreign.routeOf(topic);
    return route === undefined || route.protocol === 'sparkplug-b' ? null : route;
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
    const inputs = this.#inputsOf(letter);
    if ('refusal' in inputs) return { kind: 'refused', refusal: inputs.refusal };
    if (inputs.length === 0) return { kind: 'not-replayable' };
    const outcomes: Outcome[] = [];
    for (const input of inputs) outcomes.push(await agent.submitReplay(input, letter.number));
    const { number: deadLetter, deviceId } = letter;
    const kinds = outcomes.map(({ kind }) => kind);
    logger.info({ deadLetter, deviceId, outcome: kinds.join(' ') }, 'dead-letter-replayed');
    for (const outcome of outcomes) {
      if (outcome.kind !== 'refused') continue;
      const [refusal] = outcome.refusals;
      if (refusal === undefined) throw new Error('a refusal without a reason');
      return { kind: 'refused', refusal };
    }
    const isKnown = kinds.every((kind) => kind === 'duplicate');
    return { kind: isKnown ? 'already-taken-in' : 'taken-in' };
  }

  #inputsOf(letter: DeadLetter): Input[] | { refusal: Refusal } {
    const topic = parseDeviceTopic(letter.topic);
    if (topic !== null) {
      const parsed = parsePublish(topic, letter.payload, { source: 'mqtt', ...deliveryOf(letter) });
      if (!parsed.ok) return { refusal: parsed.refusal };
      if (parsed.value === null) throw new Error(`letter ${letter.number} holds no input`);
      return [parsed.value];
    }
    const route = this.#routeOf(letter.topic);
    if (route === null) throw new Error(`letter ${letter.number} is not replayable`);
    return this.#foreignInputsOf(letter, route);
  }

  #foreignInputsOf(letter: DeadLetter, route: ForeignRoute): Input[] | { refusal: Refusal } {
    const answer = this.#options.foreign.read(route, letter.topic, letter.payload);
    const [refusal] = answer.refusals;
    if (refusal !== undefined) return { refusal };
    const inputs = answer.inputs
      .filter(({ kind }) => kind !== 'presence')
      .map((input, place) => {
        const { client, ...delivery } = deliveryOf(letter);
        const named = { ...delivery, client: place === 0 ? client : `${client}#${place}` };
        const payloadHash = hash('sha256', letter.payload, 'hex');
        return inputOfForeign(input, { source: 'mqtt', payloadHash, ...named }, route.gateway);
      });
    if (inputs.length === 1) return inputs;
    const own = inputs.filter((input) => deviceOf(input) === letter.deviceId);
    // Where the codec refused the message, the letter has the gateway's name and stands for it all.
    const wanted = own.length > 0 ? own : inputs;
    return wanted.every(saysHowMuchThereIs) ? wanted : [];
  }
}

const deviceOf = (input: ReturnType<typeof inputOfForeign>): string =>
  input.kind === 'reading' ? input.reading.deviceId : input.deviceId;

const measureCases: ReadonlySet<string | undefined> = new Set([
  'weight',
  'distance',
  'fillLevel',
  'temperature',
  // Of its health only.
  undefined,
]);

/** A measure of what is there; twice the same is the same. */
const saysHowMuchThereIs = (input: Input): boolean =>
  input.kind === 'reading' && measureCases.has(input.reading.value.case);

function deliveryOf(letter: DeadLetter): Omit<Delivery, 'payloadHash' | 'source'> {
  return {
    // No connection of the device is called so: what it redelivers itself is told apart.
    client: `dead-letter ${letter.number}`,
    packetId: 0,
    duplicateFlag: false,
    retained: false,
    replay: {
      receivedAtMs: letter.receivedAtMs,
      wasNoted: wasNotedWhenRefused(letter.reason),
    },
  };
}
