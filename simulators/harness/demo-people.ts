/**
 * Who works in the demo store: two people whose sign-ins are printed, and as many virtual staff as were
 * ever asked for. A virtual person has a badge of 128 random bits, made once and kept, and no PIN, so
 * that the kiosk's sign-in screen does not offer them.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { create, toJsonString } from '@bufbuild/protobuf';
import { hashBadge, hashPin } from '@stockhand/central-sync/hq/staff-secret.ts';
import { ApplyMasterDataSchema } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import type { StaffMember } from '../devices/kiosk-person.ts';
import { masterDataOf } from '../store/master-data.ts';
import type { StorePlan } from '../store/store-plan.ts';

/** Sign-ins of the demo; a real store's are made by HQ and never printed. */
export const demoPeople = [
  { name: 'Mira (manager)', pin: '1111', badge: 'badge-mira' },
  { name: 'Jonas', pin: '2222', badge: 'badge-jonas' },
] as const;

/** Virtual staff at most: more than a hypermarket has in a shift. */
export const virtualStaffLimit = 20;

export interface VirtualStaff {
  /** All whom master data names. */
  members: readonly StaffMember[];
  /** Some are new, so HQ must tell the store. */
  hasGrown: boolean;
}

/** Reads the virtual staff that a file keeps, and adds to it what is missing to `count`. */
export function keepVirtualStaff(file: string, count: number): VirtualStaff {
  // Written below.
  const kept: StaffMember[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  const members = [...kept];
  while (members.length < count) {
    const badge = randomBytes(16).toString('hex');
    members.push({ personRef: `virtual-${members.length + 1}`, badge });
  }
  const hasGrown = members.length > kept.length;
  if (hasGrown) writeFileSync(file, JSON.stringify(members, null, 2), { mode: 0o600 });
  return { members, hasGrown };
}

/** Proto3 JSON of the demo's `ApplyMasterData`. @param version newer ones replace older ones */
export function demoMasterDataJson(
  plan: StorePlan,
  virtualStaff: readonly StaffMember[],
  version: string,
): string {
  const people = demoPeople.map(({ name, pin, badge }, index) => ({
    personRef: plan.staff[index] ?? '',
    name,
    pinHash: hashPin(pin),
    badgeHash: hashBadge(badge),
  }));
  const virtual = virtualStaff.map(({ personRef, badge }, index) => ({
    personRef,
    name: `Virtual ${index + 1}`,
    badgeHash: hashBadge(badge),
  }));
  const staff = [...plan.staff, ...virtual.map(({ personRef }) => personRef)];
  const masterData = masterDataOf({ ...plan, staff }, version);
  // Shoppers come whenever the demo runs.
  if (masterData.store) Object.assign(masterData.store, { opensMinute: 0, closesMinute: 0 });
  const message = create(ApplyMasterDataSchema, {
    masterData,
    staff: { members: [...people, ...virtual] },
  });
  return toJsonString(ApplyMasterDataSchema, message);
}
