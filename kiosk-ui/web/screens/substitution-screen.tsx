import type { ReactNode } from 'react';
import { decisionWords as words } from '../../strings/decision-words.ts';
import type { DecisionCard } from '../../view-models/decision-list.ts';
import { amountText } from '../amount.ts';
import { ClockText } from '../clock-text.tsx';
import { FactList } from '../fact-list.tsx';
import { PageBar } from '../page-bar.tsx';
import type { Decisions } from '../use-decisions.ts';

interface SubstitutionScreenProps {
  card: Extract<DecisionCard, { kind: 'substitution' }>;
  decisions: Decisions;
  close(): void;
}

export function SubstitutionScreen({ card, decisions, close }: SubstitutionScreenProps) {
  const { substitution, dueMs } = card;
  const { substitutionId, productName, quantity, orderId, candidates } = substitution;
  const choose = async (gtin: string) => {
    const value = { substitutionId, gtin };
    if (await decisions.decide({ case: 'chooseSubstitute', value })) close();
  };
  const facts: [string, ReactNode][] = [
    [words.facts.order, orderId || '–'],
    [words.facts.missing, amountText(quantity)],
  ];
  if (dueMs !== undefined) {
    facts.push([words.facts.due, <ClockText key="" deadlineMs={dueMs} nowMs={decisions.nowMs} />]);
  }
  return (
    <section className={`record-page ${card.tone}`}>
      <PageBar title={words.substituteFor(productName)} back={words.toList} close={close} />
      <FactList facts={facts} />
      <p className="state">{candidates.length === 0 ? words.noCandidates : words.whatInstead}</p>
      <div className="answers">
        {candidates.map(({ id, name }) => (
          <button key={id} type="button" className="answer-choice" onClick={() => choose(id)}>
            {name || id}
          </button>
        ))}
        <button type="button" className="answer-choice" onClick={() => choose('')}>
          {words.leaveOut}
        </button>
      </div>
    </section>
  );
}
