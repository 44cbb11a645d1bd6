import type { SuspectView } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { useCallback } from 'react';
import { suspectWords as words } from '../../strings/suspect-words.ts';
import { moneyText } from '../../view-models/money.ts';
import { amountText } from '../amount.ts';
import { PageBar } from '../page-bar.tsx';
import { useFresh } from '../use-fresh.ts';
import type { Kiosk } from '../use-kiosk.ts';

/** From here on it is rather wrong than right. */
const likelyPpm = 500_000;

/** Records that may be wrong, the best question first; for who leads. */
export function SuspectsScreen({ kiosk, close }: { kiosk: Kiosk; close(): void }) {
  const { client } = kiosk;
  const read = useCallback(() => client.listSuspects({}), [client]);
  const { list } = useFresh(kiosk, read);
  return (
    <section className="records">
      <PageBar title={words.title} back={words.back} close={close} />
      {list && (
        <p>
          {words.asked(list.askedTodayMinutes, list.budgetMinutes)}. {words.hint}
        </p>
      )}
      {list?.suspects.length === 0 && <p className="nothing">{words.none}</p>}
      <ul>
        {list?.suspects.map((one) => (
          <Suspect key={`${one.gtin}/${one.placeId}`} suspect={one} />
        ))}
      </ul>
      {list && list.allSuspects > list.suspects.length && (
        <p>{words.more(list.allSuspects - list.suspects.length)}</p>
      )}
      {list?.tallies.map(({ kind, wrong, checked }) => (
        <p key={kind} className="why">
          {words.tally(kind, wrong, checked)}
        </p>
      ))}
    </section>
  );
}

function Suspect({ suspect }: { suspect: SuspectView }) {
  const { productName, gtin, placeName, placeId, evidence, chancePpm } = suspect;
  const { valueAtRisk, question, costSeconds, recorded, taskId } = suspect;
  return (
    <li className={`record ${chancePpm >= likelyPpm ? 'trouble' : 'note'}`}>
      <b>
        {productName || gtin}
        <small>{placeName || placeId}</small>
      </b>
      <span>{evidence}</span>
      <span>
        {words.chance(Math.round(chancePpm / 10_000))}
        <small>{words.recorded(amountText(recorded))}</small>
      </span>
      <em>
        {taskId === ''
          ? `${words.questions[question] ?? question}, ${words.takes(costSeconds)}`
          : words.isAsked}
        {valueAtRisk && (
          <small>{words.atRisk(moneyText(valueAtRisk.minorUnits, valueAtRisk.currency))}</small>
        )}
      </em>
    </li>
  );
}
