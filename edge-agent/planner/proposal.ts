/** What a search found, in the form in which the core takes it in. */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { PlanProposedSchema } from '@stockhand/proto/events/v1alpha/plan_events_pb.js';
import type { FoundPlan } from '../planning/plan-search.ts';

/** `occasion`: what made it worthwhile, for people. */
export function proposalOf(found: FoundPlan, occasion: string) {
  return create(PlanProposedSchema, {
    basedOnPosition: BigInt(found.basedOnPosition),
    occasion,
    people: [...found.routes].map(([personRef, stops]) => ({
      personRef,
      stops: stops.map(({ taskId, startsAtMs, endsAtMs }) => ({
        taskId,
        startsAt: timestampFromMs(startsAtMs),
        endsAt: timestampFromMs(endsAtMs),
      })),
    })),
    unplanned: found.unplanned,
    weightedLateSeconds: BigInt(found.weightedLateSeconds),
  });
}
