/**
 * Topics of Stockhand's own devices: stockhand/v1/<store>/<device>/<channel>. A device may publish
 * only below its own; it may listen to nothing but its own commands and refusals.
 */

/** What a device may say below its own topic. */
export type DeviceChannel = 'reading' | 'sale' | 'state' | 'reply';

export interface DeviceTopic {
  store: string;
  deviceId: string;
  channel: DeviceChannel;
}

const channels: readonly string[] = ['reading', 'sale', 'state', 'reply'] satisfies DeviceChannel[];

/** Ids that cannot be mistaken for topic levels or wildcards. */
export const deviceIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function deviceTopicPrefix(store: string, deviceId: string): string {
  return `stockhand/v1/${store}/${deviceId}`;
}

/** The topic's parts, or null where it is no topic that a device publishes on. */
export function parseDeviceTopic(topic: string): DeviceTopic | null {
  const [root, version, store, deviceId, channel, ...rest] = topic.split('/');
  if (root !== 'stockhand' || version !== 'v1' || !store || !deviceId || !channel) return null;
  if (!channels.includes(channel)) return null;
  if (channel === 'reply' ? rest.length !== 2 : rest.length !== 0) return null;
  // Just checked against the list.
  return { store, deviceId, channel: channel as DeviceChannel };
}

/** Below its own topic; so few that the memory for subscriptions is bounded by the devices. */
const ownFilters: readonly string[] = ['#', 'refused', 'command/#', 'command/+/+'];

/** Whether a device may subscribe to this filter: only its own, and no wildcard above its id. */
export function mayListen(filter: string, store: string, deviceId: string): boolean {
  const prefix = `${deviceTopicPrefix(store, deviceId)}/`;
  return filter.startsWith(prefix) && ownFilters.includes(filter.slice(prefix.length));
}
