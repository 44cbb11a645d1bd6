/**
 * How far units wanted lie from what is expected: the quantiles of actual / expected among past days with
 * a like expectation and a like unrest of the series.
 *
 * Example: of days with 0.4 to 0.7 expected in restless series, one in ten sold more than 2.1 times the
 * expectation. So the 0.9 quantile of a day with 0.6 expected is 1.26.
 */

export interface Expectation {
  expected: number;
  /** Squared relative error of the series so far. */
  unrest: number;
}

const sizes = 10;
const unrests = 4;
const leastRows = 60;

export class DemandSpread {
  readonly #quantiles: readonly number[];
  readonly #sizeBorders: readonly number[];
  readonly #unrestBorders: readonly number[];
  /** [cell × quantiles]: actual / expected. */
  readonly #ratios: readonly number[][];

  constructor(rows: readonly (Expectation & { actual: number })[], quantiles: readonly number[]) {
    this.#quantiles = quantiles;
    this.#sizeBorders = bordersOf(
      rows.map(({ expected }) => expected),
      sizes,
    );
    this.#unrestBorders = bordersOf(
      rows.map(({ unrest }) => unrest),
      unrests,
    );
    const all = sorted(rows.map(({ actual, expected }) => actual / expected));
    const cells: number[][] = Array.from({ length: sizes * unrests }, () => []);
    for (const row of rows) cells[this.#cell(row)]?.push(row.actual / row.expected);
    this.#ratios = cells.map((cell) => {
      const ratios = cell.length < leastRows ? all : sorted(cell);
      return quantiles.map((quantile) => quantileOf(ratios, quantile));
    });
  }

  /** One value per quantile, not falling. */
  of(expectation: Expectation): number[] {
    const ratios = this.#ratios[this.#cell(expectation)] ?? this.#quantiles.map(() => 1);
    return ratios.map((ratio) => ratio * expectation.expected);
  }

  #cell({ expected, unrest }: Expectation): number {
    return placeOf(expected, this.#sizeBorders) * unrests + placeOf(unrest, this.#unrestBorders);
  }
}

const sorted = (values: number[]) => values.sort((one, other) => one - other);

function bordersOf(values: number[], parts: number): number[] {
  const ordered = sorted(values);
  return Array.from({ length: parts - 1 }, (_, index) => {
    return ordered[Math.floor(((index + 1) * ordered.length) / parts)] ?? 0;
  });
}

function placeOf(value: number, borders: readonly number[]): number {
  let place = 0;
  while (place < borders.length && value > (borders[place] as number)) place += 1;
  return place;
}

/** Linear between the two nearest; 1 where nothing is known. */
function quantileOf(ordered: readonly number[], quantile: number): number {
  if (ordered.length === 0) return 1;
  const place = quantile * (ordered.length - 1);
  const low = ordered[Math.floor(place)] as number;
  const high = ordered[Math.ceil(place)] as number;
  return low + (place - Math.floor(place)) * (high - low);
}
