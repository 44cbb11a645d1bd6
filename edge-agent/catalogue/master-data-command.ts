/**
 * ApplyMasterData: HQ's products, places, slots, devices and people replace what the store had.
 *
 * It is checked whole and refused whole. What is older than the data in force is refused; the same
 * version again changes nothing, so that a push at every reconnect is harmless. Names and secrets of
 * people never enter the log: they are handed back for the side table, to be written in the same
 * commit. Needs of slots that are gone, or hold another product now, are withdrawn with their tasks;
 * people who are gone are signed out and their tasks released.
 */

import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type {
  MasterData,
  StaffDirectory,
} from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import type { ApplyMasterData } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { refusal } from '../errors.ts';
import type { Recorder } from '../events/recorder.ts';
import { forgetMarks } from '../ingest/reading-marks.ts';
import { endSession } from '../ingest/sessions.ts';
import type { Refusal } from '../input.ts';
import type { PersonRecord } from '../ports.ts';
import { withdrawNeed } from '../replenishment/review.ts';
import { followMasterData } from '../tasks/label-work.ts';
import { masterDataFaults, staffDirectoryFaults } from './validation.ts';
import { compareVersions } from './version-order.ts';

type Result = { people: PersonRecord[] | null } | { refusals: Refusal[] };

export function applyMasterData(recorder: Recorder, command: ApplyMasterData): Result {
  const { masterData, staff } = command;
  const { state } = recorder;
  if (masterData === undefined) {
    return { refusals: [refusal('missing-field', 'masterData', '', 'the master data')] };
  }
  const { version } = state.catalogue.facts;
  const order = version === '' ? 1 : compareVersions(masterData.version, version);
  if (order < 0) {
    const expected = `newer than ${version}`;
    return { refusals: [refusal('stale-master-data', 'version', masterData.version, expected)] };
  }
  const refusals = faultsOf(masterData, staff, state.storeGln);
  if (refusals.length > 0) return { refusals };
  const people = staff === undefined ? null : peopleOf(staff);
  if (order === 0) return { people };
  const devicesBefore = [...state.devices.keys()];
  const before = state.catalogue;
  recorder.record('masterDataApplied', { masterData });
  withdrawOrphans(recorder);
  releaseLeavers(recorder);
  followMasterData(recorder, before);
  for (const deviceId of devicesBefore) {
    if (state.devices.has(deviceId)) continue;
    recorder.marks.push(...forgetMarks(state.readingMarks, deviceId));
  }
  return { people };
}

function faultsOf(
  masterData: MasterData,
  staff: StaffDirectory | undefined,
  storeGln: string,
): Refusal[] {
  const faults = masterDataFaults(masterData, storeGln).list;
  return staff === undefined
    ? faults
    : [...faults, ...staffDirectoryFaults(staff, masterData).list];
}

function peopleOf(staff: StaffDirectory): PersonRecord[] {
  return staff.members.map(({ personRef, name, pinHash, badgeHash }) => ({
    personRef,
    name,
    pinHash,
    badgeHash,
  }));
}

function withdrawOrphans(recorder: Recorder): void {
  const { needs, catalogue } = recorder.state;
  for (const need of [...needs.values()]) {
    const slot = catalogue.slotById.get(need.slotId);
    if (slot === undefined) withdrawNeed(recorder, need, 'slot-removed');
    else if (slot.gtin !== need.gtin) withdrawNeed(recorder, need, 'slot-has-another-product');
  }
}

function releaseLeavers(recorder: Recorder): void {
  const { sessions, tasks, catalogue } = recorder.state;
  for (const session of [...sessions.values()]) {
    if (!catalogue.staffByRef.has(session.personRef)) endSession(recorder, session, 'removed');
  }
  for (const task of [...tasks.open.values()]) {
    if (task.claimedBy === '' || catalogue.staffByRef.has(task.claimedBy)) continue;
    if (task.status !== TaskStatus.CLAIMED && task.status !== TaskStatus.STARTED) continue;
    const { taskId, claimedBy: personRef } = task;
    recorder.record('taskReleased', { taskId, personRef, reason: 'person-removed' });
  }
}
