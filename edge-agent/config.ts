/**
 * The agent's configuration: one YAML file, read once, checked whole, reported with all faults
 * together, then frozen. An unknown key is a fault, not a shrug.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseGln } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { defaultBrokerLimits } from './mqtt-broker/embedded-broker.ts';
import { deviceIdPattern } from './mqtt-broker/topics.ts';

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
  protocol: z.string(),
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

const configSchema = z.strictObject({
  store: gln,
  timeZone: timeZone.default('UTC'),
  dataFolder: z.string().min(1),
  mqtt: z
    .strictObject({
      host: z.string().default('0.0.0.0'),
      port: port.default(8_883),
      connections: z.int().positive().default(defaultBrokerLimits.connections),
      publishesPerSecond: z.number().positive().default(defaultBrokerLimits.rate.perSecond),
      publishBurst: z.int().positive().default(defaultBrokerLimits.rate.burst),
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
  serial: z.array(serialDevice).default([]),
  /** Keeps every input for `stockhand replay --inputs`; grows without end, for tests and support. */
  recordInputs: z.boolean().default(false),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

export type AgentConfig = Readonly<z.infer<typeof configSchema>> & {
  /** SHA-256 of the file's bytes, hexadecimal. */
  readonly hash: string;
};
export type SerialDeviceConfig = AgentConfig['serial'][number];

export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(file: string, faults: readonly string[]) {
    super(`${file} cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** Line and column of a path in the document, or of its nearest parent that is there. */
function place(
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  path: readonly PropertyKey[],
): string {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const range = node && typeof node === 'object' && 'range' in node ? node.range : null;
    if (Array.isArray(range) && typeof range[0] === 'number') {
      const { line, col } = lines.linePos(range[0]);
      return `line ${line}, column ${col}`;
    }
  }
  return 'line 1';
}

/**
 * Reads a configuration from text.
 * @throws ConfigError with every fault: line, field, and what was expected.
 */
export function parseConfig(text: string, file: string): AgentConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw new ConfigError(
      file,
      document.errors.map((error) => {
        const { line, col } = lines.linePos(error.pos[0]);
        return `line ${line}, column ${col}: ${error.message.split('\n')[0] ?? 'not YAML'}`;
      }),
    );
  }
  const result = configSchema.safeParse(document.toJS() ?? {});
  if (!result.success) {
    throw new ConfigError(
      file,
      result.error.issues.map((issue) => {
        const field = issue.path.join('.') || 'the file';
        return `${place(document, lines, issue.path)}: ${field}: ${issue.message}`;
      }),
    );
  }
  const folder = dirname(resolve(file));
  const { hq, ...rest } = result.data;
  const config: AgentConfig = {
    ...rest,
    ...(hq ? { hq: { ...hq, certificates: resolve(folder, hq.certificates) } } : {}),
    dataFolder: resolve(folder, rest.dataFolder),
    hash: createHash('sha256').update(text).digest('hex'),
  };
  return Object.freeze(config);
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
