/** The packets by which a client opens a session, in MQTT 3.1.1 (protocol 4) and 5. */
import mqttPacket, { type IConnackPacket, type ISubackPacket, type Packet } from 'mqtt-packet';

export type MqttProtocol = 4 | 5;

export interface SessionTerms {
  protocol: MqttProtocol;
  clientId: string;
  user: string;
  password: string;
  keepAliveSeconds: number;
  /** How long the broker keeps the session while we are away; MQTT 5 only. */
  sessionExpirySeconds: number;
  /** Publishes that may be under way unacknowledged; MQTT 5 only. */
  receiveMaximum: number;
  /** Largest packet that the broker may send; MQTT 5 only. */
  packetBytes: number;
}

const encode = (packet: Packet, protocol: MqttProtocol) =>
  mqttPacket.generate(packet, { protocolVersion: protocol });

/** A persistent session: clean false. */
export function connectBytes(terms: SessionTerms): Buffer {
  const { protocol, clientId, user, password, keepAliveSeconds: keepalive } = terms;
  const { sessionExpirySeconds: sessionExpiryInterval, receiveMaximum, packetBytes } = terms;
  const properties = { sessionExpiryInterval, receiveMaximum, maximumPacketSize: packetBytes };
  return encode(
    {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: protocol,
      clean: false,
      clientId,
      keepalive,
      ...(user === '' ? {} : { username: user, password: Buffer.from(password) }),
      ...(protocol === 5 ? { properties } : {}),
    },
    protocol,
  );
}

/** Subscribes at QoS 2, so that each publish comes with the QoS that its device chose. */
export function subscribeBytes(protocol: MqttProtocol, filters: readonly string[]): Buffer {
  const subscriptions = filters.map((topic) => ({ topic, qos: 2 as const }));
  return encode({ cmd: 'subscribe', messageId: 1, subscriptions }, protocol);
}

export function publishBytes(
  protocol: MqttProtocol,
  topic: string,
  payload: string | Uint8Array,
): Buffer {
  const common = { cmd: 'publish', qos: 0, retain: false, dup: false } as const;
  return encode({ ...common, topic, payload: Buffer.from(payload) }, protocol);
}

export const pingBytes = Buffer.from([0xc0, 0]);

/** A normal end, which keeps the session. */
export const disconnectBytes = Buffer.from([0xe0, 0]);

/** Why the broker would not have us; empty when it does. */
export function refusalOf(connack: IConnackPacket): string {
  const code = connack.reasonCode ?? connack.returnCode ?? 0;
  if (code === 0) return '';
  const text = connack.properties?.reasonString ?? reasonByCode[code] ?? 'refused';
  return `${text} (code ${code})`;
}

/** MQTT 3.1.1, table 3.1; MQTT 5, section 3.2.2.2. */
const reasonByCode: Readonly<Record<number, string>> = {
  1: 'the broker does not speak this protocol version',
  2: 'the broker does not accept the client id',
  3: 'the broker is not available',
  4: 'wrong user or password',
  5: 'not authorised',
  132: 'the broker does not speak this protocol version',
  133: 'the broker does not accept the client id',
  134: 'wrong user or password',
  135: 'not authorised',
  136: 'the broker is not available',
};

/** Whether the broker granted every subscription (codes from 128 on are refusals). */
export function isGranted({ granted }: ISubackPacket): boolean {
  return granted.every((code) => typeof code === 'number' && code < 128);
}

/** Where the packet id of a publish is, and its QoS, read from the beginning of its bytes. */
export function readPublishHead(
  beginning: Buffer,
): { qos: number; topic: string; packetId: number } | null {
  const [first = 0] = beginning;
  if (first >> 4 !== 3) return null;
  let at = 1;
  while (((beginning[at] ?? 0) & 0x80) !== 0) at += 1;
  at += 1;
  if (at + 2 > beginning.length) return null;
  const topicEnd = at + 2 + beginning.readUInt16BE(at);
  if (topicEnd + 2 > beginning.length) return null;
  const qos = (first >> 1) & 3;
  return {
    qos,
    topic: beginning.toString('utf8', at + 2, topicEnd),
    packetId: qos === 0 ? 0 : beginning.readUInt16BE(topicEnd),
  };
}
