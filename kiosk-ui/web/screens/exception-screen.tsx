import type { ExceptionView } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { type ReactNode, useState } from 'react';
import { answerText, typeText, decisionWords as words } from '../../strings/decision-words.ts';
import type { DecisionCard } from '../../view-models/decision-list.ts';
import { ageText } from '../age-text.ts';
import { ClockText } from '../clock-text.tsx';
import { FactList } from '../fact-list.tsx';
import { PageBar } from '../page-bar.tsx';
import type { Decisions } from '../use-decisions.ts';

interface ExceptionScreenProps {
  card: Extract<DecisionCard, { kind: 'exception' }>;
  decisions: Decisions;
  close(): void;
  openDelivery(deliveryId: string): void;
  /** Absent for who does not plan people's work. */
  openLabour: (() => void) | undefined;
}

export function ExceptionScreen(props: ExceptionScreenProps) {
  const { card, decisions, close, openDelivery, openLabour } = props;
  const { exception, tone, dueMs } = card;
  const { exceptionId, ownerRole, raisedAt, answers, subjects, answerable } = exception;
  const owner = words.roles[ownerRole] ?? ownerRole;
  const nameById = new Map(subjects.map(({ id, name }) => [id, name || id]));
  const [asked, setAsked] = useState('');
  const effectOf = (text: string) => words.effects[`${exception.type}/${text}`];
  const choose = (text: string) => {
    if (effectOf(text) === undefined) void answer(text);
    else setAsked(text);
  };
  const answer = async (text: string) => {
    const value = { exceptionId, answer: text };
    if (await decisions.decide({ case: 'answerException', value })) close();
  };
  const facts: [string, ReactNode][] = [[words.facts.owner, owner]];
  if (dueMs !== undefined) {
    facts.push([words.facts.due, <ClockText key="" deadlineMs={dueMs} nowMs={decisions.nowMs} />]);
  }
  if (raisedAt !== undefined) facts.push([words.facts.raised, ageText(raisedAt)]);
  const delivery = deliveryOf(exception);
  return (
    <section className={`record-page ${tone}`}>
      <PageBar title={typeText(exception.type)} back={words.toList} close={close} />
      <p className="state">{words.tones[tone]}</p>
      <Evidence exception={exception} />
      <FactList facts={facts} />
      <Subjects exception={exception} />
      {answerable && asked !== '' && (
        <div className="answers" role="alertdialog" aria-label={answerText(asked, nameById)}>
          <p>
            <b>{answerText(asked, nameById)}</b> {effectOf(asked)}
          </p>
          <button type="button" className="answer-choice" onClick={() => answer(asked)}>
            {words.sure}
          </button>
          <button type="button" className="answer-choice" onClick={() => setAsked('')}>
            {words.notYet}
          </button>
        </div>
      )}
      {answerable && asked === '' && (
        <div className="answers">
          {answers.map((one) => (
            <button key={one} type="button" className="answer-choice" onClick={() => choose(one)}>
              {answerText(one, nameById)}
            </button>
          ))}
        </div>
      )}
      {!answerable && <p className="why">{words.notYours(owner)}</p>}
      {delivery !== undefined && (
        <div className="ways-out">
          <button type="button" onClick={() => openDelivery(delivery)}>
            {words.openDelivery}
          </button>
          {exception.type === 'delivery-late' && openLabour && (
            <button type="button" onClick={openLabour}>
              {words.openLabour}
            </button>
          )}
        </div>
      )}
    </section>
  );
}

function Evidence({ exception: { facts, evidence } }: { exception: ExceptionView }) {
  const shown = facts.length > 0 ? facts : [{ text: evidence, position: 0n }];
  return (
    <div>
      <h2 className="label">{words.evidence}</h2>
      <ul className="evidence">
        {shown.map(({ text, position }) => (
          <li key={text}>
            {text} {position > 0n && <small>{words.event(position)}</small>}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What has a name of its own; the ids of lines and approvals say nothing to people. */
function Subjects({ exception: { subjects } }: { exception: ExceptionView }) {
  const named = subjects.filter(({ name }) => name !== '');
  if (named.length === 0) return null;
  return (
    <div>
      <h2 className="label">{words.subjects}</h2>
      <ul className="subjects">
        {named.map(({ id, name }) => (
          <li key={id}>
            <b>{name}</b> <small>{id}</small>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Those about deliveries name it first. */
function deliveryOf({ type, subjects }: ExceptionView): string | undefined {
  const isDelivery =
    type.startsWith('delivery-') || type === 'cold-chain-breach' || type === 'unusual-dwell';
  return isDelivery ? subjects[0]?.id : undefined;
}
