/**
 * Once in each business day: what expired leaves the shelf, and what will be left over at its best-before
 * is proposed for a lower price, once for each lot, to somebody who may decide that.
 *
 * A lot counts from its warning days on (master data; a fifth of its shelf life). How much will be left is
 * stock/best-before.ts; how much is taken off is the policy's `markdown.reductionPpm`. Tasks whose lot is
 * sold or counted away meanwhile are withdrawn.
 *
 * Example: 12 yoghurts until Sunday, 2 a day are sold, it is Thursday: 4 will be left. MarkdownProposed
 * (4, 30 % off, worth 1.60), a lead grants it: "Reduce 4 yoghurts". On Monday what is still there is wasted.
 */
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { TaskStatus } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { quantityText } from '@stockhand/proto/vocabulary/quantity.ts';
import { worthOf } from '../approvals/approval.ts';
import { mayAsk, requestApproval } from '../approvals/approval-book.ts';
import { requiredRole } from '../approvals/approval-limits.ts';
import type { Product } from '../catalogue/catalogue.ts';
import { shiftDay } from '../events/business-day.ts';
import type { Recorder } from '../events/recorder.ts';
import { markdownKey } from '../orders/proposal.ts';
import { policyOf } from '../policy/policy.ts';
import type { State } from '../state.ts';
import { baseUnitOf, quantityOf } from '../stock/base-unit.ts';
import { type LeftOver, leftOvers } from '../stock/best-before.ts';
import { accountKey, accountRefOf, isSaleable, salesFloor } from '../stock/ledger.ts';
import { isExpired, isSameLot, type LotStock } from '../stock/lots.ts';
import { dock, placeOfKind } from '../stock/store-places.ts';
import { askForWaste } from './goods-tasks.ts';
import { cancelTask, workActor } from './task-creation.ts';

/** Purpose of the timer that says that the day's look was taken. */
export const bestBeforeTimer = 'best-before';

/** Looks with the first input of each minute; a store that keeps no lots has nothing to look at. */
export function watchBestBefore(recorder: Recorder): void {
  const { state, moment } = recorder;
  withdrawSold(recorder);
  if (state.lots.size === 0) return;
  const last = state.timers.get(bestBeforeTimer) ?? 0;
  const localDay = (ms: number) =>
    new Date(ms + moment.utcOffsetMinutes * 60_000).toISOString().slice(0, 10);
  if (last > 0 && localDay(last) === localDay(moment.nowMs)) return;
  const dueAt = { seconds: BigInt(Math.floor(moment.nowMs / 1_000)), nanos: 0 };
  recorder.record('timerFired', { purpose: bestBeforeTimer, dueAt }, { actor: workActor });
  for (const gtin of [...state.lots.keys()]) {
    const product = state.catalogue.productByGtin.get(gtin);
    if (product === undefined) continue;
    wasteExpired(recorder, product);
    proposeMarkdowns(recorder, product);
  }
}

function wasteExpired(recorder: Recorder, { gtin, name }: Product): void {
  const { state } = recorder;
  for (const [key, lots] of [...(state.lots.get(gtin) ?? [])]) {
    const account = accountRefOf(key);
    if (!isSaleable(account.kind)) continue;
    for (const one of lots.filter((lot) => isExpired(lot, recorder.moment.businessDay))) {
      const where = placeOf(state, gtin, key);
      if (where === null) continue;
      const { lot, bestBefore, quantity } = one;
      const why = `${name}: best before ${bestBefore}.`;
      askForWaste(recorder, { gtin, quantity, lot, bestBefore, ...where }, why);
    }
  }
}

/** Slot or place of an account of goods; null for what is in somebody's hands. */
function placeOf(
  state: Readonly<State>,
  gtin: string,
  key: string,
): { slotId: string } | { fromPlaceId: string } | null {
  if (key === accountKey(salesFloor)) {
    const slotId = state.catalogue.slotsByGtin.get(gtin)?.[0]?.slotId;
    return slotId === undefined ? null : { slotId };
  }
  if (key === accountKey(dock)) return { fromPlaceId: placeOfKind(state, 'dock') };
  const { placeId } = accountRefOf(key);
  return state.catalogue.placeById.has(placeId) ? { fromPlaceId: placeId } : null;
}

function proposeMarkdowns(recorder: Recorder, product: Product): void {
  const { state, moment } = recorder;
  if (product.priceMinorUnits <= 0) return;
  const until = shiftDay(moment.businessDay, product.bestBeforeWarningDays);
  for (const one of leftOvers(state, product.gtin)) {
    if (one.left === 0 || one.bestBefore > until || !mayAsk(state)) continue;
    if (state.proposals.markdowns.has(markdownKey(product.gtin, one))) continue;
    proposeMarkdown(recorder, product, one);
  }
}

function proposeMarkdown(recorder: Recorder, product: Product, lot: LeftOver): void {
  const { state } = recorder;
  const { gtin, name } = product;
  const reductionPpm = policyOf(state.policy).threshold('markdown.reductionPpm');
  const value = Math.round((worthOf(state, gtin, lot.left) * reductionPpm) / 1_000_000);
  const unit = baseUnitOf(state, gtin);
  const explanation =
    `${name}: ${quantityText(lot.quantity, unit)} best before ${lot.bestBefore},` +
    ` ${quantityText(lot.left, unit)} of them will be left over as it sells.`;
  const fields = {
    proposalId: `m-${state.epoch.slice(0, 8)}-${recorder.nextPosition()}`,
    gtin,
    lot: lot.lot,
    bestBefore: lot.bestBefore,
    quantity: quantityOf(state, gtin, lot.left),
    reductionPpm,
    valueMinorUnits: BigInt(value),
    explanation,
  };
  recorder.record('markdownProposed', fields, { actor: workActor });
  const role = requiredRole(recorder, value);
  requestApproval(recorder, {
    requiredRole: role === 'associate' ? 'lead' : role,
    valueMinorUnits: value,
    requestedBy: '',
    explanation: `${explanation} ${Math.round(reductionPpm / 10_000)} % off?`,
    subjects: [gtin],
    action: { case: 'markdown', value: fields },
  });
}

const datedTypes: ReadonlySet<TaskType> = new Set([TaskType.WASTE, TaskType.MARK_DOWN]);

/** The lot that a task is about is gone: sold, counted away, or wasted otherwise. */
function withdrawSold(recorder: Recorder): void {
  const { state } = recorder;
  for (const task of [...state.tasks.open.values()]) {
    if (!datedTypes.has(task.type) || task.bestBefore === '') continue;
    if (task.status !== TaskStatus.OPEN) continue;
    const held = [...(state.lots.get(task.gtin)?.values() ?? [])].flat();
    const isThere = (held satisfies LotStock[]).some((one) => isSameLot(one, task));
    if (!isThere) cancelTask(recorder, task.taskId, 'lot-gone');
  }
}
