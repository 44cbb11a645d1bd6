/**
 * The serial devices of the configuration: a session for each, whose readings go into the core and
 * whose bytes without sense become dead letters.
 */
import { randomBytes } from 'node:crypto';
import type { Meaning } from '@stockhand/device-drivers/codec.ts';
import type { PortOpener } from '@stockhand/device-drivers/ports.ts';
import type { PortStatus } from '@stockhand/device-drivers/serial/connection.ts';
import { defaultPoll, SerialSession } from '@stockhand/device-drivers/serial/serial-session.ts';
import { systemRandom } from '@stockhand/device-drivers/serial/system-clock.ts';
import type { Reading } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import type { SerialDeviceConfig } from './config.ts';
import type { Desk } from './desk.ts';
import type { Clock, Log, RunningAgent } from './ports.ts';
import { conversationOf, interByteTimeoutOf, serialCodecs } from './serial-protocols.ts';
import type { State } from './state.ts';

export interface SerialDevicesOptions {
  devices: readonly SerialDeviceConfig[];
  agent: RunningAgent<State>;
  opener: PortOpener;
  clock: Clock;
  logger: Log;
  observed(deviceId: string, result: string, reason: string): void;
  /** For the open screens; told after the commit that noted the scan. */
  desk: Desk;
}

/** Events after which another device may be blocked, or one not be blocked any more. */
const standingEvents: ReadonlySet<string | undefined> = new Set([
  'deviceApproved',
  'deviceBlocked',
  'masterDataApplied',
]);

export class SerialDevices {
  readonly #options: SerialDevicesOptions;
  readonly #sessions: ReadonlyMap<string, SerialSession>;
  #unsubscribe: (() => void) | undefined;

  constructor(options: SerialDevicesOptions) {
    this.#options = options;
    const bootId = randomBytes(4).toString('hex');
    this.#sessions = new Map(
      options.devices.map((device) => [device.device, this.#session(device, bootId)]),
    );
  }

  /** State of each port by device id, for the kiosk. */
  statuses(): ReadonlyMap<string, PortStatus> {
    return new Map([...this.#sessions].map(([deviceId, session]) => [deviceId, session.status]));
  }

  /** Opens the ports of all devices that are not blocked, and follows what people decide of them. */
  start(): void {
    this.#unsubscribe ??= this.#options.agent.onCommit((events) => {
      if (events.some(({ event }) => standingEvents.has(event.payload.case)))
        this.#followStandings();
    });
    this.#followStandings();
  }

  /** A blocked device has no open port: nobody listens to it, and nothing asks it for its weight. */
  #followStandings(): void {
    const { agent, logger } = this.#options;
    agent
      .read(({ devices }) => new Map([...devices].map(([id, { standing }]) => [id, standing])))
      .then((standings) => {
        if (this.#unsubscribe === undefined) return;
        for (const [deviceId, session] of this.#sessions) {
          if (standings.get(deviceId) !== 'blocked') session.start();
          else void session.stop();
        }
      })
      .catch((error: unknown) => logger.error({ err: error }, 'serial-standings-unread'));
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    await Promise.all([...this.#sessions.values()].map((session) => session.stop()));
  }

  #session(device: SerialDeviceConfig, bootId: string): SerialSession {
    const codec = serialCodecs.find((one) => one.protocol === device.protocol);
    // The configuration lets in only protocols of that list.
    if (!codec) throw new RangeError(`no codec speaks ${device.protocol}`);
    const { device: deviceId, path, adapter, baudRate, dataBits, parity, stopBits } = device;
    const { opener, clock } = this.#options;
    const command = { kind: 'command', name: 'weight' };
    const converse = conversationOf(device);
    return new SerialSession({
      deviceId,
      bootId,
      line: {
        path,
        baudRate,
        dataBits,
        parity,
        stopBits,
        ...(adapter ? { adapter: defined(adapter) } : {}),
      },
      codec,
      context: device.settings,
      poll: device.poll ? { ...defaultPoll, command, intervalMs: device.pollIntervalMs } : null,
      ...(converse ? { converse } : {}),
      interByteTimeoutMs: interByteTimeoutOf(device),
      opener,
      clock,
      random: systemRandom,
      events: {
        reading: (reading, frame) => void this.#take(deviceId, reading, frame),
        refused: ({ error, detail }, frame) =>
          void this.#refuse(deviceId, frame, {
            reason: error,
            found: detail,
            expected: codec.title,
          }),
        meaning: (meaning) => this.#show(deviceId, meaning),
        status: (status) => this.#tellStatus(deviceId, status),
      },
    });
  }

  async #take(deviceId: string, reading: Reading, frame: Uint8Array): Promise<void> {
    const { agent, observed, logger } = this.#options;
    const delivery = {
      source: 'serial',
      client: deviceId,
      packetId: 0,
      duplicateFlag: false,
      retained: false,
      payloadHash: '',
    } as const;
    const evidence = { deviceId, source: 'serial', topic: '', payload: frame } as const;
    try {
      const outcome = await agent.submit({ kind: 'reading', reading, delivery }, evidence);
      const reason = outcome.kind === 'refused' ? (outcome.refusals[0]?.reason ?? '') : '';
      observed(deviceId, outcome.kind, reason);
      const { value } = reading;
      if (value.case === 'scan' && outcome.kind !== 'refused') {
        const { text, aimId } = value.value;
        this.#options.desk.scanned({ deviceId, text, aimId, seenAtMs: agent.moment().nowMs });
      }
    } catch (error) {
      // A scanner cannot be asked to send again: what the failing disk did not take is lost and
      // counted. A scale tells its weight with its next reply, also when it has not changed.
      this.#sessions.get(deviceId)?.repeatWeight();
      logger.error({ deviceId, err: error }, 'serial-reading-lost');
      observed(deviceId, 'lost', 'not-committed');
    }
  }

  #show(deviceId: string, meaning: Meaning): void {
    const { kind, value, unit, stable } = meaning;
    if (kind !== 'weight' || typeof value !== 'string' || typeof unit !== 'string') return;
    this.#options.desk.weighed({ deviceId, value, unit, isStable: stable === true });
  }

  async #refuse(
    deviceId: string,
    frame: Uint8Array,
    refusal: { reason: string; found: string; expected: string },
  ): Promise<void> {
    const { agent, observed, logger } = this.#options;
    observed(deviceId, 'refused', refusal.reason);
    const letter = { deviceId, source: 'serial', topic: '', payload: frame, field: '' } as const;
    try {
      await agent.keepDeadLetter({ ...letter, ...refusal });
    } catch (error) {
      logger.error({ deviceId, err: error }, 'dead-letter-lost');
    }
  }

  #tellStatus(deviceId: string, status: PortStatus): void {
    const { agent, logger } = this.#options;
    logger.info({ deviceId, state: status.state, cause: status.cause }, 'serial-port');
    if (status.state === 'opening' || status.state === 'idle') return;
    const online = status.state === 'answering';
    const reason = online ? '' : status.state === 'silent' ? 'silent' : 'port-lost';
    agent.submit({ kind: 'device-state', deviceId, online, reason }).catch((error: unknown) => {
      logger.warn({ deviceId, err: error }, 'device-state-lost');
    });
  }
}

/** Zod leaves `undefined` members; the driver wants them absent. */
function defined(adapter: NonNullable<SerialDeviceConfig['adapter']>) {
  const { vendorId, productId, serialNumber } = adapter;
  return {
    ...(vendorId === undefined ? {} : { vendorId }),
    ...(productId === undefined ? {} : { productId }),
    ...(serialNumber === undefined ? {} : { serialNumber }),
  };
}
