/**
 * Devices that do not speak Stockhand's own topics: zigbee2mqtt, Tasmota, ChirpStack, Sparkplug B nodes,
 * RFID readers, anything with a mapping. The configuration says which topics carry which protocol, and
 * which client (the gateway) may publish them:
 *
 *   foreign:
 *     - { topics: 'zigbee2mqtt/#', protocol: zigbee2mqtt, gateway: zigbee-gateway }
 *
 * A message is decoded by the protocol's codec and becomes readings of the devices that it names; those
 * must be known like any other device. Sparkplug B nodes keep a session each, for their aliases and their
 * order; a gap is told, and the node is asked to be born again.
 */
import type { CodecContext, Json, Meaning, Reject } from '@stockhand/device-drivers/codec.ts';
import { findCodec } from '@stockhand/device-drivers/codecs/all.ts';
import { topicMatches } from '@stockhand/device-drivers/codecs/mapping.ts';
import { sparkplugB } from '@stockhand/device-drivers/codecs/sparkplug-b.ts';
import {
  type SparkplugSession,
  sparkplugContext,
  takeSparkplug,
  unbornSession,
} from '@stockhand/device-drivers/codecs/sparkplug-session.ts';
import {
  type ForeignInput,
  type ForeignSource,
  foreignInputs,
} from '@stockhand/device-drivers/foreign-inputs.ts';

/** Topics that carry a foreign protocol. */
export interface ForeignRoute {
  /** MQTT topic filter. */
  topics: string;
  /** Name of the codec, as `stockhand decode --list` has it. */
  protocol: string;
  /** The client that may publish there, and whose readings they are where a message names no device. */
  gateway: string;
  settings: CodecContext;
}

export interface ForeignRefusal {
  reason: string;
  field: string;
  found: string;
  expected: string;
}

/** What one foreign message comes to. */
export interface ForeignAnswer {
  inputs: ForeignInput[];
  refusals: ForeignRefusal[];
  /** The wish that a Sparkplug node be born again, to be published. */
  rebirth: { topic: string; payload: Uint8Array } | null;
  /**
   * To be told whether all of it is on disk. When it is not the message comes again, and a node's session
   * goes back to what it was, or the repeat would look like a gap.
   */
  settle(isDurable: boolean): void;
}

/** Sparkplug nodes that are followed; more are refused. */
export const sparkplugNodesLimit = 1_000;

export class ForeignTopics {
  readonly #routes: readonly ForeignRoute[];
  readonly #sessions = new Map<string, SparkplugSession>();
  /** As of the last message of each node that is on disk. */
  readonly #durable = new Map<string, SparkplugSession>();

  constructor(routes: readonly ForeignRoute[]) {
    this.#routes = routes;
  }

  /** Filters to subscribe to on a broker of the store. */
  get filters(): string[] {
    return [...new Set(this.#routes.map(({ topics }) => topics))];
  }

  /** The route of a topic; with a client, only one that this client may use. */
  routeOf(topic: string, client?: string): ForeignRoute | undefined {
    return this.#routes.find(
      ({ topics, gateway }) =>
        (client === undefined || client === gateway) && topicMatches(topics, topic),
    );
  }

  /** Whether a gateway may listen there: below its own topics only. */
  mayListen(client: string, filter: string): boolean {
    return this.#routes.some(({ topics, gateway }) => {
      const prefix = topics.slice(0, topics.search(/[+#]|$/));
      return gateway === client && prefix.includes('/') && filter.startsWith(prefix);
    });
  }

  read(route: ForeignRoute, topic: string, payload: Uint8Array): ForeignAnswer {
    const codec = findCodec(route.protocol);
    const answer: ForeignAnswer = {
      inputs: [],
      refusals: [],
      rebirth: null,
      settle: () => undefined,
    };
    // The configuration was checked to name a codec.
    if (codec === undefined) return answer;
    const node = route.protocol === 'sparkplug-b' ? nodeOf(topic) : null;
    const session = node === null ? null : (this.#sessions.get(node.key) ?? unbornSession);
    const context =
      session === null
        ? route.settings
        : { ...route.settings, ...sparkplugContext(session, node?.device ?? '') };
    const decoder = codec.decoder({ direction: 'device->host', context, topic });
    const source: ForeignSource = { deviceId: route.gateway };
    for (const { meaning } of [...decoder.push(payload), ...decoder.end()]) {
      if (meaning.kind === 'reject')
        answer.refusals.push(refusalOf(meaning as Reject, codec.title));
      else if (node === null || session === null)
        answer.inputs.push(...foreignInputs(meaning, source));
      else this.#takeSparkplug(node, session, meaning, source, answer);
    }
    return answer;
  }

  #takeSparkplug(
    node: SparkplugNode,
    session: SparkplugSession,
    meaning: Meaning,
    source: ForeignSource,
    answer: ForeignAnswer,
  ): void {
    if (!this.#sessions.has(node.key) && this.#sessions.size >= sparkplugNodesLimit) {
      const expected = `at most ${sparkplugNodesLimit} nodes`;
      answer.refusals.push({ reason: 'too-many', field: 'topic', found: node.key, expected });
      return;
    }
    const [next, outcome] = takeSparkplug(session, meaning);
    this.#sessions.set(node.key, next);
    answer.settle = (isDurable) => {
      if (isDurable) this.#durable.set(node.key, next);
      else this.#sessions.set(node.key, this.#durable.get(node.key) ?? unbornSession);
    };
    if (outcome.kind === 'nothing') return;
    if (outcome.kind !== 'doubtful') {
      answer.inputs.push(...foreignInputs(meaning, source));
      return;
    }
    const found =
      outcome.reason === 'gap' ? 'a message is missing before it' : 'no birth before it';
    answer.refusals.push({
      reason: `sparkplug-${outcome.reason}`,
      field: 'seq',
      found,
      expected: 'the node’s birth, then every message in order',
    });
    if (outcome.asksRebirth) answer.rebirth = rebirthOf(node);
  }
}

interface SparkplugNode {
  key: string;
  group: string;
  name: string;
  device: string;
}

/** spBv1.0/<group>/<type>/<node>[/<device>] */
function nodeOf(topic: string): SparkplugNode | null {
  const [namespace, group, type, name, device = ''] = topic.split('/');
  if (namespace !== 'spBv1.0' || !group || !type || !name) return null;
  return { key: `${group}/${name}`, group, name, device };
}

/** NCMD "Node Control/Rebirth" (Sparkplug 3.0, section 5.9). */
function rebirthOf({ group, name }: SparkplugNode): ForeignAnswer['rebirth'] {
  const metrics = { 'Node Control/Rebirth': true };
  const command = { kind: 'sparkplug', type: 'NCMD', group, node: name, metrics };
  return { topic: `spBv1.0/${group}/NCMD/${name}`, payload: sparkplugB.encode(command, {}) };
}

function refusalOf({ error, detail }: Reject, title: string): ForeignRefusal {
  return { reason: error, field: 'payload', found: `${detail satisfies Json}`, expected: title };
}
