/**
 * One publish, from any broker: parse, submit, count, and answer when it may be acknowledged. Both
 * ways of running MQTT (the embedded broker and an external one) end here, so the rest of the
 * agent cannot tell which one is in use.
 */
import { hash } from 'node:crypto';
import { create, toJsonString } from '@bufbuild/protobuf';
import type { ForeignInput } from '@stockhand/device-drivers/foreign-inputs.ts';
import { RefusalSchema } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import type { Delivery, Input, Outcome, Refusal } from '../input.ts';
import type { Evidence, Log, RunningAgent } from '../ports.ts';
import type { State } from '../state.ts';
import type { ForeignRoute, ForeignTopics } from './foreign-topics.ts';
import { type DoorReason, parsePublish } from './payload.ts';
import { deviceTopicPrefix, parseDeviceTopic } from './topics.ts';

export interface Publish {
  topic: string;
  payload: Uint8Array;
  delivery: Omit<Delivery, 'payloadHash' | 'source'>;
}

/** What became of a publish, for metrics and log lines. */
export type IntakeResult = Outcome['kind'] | 'ignored';

export interface IntakeOptions {
  agent: RunningAgent<State>;
  storeGln: string;
  /** Publishes to a device: MQTT 3.1.1 has no other way to say why. */
  tell(topic: string, payload: string | Uint8Array): void;
  observed(deviceId: string, result: IntakeResult, reason: string): void;
  /** Topics of devices that do not speak Stockhand's own. */
  foreign: ForeignTopics;
  logger: Log;
}

/** Which of its readings a device shall look at. */
interface About {
  session: string;
  sequence: bigint | undefined;
}

const nothingNamed: About = { session: '', sequence: undefined };

function about(input: Input): About {
  if (input.kind !== 'reading') return nothingNamed;
  return { session: input.reading.session, sequence: input.reading.sequence };
}

function refusalJson(
  deviceId: string,
  { session, sequence }: About,
  { reason, field, found, expected }: Refusal,
  deadLetter: number,
): string {
  const message = create(RefusalSchema, {
    deviceId,
    session,
    ...(sequence === undefined ? {} : { sequence }),
    reason,
    field,
    found,
    expected,
    deadLetter: BigInt(deadLetter),
  });
  return toJsonString(RefusalSchema, message);
}

/** A gateway's word as an input of the core; a retained one is old and says nothing of who is there. */
export function inputOfForeign(
  foreign: ForeignInput,
  delivery: Delivery,
  gateway: string,
): Extract<Input, { kind: 'reading' | 'sale' | 'device-state' }> {
  switch (foreign.kind) {
    case 'reading':
      return { kind: 'reading', reading: foreign.reading, delivery };
    case 'sale':
      return { kind: 'sale', sale: foreign.sale, deviceId: gateway, delivery };
    case 'presence': {
      const { deviceId, online } = foreign;
      return { kind: 'device-state', deviceId, online, reason: online ? '' : 'last-will' };
    }
    default:
      return foreign satisfies never;
  }
}

/** Of a packet that is too large, so much is kept. */
const keptPacketBytes = 1_024;

export class Intake {
  readonly #options: IntakeOptions;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the publish may be acknowledged: its outcome, whatever it is, is on disk. Rejects
   * when the disk failed; then it must not be acknowledged.
   */
  async take(deviceId: string, { topic: name, payload, delivery }: Publish): Promise<void> {
    const { agent, storeGln, observed, foreign } = this.#options;
    const evidence: Evidence = { deviceId, source: 'mqtt', topic: name, payload };
    const topic = parseDeviceTopic(name);
    const route = topic ? undefined : foreign.routeOf(name, deviceId);
    if (route) return this.#takeForeign(route, { topic: name, payload, delivery }, evidence);
    if (!topic || topic.store !== storeGln || topic.deviceId !== deviceId) {
      const expected = `${deviceTopicPrefix(storeGln, deviceId)}/reading, /sale or /state`;
      const reason: DoorReason = 'not-own-topic';
      return this.#refuse({ reason, field: 'topic', found: name, expected }, evidence);
    }
    const parsed = parsePublish(topic, payload, { ...delivery, source: 'mqtt' });
    if (!parsed.ok) return this.#refuse(parsed.refusal, evidence);
    const input = parsed.value;
    if (input === null) return observed(deviceId, 'ignored', '');
    const outcome = await agent.submit(input, evidence);
    if (outcome.kind !== 'refused') return observed(deviceId, outcome.kind, '');
    for (const refusal of outcome.refusals) {
      this.#tellRefused(deviceId, about(input), refusal, outcome.deadLetter ?? 0);
    }
  }

