/**
 * Names of inputs: what makes a second arrival a duplicate, and what an event says led to it.
 *
 * | input | name |
 * |---|---|
 * | reading | reading/device/session/sequence, or the device's time, or client and packet id |
 * | till receipt | sale/workstation/business day/receipt (its lines are told apart in the payload) |
 * | kiosk action | action/action id |
 * | HQ command | hq/HQ epoch/sequence |
 * | timer | timer/purpose/due time |
 *
 * The parts may hold neither "/" nor line breaks; ids that do are refused before.
 */
import type { Reading } from '@stockhand/proto/device/v1alpha/reading_pb.js';

const idForm = /^[A-Za-z0-9][A-Za-z0-9._:@+=-]{0,63}$/;

/** Ids of devices, sessions, channels, workstations, people: 1 to 64 plain characters, no "/". */
export function isPlainId(text: string): boolean {
  return idForm.test(text);
}

/** What `isPlainId` asks for, in words. */
export const plainIdExpectation = '1 to 64 of A-Z a-z 0-9 . _ : @ + = -, a letter or digit first';

export function readingName(reading: Reading, discriminator: string): string {
  return `reading/${reading.deviceId}/${reading.session}/${discriminator}`;
}

export function saleName(workstation: string, businessDay: string, receipt: string): string {
  return `sale/${workstation}/${businessDay}/${receipt}`;
}

const actionPrefix = 'action/';

export function actionName(actionId: string): string {
  return actionPrefix + actionId;
}

/** The action id in an input's name; null when it names something else. */
export function actionIdOf(inputName: string): string | null {
  return inputName.startsWith(actionPrefix) ? inputName.slice(actionPrefix.length) : null;
}

export function commandName(hqEpoch: string, sequence: number): string {
  return `hq/${hqEpoch}/${sequence}`;
}

export function timerName(purpose: string, dueAtMs: number): string {
  return `timer/${purpose}/${dueAtMs}`;
}
