/** The plan of people, kept fresh. */
import type { ShowPlanResponse } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { useCallback } from 'react';
import type { Action } from '../api-client/action-queue.ts';
import { useDecide } from './use-decisions.ts';
import { type Fresh, useFresh } from './use-fresh.ts';
import type { Kiosk } from './use-kiosk.ts';

export interface FreshPlan extends Fresh<ShowPlanResponse> {
  /** Answers true when it was taken. */
  decide(action: Action): Promise<boolean>;
}

export function usePlan(kiosk: Kiosk): FreshPlan {
  const { client } = kiosk;
  const read = useCallback(() => client.showPlan({}), [client]);
  const fresh = useFresh(kiosk, read);
  const decide = useDecide(kiosk, fresh.refresh);
  return { ...fresh, decide };
}
