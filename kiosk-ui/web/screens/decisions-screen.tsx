import { Role } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { useState } from 'react';
import { typeText, decisionWords as words } from '../../strings/decision-words.ts';
import { type DecisionCard, decisionCards } from '../../view-models/decision-list.ts';
import { ClockText } from '../clock-text.tsx';
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
    </section>
  );
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
