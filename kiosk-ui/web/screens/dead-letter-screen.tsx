import {
  type DeadLetter,
  Outcome,
  type ReplayDeadLetterResponse,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { Role } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { useState } from 'react';
import { reasonOf } from '../../api-client/kiosk-client.ts';
import { letterWords as words } from '../../strings/device-words.ts';
import { hexRows, textOf } from '../../view-models/payload-text.ts';
import { ageText } from '../age-text.ts';
import { PageBar } from '../page-bar.tsx';
import { type Kiosk, refusalText } from '../use-kiosk.ts';

interface DeadLetterScreenProps {
  kiosk: Kiosk;
  letter: DeadLetter;
  close(): void;
}

const menders: readonly Role[] = [Role.LEAD, Role.MANAGER];

export function DeadLetterScreen({ kiosk, letter, close }: DeadLetterScreenProps) {
  const { client, setNotice, session } = kiosk;
  const [answer, setAnswer] = useState<ReplayDeadLetterResponse>();
  const replay = () => {
    client.replayDeadLetter({ number: letter.number }).then(setAnswer, (error: unknown) => {
      setNotice(refusalText(reasonOf(error)));
    });
  };
  const explained: [label: string, text: string][] = [
    [words.what, letter.meaning],
    [words.advice, letter.advice],
    [words.field, letter.field || '–'],
    [words.found, letter.found || '–'],
    [words.expected, letter.expected || '–'],
  ];
  const text = textOf(letter.payload);
  const isDone = letter.replayedAt !== undefined || answer?.outcome === Outcome.ACCEPTED;
  return (
    <section className={`record-page ${isDone ? 'good' : 'trouble'}`}>
      <PageBar title={letter.deviceId} back={words.back} close={close} />
      <p className="state">
        #{`${letter.number}`} · {letter.reason} · {letter.receivedAt && ageText(letter.receivedAt)}
      </p>
      <dl className="explained">
        {explained.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {text !== null && (
        <>
          <h2 className="label">{words.asText}</h2>
          <pre>{text}</pre>
        </>
      )}
      <h2 className="label">{words.asHex}</h2>
      <pre>{hexRows(letter.payload).join('\n')}</pre>
      {letter.replayedAt && <p>{words.replayedAt(ageText(letter.replayedAt))}</p>}
      {answer && <output className="answer">{answerText(answer)}</output>}
      {!isDone && <ReplayOffer letter={letter} role={session?.role} replay={replay} />}
    </section>
  );
}

interface ReplayOfferProps {
  letter: DeadLetter;
  role: Role | undefined;
  replay(): void;
}

function ReplayOffer({ letter, role, replay }: ReplayOfferProps) {
  if (!letter.replayable) return <p className="why">{words.cannotReplay}</p>;
  if (role === undefined || !menders.includes(role)) {
    return <p className="why">{words.leadsOnly}</p>;
  }
  return (
    <button type="button" className="primary" onClick={replay}>
      {words.replay}
    </button>
  );
}

function answerText({ outcome, expected }: ReplayDeadLetterResponse): string {
  if (outcome === Outcome.ACCEPTED) return words.takenIn;
  return outcome === Outcome.ALREADY_DONE ? words.already : words.stillRefused(expected);
}
