/** The days of a run as a story for people: what happened, what was decided, what came of it. */
import { dayClockText, dayIndexOf } from '../kernel/day-clock.ts';
import type { StoreRun, StoreRunReport } from './store-run.ts';

const percent = (share: number, digits = 2) => `${(share * 100).toFixed(digits)} %`;

/** Causes and judged exceptions of the run, in order of time. */
export function storyLines({ store, judged }: StoreRun): string[] {
  const lines: { atMs: number; text: string }[] = [];
  for (const { atMs, story, isPlanted } of store.scenario.causes) {
    lines.push({ atMs, text: `${isPlanted ? 'planted' : 'by chance'}: ${story}` });
  }
  for (const { raised, verdict, cause } of judged) {
    const about = raised.subjects.join(', ');
    const why = cause ? ` (${cause.story})` : '';
    lines.push({ atMs: raised.atMs, text: `noticed, ${verdict}: ${raised.type} ${about}${why}` });
  }
  for (const { atMs, text } of store.notes) lines.push({ atMs, text });
  lines.sort((one, other) => one.atMs - other.atMs);
  return lines.map(({ atMs, text }) => `${dayClockText(atMs)}  ${text}`);
}

/** One line for a day that has ended. */
export function dayLine(run: Pick<StoreRun, 'store'>): string {
  const { store } = run;
  const { wanted, lost } = store.shoppers.outcome;
  const { tasks, workSeconds } = store.crew.effort;
  const empty = store.plan.slots.filter(({ slotId }) => store.stock.inSlot(slotId) === 0).length;
  const day = dayIndexOf(store.agenda.nowMs - 1) + 1;
  const since = `${wanted} pieces wanted so far, ${lost} lost`;
  const work = `${tasks} tasks in ${Math.round(workSeconds / 60)} staff minutes`;
  return `day ${day} ends  ${empty} slots empty, ${since}, ${work}`;
}

export function summaryText(report: StoreRunReport, factor: number): string {
  const { kpi, exceptions, belief } = report;
  return `
Store ${report.store}, scenario ${report.scenario}, policy ${report.policy}, ${report.days} days, seed ${report.seed}
Capacity factor ${factor}: shelf space, times 1.2 days of mean demand

  availability   ${percent(kpi.trueAvailability)} of slot-minutes in opening hours (true, not believed)
  lost sales     ${percent(kpi.lostSalesShare)} of the pieces wanted
  empty slots    ${kpi.stockoutMinutes} slot-minutes
  work           ${kpi.tasks} tasks, ${kpi.staffMinutes} staff minutes, ${kpi.walkMetres} m walked
  promises       ${percent(kpi.promisesKeptShare)} of click-and-collect orders ready in time
  cold chain     ${kpi.chilledMinutesOut} line-minutes out of refrigeration beyond 30 minutes
  exceptions     ${exceptions.right} right, ${exceptions.false} false, ${exceptions.missed} missed, ${exceptions.duplicates} duplicates
  belief         off by ${belief.meanAbsoluteErrorPieces} pieces, Brier ${belief.brierEmpty}, 80 % interval covers ${percent(belief.coverage80)}
  digest         ${report.digest}`;
}

/** What the policy saved against the nightly refill of the same days. */
export function savingsText(report: StoreRunReport, nightly: StoreRunReport): string {
  const minutes = nightly.kpi.stockoutMinutes - report.kpi.stockoutMinutes;
  const lost = percent(nightly.kpi.lostSalesShare - report.kpi.lostSalesShare);
  const staff = nightly.kpi.staffMinutes - report.kpi.staffMinutes;
  const work = staff >= 0 ? `${staff} staff minutes less` : `${-staff} staff minutes more`;
  return `Against a refill at night only: ${minutes} empty slot-minutes and ${lost} of lost sales less, ${work}.`;
}
