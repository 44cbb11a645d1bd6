import type { DeadLetter } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { useCallback, useEffect, useState } from 'react';
import { reasonOf } from '../../api-client/kiosk-client.ts';
import { letterWords as words } from '../../strings/device-words.ts';
import { ageText } from '../age-text.ts';
import { type Kiosk, refusalText } from '../use-kiosk.ts';
import { DeadLetterScreen } from './dead-letter-screen.tsx';

const pageSize = 50;

interface DeadLettersScreenProps {
  kiosk: Kiosk;
  /** Empty: of all devices. */
  deviceId: string;
  close(): void;
}

export function DeadLettersScreen({ kiosk, deviceId, close }: DeadLettersScreenProps) {
  const { client, setNotice } = kiosk;
  const [letters, setLetters] = useState<DeadLetter[]>();
  const [onlyOpen, setOnlyOpen] = useState(true);
  const [before, setBefore] = useState(0n);
  const [openNumber, setOpenNumber] = useState<bigint>();

  const read = useCallback(async () => {
    try {
      const filter = { deviceId, onlyOpen, beforeNumber: before, limit: pageSize };
      setLetters((await client.listDeadLetters(filter)).deadLetters);
    } catch (error) {
      setNotice(refusalText(reasonOf(error)));
    }
  }, [client, setNotice, deviceId, onlyOpen, before]);
  useEffect(() => void read(), [read]);

  const open = letters?.find((letter) => letter.number === openNumber);
  if (open) {
    const toList = () => {
      setOpenNumber(undefined);
      void read();
    };
    return <DeadLetterScreen kiosk={kiosk} letter={open} close={toList} />;
  }
  const last = letters?.at(-1);
  return (
    <section className="records">
      <div className="bar">
        <h1>{deviceId === '' ? words.title : words.of(deviceId)}</h1>
        <button type="button" aria-pressed={onlyOpen} onClick={() => setOnlyOpen(!onlyOpen)}>
          {words.onlyOpen}
        </button>
        <button type="button" onClick={close}>
          {words.back}
        </button>
      </div>
      {letters?.length === 0 && <p>{words.none}</p>}
      <ul>
        {letters?.map((letter) => (
          <li key={`${letter.number}`}>
            <button
              type="button"
              className={`record ${letter.replayedAt ? 'good' : 'trouble'}`}
              onClick={() => setOpenNumber(letter.number)}
            >
              <b>{letter.deviceId}</b>
              <span>{letter.meaning}</span>
              <span>{letter.field}</span>
              <em>{letter.receivedAt && ageText(letter.receivedAt)}</em>
            </button>
          </li>
        ))}
      </ul>
      {letters?.length === pageSize && last && (
        <button type="button" onClick={() => setBefore(last.number)}>
          {words.older}
        </button>
      )}
    </section>
  );
}