  /** A message of a gateway: readings of the devices that it names, each with an outcome of its own. */
  async #takeForeign(route: ForeignRoute, publish: Publish, evidence: Evidence): Promise<void> {
    const { foreign, observed, tell } = this.#options;
    const { topic, payload } = publish;
    const { inputs, refusals, rebirth, settle } = foreign.read(route, topic, payload);
    if (rebirth !== null) tell(rebirth.topic, rebirth.payload);
    if (inputs.length + refusals.length === 0) observed(route.gateway, 'ignored', '');
    // Readings of one message share its packet: their place in it tells them apart.
    const deliveryAt = (place: number): Delivery => ({
      ...publish.delivery,
      client: place === 0 ? publish.delivery.client : `${publish.delivery.client}#${place}`,
      source: 'mqtt',
      get payloadHash() {
        return hash('sha256', payload, 'hex');
      },
    });
    try {
      await Promise.all([
        ...refusals.map((refusal) => this.#refuse(refusal, evidence)),
        ...inputs.map((input, place) => this.#submitForeign(input, deliveryAt(place), evidence)),
      ]);
      settle(true);
    } catch (error) {
      settle(false);
      throw error;
    }
  }

  async #submitForeign(
    foreignInput: ForeignInput,
    delivery: Delivery,
    evidence: Evidence,
  ): Promise<void> {
    const { agent, observed } = this.#options;
    const input = inputOfForeign(foreignInput, delivery, evidence.deviceId);
    const deviceId = input.kind === 'reading' ? input.reading.deviceId : input.deviceId;
    const outcome = await agent.submit(input, { ...evidence, deviceId });
    observed(
      deviceId,
      outcome.kind,
      outcome.kind === 'refused' ? (outcome.refusals[0]?.reason ?? '') : '',
    );
  }

  /** A packet that is not read to its end, and after which the connection ends. */
  refusePacket(deviceId: string, beginning: Uint8Array, limitBytes: number): void {
    const payload = beginning.slice(0, keptPacketBytes);
    const evidence: Evidence = { deviceId, source: 'mqtt', topic: '', payload };
    const reason: DoorReason = 'packet-too-large';
    const refusal = {
      reason,
      field: '',
      found: 'a larger packet',
      expected: `${limitBytes} bytes`,
    };
    this.#refuse(refusal, evidence).catch((error: unknown) => {
      this.#options.logger.warn({ deviceId, reason, err: error }, 'dead-letter-lost');
    });
  }

  /** A publish over the limit, of which only the beginning was kept; resolves when that is on disk. */
  refuseOversize(
    deviceId: string,
    { topic, beginning, length }: { topic: string; beginning: Uint8Array; length: number },
    limitBytes: number,
  ): Promise<void> {
    const payload = beginning.slice(0, keptPacketBytes);
    const evidence: Evidence = { deviceId, source: 'mqtt', topic, payload };
    const reason: DoorReason = 'oversize';
    const expected = `at most ${limitBytes} bytes`;
    return this.#refuse({ reason, field: '', found: `${length} bytes`, expected }, evidence);
  }

  async #refuse(refusal: Refusal, evidence: Evidence): Promise<void> {
    const number = await this.#options.agent.keepDeadLetter({ ...evidence, ...refusal });
    this.#tellRefused(evidence.deviceId, nothingNamed, refusal, number);
  }

  #tellRefused(deviceId: string, named: About, refusal: Refusal, deadLetter: number): void {
    const { storeGln, tell, observed, logger } = this.#options;
    const topic = `${deviceTopicPrefix(storeGln, deviceId)}/refused`;
    tell(topic, refusalJson(deviceId, named, refusal, deadLetter));
    observed(deviceId, 'refused', refusal.reason);
    const { reason, field } = refusal;
    logger.debug({ deviceId, reason, field, deadLetter }, 'publish-refused');
  }
}
