/** The days of a run as a story for people: what happened, what was decided and why, what it saved. */
import { type JudgedException, judgeExceptions } from '../checkers/exception-judge.ts';
import { clockText, dayIndexOf, firstMidnightMs, hourMs, hourOf } from '../kernel/day-clock.ts';
import { world } from '../store/reference-store.ts';
import type { Cause } from './cause.ts';
import { exceptionMeaning } from './exception-meaning.ts';
import { plantedDays, type ScenarioName } from './scenario.ts';
import type { StoreRunReport } from './store-run.ts';
import type { VirtualStore } from './virtual-store.ts';

const percent = (share: number, digits = 2) => `${(share * 100).toFixed(digits)} %`;

/** What a day cost the shoppers. */
export interface DayLoss {
  lostPieces: number;
  /** Slots found empty at the full hours of trading, added up. */
  emptySlotHours: number;
  staffMinutes: number;
}

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
/** Causes and exceptions of one kind that are told one by one. */
const toldSingly = 2;

/** Follows a run hour by hour and tells each day when it is over. */
export class DayStories {
  readonly days: DayLoss[] = [];
  #emptySlotHours = 0;
  #before = { lost: 0, staffMinutes: 0 };

  /** The loss of the day that ended with this hour; null within a day. */
  hour(store: VirtualStore): DayLoss | null {
    const nowMs = store.agenda.nowMs;
    const clock = hourOf(nowMs);
    if (clock > world.opensHour && clock <= world.closesHour) {
      for (const { slotId } of store.plan.slots) {
        if (store.stock.inSlot(slotId) === 0) this.#emptySlotHours += 1;
      }
    }
    if ((nowMs - firstMidnightMs) % (24 * hourMs) !== 0) return null;
    const { lost } = store.shoppers.outcome;
    const staffMinutes = Math.round(store.crew.effort.workSeconds / 60);
    const loss = {
      lostPieces: lost - this.#before.lost,
      emptySlotHours: this.#emptySlotHours,
      staffMinutes: staffMinutes - this.#before.staffMinutes,
    };
    this.#before = { lost, staffMinutes };
    this.#emptySlotHours = 0;
    this.days.push(loss);
    return loss;
  }
}

/** The day that has just ended; `nightly`: the same day with a refill at night only. */
export function dayStory(store: VirtualStore, loss: DayLoss, nightly?: DayLoss): string[] {
  const day = dayIndexOf(store.agenda.nowMs - 1);
  const isToday = ({ atMs }: { atMs: number }) => dayIndexOf(atMs) === day;
  const raised = store.policy.raised?.() ?? [];
  const { causes } = store.scenario;
  const { judged } = judgeExceptions(raised, causes, exceptionMeaning);
  const judgedToday = judged.filter((one) => isToday(one.raised));
  return [
    `day ${day + 1}, ${weekdays[day % 7]}`,
    ...[
      ...plantedMoments(causes.filter((one) => one.isPlanted && isToday(one))),
      ...store.notes.filter(isToday),
      ...noticedMoments(judgedToday),
    ]
      .sort((one, other) => one.atMs - other.atMs)
      .map(({ atMs, text }) => `  ${clockText(atMs)}  ${text}`),
    ...unjudgedLine(raised.filter((one) => isToday(one) && !exceptionMeaning(one.type))),
    ...(store.policy.dayStory?.(day) ?? []).map((line) => `  decided  ${line}`),
    `  outcome  ${outcomeText(loss, nightly)}`,
  ];
}

interface StoryMoment {
  atMs: number;
  text: string;
}

function plantedMoments(planted: readonly Cause[]): StoryMoment[] {
  return [...Map.groupBy(planted, ({ kind }) => kind).values()].flatMap((alike) => {
    const told = alike.slice(0, toldSingly).map(({ story }) => story);
    const [first] = alike;
    if (first === undefined) return [];
    const rest = alike.length - told.length;
    const more = rest > 0 ? `; and ${rest} more like it` : '';
    return [{ atMs: first.atMs, text: `PLANTED: ${told.join('; ')}${more}` }];
  });
}

function noticedMoments(judged: readonly JudgedException[]): StoryMoment[] {
  const groups = Map.groupBy(judged, (one) => {
    const planted = one.cause?.isPlanted ? 'planted' : '';
    return `${one.raised.type} ${one.verdict} ${planted}`;
  });
  return [...groups.values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    if (alike.length <= toldSingly && first.cause?.isPlanted) return alike.map(noticedMoment);
    const count = alike.length === 1 ? '' : `${alike.length} × `;
    const { raised, verdict, cause } = first;
    const example = verdict === 'right' ? cause?.story : raised.evidence;
    const judgement = verdict === 'right' ? 'rightly' : verdict === 'false' ? 'WRONGLY' : 'AGAIN';
    const lead = alike.length === 1 ? '' : 'first ';
    const why = example === undefined ? '' : `, ${lead}${example}`;
    return [{ atMs: raised.atMs, text: `noticed ${judgement}: ${count}${raised.type}${why}` }];
  });
}

