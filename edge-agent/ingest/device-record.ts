/** What the core keeps of each device: whether it may speak, and what it last said. */

import type { Device } from '../catalogue/catalogue.ts';

/** "known": HQ lists it or a manager approved it. "pending": it made itself heard. */
export type DeviceStanding = 'known' | 'pending' | 'blocked';

export interface DeviceRecord {
  deviceId: string;
  model: string;
  standing: DeviceStanding;
  /** A manager approved it, so that it stays known when HQ does not list it. */
  isApproved: boolean;
  /** What the manager said that it is; null when master data describes it, or nobody does. */
  assignment: Device | null;
  /** `unknown` until the first word of the broker or port about it. */
  presence: 'online' | 'offline' | 'unknown';
  /** Agent time of the last event by or about it; the edge keeps the time of the last reading. */
  lastEventAtMs: number;
}

/** The last measurement of a channel that became an event: the dead-band is measured from it. */
export interface ChannelRecord {
  /** Milligrams, micrometres, tags or parts per million, by kind of measurement. */
  measured: number;
  unit: MeasuredUnit;
  observedAtMs: number;
}

export type MeasuredUnit = 'milligrams' | 'micrometres' | 'tags' | 'ppm';

/** Devices that wait for approval at one time; more are refused unregistered. */
export const pendingDevicesLimit = 500;
/** Channels of one device. */
export const channelsPerDeviceLimit = 64;
