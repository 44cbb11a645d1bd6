/** What waits for somebody's word, kept fresh, and the words themselves. */
import {
  type ListExceptionsResponse,
  Outcome,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { useCallback } from 'react';
import { uuidv7 } from 'uuidv7';
import type { Action } from '../api-client/action-queue.ts';
import { reasonOf } from '../api-client/kiosk-client.ts';
import { decisionWords } from '../strings/decision-words.ts';
import { english } from '../strings/english.ts';
import { type Fresh, useFresh } from './use-fresh.ts';
import { type Kiosk, refusalText } from './use-kiosk.ts';

export interface Decisions extends Fresh<ListExceptionsResponse> {
  /** Answers true when it was taken. */
  decide(action: Action): Promise<boolean>;
}

export function useDecisions(kiosk: Kiosk): Decisions {
  const { client } = kiosk;
  const read = useCallback(() => client.listExceptions({}), [client]);
  const fresh = useFresh(kiosk, read);
  const decide = useDecide(kiosk, fresh.refresh);
  return { ...fresh, decide };
}

/** Acts at once: a decision is not one to send later, and whoever is second must hear it. */
export function useDecide({ client, setNotice }: Kiosk, refresh: () => Promise<void>) {
  return useCallback(
    async (action: Action): Promise<boolean> => {
      let isTaken = false;
      try {
        const answer = await client.act({
          actionId: uuidv7(),
          seenVersion: 0,
          ...(action !== undefined && { action }),
        });
        isTaken = answer.outcome !== Outcome.REFUSED;
        setNotice(isTaken ? '' : noticeOf(answer.reason, answer.expected));
      } catch (error) {
        setNotice(refusalText(reasonOf(error)));
      }
      void refresh();
      return isTaken;
    },
    [client, setNotice, refresh],
  );
}

function noticeOf(reason: string, expected: string): string {
  return english.refusals[reason] ?? decisionWords.refused(expected);
}
