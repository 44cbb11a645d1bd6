/**
 * What a fit of daily units may look at: a series on the morning `origin` (days before it are known) and
 * a day `target` ahead, of which only discount, holiday and activity are known.
 */
import { leastLevel, type Member } from './forecast-panel.ts';
import { weekday } from './series.ts';

export const dayFeatures = 27;

/** Units wanted a day, as the trees' first guess. */
export function levelOf(member: Member, origin: number): number {
  const quick = member.wanted3[origin] as number;
  const usual = member.wanted10[origin] as number;
  return Math.max(0.4 * quick + 0.6 * usual, leastLevel);
}

/** Writes the features of one row to `values`, from `at` on. */
export function writeDayFeatures(
  member: Member,
  firstDay: number,
  origin: number,
  target: number,
  values: Float32Array,
  at: number,
): void {
  const { history, store, category } = member;
  const level = levelOf(member, origin);
  const ratio = (value: number) => Math.log((value + 0.1 * level + 0.01) / (1.1 * level + 0.01));
  const last = origin - 1;
  const weekBefore = target - 7 * Math.ceil((target - last) / 7);
  const discount = history.discount[target] as number;
  const usualDiscount = member.discount14[origin] as number;
  let index = at;
  const put = (value: number) => {
    values[index] = value;
    index += 1;
  };
  put(Math.log(level));
  put(ratio(member.wanted3[origin] as number));
  put(ratio(member.wanted30[origin] as number));
  put(ratio(member.sold5[origin] as number));
  put(ratio(member.sold14[origin] as number));
  put(ratio(history.wanted[last] ?? Number.NaN));
  put(ratio(history.wanted[last - 1] ?? Number.NaN));
  put(ratio(history.wanted[weekBefore] ?? Number.NaN));
  put(ratio(meanOfWeekdays(history.wanted, weekBefore)));
  put(member.out3[origin] as number);
  put(member.out14[origin] as number);
  put(history.outShare[last] ?? Number.NaN);
  put(discount);
  put(discount - usualDiscount);
  put(discount - (history.discount[last] ?? discount));
  put(discount - (history.discount[weekBefore] ?? discount));
  put(history.holiday[target] as number);
  put((history.holiday[target] as number) - (history.holiday[last] ?? 0));
  put(history.activity[target] as number);
  put((history.activity[target] as number) - (member.activity14[origin] as number));
  put(target - last);
  put(weekday(firstDay + target));
  put(relation(meanOfWeekdays(store.sold, weekBefore), store.sold14[origin] as number));
  put(relation(store.sold3[origin] as number, store.sold14[origin] as number));
  put(relation(category.sold3[origin] as number, category.sold14[origin] as number));
  put(member.zero14[origin] as number);
  put(member.spread14[origin] as number);
}

/** Mean of up to four days of the same weekday. */
function meanOfWeekdays(values: Float32Array, newest: number): number {
  let [sum, count] = [0, 0];
  for (let t = newest; t >= 0 && t > newest - 28; t -= 7) {
    const value = values[t] as number;
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? Number.NaN : sum / count;
}

function relation(value: number, usual: number): number {
  return usual > 0 ? value / usual : Number.NaN;
}
