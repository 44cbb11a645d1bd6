/** What new master data does to the state: the catalogue is replaced, what hung on the old one goes. */
import type { MasterDataApplied } from '@stockhand/proto/events/v1alpha/governance_events_pb.js';
import type { State } from '../state.ts';
import { forgetUntracked } from '../stock/lots.ts';
import { resizeShelf } from '../stock/shelf.ts';
import { indexCatalogue } from './catalogue.ts';
import { withAssigned } from './device-assignment.ts';
import { catalogueFactsOf } from './master-data.ts';

export function applyMasterDataApplied(
  state: State,
  applied: MasterDataApplied,
  atMs: number,
  touched: Set<string>,
): void {
  if (applied.masterData === undefined) return;
  const listed = indexCatalogue({
    ...catalogueFactsOf(applied.masterData),
    profilesVersion: state.catalogue.facts.profilesVersion,
    profiles: state.catalogue.facts.profiles,
  });
  const assigned = [...state.devices.values()].flatMap(({ assignment }) => assignment ?? []);
  const catalogue = withAssigned(listed, assigned);
  state.catalogue = catalogue;
  forgetUntracked(state);
  for (const [slotId, shelf] of state.shelves) {
    // What was believed of another product in the slot says nothing about this one.
    const slot = catalogue.slotById.get(slotId);
    if (slot === undefined || slot.gtin !== shelf.gtin) state.shelves.delete(slotId);
    else resizeShelf(shelf, slot);
  }
  for (const device of listed.facts.devices) {
    const record = state.devices.get(device.deviceId);
    if (record === undefined) {
      state.devices.set(device.deviceId, {
        deviceId: device.deviceId,
        model: device.model,
        standing: 'known',
        isApproved: false,
        assignment: null,
        presence: 'unknown',
        lastEventAtMs: atMs,
      });
    } else {
      record.model = device.model;
      // HQ describes it from now on.
      record.assignment = null;
      if (record.standing === 'pending') record.standing = 'known';
    }
  }
  for (const [deviceId, record] of state.devices) {
    if (listed.deviceById.has(deviceId) || record.isApproved) continue;
    if (record.standing === 'known') state.devices.delete(deviceId);
  }
  // A sensor that was moved or recalibrated measures anew, and one that is gone measures nothing.
  state.channels.clear();
  for (const slot of catalogue.facts.slots) touched.add(slot.slotId);
}
