/**
 * Counts the tags of one pass over an RFID zone: each electronic product code names a product, and the
 * slots of that product in the zone hold as many as were read. Tags of other products (a shopper's
 * basket, the zone beside) and of other schemes are passed over; a pass in which no tag could be read
 * as a product at all, though there were some, is refused, for it would call full shelves empty.
 */
import { readSgtin } from '@stockhand/device-drivers/gs1/sgtin-198.ts';
import type { Catalogue, Device } from '../catalogue/catalogue.ts';
import { refusal } from '../errors.ts';
import type { Refusal } from '../input.ts';
import type { SlotReading } from './measurement.ts';

/** Tags of one pass; a zone of shelves holds a few hundred. */
export const tagsPerPassLimit = 10_000;

export type TagCount =
  | { kind: 'measured'; tagCount: number; slots: SlotReading[] }
  | { kind: 'refused'; refusal: Refusal };

export function countTags(catalogue: Catalogue, device: Device, epcs: readonly string[]): TagCount {
  if (epcs.length > tagsPerPassLimit) {
    return fault('too-many', epcs.length, `at most ${tagsPerPassLimit} tags`);
  }
  const byGtin = new Map<string, number>();
  let products = 0;
  for (const epc of new Set(epcs.map((text) => text.toUpperCase()))) {
    const tag = readSgtin(epc);
    if (!('gtin' in tag) || typeof tag.gtin !== 'string') continue;
    products += 1;
    byGtin.set(tag.gtin, (byGtin.get(tag.gtin) ?? 0) + 1);
  }
  if (products === 0 && epcs.length > 0) {
    return fault('epc-unreadable', epcs[0] ?? '', 'SGTIN-96 or SGTIN-198 in hexadecimal digits');
  }
  const slots: SlotReading[] = [];
  let tagCount = 0;
  for (const slotId of device.slotIds) {
    const slot = catalogue.slotById.get(slotId);
    if (slot === undefined) continue;
    const left = byGtin.get(slot.gtin) ?? 0;
    const apparent = Math.min(left, slot.capacity);
    byGtin.set(slot.gtin, left - apparent);
    tagCount += apparent;
    slots.push({ slot, apparent });
  }
  return { kind: 'measured', tagCount, slots };
}

function fault(
  reason: 'too-many' | 'epc-unreadable',
  found: string | number,
  expected: string,
): TagCount {
  return { kind: 'refused', refusal: refusal(reason, 'tagReads.epcs', found, expected) };
}
