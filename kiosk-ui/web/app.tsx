/** Which screen is open: sign-in, the board, or one that the board leads to. */
import type { LookUpResponse } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { useEffect, useState } from 'react';
import { reasonOf } from '../api-client/kiosk-client.ts';
import { connectionView } from '../view-models/connection-view.ts';
import { type TaskCard, taskBoard } from '../view-models/task-list.ts';
import { ConflictCards } from './conflict-cards.tsx';
import { ConnectionStrip } from './connection-strip.tsx';
import { BoardScreen } from './screens/board-screen.tsx';
import { DeadLettersScreen } from './screens/dead-letters-screen.tsx';
import { DecisionsScreen } from './screens/decisions-screen.tsx';
import { DeliveriesScreen } from './screens/deliveries-screen.tsx';
import { DevicesScreen } from './screens/devices-screen.tsx';
import { LabourScreen } from './screens/labour-screen.tsx';
import { LookUpScreen } from './screens/look-up-screen.tsx';
import { OrdersScreen } from './screens/orders-screen.tsx';
import { PlanScreen } from './screens/plan-screen.tsx';
import { PolicyScreen } from './screens/policy-screen.tsx';
import { SignInScreen } from './screens/sign-in-screen.tsx';
import { SuspectsScreen } from './screens/suspects-screen.tsx';
import { TaskScreen } from './screens/task-screen.tsx';
import { type Kiosk, refusalText, useKiosk } from './use-kiosk.ts';

type Open =
  | { kind: 'board' }
  | { kind: 'task'; taskId: string }
  | { kind: 'product' }
  | { kind: 'decisions' }
  | { kind: 'deliveries'; deliveryId: string }
  | { kind: 'orders' }
  | { kind: 'policy' }
  | { kind: 'suspects' }
  | { kind: 'plan' }
  | { kind: 'labour' }
  | { kind: 'devices' }
  | { kind: 'letters'; deviceId: string };

export function App() {
  const kiosk = useKiosk();
  const { board, link, actionsWaiting, session, notice, setNotice } = kiosk;
  return (
    <>
      <ConnectionStrip view={connectionView(link, board?.connections, actionsWaiting)} />
      <main>
        {notice !== '' && (
          <div role="alert">
            <button type="button" className="notice" onClick={() => setNotice('')}>
              {notice}
            </button>
          </div>
        )}
        {session && <ConflictCards {...kiosk} />}
        {session ? <Store kiosk={kiosk} /> : <SignInScreen kiosk={kiosk} />}
      </main>
    </>
  );
}

function Store({ kiosk }: { kiosk: Kiosk }) {
  const [open, setOpen] = useState<Open>({ kind: 'board' });
  const [found, setFound] = useState<LookUpResponse>();
  const { client, onScan, setNotice, board, session, pendingByTask } = kiosk;
  /** These screens take the scans themselves. */
  const hasOwnScans = open.kind === 'task' || open.kind === 'deliveries';

  useEffect(() => {
    if (hasOwnScans) return;
    onScan((text) => {
      client.lookUp({ text }).then(
        (answer) => {
          setFound(answer);
          setOpen({ kind: 'product' });
        },
        (error: unknown) => setNotice(refusalText(reasonOf(error))),
      );
    });
  }, [hasOwnScans, client, onScan, setNotice]);

  const toBoard = () => setOpen({ kind: 'board' });
  const cards = taskBoard(board?.tasks ?? [], session?.personRef ?? '', pendingByTask);
  const toDelivery = (deliveryId: string) => setOpen({ kind: 'deliveries', deliveryId });
  const toLabour = () => setOpen({ kind: 'labour' });
  const toDecisions = () => setOpen({ kind: 'decisions' });
  if (open.kind === 'deliveries') {
    return (
      <DeliveriesScreen
        kiosk={kiosk}
        deliveryId={open.deliveryId}
        close={toBoard}
        openDecisions={toDecisions}
      />
    );
  }
  if (open.kind === 'plan') return <PlanScreen kiosk={kiosk} close={toBoard} />;
  if (open.kind === 'labour') return <LabourScreen kiosk={kiosk} close={toBoard} />;
  if (open.kind === 'orders') return <OrdersScreen kiosk={kiosk} close={toBoard} />;
  if (open.kind === 'decisions') {
    return (
      <DecisionsScreen
        kiosk={kiosk}
        close={toBoard}
        openDelivery={toDelivery}
        openLabour={toLabour}
      />
    );
  }
  if (open.kind === 'policy') return <PolicyScreen kiosk={kiosk} close={toBoard} />;
  if (open.kind === 'suspects') return <SuspectsScreen kiosk={kiosk} close={toBoard} />;
  if (open.kind === 'devices') {
    const showLetters = (deviceId: string) => setOpen({ kind: 'letters', deviceId });
    return <DevicesScreen kiosk={kiosk} close={toBoard} showLetters={showLetters} />;
  }
  if (open.kind === 'letters') {
    const { deviceId } = open;
    const back = deviceId === '' ? toBoard : () => setOpen({ kind: 'devices' });
    return <DeadLettersScreen kiosk={kiosk} deviceId={deviceId} close={back} />;
  }
  if (open.kind === 'product' && found) return <LookUpScreen found={found} close={toBoard} />;
  if (open.kind === 'task') {
    const isIt = (one: TaskCard) => one.task.taskId === open.taskId;
    const card = [cards.next, ...cards.others].find((one) => one !== undefined && isIt(one));
    // Somebody was quicker: the board says who, and this screen's work would not count.
    if (card && card.standing !== 'taken') {
      return <TaskScreen key={open.taskId} kiosk={kiosk} card={card} close={toBoard} />;
    }
  }
  return (
    <BoardScreen
      kiosk={kiosk}
      cards={cards}
      openTask={(taskId) => setOpen({ kind: 'task', taskId })}
      openDecisions={toDecisions}
      openOrders={() => setOpen({ kind: 'orders' })}
      openDelivery={toDelivery}
      openPolicy={() => setOpen({ kind: 'policy' })}
      openSuspects={() => setOpen({ kind: 'suspects' })}
      openDevices={() => setOpen({ kind: 'devices' })}
      openLetters={() => setOpen({ kind: 'letters', deviceId: '' })}
      openPlan={() => setOpen({ kind: 'plan' })}
      openLabour={toLabour}
    />
  );
}
