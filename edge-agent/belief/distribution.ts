/**
 * A probability over the true quantity of a slot: cell i is the chance that it holds i × `unit` base
 * units. Cells sum to one. All functions answer a new array or change the given one as their name says;
 * none keeps state.
 */

/** Cells of a slot at most; a greater capacity gets coarser cells. */
export const cellsLimit = 256;

export interface Distribution {
  /** Base units per cell: 1 for slots of up to 255 pieces. */
  unit: number;
  /** Chance of each quantity, 0 to the capacity. */
  cells: number[];
}

export interface BeliefSummary {
  /** Base units. */
  likeliest: number;
  mean: number;
  /** The interval in which the truth lies with 80 %: below `low` lies at most a tenth, above `high` too. */
  low: number;
  high: number;
  /** Chances in parts per million. */
  pEmptyPpm: number;
}

/** Every quantity from nothing to the capacity is as likely as any other. */
export function unknownUpTo(capacity: number): Distribution {
  const unit = Math.max(1, Math.ceil(capacity / (cellsLimit - 1)));
  const count = Math.ceil(capacity / unit) + 1;
  return { unit, cells: Array<number>(count).fill(1 / count) };
}

/** The cell that stands for a quantity; what lies outside is cut to the ends. */
export function cellOf(distribution: Distribution, quantity: number): number {
  const cell = Math.round(quantity / distribution.unit);
  return Math.min(Math.max(cell, 0), distribution.cells.length - 1);
}

/** All but `doubt` of the chance on one quantity, the rest on its neighbours. */
export function settleOn(distribution: Distribution, quantity: number, doubt: number): void {
  const { cells } = distribution;
  const at = cellOf(distribution, quantity);
  cells.fill(0);
  cells[at] = 1 - doubt;
  for (const beside of [at - 1, at + 1]) {
    const cell = beside < 0 || beside >= cells.length ? at : beside;
    cells[cell] = (cells[cell] ?? 0) + doubt / 2;
  }
}

/** Moves all by whole cells; what would fall off an end gathers there. */
export function shifted(cells: readonly number[], by: number): number[] {
  const last = cells.length - 1;
  const moved = Array<number>(cells.length).fill(0);
  cells.forEach((chance, cell) => {
    const to = Math.min(Math.max(cell + by, 0), last);
    moved[to] = (moved[to] ?? 0) + chance;
  });
  return moved;
}

/** `share` of one and the rest of the other, cell by cell. */
export function blended(one: readonly number[], other: readonly number[], share: number): number[] {
  return one.map((chance, cell) => share * chance + (1 - share) * (other[cell] ?? 0));
}

/**
 * Bayes' rule: weighs each cell with how well it explains what was seen, in place. When nothing
 * explains it at all the belief stays, and the answer is 0; otherwise it is the chance of the evidence.
 */
export function weigh(cells: number[], likelihood: (cell: number) => number): number {
  let sum = 0;
  for (let cell = 0; cell < cells.length; cell += 1) sum += (cells[cell] ?? 0) * likelihood(cell);
  if (!(sum > 0) || !Number.isFinite(sum)) return 0;
  for (let cell = 0; cell < cells.length; cell += 1) {
    cells[cell] = ((cells[cell] ?? 0) * likelihood(cell)) / sum;
  }
  return sum;
}

/** The likeliest cell; the lowest of equals. */
export function likeliestCell(cells: readonly number[]): number {
  let best = 0;
  for (let cell = 1; cell < cells.length; cell += 1) {
    if ((cells[cell] ?? 0) > (cells[best] ?? 0)) best = cell;
  }
  return best;
}

/** The chance that at most so much is there, 0 to 1. */
export function chanceAtMost(distribution: Distribution, quantity: number): number {
  if (quantity < 0) return 0;
  const last = Math.floor(quantity / distribution.unit);
  let sum = 0;
  for (let cell = 0; cell <= last && cell < distribution.cells.length; cell += 1) {
    sum += distribution.cells[cell] ?? 0;
  }
  return Math.min(1, sum);
}

export function summarise(distribution: Distribution): BeliefSummary {
  const { cells, unit } = distribution;
  let mean = 0;
  let below = 0;
  let low = -1;
  let high = -1;
  for (let cell = 0; cell < cells.length; cell += 1) {
    const chance = cells[cell] ?? 0;
    mean += chance * cell * unit;
    below += chance;
    if (low < 0 && below > 0.1) low = cell * unit;
    if (high < 0 && below >= 0.9 - 1e-12) high = cell * unit;
  }
  return {
    likeliest: likeliestCell(cells) * unit,
    mean,
    low: Math.max(low, 0),
    high: high < 0 ? (cells.length - 1) * unit : high,
    pEmptyPpm: ppm(cells[0] ?? 0),
  };
}

export function ppm(chance: number): number {
  return Math.round(Math.min(Math.max(chance, 0), 1) * 1_000_000);
}
