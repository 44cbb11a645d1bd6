/** The section `mqtt.external` of the configuration, and what its files hold. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SecureContextOptions } from 'node:tls';
import { z } from 'zod';

/** This machine needs no TLS to talk to itself. */
const loopback = ['localhost', '127.0.0.1', '[::1]'];

export const externalBroker = z
  .strictObject({
    /** mqtts://host:port, or mqtt:// on this machine. */
    url: z.url({ protocol: /^mqtts?$/, error: 'mqtts://host:port' }),
    /** PEM files: whom to trust, and our own certificate. */
    ca: z.string().optional(),
    certificate: z.string().optional(),
    key: z.string().optional(),
    user: z.string().default(''),
    /** A file that holds the password, so that this one holds no secrets. */
    passwordFile: z.string().optional(),
    protocol: z.union([z.literal(4), z.literal(5)]).default(5),
    /** Names our session on the broker; stockhand-<store> unless set. */
    clientId: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, 'letters, digits, dot, dash; at most 64')
      .optional(),
    /** More than one shares the subscription: for devices with a counter or clock only. */
    connections: z.int().min(1).max(16).default(1),
    group: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,64}$/, 'letters, digits, dot, dash; at most 64')
      .default('stockhand'),
    /** Publishes under way unacknowledged, of each connection. */
    receiveMaximum: z.int().min(1).max(65_535).default(1_000),
    /** How long the broker keeps our session while we are away (MQTT 5). */
    sessionDays: z.number().positive().max(365).default(7),
  })
  .superRefine(({ url, certificate, key }, context) => {
    if (!URL.canParse(url)) return;
    const { protocol, hostname } = new URL(url);
    if (protocol === 'mqtt:' && !loopback.includes(hostname)) {
      const message = 'mqtts:// is needed for a broker on another machine';
      context.addIssue({ code: 'custom', path: ['url'], message });
    }
    if ((certificate === undefined) !== (key === undefined)) {
      const message = 'certificate and key are needed together';
      context.addIssue({ code: 'custom', path: ['certificate'], message });
    }
  });

export type ExternalBrokerConfig = z.infer<typeof externalBroker>;

/** Its files, seen from the folder of the configuration. */
export function withResolvedFiles(
  external: ExternalBrokerConfig,
  folder: string,
): ExternalBrokerConfig {
  const resolved = { ...external };
  for (const name of ['ca', 'certificate', 'key', 'passwordFile'] as const) {
    const file = external[name];
    if (file !== undefined) resolved[name] = resolve(folder, file);
  }
  return resolved;
}

/** Where the broker is, whom to trust, and who we are. */
export interface BrokerAccess {
  host: string;
  port: number;
  /** Null: plain TCP. */
  tls: SecureContextOptions | null;
  user: string;
  password: string;
}

const defaultPorts: Readonly<Record<string, number>> = { 'mqtt:': 1_883, 'mqtts:': 8_883 };

/** Reads what the section names. @throws Error of `readFileSync` when a file cannot be read */
export function brokerAccess(external: ExternalBrokerConfig): BrokerAccess {
  const { protocol, hostname, port } = new URL(external.url);
  const { ca, certificate, key, user, passwordFile } = external;
  const read = (file: string) => readFileSync(file, 'utf8');
  const tls = {
    ...(ca === undefined ? {} : { ca: read(ca) }),
    ...(certificate === undefined ? {} : { cert: read(certificate) }),
    ...(key === undefined ? {} : { key: read(key) }),
  };
  return {
    // A URL writes IPv6 in brackets, a socket wants it without.
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (defaultPorts[protocol] ?? 0) : Number(port),
    tls: protocol === 'mqtts:' ? tls : null,
    user,
    password: passwordFile === undefined ? '' : read(passwordFile).trim(),
  };
}
