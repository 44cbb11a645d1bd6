/**
 * Who is there, judged by when a device was last heard. An active device has a heartbeat in its model's
 * profile and is offline after three of them in silence, even where its connection still stands; a
 * passive one speaks only when something changes and is offline after a day and an hour. Whoever is heard
 * again is online again.
 *
 * Example: acme-plate-2 beats every 60 s. Its connection stands, but nothing came for 181 s:
 * DeviceWentOffline "silent". One reading later: DeviceCameOnline.
 *
 * Ages are of the monotonic clock: a jump of the wall clock makes nobody silent.
 */
import type { Clock, Log, RunningAgent } from './ports.ts';
import type { State } from './state.ts';

/** How often the silent ones are looked for. */
export const lookIntervalMs = 10_000;
/** A device without a heartbeat: once a day, and an hour of grace. */
export const passiveTimeoutMs = 25 * 3_600_000;

export interface DeviceAvailabilityOptions {
  agent: RunningAgent<State>;
  clock: Pick<Clock, 'monotonicMs' | 'schedule'>;
  logger: Log;
}

interface Change {
  deviceId: string;
  online: boolean;
}

export class DeviceAvailability {
  readonly #options: DeviceAvailabilityOptions;
  /** Monotonic time of the last word, by device; none since it was found offline: not in it. */
  readonly #heardMs = new Map<string, number>();
  #stopListening: (() => void) | null = null;
  #cancelLook: (() => void) | null = null;

  constructor(options: DeviceAvailabilityOptions) {
    this.#options = options;
  }

  start(): void {
    this.#stopListening ??= this.#options.agent.onCommit((events) => {
      for (const { event } of events) {
        const { payload } = event;
        if (payload.case === 'deviceCameOnline') this.heard(payload.value.deviceId);
        if (payload.case === 'deviceWentOffline') this.#heardMs.delete(payload.value.deviceId);
      }
    });
    this.#lookLater();
  }

  stop(): void {
    this.#stopListening?.();
    this.#stopListening = null;
    this.#cancelLook?.();
    this.#cancelLook = null;
  }

  /** The device said something, whatever it was. */
  heard(deviceId: string): void {
    this.#heardMs.set(deviceId, this.#options.clock.monotonicMs());
  }

  /** Tells the core who fell silent and who is back. */
  async look(): Promise<void> {
    const { agent } = this.#options;
    const changes = await agent.read((state) => this.#changes(state));
    await Promise.all(
      changes.map(({ deviceId, online }) => {
        const reason = online ? '' : 'silent';
        return agent.submit({ kind: 'device-state', deviceId, online, reason });
      }),
    );
  }

  #changes(state: Readonly<State>): Change[] {
    const nowMs = this.#options.clock.monotonicMs();
    for (const deviceId of [...this.#heardMs.keys()]) {
      if (!state.devices.has(deviceId)) this.#heardMs.delete(deviceId);
    }
    const changes: Change[] = [];
    for (const { deviceId, presence, standing } of state.devices.values()) {
      const heardMs = this.#heardMs.get(deviceId);
      if (presence === 'online') {
        // Online since before this agent began to listen: its silence counts from now.
        if (heardMs === undefined) this.#heardMs.set(deviceId, nowMs);
        else if (nowMs - heardMs > timeoutMs(state, deviceId)) {
          changes.push({ deviceId, online: false });
        }
      } else if (heardMs !== undefined && standing !== 'blocked') {
        changes.push({ deviceId, online: true });
      }
    }
    return changes;
  }

  #lookLater(): void {
    const { clock, logger } = this.#options;
    this.#cancelLook = clock.schedule(lookIntervalMs, () => {
      this.look().catch((error: unknown) => logger.warn({ err: error }, 'availability-not-told'));
      this.#lookLater();
    });
  }
}

function timeoutMs({ devices, catalogue }: Readonly<State>, deviceId: string): number {
  const profile = catalogue.profileByModel.get(devices.get(deviceId)?.model ?? '');
  return (profile?.silentAfterSeconds ?? 0) * 1_000 || passiveTimeoutMs;
}
