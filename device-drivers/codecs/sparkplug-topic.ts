/** Topics of Sparkplug B (Eclipse Sparkplug 3.0, section 4): who speaks, and what kind of message. */
import { refuse } from './refusal.ts';

const nodeTypes = ['NBIRTH', 'NDATA', 'NDEATH', 'NCMD'] as const;
const deviceTypes = ['DBIRTH', 'DDATA', 'DDEATH', 'DCMD'] as const;
export type SparkplugType = (typeof nodeTypes)[number] | (typeof deviceTypes)[number];

export type SparkplugTopic =
  | { kind: 'state'; host: string }
  | { kind: 'message'; type: SparkplugType; group: string; node: string; device?: string };

const isNodeType = (word: string): word is (typeof nodeTypes)[number] =>
  nodeTypes.some((type) => type === word);
const isDeviceType = (word: string): word is (typeof deviceTypes)[number] =>
  deviceTypes.some((type) => type === word);

/** Refuses with bad-topic what is no Sparkplug B topic. */
export function readSparkplugTopic(topic: string | undefined): SparkplugTopic {
  if (topic === undefined) return refuse('bad-topic', 'a Sparkplug message needs its topic');
  const [namespace, group, type, node, device, ...others] = topic.split('/');
  if (namespace !== 'spBv1.0') return refuse('bad-topic', `"${namespace}" is not spBv1.0`);
  if (group === 'STATE' && type !== undefined && type !== '' && node === undefined) {
    return { kind: 'state', host: type };
  }
  const hasNames = group !== undefined && group !== '' && node !== undefined && node !== '';
  if (!hasNames || type === undefined || others.length > 0) {
    return refuse('bad-topic', `"${topic}" is not spBv1.0/<group>/<type>/<node>[/<device>]`);
  }
  if (isNodeType(type) && device === undefined) return { kind: 'message', type, group, node };
  if (isDeviceType(type) && device !== undefined && device !== '') {
    return { kind: 'message', type, group, node, device };
  }
  return refuse('bad-topic', `"${type}" with ${device === undefined ? 'no' : 'a'} device`);
}

export function writeSparkplugTopic(
  type: SparkplugType,
  group: string,
  node: string,
  device?: string,
): string {
  const topic = `spBv1.0/${group}/${type}/${node}`;
  return device === undefined ? topic : `${topic}/${device}`;
}
