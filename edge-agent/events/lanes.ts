/**
 * Which lane an event travels in. Business facts are never thinned; what a sensor says many times an
 * hour is telemetry and may be thinned when the link is down for long.
 */
import { Lane } from '@stockhand/proto/events/v1alpha/event_pb.js';
import type { EventCase } from './event.ts';

const telemetryCases: ReadonlySet<EventCase> = new Set<EventCase>([
  'deviceCameOnline',
  'deviceWentOffline',
  'readingsMissed',
  'shelfObserved',
]);

export function laneOf(eventCase: EventCase): Lane {
  return telemetryCases.has(eventCase) ? Lane.TELEMETRY : Lane.BUSINESS;
}
