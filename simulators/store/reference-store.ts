/**
 * The reference stores and the virtual world, in figures. All budgets, benchmarks and scenarios refer
 * to these; the product may not change them. Version 1.
 */

export interface ReferenceStore {
  products: number;
  slots: number;
  plates: number;
  distanceSensors: number;
  rfidZones: number;
  scales: number;
  scanners: number;
  tills: number;
  staff: number;
  backroomBins: number;
}

/** S convenience, M supermarket, L hypermarket. */
export const referenceStores = {
  S: {
    products: 300,
    slots: 300,
    plates: 100,
    distanceSensors: 40,
    rfidZones: 10,
    scales: 1,
    scanners: 2,
    tills: 2,
    staff: 2,
    backroomBins: 60,
  },
  M: {
    products: 2_200,
    slots: 2_000,
    plates: 800,
    distanceSensors: 300,
    rfidZones: 100,
    scales: 12,
    scanners: 14,
    tills: 8,
    staff: 6,
    backroomBins: 300,
  },
  L: {
    products: 20_000,
    slots: 5_000,
    plates: 2_000,
    distanceSensors: 700,
    rfidZones: 300,
    scales: 40,
    scanners: 50,
    tills: 30,
    staff: 14,
    backroomBins: 1_200,
  },
} as const satisfies Record<string, ReferenceStore>;

export type StoreSize = keyof typeof referenceStores;

export const world = {
  opensHour: 7,
  closesHour: 21,
  /** Log-normal spread of a day's demand. */
  dayFactorSigma: 0.25,
  /** A shopper who finds the slot empty buys something else instead. */
  substituteShare: 0.3,
  casePacks: [6, 8, 10, 12, 24],
  /** Capacity: days of mean demand, within these bounds, times the capacity factor. */
  capacityDays: 1.2,
  capacityPiecesAtMost: 60,
  capacityPiecesAtLeast: 4,
  presentationMinimumPieces: 2,
  /** One product in so many has a second slot. */
  productsPerSecondSlot: 20,
  theftShare: 0.006,
  unscannedShare: 0.002,
  walkMetresPerSecond: 1.2,
  takeCaseSeconds: 15,
  stockPieceSeconds: 4,
  scanSeconds: 2,
  countPieceSeconds: 2,
  lookSeconds: 3,
  /** Share of a shift that is free for this work. */
  workShare: 2 / 3,
  sensorIntervalMs: 5_000,
  heartbeatMs: 5 * 60_000,
  weightNoiseGrams: 2,
  weightNoiseShare: 0.001,
  unitWeightSpread: 0.02,
  distanceNoiseMillimetres: 8,
  rfidReadRate: 0.93,
} as const;
