/** Series without gaps in their days, from their first to the last that is forecast. */
import type { SalesDay, SalesSeries } from './series.ts';

/** The day after the last one of which sales are known, over all series. */
export function dayAfterLast(all: readonly SalesSeries[]): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const { days } of all) {
    for (const { day, units } of days) if (units !== null && day > last) last = day;
  }
  return last + 1;
}

/**
 * The series up to the end of the horizon: days that are missing are unknown, with the price of the day
 * before; what lies at or after the cutoff keeps only what a store knows beforehand.
 */
export function upTo(series: SalesSeries, cutoff: number, horizonDays: number): SalesSeries {
  const byDay = new Map(series.days.map((entry) => [entry.day, entry]));
  const first = Math.min(series.days[0]?.day ?? cutoff, cutoff);
  const days: SalesDay[] = [];
  let discount = 1;
  for (let day = first; day < cutoff + horizonDays; day += 1) {
    const known = byDay.get(day);
    discount = known?.discount ?? discount;
    const isPast = day < cutoff;
    days.push({
      day,
      discount,
      holiday: known?.holiday ?? false,
      activity: known?.activity ?? false,
      units: isPast ? (known?.units ?? null) : null,
      stockouts: isPast ? (known?.stockouts ?? null) : null,
    });
  }
  return { ...series, days };
}
