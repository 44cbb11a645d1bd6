/**
 * Doors of the dock that are kept for deliveries. A door serves one truck at a time: an appointment that
 * would meet another at the same door is refused, and HQ is told with which. A delivery has one
 * appointment; a new one replaces it, and one without times gives the door back.
 *
 * Example: D7 has DOCK-1 from 11:00 to 11:45. D8 at DOCK-1 from 11:30 is refused ("free from 11:45"), at
 * DOCK-2 it is taken. When D7 moves to 16:30, its old hour is free again.
 */
import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt';
import type { DockAppointmentBooked } from '@stockhand/proto/events/v1alpha/inbound_events_pb.js';
import type { BookDockAppointment } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { Faults } from '../catalogue/faults.ts';
import type { Recorder } from '../events/recorder.ts';
import type { Refusal } from '../input.ts';
import type { State } from '../state.ts';

/** A door that is kept for a delivery. */
export interface DockAppointment {
  /** Empty in a store with one door. */
  dockPlaceId: string;
  fromMs: number;
  untilMs: number;
}

/** No truck stands at a door for longer. */
export const appointmentLimitMs = 24 * 3_600_000;

/** Keeps the door, or answers why not and changes nothing. */
export function bookDockAppointment(recorder: Recorder, booking: BookDockAppointment): Refusal[] {
  const { state } = recorder;
  const { deliveryId, dockPlaceId, from, until } = booking;
  const faults = new Faults();
  const delivery = state.deliveries.get(deliveryId);
  if (delivery === undefined || delivery.arrivedAtMs > 0) {
    faults.add('unknown-delivery', 'deliveryId', deliveryId, 'a delivery that is expected');
  }
  if (dockPlaceId !== '' && state.catalogue.placeById.get(dockPlaceId)?.kind !== 'dock') {
    faults.add('unknown-place', 'dockPlaceId', dockPlaceId, 'a place of kind dock, or empty');
  }
  const isGivenBack = from === undefined && until === undefined;
  if (!isGivenBack) checkTimes(state, booking, faults);
  if (faults.list.length > 0) return faults.list;
  const times = isGivenBack ? {} : { ...(from && { from }), ...(until && { until }) };
  recorder.record('dockAppointmentBooked', { deliveryId, dockPlaceId, ...times });
  return [];
}

function checkTimes(
  state: Readonly<State>,
  { deliveryId, dockPlaceId, from, until }: BookDockAppointment,
  faults: Faults,
): void {
  if (from === undefined) faults.add('missing-field', 'from', '', 'when the door is kept');
  if (until === undefined) faults.add('missing-field', 'until', '', 'when the door is free again');
  const span = spanOf(from, until);
  if (span === null) return;
  const { fromMs, untilMs } = span;
  if (untilMs <= fromMs || untilMs - fromMs > appointmentLimitMs) {
    faults.add('out-of-range', 'until', untilMs, 'after from, within 24 hours');
  }
  for (const other of state.deliveries.values()) {
    const { appointment } = other;
    if (other.deliveryId === deliveryId || other.arrivedAtMs > 0 || appointment === null) continue;
    if (appointment.dockPlaceId !== dockPlaceId) continue;
    if (fromMs >= appointment.untilMs || untilMs <= appointment.fromMs) continue;
    const free = new Date(appointment.untilMs).toISOString();
    const found = new Date(fromMs).toISOString();
    faults.add('out-of-range', 'from', found, `${free} or later: ${other.deliveryId} has the door`);
  }
}

function spanOf(from: Timestamp | undefined, until: Timestamp | undefined) {
  if (from === undefined || until === undefined) return null;
  return { fromMs: timestampMs(from), untilMs: timestampMs(until) };
}

export function applyDockAppointmentBooked(state: State, booked: DockAppointmentBooked): void {
  const delivery = state.deliveries.get(booked.deliveryId);
  if (delivery === undefined) return;
  const span = spanOf(booked.from, booked.until);
  delivery.appointment = span === null ? null : { dockPlaceId: booked.dockPlaceId, ...span };
}