/** "noticed after 15 min: delivery-late, asks lead: … Settled 16:30: arrived." */
function noticedMoment({ raised, verdict, cause }: JudgedException): StoryMoment {
  const { atMs, type, role, evidence = '', answer } = raised;
  const after = cause ? ` after ${spanText(atMs - cause.atMs)}` : '';
  const again = verdict === 'duplicate' ? ' AGAIN' : '';
  const said = answer ? ` Settled ${clockText(answer.atMs)}: ${answer.text}.` : '';
  return { atMs, text: `noticed${again}${after}: ${type}, asks ${role}: ${evidence}${said}` };
}

function unjudgedLine(raised: readonly { type: string }[]): string[] {
  if (raised.length === 0) return [];
  const counts = [...Map.groupBy(raised, ({ type }) => type)]
    .map(([type, alike]) => `${alike.length} ${type}`)
    .join(', ');
  return [`  told too: ${counts}`];
}

function spanText(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 120) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function outcomeText(loss: DayLoss, nightly: DayLoss | undefined): string {
  const { lostPieces, emptySlotHours, staffMinutes } = loss;
  const own = `${lostPieces} pieces lost, ${emptySlotHours} slots found empty at full hours, ${staffMinutes} staff minutes`;
  if (nightly === undefined) return own;
  return `${own}; with a refill at night only ${nightly.lostPieces} and ${nightly.emptySlotHours}`;
}

/** Before the first opening nothing can be missing. */
function openedText(hours: number): string {
  return hours > world.opensHour ? '' : `; the store opens at ${world.opensHour}:00, after the end`;
}

export function summaryText(report: StoreRunReport, factor: number, hours: number): string {
  const { kpi, exceptions, belief } = report;
  return `
Store ${report.store}, scenario ${report.scenario}, policy ${report.policy}, ${report.days} days, seed ${report.seed}
Capacity factor ${factor}: shelf space, times 1.2 days of mean demand

  availability   ${percent(kpi.trueAvailability)} of slot-minutes in opening hours (true, not believed)${openedText(hours)}
  lost sales     ${percent(kpi.lostSalesShare)} of the pieces wanted
  empty slots    ${kpi.stockoutMinutes} slot-minutes
  work           ${kpi.tasks} tasks, ${kpi.staffMinutes} staff minutes, ${kpi.walkMetres} m walked
  promises       ${percent(kpi.promisesKeptShare)} of click-and-collect orders ready in time
  cold chain     ${kpi.chilledMinutesOut} line-minutes out of refrigeration beyond 30 minutes
  exceptions     ${exceptions.right} right, ${exceptions.false} false, ${exceptions.missed} missed, ${exceptions.duplicates} duplicates
  belief         off by ${belief.meanAbsoluteErrorPieces} pieces, Brier ${belief.brierEmpty}, 80 % interval covers ${percent(belief.coverage80)}
  digest         ${report.digest}`;
}

/** Missed causes told one by one; of a scenario that plants forty, the first ones show the kind. */
const missedTold = 12;

export function missedText(missed: readonly Cause[]): string {
  if (missed.length === 0) return '';
  const lines = missed
    .slice(0, missedTold)
    .map(({ atMs, story }) => `  day ${dayIndexOf(atMs) + 1} ${clockText(atMs)}  ${story}`);
  const rest = missed.length - lines.length;
  if (rest > 0) lines.push(`  and ${rest} more`);
  return `Missed, for nobody named it in time:\n${lines.join('\n')}`;
}

/** That the run ends before what makes the scenario has happened; empty when all of it has. */
export function stillToComeText(scenario: ScenarioName, hours: number): string {
  const coming = plantedDays[scenario].filter((day) => (day - 1) * 24 >= hours);
  if (coming.length === 0) return '';
  const days = `${coming.length === 1 ? 'day' : 'days'} ${coming.join(', ')}`;
  return `What makes ${scenario} happens on ${days}: run it for more days to see it.`;
}

/** What the policy saved against the nightly refill of the same days. */
export function savingsText(report: StoreRunReport, nightly: StoreRunReport): string {
  const minutes = nightly.kpi.stockoutMinutes - report.kpi.stockoutMinutes;
  const lost = percent(nightly.kpi.lostSalesShare - report.kpi.lostSalesShare);
  const staff = nightly.kpi.staffMinutes - report.kpi.staffMinutes;
  const work = staff >= 0 ? `${staff} staff minutes less` : `${-staff} staff minutes more`;
  return `Against a refill at night only: ${minutes} empty slot-minutes and ${lost} of lost sales less, ${work}.`;
}
