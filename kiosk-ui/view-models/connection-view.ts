/**
 * The connection strip that every screen shows: page → agent, agent → HQ, devices, and what waits.
 *
 * What the agent tells is only as fresh as the stream: when the page has lost the agent, the rest
 * of the strip is marked as old instead of being shown as if it were true.
 *
 * Example: stream live, HQ down since 09:02 with 41 events waiting, 12 of 14 devices online: agent
 * good, HQ attention (41 wait), devices attention (2 missing). Nothing is lost, so nothing is red.
 */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { ConnectionState } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';

export type LinkState = 'connecting' | 'live' | 'offline';

export type Tone = 'good' | 'attention' | 'bad' | 'unknown';

export interface ConnectionView {
  agent: Tone;
  hq: Tone;
  devices: Tone;
  /** Events that HQ has not acknowledged. */
  eventsWaiting: number;
  oldestWaitingMs: number | undefined;
  devicesOnline: number;
  devicesKnown: number;
  troubledDevices: readonly string[];
  /** Actions of this kiosk that the agent has not answered. */
  actionsWaiting: number;
  /** True when the figures are from before the connection was lost. */
  isOld: boolean;
}

/** A short backlog while connected is normal: events travel in batches. */
export const waitingWorthShowing = 500;

function agentTone(link: LinkState): Tone {
  if (link === 'live') return 'good';
  return link === 'connecting' ? 'unknown' : 'bad';
}

function devicesTone(connections: ConnectionState): Tone {
  if (connections.devicesKnown === 0) return 'unknown';
  if (connections.troubledDevices.length > 0) return 'attention';
  return connections.devicesOnline < connections.devicesKnown ? 'attention' : 'good';
}

function hqTone(connections: ConnectionState): Tone {
  if (!connections.hqConnected) return 'attention';
  return connections.eventsWaitingForHq > BigInt(waitingWorthShowing) ? 'attention' : 'good';
}

export function connectionView(
  link: LinkState,
  connections: ConnectionState | undefined,
  actionsWaiting: number,
): ConnectionView {
  const isOld = link !== 'live';
  const known = connections !== undefined && !isOld;
  const oldest = connections?.oldestWaiting;
  return {
    agent: agentTone(link),
    hq: known ? hqTone(connections) : 'unknown',
    devices: known ? devicesTone(connections) : 'unknown',
    eventsWaiting: Number(connections?.eventsWaitingForHq ?? 0n),
    oldestWaitingMs: oldest === undefined ? undefined : timestampMs(oldest),
    devicesOnline: connections?.devicesOnline ?? 0,
    devicesKnown: connections?.devicesKnown ?? 0,
    troubledDevices: connections?.troubledDevices ?? [],
    actionsWaiting,
    isOld,
  };
}
