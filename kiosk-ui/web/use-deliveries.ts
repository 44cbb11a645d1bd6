/** Deliveries and customers' orders, kept fresh; what is done at the dock waits while the agent is away. */
import type {
  ListDeliveriesResponse,
  ReceiveLine,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { useCallback, useMemo } from 'react';
import { type Decisions, useDecide } from './use-decisions.ts';
import { type Fresh, useFresh } from './use-fresh.ts';
import type { Kiosk } from './use-kiosk.ts';

export interface Deliveries extends Fresh<ListDeliveriesResponse> {
  decide: Decisions['decide'];
  /** Checked lines that the agent has not answered. */
  linesOnTheirWay: readonly ReceiveLine[];
  /** Ids of orders whose hand-over the agent has not answered. */
  ordersOnTheirWay: ReadonlySet<string>;
}

export function useDeliveries(kiosk: Kiosk): Deliveries {
  const { client, waiting } = kiosk;
  const read = useCallback(() => client.listDeliveries({}), [client]);
  const fresh = useFresh(kiosk, read);
  const decide = useDecide(kiosk, fresh.refresh);
  const linesOnTheirWay = useMemo(
    () => waiting.flatMap(({ action }) => (action.case === 'receiveLine' ? [action.value] : [])),
    [waiting],
  );
  const ordersOnTheirWay = useMemo(
    () =>
      new Set(
        waiting.flatMap(({ action }) =>
          action.case === 'handOverOrder' ? [action.value.orderId] : [],
        ),
      ),
    [waiting],
  );
  return { ...fresh, decide, linesOnTheirWay, ordersOnTheirWay };
}
