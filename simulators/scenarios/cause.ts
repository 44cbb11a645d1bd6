/** What really went wrong, for the judge of exceptions. */

export type CauseKind =
  | 'truck-late'
  | 'line-short'
  | 'line-over'
  | 'line-damaged'
  | 'receipt-wrong'
  | 'record-wrong'
  | 'record-too-high'
  | 'record-too-low'
  | 'wrong-bin'
  | 'sensor'
  | 'misplaced'
  | 'promotion';

export interface Cause {
  kind: CauseKind;
  /** Ids that name this cause and no other: truck, line, product, slot, device. */
  subjects: readonly string[];
  /** Ids that name it together with its like: the truck of a line, the bin of a product. */
  group: readonly string[];
  atMs: number;
  /** Named later than this, it does not count. */
  untilMs: number;
  /** Planted by the scenario, not one of the world's own errors. */
  isPlanted: boolean;
  /** For people: "3 cases of SKU-00012 gone from bin-012". */
  story: string;
}
