import type { DeliveryView } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { useEffect, useRef, useState } from 'react';
import { receivingWords as words } from '../../strings/receiving-words.ts';
import {
  type DeliveryCard,
  deliveryCards,
  deliveryNamed,
} from '../../view-models/delivery-list.ts';
import { ssccOfScan } from '../../view-models/unit-scan.ts';
import { ageText } from '../age-text.ts';
import { ClockText } from '../clock-text.tsx';
import { clockTime } from '../clock-time.ts';
import { PageBar } from '../page-bar.tsx';
import { useDeliveries } from '../use-deliveries.ts';
import type { Kiosk } from '../use-kiosk.ts';
import { DeliveryScreen } from './delivery-screen.tsx';

interface DeliveriesScreenProps {
  kiosk: Kiosk;
  /** The one to open at once; empty for the list. */
  deliveryId: string;
  close(): void;
  openDecisions(): void;
}

export function DeliveriesScreen({
  kiosk,
  deliveryId,
  close,
  openDecisions,
}: DeliveriesScreenProps) {
  const deliveries = useDeliveries(kiosk);
  /** Id of a delivery, or the SSCC that was scanned: its delivery opens as soon as it is known. */
  const [wanted, setWanted] = useState(deliveryId);
  const { onScan, queue, setNotice } = kiosk;
  const { list, nowMs } = deliveries;
  const open = deliveryNamed(list?.deliveries ?? [], wanted);
  const last = useRef<DeliveryView>(undefined);
  if (open) last.current = open;
  const isOver = !open && last.current !== undefined && wanted !== '';

  const scanUnit = (sscc: string) => {
    queue.add({ case: 'scanLogisticUnit', value: { sscc } }, 0);
    last.current = undefined;
    setWanted(sscc);
  };
  const toList = () => {
    last.current = undefined;
    setWanted('');
  };

  const isListOpen = !open;
  const onUnit = useRef(scanUnit);
  onUnit.current = scanUnit;
  useEffect(() => {
    if (!isListOpen) return;
    onScan((text) => {
      const sscc = ssccOfScan(text);
      if (sscc === undefined) setNotice(words.scanUnitFirst);
      else onUnit.current(sscc);
    });
  }, [isListOpen, onScan, setNotice]);

  if (open) {
    return (
      <DeliveryScreen
        key={open.deliveryId}
        kiosk={kiosk}
        delivery={open}
        deliveries={deliveries}
        scanUnit={scanUnit}
        close={toList}
      />
    );
  }
  if (isOver)
    return <Closed delivery={last.current} close={toList} openDecisions={openDecisions} />;
  const isGone = list !== undefined && wanted === deliveryId && wanted !== '';
  const cards = deliveryCards(list?.deliveries ?? []);
  return (
    <section className="records">
      <PageBar title={words.title} back={words.back} close={close} />
      <p className="hint">
        {isGone && `${words.closedAlready(deliveryId)} `}
        {words.scanUnit}
      </p>
      {list && cards.length === 0 && <p className="nothing">{words.none}</p>}
      <ul>
        {cards.map((card) => (
          <li key={card.delivery.deliveryId}>
            <DeliveryRow card={card} nowMs={nowMs} open={setWanted} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface DeliveryRowProps {
  card: DeliveryCard;
  nowMs: number;
  open(deliveryId: string): void;
}

function DeliveryRow({ card, nowMs, open }: DeliveryRowProps) {
  const { delivery, standing, linesChecked, linesOff, coldUntilMs } = card;
  const { deliveryId, lines } = delivery;
  const tone = { here: 'good', late: 'trouble', due: 'note' }[standing];
  return (
    <button type="button" className={`record ${tone}`} onClick={() => open(deliveryId)}>
      <b>{deliveryId}</b>
      <span>
        {standing === 'here'
          ? words.checked(linesChecked, lines.length)
          : words.lines(lines.length)}
        {linesOff > 0 && <small>{words.off(linesOff)}</small>}
      </span>
      <span>
        {words.standing[standing]}
        <small>{whenText(card, nowMs)}</small>
      </span>
      <em>
        {coldUntilMs !== undefined && (
          <>
            <small>{words.cold}</small>
            <ClockText deadlineMs={coldUntilMs} nowMs={nowMs} />
          </>
        )}
      </em>
    </button>
  );
}

/** "due 11:05, on the road, Door 1 from 11:00 to 11:45" */
function whenText({ delivery }: DeliveryCard, nowMs: number): string {
  const { arrivedAt, expectedAt, transport, dockDoor, dockFrom, dockUntil } = delivery;
  if (arrivedAt !== undefined) return words.since(ageText(arrivedAt));
  if (expectedAt === undefined) return words.unannounced;
  const clock = (moment: typeof dockFrom) => clockTime(moment, nowMs);
  const door = dockFrom && words.door(dockDoor, clock(dockFrom), clock(dockUntil));
  return [words.dueAt(clock(expectedAt)), words.transport[transport], door]
    .filter((part) => part !== undefined && part !== '')
    .join(', ');
}

interface ClosedProps {
  delivery: DeliveryView | undefined;
  close(): void;
  openDecisions(): void;
}

/** A delivery that was open here is over: its last line was checked, or somebody closed it. */
function Closed({ delivery, close, openDecisions }: ClosedProps) {
  return (
    <section className="record-page good">
      <h1>{delivery?.deliveryId}</h1>
      <p className="state">{words.done}</p>
      <p className="why">{words.doneDifferences}</p>
      <div className="ways-out">
        <button type="button" onClick={openDecisions}>
          {words.toDecisions}
        </button>
        <button type="button" onClick={close}>
          {words.toList}
        </button>
      </div>
    </section>
  );
}
