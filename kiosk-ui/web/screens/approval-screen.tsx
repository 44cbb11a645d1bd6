import type { ApprovalView } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { type ReactNode, useState } from 'react';
import { decisionWords as words } from '../../strings/decision-words.ts';
import type { DecisionCard } from '../../view-models/decision-list.ts';
import { moneyText } from '../../view-models/money.ts';
import { ClockText } from '../clock-text.tsx';
import { FactList } from '../fact-list.tsx';
import { PageBar } from '../page-bar.tsx';
import type { Decisions } from '../use-decisions.ts';

interface ApprovalScreenProps {
  card: Extract<DecisionCard, { kind: 'approval' }>;
  decisions: Decisions;
  close(): void;
}

export function ApprovalScreen({ card, decisions, close }: ApprovalScreenProps) {
  const { approval, dueMs } = card;
  const { approvalId, explanation, requiredRole, decidable } = approval;
  const decide = async (granted: boolean, reason: string) => {
    const value = { approvalId, granted, reason };
    if (await decisions.decide({ case: 'decideApproval', value })) close();
  };
  const facts: [string, ReactNode][] = factsOf(approval);
  if (dueMs !== undefined) {
    facts.push([
      words.facts.expires,
      <ClockText key="" deadlineMs={dueMs} nowMs={decisions.nowMs} />,
    ]);
  }
  return (
    <section className={`record-page ${card.tone}`}>
      <PageBar
        title={words.approvals[approval.action] ?? words.grant}
        back={words.toList}
        close={close}
      />
      <p className="state">{explanation}</p>
      <FactList facts={facts} />
      {decidable ? (
        <Verdict decide={(granted, reason) => void decide(granted, reason)} />
      ) : (
        <p className="why">{words.fourEyes(words.roles[requiredRole] ?? requiredRole)}</p>
      )}
    </section>
  );
}

function factsOf(approval: ApprovalView): [string, string][] {
  const { valueMinorUnits, currency, requestedByName, productName, gtin } = approval;
  return [
    [words.facts.value, moneyText(valueMinorUnits, currency)],
    [words.facts.askedBy, requestedByName || words.facts.rule],
    [words.facts.product, productName || gtin],
  ];
}

function Verdict({ decide }: { decide(granted: boolean, reason: string): void }) {
  const [isRefusing, setRefusing] = useState(false);
  const [typed, setTyped] = useState('');
  if (!isRefusing) {
    return (
      <div className="answers">
        <button type="button" className="primary" onClick={() => decide(true, '')}>
          {words.grant}
        </button>
        <button type="button" className="answer-choice" onClick={() => setRefusing(true)}>
          {words.refuse}
        </button>
      </div>
    );
  }
  return (
    <fieldset className="reasons">
      <legend>{words.whyRefuse}</legend>
      {words.refuseReasons.map((reason) => (
        <button key={reason} type="button" onClick={() => decide(false, reason)}>
          {reason}
        </button>
      ))}
      <label className="empty wide">
        {words.otherReason}
        <input value={typed} maxLength={200} onChange={({ target }) => setTyped(target.value)} />
        <button type="button" disabled={typed.trim() === ''} onClick={() => decide(false, typed)}>
          {words.refuse}
        </button>
      </label>
    </fieldset>
  );
}
