import type { PlacedOrderView } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { Role } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { useState } from 'react';
import { typeText, decisionWords as words } from '../../strings/decision-words.ts';
import { type DecisionCard, decisionCards } from '../../view-models/decision-list.ts';
import { amountText } from '../amount.ts';
import { ClockText } from '../clock-text.tsx';
import { clockTime } from '../clock-time.ts';
import { PageBar } from '../page-bar.tsx';
import { useDecisions } from '../use-decisions.ts';
import type { Kiosk } from '../use-kiosk.ts';
import { ApprovalScreen } from './approval-screen.tsx';
import { ExceptionScreen } from './exception-screen.tsx';
import { SubstitutionScreen } from './substitution-screen.tsx';

interface DecisionsScreenProps {
  kiosk: Kiosk;
  close(): void;
  openDelivery(deliveryId: string): void;
  openLabour(): void;
}

export function DecisionsScreen({ kiosk, close, openDelivery, openLabour }: DecisionsScreenProps) {
  const decisions = useDecisions(kiosk);
  const [openId, setOpenId] = useState('');
  const { list, nowMs } = decisions;
  const role = kiosk.session?.role;
  const mayPlan = role === Role.LEAD || role === Role.MANAGER;
  const cards = list === undefined ? [] : decisionCards(list);
  const open = cards.find(({ id }) => id === openId);
  if (open) {
    const common = { card: open, decisions, close: () => setOpenId('') };
    switch (open.kind) {
      case 'exception':
        return (
          <ExceptionScreen
            {...common}
            card={open}
            openDelivery={openDelivery}
            openLabour={mayPlan ? openLabour : undefined}
          />
        );
      case 'approval':
        return <ApprovalScreen {...common} card={open} />;
      case 'substitution':
        return <SubstitutionScreen {...common} card={open} />;
    }
  }
  return (
    <section className="records">
      <PageBar title={words.title} back={words.back} close={close} />
      {list && cards.length === 0 && <p className="nothing">{words.none}</p>}
      <ul>
        {cards.map((card) => (
          <li key={card.id}>
            <button
              type="button"
              className={`record decision ${card.tone}`}
              onClick={() => setOpenId(card.id)}
            >
              <b>{titleOf(card)}</b>
              <span>{whatOf(card)}</span>
              <em>
                {card.dueMs !== undefined && <ClockText deadlineMs={card.dueMs} nowMs={nowMs} />}
                {!card.isMine && <small>{words.roles[ownerOf(card)] ?? ownerOf(card)}</small>}
              </em>
            </button>
          </li>
        ))}
      </ul>
      <PlacedOrders orders={list?.placedOrders ?? []} nowMs={nowMs} />
    </section>
  );
}

/** What went to HQ, and what HQ said. */
function PlacedOrders({ orders, nowMs }: { orders: readonly PlacedOrderView[]; nowMs: number }) {
  if (orders.length === 0) return null;
  return (
    <section>
      <h2 className="label">{words.placed.title}</h2>
      <ul>
        {orders.map((order) => (
          <li key={order.proposalId} className={`record ${placedTones[order.status] ?? 'note'}`}>
            <b>{order.productName || order.gtin}</b>
            <span>
              {amountText(order.quantity)} · {words.placed.kinds[order.kind] ?? order.kind}
            </span>
            <span>{placedText(order)}</span>
            <em>
              <small>{clockTime(order.placedAt, nowMs)}</small>
            </em>
          </li>
        ))}
      </ul>
    </section>
  );
}

const placedTones: Readonly<Record<string, string>> = {
  placed: 'pending',
  accepted: 'good',
  refused: 'trouble',
};

function placedText({ status, orderNumber, reason }: PlacedOrderView): string {
  if (status === 'accepted') return words.placed.accepted(orderNumber);
  return status === 'refused' ? words.placed.refused(reason) : words.placed.waiting;
}

function titleOf(card: DecisionCard): string {
  switch (card.kind) {
    case 'exception':
      return typeText(card.exception.type);
    case 'approval':
      return words.approvals[card.approval.action] ?? words.grant;
    case 'substitution':
      return words.substituteFor(card.substitution.productName);
  }
}

function whatOf(card: DecisionCard): string {
  switch (card.kind) {
    case 'exception':
      return card.exception.evidence;
    case 'approval':
      return card.approval.explanation;
    case 'substitution':
      return `${words.facts.order} ${card.substitution.orderId}`;
  }
}

function ownerOf(card: DecisionCard): string {
  if (card.kind === 'exception') return card.exception.ownerRole;
  return card.kind === 'approval' ? card.approval.requiredRole : 'associate';
}
