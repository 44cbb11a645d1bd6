/** Records that may be wrong as a kiosk lists them, with the task that asks already. */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import {
  type ListSuspectsResponse,
  ListSuspectsResponseSchema,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { kindText } from '../doubts/doubt-book.ts';
import { type Suspect, suspects } from '../doubts/suspect-list.ts';
import { localMinuteOf } from '../events/local-time.ts';
import type { Moment } from '../input.ts';
import { policyOf } from '../policy/policy.ts';
import type { State } from '../state.ts';
import { quantityOf } from '../views.ts';

/** More than staff can ask about in a week. */
const shownLimit = 100;

const asking: ReadonlySet<TaskType> = new Set([TaskType.LOOK, TaskType.COUNT]);

export function suspectsView(
  state: Readonly<State>,
  { nowMs, utcOffsetMinutes }: Moment,
  asOfPosition: number,
): ListSuspectsResponse {
  const all = suspects(state, localMinuteOf(nowMs, utcOffsetMinutes));
  const { doubts, policy } = state;
  return create(ListSuspectsResponseSchema, {
    now: timestampFromMs(nowMs),
    asOfPosition: BigInt(asOfPosition),
    suspects: all.slice(0, shownLimit).map((one) => suspectView(state, one)),
    allSuspects: all.length,
    budgetMinutes: policyOf(policy).threshold('check.budgetMinutes'),
    askedTodayMinutes: Math.round(doubts.askedTodaySeconds / 60),
    tallies: [...doubts.tallies].map(([kind, { checked, wrong }]) => ({
      kind: kindText(kind),
      checked,
      wrong,
    })),
  });
}

function suspectView(state: Readonly<State>, suspect: Suspect) {
  const { gtin, slotId, placeId, evidence, recorded, chancePpm, question, costSeconds } = suspect;
  const { catalogue } = state;
  const fixture = catalogue.slotById.get(slotId)?.fixturePlaceId ?? '';
  const place = catalogue.placeById.get(slotId === '' ? placeId : fixture)?.name ?? '';
  return {
    gtin,
    productName: catalogue.productByGtin.get(gtin)?.name ?? '',
    placeId: slotId === '' ? placeId : slotId,
    placeName: [place, slotId].filter(Boolean).join(' · '),
    evidence,
    recorded: quantityOf(state, gtin, recorded),
    chancePpm,
    valueAtRisk: {
      minorUnits: BigInt(suspect.valueAtRiskMinorUnits),
      currency: catalogue.facts.store.currency,
    },
    question,
    costSeconds,
    taskId: taskAbout(state, suspect),
  };
}

function taskAbout({ tasks }: Readonly<State>, { gtin, slotId, placeId }: Suspect): string {
  for (const task of tasks.open.values()) {
    if (!asking.has(task.type) || task.gtin !== gtin) continue;
    if (slotId === '' ? task.fromPlaceId === placeId : task.slotId === slotId) return task.taskId;
  }
  return '';
}
