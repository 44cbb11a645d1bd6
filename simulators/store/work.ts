/**
 * What a person in the store can be asked to do, and what they can tell afterwards. Policies speak
 * these words only: whatever a report does not say, a policy without the truth cannot know.
 */

/** One slot of a refill walk. */
export interface RefillStop {
  slotId: string;
  gtin: string;
  /** Where the goods are looked for. */
  binId: string;
  pieces: number;
  /** Asked to tell what is left in the bin: so much by the record. Nobody asks where it is missing. */
  expectedLeftPieces?: number;
}

/** One load unit of a truck: a product with its cases. */
export interface TruckLine {
  lineId: string;
  truckId: string;
  gtin: string;
  /** As the notice says; what is on the truck may differ. */
  announcedPieces: number;
}

export interface CollectLine {
  gtin: string;
  pieces: number;
}

export interface CollectOrder {
  orderId: string;
  lines: readonly CollectLine[];
  placedAtMs: number;
  promiseAtMs: number;
  /** The truck that carries its goods; '' when it is to be picked from what the store has. */
  truckId: string;
}

/** Where a pick looks first: a bin or a slot. */
export interface PickSource {
  gtin: string;
  pieces: number;
  binId: string;
  slotId: string;
}

export type Work =
  | { kind: 'receive'; lines: readonly TruckLine[] }
  | { kind: 'put-away'; lines: readonly { lineId: string; gtin: string; binId: string }[] }
  | { kind: 'refill'; stops: readonly RefillStop[] }
  | { kind: 'look'; slotIds: readonly string[] }
  | { kind: 'count-slot'; slotId: string }
  | { kind: 'count-bin'; gtin: string; binId: string }
  | { kind: 'pick'; order: CollectOrder; sources: readonly PickSource[] }
  | {
      kind: 'move';
      gtin: string;
      pieces: number;
      /** A bin, the dock or the collect shelf. */
      fromPlaceId: string;
      /** A bin. */
      toPlaceId: string;
      /** The order that the goods were picked for; '' when for none. */
      orderId: string;
    }
  | { kind: 'check-sensor'; slotId: string; looksOnly: boolean };

/** What is told as soon as it is done, one part of a work at a time. */
export type Report =
  | { kind: 'received'; line: TruckLine; countedPieces: number; damagedPieces: number }
  | {
      kind: 'put-away';
      lineId: string;
      gtin: string;
      binId: string;
      pieces: number;
      /** Still at the dock. */
      leftPieces: number;
    }
  | {
      kind: 'refilled';
      stop: RefillStop;
      /** What the bin gave. */
      foundPieces: number;
      /** What is left in the bin, where it was asked for or is seen without counting: a case or less; else null. */
      leftInBinPieces: number | null;
      placedPieces: number;
      /** The slot takes no more. */
      isFull: boolean;
    }
  | { kind: 'looked'; slotId: string; pieces: number }
  | { kind: 'counted-slot'; slotId: string; pieces: number }
  | { kind: 'counted-bin'; gtin: string; binId: string; pieces: number }
  | { kind: 'moved'; gtin: string; fromPlaceId: string; pieces: number }
  | { kind: 'picked'; order: CollectOrder; source: PickSource; pieces: number }
  | { kind: 'order-ready'; order: CollectOrder; isComplete: boolean }
  | {
      kind: 'sensor-checked';
      slotId: string;
      wasBroken: boolean;
      hadForeign: boolean;
      /** Counted on the slot; null of who only looked. */
      pieces: number | null;
    };
