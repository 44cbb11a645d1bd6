/**
 * Load against hands, hour by hour, as bars on one scale: the longest of all is the whole width.
 *
 * An hour is short when its work takes more than its hands have. What deliveries will bring counts as work
 * of its hour, for it has to be done then. Example: 14:00 has 120 minutes of hands, 90 of work and 45
 * of a delivery: short by 15.
 */
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { LabourHour } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';

export interface LabourBar {
  fromMs: number;
  handsMinutes: number;
  loadMinutes: number;
  inboundMinutes: number;
  handsPpm: number;
  loadPpm: number;
  inboundPpm: number;
  shortMinutes: number;
}

export function labourBars(hours: readonly LabourHour[]): LabourBar[] {
  const longest = Math.max(
    1,
    ...hours.map((one) => Math.max(one.handsMinutes, one.loadMinutes + one.inboundMinutes)),
  );
  const ppm = (minutes: number) => Math.round((minutes / longest) * 1_000_000);
  return hours.map(({ from, handsMinutes, loadMinutes, inboundMinutes }) => ({
    fromMs: from === undefined ? 0 : timestampMs(from),
    handsMinutes,
    loadMinutes,
    inboundMinutes,
    handsPpm: ppm(handsMinutes),
    loadPpm: ppm(loadMinutes),
    inboundPpm: ppm(inboundMinutes),
    shortMinutes: Math.max(0, loadMinutes + inboundMinutes - handsMinutes),
  }));
}
