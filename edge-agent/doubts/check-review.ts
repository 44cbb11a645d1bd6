/**
 * Notices what makes records doubtful, asks the questions that are worth it, and learns from answers.
 *
 * At the end of each trading hour the suspects are asked about, best first, as long as the value at risk is
 * more than the minutes cost, the doubt is not hardly ever right (`check.leastChancePpm`), and the day's
 * budget (`check.budgetMinutes`, and never more than a tenth of the hands that are left today) holds
 * out. None is asked about twice in a day. A check becomes an
 * ordinary look or count task of low urgency; when it is done, what it found is compared with what the
 * record said.
 *
 * Example: budget 20 minutes, 18 asked; a count of 70 s is worth 6.00 and costs 0.47: asked. The next is
 * worth 0.20 and costs 0.35: not asked, nor any below it that costs more than it is worth.
 */
import { ActorKind } from '@stockhand/proto/events/v1alpha/event_pb.js';
import {
  AccountKind,
  CheckResult,
  CountReason,
  DoubtKind,
} from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { baseUnitsOf, quantityText } from '@stockhand/proto/vocabulary/quantity.ts';
import type { EventActor } from '../events/event.ts';
import { localMinuteOf } from '../events/local-time.ts';
import type { Recorder } from '../events/recorder.ts';
import { handsFrom } from '../planning/shifts.ts';
import { policyOf } from '../policy/policy.ts';
import { baseUnitOf } from '../stock/base-unit.ts';
import { balance, binsHolding } from '../stock/ledger.ts';
import { accountOf } from '../stock/stock-events.ts';
import { askForCount, askForLook } from '../tasks/task-creation.ts';
import { isNearlyEmpty } from './bin-question.ts';
import { chanceRight, doubtKey, type OpenCheck } from './doubt-book.ts';
import { type Suspect, suspects } from './suspect-list.ts';

const doubtActor: EventActor = { kind: ActorKind.RULE, id: 'doubts', detail: '1' };
/** Checks are done when nothing presses. */
const checkUrgencyPpm = 150_000;
/** Of the hands that are left today, checks may take so much. */
const handsShare = 0.1;

/** What the events of this step make doubtful. */
export function noticeDoubts(recorder: Recorder): void {
  const { state, events } = recorder;
  for (const { payload } of events.slice()) {
    switch (payload.case) {
      case 'itemsStocked':
        noticeLeftUntold(recorder, payload.value.taskId);
        break;
      case 'stockContradicted': {
        const { gtin, account, lot } = payload.value;
        if (lot !== undefined || account?.kind !== AccountKind.BACKROOM_BIN) break;
        doubt(
          recorder,
          gtin,
          account.placeId,
          DoubtKind.CONTRADICTED,
          'More was taken than known.',
        );
        break;
      }
      case 'itemsCounted':
        noticeFoundLess(recorder, payload.value);
        break;
      case 'needArose': {
        const slot = state.catalogue.slotById.get(payload.value.slotId);
        if (slot === undefined || baseUnitsOf(payload.value.inBackroom) > 0) break;
        if (slot.homeBinPlaceId === '') break;
        const words = 'Its slot runs out and nothing is on record behind it.';
        doubt(recorder, slot.gtin, slot.homeBinPlaceId, DoubtKind.NOTHING_BEHIND, words);
        break;
      }
      default:
        break;
    }
  }
}

/** Asks what is worth it; called when an hour of trading has ended. */
export function askChecks(recorder: Recorder): void {
  const { state, moment } = recorder;
  const policy = policyOf(state.policy);
  const minuteMinorUnits = policy.threshold('check.minuteMinorUnits');
  const leastChancePpm = policy.threshold('check.leastChancePpm');
  let handsMs = 0;
  for (const { fromMs, untilMs } of handsFrom(state, moment)) handsMs += untilMs - fromMs;
  const budgetSeconds = Math.min(
    policy.threshold('check.budgetMinutes') * 60,
    state.doubts.askedTodaySeconds + (handsMs / 1_000) * handsShare,
  );
  const localMinute = localMinuteOf(moment.nowMs, moment.utcOffsetMinutes);
  for (const suspect of suspects(state, localMinute)) {
    const { gtin, slotId, placeId, costSeconds, valueAtRiskMinorUnits } = suspect;
    if (state.doubts.askedTodaySeconds + costSeconds > budgetSeconds) continue;
    if (suspect.chancePpm < leastChancePpm) continue;
    if (valueAtRiskMinorUnits * 60 < costSeconds * minuteMinorUnits) continue;
    if (state.doubts.askedToday.has(doubtKey(gtin, slotId === '' ? placeId : slotId))) continue;
    ask(recorder, suspect);
  }
}

