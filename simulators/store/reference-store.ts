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
  /** How wide the store is: fixtures of an aisle, and bins of a row in the backroom. */
  fixturesPerAisle: number;
  binsPerRow: number;
  /** People at work, by hour of the day; the first entry whose `untilHour` lies after it. */
  crew: readonly { untilHour: number; people: number }[];
  /** Local hours at which trucks come, one entry for each. */
  truckHours: readonly number[];
  /** Click-and-collect orders a day: placed in the day, and carried by the 11:00 truck. */
  collectOrders: { placed: number; carried: number };
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
    fixturesPerAisle: 10,
    binsPerRow: 30,
    crew: [
      { untilHour: 6, people: 2 },
      { untilHour: 17, people: 3 },
      { untilHour: 24, people: 2 },
    ],
    truckHours: [6, 11],
    collectOrders: { placed: 4, carried: 2 },
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
    fixturesPerAisle: 15,
    binsPerRow: 30,
    crew: [
      { untilHour: 17, people: 8 },
      { untilHour: 21, people: 6 },
      { untilHour: 24, people: 8 },
    ],
    truckHours: [6, 11, 15],
    collectOrders: { placed: 20, carried: 10 },
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
    fixturesPerAisle: 25,
    binsPerRow: 60,
    crew: [{ untilHour: 24, people: 16 }],
    truckHours: [6, 6, 11, 11, 15, 15],
    collectOrders: { placed: 60, carried: 30 },
  },
} as const satisfies Record<string, ReferenceStore>;

export type StoreSize = keyof typeof referenceStores;

/**
 * The free number of each store: set once so that policy `nightly` in scenario `normal` lands at 90 to
 * 95 % true availability (mean of five seeds, 14 days).
 */
export const capacityFactors: Readonly<Record<StoreSize, number>> = { S: 1.25, M: 1.4, L: 2.5 };

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
  /** Of stocked cases: they end on the neighbouring slot. */
  misplacedCaseShare: 0.003,
  /** Of received lines: booked a case too many or too few. */
  wrongReceiptShare: 0.01,
  /** Of counts: one piece too many or too few. */
  wrongCountShare: 0.02,
  receiveCaseSeconds: 25,
  putAwayCaseSeconds: 35,
  cartCases: 12,
  /** A plate is checked with a known weight, or looked over. */
  checkSensorSeconds: 120,
  /** Truck orders: stock in the store and on order is brought up to so many days of mean demand. */
  baseStockDays: 3,
  /** When the ERP orders for the trucks of the next day. */
  orderHour: 20,
  /** From the dock to a cold bin or shelf; what lasts longer counts as out of refrigeration. */
  chilledLimitMinutes: 30,
  driftingPlateShare: 1 / 50,
  driftSharePerDay: 0.005,
  sensorFailuresPerDay: 1 / 200,
  /** A broken sensor that nobody asks about is replaced by the service after so many hours. */
  sensorServiceHours: 72,
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
