/**
 * Lists that are read anew whenever the store's log has moved on while their screen is open: at most
 * twice a second, and from time to time anyway, for what only the clock changes (late, over).
 */
import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt';
import { useCallback, useEffect, useRef, useState } from 'react';
import { reasonOf } from '../api-client/kiosk-client.ts';
import { type Kiosk, refusalText } from './use-kiosk.ts';
import { useNow } from './use-now.ts';

const gapMs = 500;
const anywayMs = 20_000;

export interface Fresh<List> {
  /** Undefined until the first answer. */
  list: List | undefined;
  refresh(): Promise<void>;
  /** The agent's clock, Unix milliseconds; ticks each second. */
  nowMs: number;
}

/** @param read must stay the same function while its arguments do */
export function useFresh<List extends { now?: Timestamp | undefined }>(
  { asOfPosition, setNotice }: Kiosk,
  read: () => Promise<List>,
): Fresh<List> {
  const [list, setList] = useState<List>();
  const [aheadMs, setAheadMs] = useState(0);
  const tickMs = useNow();
  const reading = useRef({ isOn: false, isWanted: false, isMounted: true });

  const refresh = useCallback(async () => {
    const now = reading.current;
    now.isWanted = true;
    if (now.isOn) return;
    now.isOn = true;
    while (now.isWanted && now.isMounted) {
      now.isWanted = false;
      try {
        const answer = await read();
        if (answer.now) setAheadMs(timestampMs(answer.now) - Date.now());
        setList(answer);
      } catch (error) {
        const reason = reasonOf(error);
        // That the agent is away says the strip above every screen, for as long as it lasts.
        if (reason !== '') setNotice(refusalText(reason));
      }
      await new Promise((resolve) => setTimeout(resolve, gapMs));
    }
    now.isOn = false;
  }, [read, setNotice]);

  // A moved position is the reason to read.
  useEffect(() => void refresh(), [refresh, asOfPosition]);

  useEffect(() => {
    const now = reading.current;
    now.isMounted = true;
    const again = setInterval(() => void refresh(), anywayMs);
    return () => {
      now.isMounted = false;
      clearInterval(again);
    };
  }, [refresh]);

  return { list, refresh, nowMs: tickMs + aheadMs };
}
