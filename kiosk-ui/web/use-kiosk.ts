/** The kiosk's state in one hook: session, board, link, waiting actions, scans. */
import type {
  ActRequest,
  Board,
  SignInRequest,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import type { Role } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ActionQueue } from '../api-client/action-queue.ts';
import { kioskClient, reasonOf } from '../api-client/kiosk-client.ts';
import { watchStore } from '../api-client/store-stream.ts';
import { english } from '../strings/english.ts';
import type { LinkState } from '../view-models/connection-view.ts';
import { type Conflict, conflictOf, withConflict } from '../view-models/refused-action.ts';
import type { PendingAction } from '../view-models/task-list.ts';
import { pressKey, quietWedge, type Wedge } from '../view-models/wedge.ts';
import { followStoreClock } from './clock-time.ts';

export interface Session {
  token: string;
  personRef: string;
  name: string;
  role: Role;
}

type ScanListener = (text: string) => void;

const sessionKey = 'stockhand-session';
const kioskKey = 'stockhand-kiosk';

function keptSession(): Session | null {
  try {
    // Written below; a session storage ends with its tab.
    return JSON.parse(sessionStorage.getItem(sessionKey) ?? 'null') as Session | null;
  } catch {
    return null;
  }
}

/** Names this kiosk to the agent; made once. */
function kioskId(): string {
  const kept = localStorage.getItem(kioskKey) ?? `kiosk-${crypto.randomUUID().slice(0, 8)}`;
  localStorage.setItem(kioskKey, kept);
  return kept;
}

const pendingOf: Readonly<Record<string, PendingAction>> = {
  claimTask: 'claim',
  startTask: 'claim',
  releaseTask: 'release',
  completeTask: 'finish',
  blockTask: 'block',
  pauseTask: 'pause',
};

export function refusalText(reason: string): string {
  if (reason === '') return english.unreachable;
  return english.refusals[reason] ?? english.refusedOther;
}

export function useKiosk() {
  const [session, setSession] = useState<Session | null>(keptSession);
  const [board, setBoard] = useState<Board>();
  const [link, setLink] = useState<LinkState>('connecting');
  const [asOfPosition, setAsOfPosition] = useState(0n);
  const [waiting, setWaiting] = useState<readonly ActRequest[]>([]);
  const [notice, setNotice] = useState('');
  const [conflicts, setConflicts] = useState<readonly Conflict[]>([]);
  const token = useRef(session?.token ?? '');
  const signedInRef = useRef(session?.personRef ?? '');
  const scanListener = useRef<ScanListener>(() => {});

  const client = useMemo(() => kioskClient(location.origin, () => token.current), []);
  const queue = useMemo(
    () =>
      new ActionQueue(
        client,
        localStorage,
        {
          changed: setWaiting,
          answered: (request, response) => {
            const conflict = conflictOf(request, response);
            if (conflict) setConflicts((before) => withConflict(before, conflict));
            else if (response.reason !== '') setNotice(refusalText(response.reason));
          },
          dropped: (_request, reason) => setNotice(refusalText(reason)),
        },
        () => signedInRef.current,
      ),
    [client],
  );

  const remember = useCallback((next: Session | null) => {
    token.current = next?.token ?? '';
    signedInRef.current = next?.personRef ?? '';
    sessionStorage.setItem(sessionKey, JSON.stringify(next));
    setSession(next);
  }, []);

  const personRef = session?.personRef;
  useEffect(() => {
    if (personRef !== undefined) void queue.send();
    return watchStore(client, kioskId(), {
      link: setLink,
      message: ({ message, asOfPosition: position }) => {
        setAsOfPosition(position);
        if (message.case === 'board') {
          followStoreClock(message.value.timeZone);
          setBoard(message.value);
        }
        if (message.case === 'scan') scanListener.current(message.value.text);
      },
      sessionEnded: () => remember(null),
    });
  }, [client, queue, personRef, remember]);

  useEffect(() => {
    let wedge: Wedge = quietWedge;
    const onKey = (event: KeyboardEvent) => {
      const step = pressKey(wedge, event.key, event.timeStamp);
      wedge = step.wedge;
      if (step.scan === null) return;
      // The Enter of a scanner must not press the focused button.
      event.preventDefault();
      event.stopPropagation();
      scanListener.current(step.scan);
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, []);

  const signIn = useCallback(
    async (credential: SignInRequest['credential']) => {
      try {
        const answer = await client.signIn({ kioskId: kioskId(), credential });
        setNotice('');
        remember({
          token: answer.sessionToken,
          personRef: answer.personRef,
          name: answer.displayName,
          role: answer.role,
        });
      } catch (error) {
        setNotice(refusalText(reasonOf(error)));
      }
    },
    [client, remember],
  );

  const signOut = useCallback(() => {
    client.signOut({}).catch(() => {
      // Without the agent the session ends by itself after its idle time.
    });
    setConflicts([]);
    remember(null);
  }, [client, remember]);

  const settleConflict = useCallback((taskId: string) => {
    setConflicts((before) => before.filter((one) => one.taskId !== taskId));
  }, []);

  const pendingByTask = useMemo(() => {
    const pending = new Map<string, PendingAction>();
    for (const { action } of waiting) {
      const kind = pendingOf[action.case ?? ''];
      if (kind && action.value && 'taskId' in action.value) pending.set(action.value.taskId, kind);
    }
    return pending;
  }, [waiting]);

  /** The open screen takes the scans; the one before gets none any more. */
  const onScan = useCallback((listener: ScanListener) => {
    scanListener.current = listener;
  }, []);

  return {
    client,
    queue,
    session,
    board,
    /** How far the store's log is; moves when anything has happened. */
    asOfPosition,
    link,
    waiting,
    actionsWaiting: waiting.length,
    pendingByTask,
    /** Work of this person that somebody else had, to be told until it is read. */
    conflicts,
    settleConflict,
    notice,
    setNotice,
    signIn,
    signOut,
    onScan,
  };
}

export type Kiosk = ReturnType<typeof useKiosk>;