/** Closes the checks whose tasks ended in this step. */
export function answerChecks(recorder: Recorder): void {
  const { state } = recorder;
  if (state.doubts.checks.size === 0) return;
  for (const check of [...state.doubts.checks.values()]) {
    if (state.tasks.open.has(check.taskId)) continue;
    const { taskId, kind } = check;
    const result = resultOf(recorder, check);
    recorder.record('checkAnswered', { taskId, kind, result }, { actor: doubtActor });
  }
}

function ask(recorder: Recorder, suspect: Suspect): void {
  const { state } = recorder;
  const { gtin, slotId, placeId, kind, chancePpm, valueAtRiskMinorUnits, costSeconds } = suspect;
  const place = { gtin, slotId, placeId };
  const recorded = quantityText(suspect.recorded, baseUnitOf(state, gtin));
  const why = `${suspect.evidence} The record says ${recorded}; wrong with ${Math.round(chancePpm / 10_000)} %.`;
  const taskId =
    suspect.question === 'look'
      ? askForLook(recorder, slotId, checkUrgencyPpm, why)
      : askForCount(recorder, place, checkUrgencyPpm, why);
  if (taskId === null || state.doubts.checks.has(taskId)) return;
  const value = BigInt(valueAtRiskMinorUnits);
  recorder.record(
    'checkAsked',
    { taskId, ...place, kind, chancePpm, valueAtRiskMinorUnits: value, costSeconds },
    { actor: doubtActor },
  );
}

/** A wrong record differs by two pieces, or is of a slot that is empty. */
function resultOf({ events }: Recorder, check: OpenCheck): CheckResult {
  const { gtin, slotId, placeId } = check;
  for (const { payload } of events) {
    if (payload.case === 'shelfLooked' && payload.value.slotId === slotId) {
      return CheckResult.RECORD_RIGHT;
    }
    if (payload.case !== 'itemsCounted' || payload.value.gtin !== gtin) continue;
    const { account, counted, expected } = payload.value;
    if (slotId !== '' ? payload.value.slotId !== slotId : account?.placeId !== placeId) continue;
    const difference = Math.abs(baseUnitsOf(counted) - baseUnitsOf(expected));
    const isWrong = slotId === '' ? difference >= 2 : difference > 0;
    return isWrong ? CheckResult.RECORD_WRONG : CheckResult.RECORD_RIGHT;
  }
  return CheckResult.DROPPED;
}

/**
 * Who leaves hardly any in a bin (`isNearlyEmpty`) usually says how much; who does not saw more than that. Of goods that
 * came from several places it proves nothing.
 */
function noticeLeftUntold(recorder: Recorder, taskId: string): void {
  const { state, events } = recorder;
  const picks = events.flatMap(({ payload }) =>
    payload.case === 'itemsPicked' && payload.value.taskId === taskId ? payload.value : [],
  );
  const [pick] = picks;
  if (pick === undefined || picks.length > 1 || pick.slotId !== '') return;
  const { gtin, from } = pick;
  if (from?.kind !== AccountKind.BACKROOM_BIN) return;
  const isTold = events.some(({ payload }) => payload.case === 'itemsCounted');
  if (isTold) return;
  const { placeId } = from;
  const left = balance(state.ledger, gtin, accountOf(from));
  if (!isNearlyEmpty(left, state.catalogue.productByGtin.get(gtin) ?? { casePack: 0 })) return;
  const words = 'Hardly any should be left in the bin, and nobody said so.';
  doubt(recorder, gtin, placeId, DoubtKind.LEFT_UNTOLD, words);
}

type Counted = Extract<Recorder['events'][number]['payload'], { case: 'itemsCounted' }>['value'];

/** A bin with a case less than its record: the case may lie in another bin of the product. */
function noticeFoundLess(recorder: Recorder, itemsCounted: Counted): void {
  const { state } = recorder;
  const { gtin, account, counted, expected, reason } = itemsCounted;
  // What HQ says a store begins with was found by nobody.
  if (reason === CountReason.OPENING) return;
  if (account?.kind !== AccountKind.BACKROOM_BIN) return;
  const casePack = state.catalogue.productByGtin.get(gtin)?.casePack ?? 0;
  if (baseUnitsOf(expected) - baseUnitsOf(counted) < Math.max(2, casePack)) return;
  for (const { placeId } of binsHolding(state.ledger, gtin)) {
    if (placeId === account.placeId) continue;
    const words = `Bin ${account.placeId} had less than its record: it may lie here.`;
    doubt(recorder, gtin, placeId, DoubtKind.FOUND_LESS, words);
  }
}

function doubt(
  recorder: Recorder,
  gtin: string,
  placeId: string,
  kind: DoubtKind,
  evidence: string,
): void {
  const { doubts } = recorder.state;
  const known = doubts.doubts.get(doubtKey(gtin, placeId));
  if (known !== undefined && chanceRight(doubts, known.kind) >= chanceRight(doubts, kind)) return;
  recorder.record('recordDoubted', { gtin, placeId, kind, evidence }, { actor: doubtActor });
}
