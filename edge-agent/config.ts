/**
 * The agent's configuration: one YAML file, read once, checked whole, reported with all faults
 * together, then frozen. An unknown key is a fault, not a shrug.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { mqttCodecs } from '@stockhand/device-drivers/codecs/mqtt.ts';
import { tillCodecs } from '@stockhand/device-drivers/codecs/till.ts';
import { parseGln } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { z } from 'zod';
import { ConfigError, parseChecked } from './checked-yaml.ts';
import { retentionSchema } from './event-store/retention.ts';
import { defaultBrokerLimits } from './mqtt-broker/embedded-broker.ts';
import { externalBroker, withResolvedFiles } from './mqtt-broker/external-settings.ts';
import { deviceIdPattern } from './mqtt-broker/topics.ts';
import { conversationOf, serialCodecs } from './serial-protocols.ts';

/** Levels of text, + alone in a level, # alone and last; never below our own root. */
const topicFilterPattern = /^(?!stockhand\/)(?!#)(?:(?:\+|[^+#/\0]*)\/)*(?:\+|#|[^+#/\0]+)$/;

const port = z.int().min(0).max(65_535);
const deviceId = z.string().regex(deviceIdPattern, 'letters, digits, dot, dash; at most 64');

const gln = z.string().refine((text) => parseGln(text).ok, {
  message: 'a GLN of 13 digits with a right check digit, in quotes',
});

const timeZone = z.string().refine((name) => Intl.supportedValuesOf('timeZone').includes(name), {
  message: 'an IANA zone such as Europe/Berlin',
});

const serialDevice = z.strictObject({
  device: deviceId,
  /** Device file or a stable link to it; leave it out when `adapter` names a USB adapter. */
  path: z.string().default(''),
  adapter: z
    .strictObject({
      vendorId: z
        .string()
        .regex(/^[0-9a-fA-F]{4}$/)
        .optional(),
      productId: z
        .string()
        .regex(/^[0-9a-fA-F]{4}$/)
        .optional(),
      serialNumber: z.string().optional(),
    })
    .optional(),
  protocol: z.enum(serialCodecs.map((codec) => codec.protocol)),
  baudRate: z.int().positive().default(9_600),
  dataBits: z.union([z.literal(7), z.literal(8)]).default(8),
  parity: z.enum(['none', 'even', 'odd']).default('none'),
  stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
  /** Scales that wait to be asked. */
  poll: z.boolean().default(false),
  pollIntervalMs: z.int().min(50).max(60_000).default(250),
  interByteTimeoutMs: z.int().min(5).max(5_000).default(60),
  /** Settings of the codec: unit, decimals, suffix… (stockhand decode --list names them). */
  settings: z.record(z.string(), z.json()).default({}),
});

const foreignRoute = z.strictObject({
  /** MQTT topic filter, such as zigbee2mqtt/#. */
  topics: z.string().regex(topicFilterPattern, 'a topic filter outside of stockhand/'),
  protocol: z.enum([...mqttCodecs, ...tillCodecs].map((codec) => codec.protocol)),
  /** The client that may publish there. */
  gateway: deviceId,
  /** Settings of the codec: model, map… (stockhand decode --list names them). */
  settings: z.record(z.string(), z.json()).default({}),
});

/** What is wrong with the settings of a device's conversation; empty when nothing is. */
function settingsFaultOf(device: z.infer<typeof serialDevice>): string {
  try {
    conversationOf(device);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Each device once, and each with a way to its port. */
function checkSerialDevices(
  devices: readonly z.infer<typeof serialDevice>[],
  context: z.RefinementCtx,
): void {
  const fault = (path: (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path, message });
  for (const [index, device] of devices.entries()) {
    const { device: id, path, adapter } = device;
    const first = devices.findIndex((one) => one.device === id);
    if (first < index) fault([index, 'device'], `another serial device has this id (no. ${first})`);
    if (path === '' && !adapter) fault([index], 'path or adapter is needed to find the port');
    const settingsFault = settingsFaultOf(device);
    if (settingsFault !== '') fault([index, 'settings'], settingsFault);
  }
}

/** What is in force where the configuration names no file of its own. */
const shippedProfiles = join(import.meta.dirname, 'profiles.example.yaml');

const configSchema = z.strictObject({
  store: gln,
  timeZone: timeZone.default('UTC'),
  dataFolder: z.string().min(1),
  mqtt: z
    .strictObject({
      host: z.string().default('0.0.0.0'),
      port: port.default(8_883),
      /** MQTT over WebSockets with TLS, path /mqtt; closed unless named. */
      webSocketPort: port.optional(),
      connections: z.int().positive().default(defaultBrokerLimits.connections),
      publishesPerSecond: z.number().positive().default(defaultBrokerLimits.rate.perSecond),
      publishBurst: z.int().positive().default(defaultBrokerLimits.rate.burst),
      /** A broker that the store runs already, heard beside the embedded one. */
      external: externalBroker.optional(),
      /** Topics of devices that do not speak Stockhand's own, and which protocol they carry. */
      foreign: z.array(foreignRoute).max(64).default([]),
    })
    .prefault({}),
  kiosk: z
    .strictObject({
      host: z.string().default('0.0.0.0'),
      httpsPort: port.default(8_443),
      /** Plain HTTP, on loopback only. */
      httpPort: port.default(8_080),
      /** Names and addresses under which kiosks reach this machine, for its certificate. */
      names: z.array(z.string()).default([]),
      idleMinutes: z.number().positive().default(15),
    })
    .prefault({}),
  metrics: z.strictObject({ port: port.default(9_464) }).prefault({}),
  hq: z
    .strictObject({
      /** host:port of HQ's gRPC server. */
      address: z.string().regex(/^[^\s:]+:\d+$|^\[[^\]]+\]:\d+$/, 'host:port'),
      /** Folder with ca.pem, cert.pem and key.pem, as HQ issued them. */
      certificates: z.string(),
    })
    .optional(),
  serial: z.array(serialDevice).default([]).superRefine(checkSerialDevices),
  /** Profiles of device models; read again when the file changes or on SIGHUP. */
  profiles: z.string().min(1).optional(),
  /** Layers of the policy, one file each; read again when one changes or on SIGHUP. */
  policy: z.array(z.string().min(1)).max(5).default([]),
  /** How long what devices said and what was refused can be looked up. */
  retention: retentionSchema,
  /** Keeps every input for `stockhand replay --inputs`; grows without end, for tests and support. */
  recordInputs: z.boolean().default(false),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

export type AgentConfig = Readonly<Omit<z.infer<typeof configSchema>, 'profiles'>> & {
  /** The file of device profiles. */
  readonly profiles: string;
  /** SHA-256 of the file's bytes, hexadecimal. */
  readonly hash: string;
};
export type SerialDeviceConfig = AgentConfig['serial'][number];

function deepFreeze<T extends object>(value: T): Readonly<T> {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) deepFreeze(part);
  }
  return Object.freeze(value);
}

/**
 * Reads a configuration from text.
 * @throws ConfigError with every fault: line, field, what was expected and what was found.
 */
export function parseConfig(text: string, file: string): AgentConfig {
  const { hq, mqtt, profiles, policy, ...rest } = parseChecked(text, file, configSchema);
  const folder = dirname(resolve(file));
  const { external } = mqtt;
  return deepFreeze({
    ...rest,
    mqtt: { ...mqtt, ...(external ? { external: withResolvedFiles(external, folder) } : {}) },
    ...(hq ? { hq: { ...hq, certificates: resolve(folder, hq.certificates) } } : {}),
    profiles: profiles === undefined ? shippedProfiles : resolve(folder, profiles),
    policy: policy.map((one) => resolve(folder, one)),
    dataFolder: resolve(folder, rest.dataFolder),
    hash: createHash('sha256').update(text).digest('hex'),
  });
}

/** @throws ConfigError */
export function readConfig(file: string): AgentConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(file, [`${reason}. Copy edge-agent/stockhand.example.yaml to begin.`]);
  }
  return parseConfig(text, file);
}

export { ConfigError } from './checked-yaml.ts';
