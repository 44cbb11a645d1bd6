/**
 * One publish, from any broker: parse, submit, count, and answer when it may be acknowledged. Both
 * ways of running MQTT (the embedded broker and an external one) end here, so the rest of the
 * agent cannot tell which one is in use.
 */
import { create, toJsonString } from '@bufbuild/protobuf';
import { RefusalSchema } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import type { Delivery, Outcome, Refusal } from '../input.ts';
import type { Evidence, RunningAgent } from '../ports.ts';
import type { State } from '../state.ts';
import { parsePublish } from './payload.ts';
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
  tell(topic: string, payload: string): void;
  observed(deviceId: string, result: IntakeResult, reason: string): void;
}

function refusalJson(deviceId: string, refusal: Refusal, deadLetter: number): string {
  return toJsonString(
    RefusalSchema,
    create(RefusalSchema, {
      deviceId,
      reason: refusal.reason,
      field: refusal.field,
      found: refusal.found,
      expected: refusal.expected,
      deadLetter: BigInt(deadLetter),
    }),
  );
}

export class Intake {
  readonly #options: IntakeOptions;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the publish may be acknowledged: its outcome, whatever it is, is on disk. Rejects
   * when the disk failed; then it must not be acknowledged.
   */
  async take(deviceId: string, publish: Publish): Promise<void> {
    const { agent, storeGln, observed } = this.#options;
    const evidence: Evidence = {
      deviceId,
      source: 'mqtt',
      topic: publish.topic,
      payload: publish.payload,
    };
    const topic = parseDeviceTopic(publish.topic);
    if (!topic || topic.store !== storeGln || topic.deviceId !== deviceId) {
      const expected = `${deviceTopicPrefix(storeGln, deviceId)}/reading, /sale or /state`;
      const refusal = { reason: 'not-own-topic', field: 'topic', found: publish.topic, expected };
      return this.#refuse(deviceId, refusal, evidence);
    }
    const parsed = parsePublish(topic, publish.payload, { ...publish.delivery, source: 'mqtt' });
    if (!parsed.ok) return this.#refuse(deviceId, parsed.refusal, evidence);
    if (parsed.value === null) return observed(deviceId, 'ignored', '');
    const outcome = await agent.submit(parsed.value, evidence);
    if (outcome.kind !== 'refused') return observed(deviceId, outcome.kind, '');
    for (const refusal of outcome.refusals) {
      this.#tellRefused(deviceId, refusal, outcome.deadLetter ?? 0);
    }
  }

  async #refuse(deviceId: string, refusal: Refusal, evidence: Evidence): Promise<void> {
    const number = await this.#options.agent.keepDeadLetter({ ...evidence, ...refusal });
    this.#tellRefused(deviceId, refusal, number);
  }

  #tellRefused(deviceId: string, refusal: Refusal, deadLetter: number): void {
    const topic = `${deviceTopicPrefix(this.#options.storeGln, deviceId)}/refused`;
    this.#options.tell(topic, refusalJson(deviceId, refusal, deadLetter));
    this.#options.observed(deviceId, 'refused', refusal.reason);
  }
}
