import { timestampMs } from '@bufbuild/protobuf/wkt';
import type {
  DeliveryLineView,
  DeliveryView,
  LookUpResponse,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { Role } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { useEffect, useRef, useState } from 'react';
import { reasonOf } from '../../api-client/kiosk-client.ts';
import { differenceText, receivingWords as words } from '../../strings/receiving-words.ts';
import {
  deliveryCard,
  differenceOf,
  isChecked,
  linesInOrder,
  linesShown,
} from '../../view-models/delivery-list.ts';
import { type LineTarget, lineFor, targetOf } from '../../view-models/line-check.ts';
import { amountOf } from '../../view-models/quantity.ts';
import { ssccOfScan } from '../../view-models/unit-scan.ts';
import { ageText } from '../age-text.ts';
import { amountText, figureText } from '../amount.ts';
import { ClockText } from '../clock-text.tsx';
import { clockTime } from '../clock-time.ts';
import type { Deliveries } from '../use-deliveries.ts';
import { type Kiosk, refusalText } from '../use-kiosk.ts';
import { DeliveryClosing } from './delivery-closing.tsx';
import { LineCheckPanel } from './line-check-panel.tsx';

interface DeliveryScreenProps {
  kiosk: Kiosk;
  delivery: DeliveryView;
  deliveries: Deliveries;
  scanUnit(sscc: string): void;
  close(): void;
}

export function DeliveryScreen(props: DeliveryScreenProps) {
  const { kiosk, delivery, deliveries, scanUnit, close } = props;
  const { client, onScan, setNotice, queue, session } = kiosk;
  const { deliveryId, lines } = delivery;
  const [target, setTarget] = useState<LineTarget>();
  const card = deliveryCard(delivery);
  const isHere = card.standing === 'here';

  const scanned = (text: string) => {
    const sscc = ssccOfScan(text);
    if (sscc !== undefined) {
      scanUnit(sscc);
      return;
    }
    client.lookUp({ text }).then(
      (found) => {
        const line = lineFor(lines, found.gtin);
        setTarget(line ? targetOf(line) : extraTarget(found));
      },
      (error: unknown) => setNotice(refusalText(reasonOf(error))),
    );
  };
  const onText = useRef(scanned);
  onText.current = scanned;
  useEffect(() => onScan((text) => onText.current(text)), [onScan]);

  const arrive = () => queue.add({ case: 'arriveDelivery', value: { deliveryId } }, 0);
  const isLead = session?.role === Role.LEAD || session?.role === Role.MANAGER;
  const selected = target && lines.find((line) => isOfTarget(line, target));
  return (
    <section className={`record-page delivery ${isHere ? 'good' : 'note'}`}>
      <div className="bar">
        <h1>{deliveryId}</h1>
        <p className="state">{stateText(delivery, deliveries.nowMs)}</p>
        {card.coldUntilMs !== undefined && (
          <p className="cold">
            {words.cold}: <ClockText deadlineMs={card.coldUntilMs} nowMs={deliveries.nowMs} />
          </p>
        )}
        <button type="button" onClick={close}>
          {words.toList}
        </button>
      </div>
      <div className="receiving">
        <div>
          <p className="hint">{words.checked(card.linesChecked, lines.length)}</p>
          <LineList
            delivery={delivery}
            deliveries={deliveries}
            target={target}
            choose={isHere ? setTarget : undefined}
          />
        </div>
        <div className="checking">
          {!isHere && (
            <button type="button" className="primary" onClick={arrive}>
              {words.arrive}
            </button>
          )}
          {isHere && !target && <p className="hint big">{words.scanProduct}</p>}
          {isHere && target && (
            <LineCheckPanel
              key={`${target.line}/${target.gtin}`}
              target={target}
              isChecked={selected !== undefined && isChecked(selected)}
              save={(received, damaged) => {
                const { line, gtin } = target;
                const value = { deliveryId, line, gtin, received, damaged };
                queue.add({ case: 'receiveLine', value }, 0);
                setTarget(undefined);
              }}
              close={() => setTarget(undefined)}
            />
          )}
          {isHere && !target && (
            <DeliveryClosing delivery={delivery} isLead={isLead} decide={deliveries.decide} />
          )}
        </div>
      </div>
    </section>
  );
}

function isOfTarget({ line, gtin, announced }: DeliveryLineView, target: LineTarget): boolean {
  if (target.line > 0) return line === target.line;
  return gtin === target.gtin && announced === undefined;
}

/** Goods that no line names. */
function extraTarget(found: LookUpResponse): LineTarget {
  const { gtin, productName, casePackPieces, backroom } = found;
  const unit = amountOf(backroom)?.unit ?? 'pieces';
  return { line: 0, gtin, productName, announced: undefined, unit, casePackPieces };
}

function stateText({ arrivedAt, expectedAt, late }: DeliveryView, nowMs: number): string {
  if (arrivedAt !== undefined) return words.since(ageText(arrivedAt));
  const due = words.dueAt(clockTime(expectedAt, nowMs));
  return late ? `${words.standing.late} · ${due}` : due;
}

interface LineListProps {
  delivery: DeliveryView;
  deliveries: Deliveries;
  target: LineTarget | undefined;
  /** Absent while the delivery is not here. */
  choose: ((target: LineTarget) => void) | undefined;
}

function LineList({ delivery, deliveries, target, choose }: LineListProps) {
  const { linesOnTheirWay, nowMs } = deliveries;
  const sorted = linesInOrder(delivery.lines);
  const isSending = (line: DeliveryLineView) =>
    linesOnTheirWay.some(
      (one) =>
        one.deliveryId === delivery.deliveryId &&
        (one.line > 0 ? one.line === line.line : one.gtin === line.gtin),
    );
  return (
    <>
      <ul className="lines">
        {sorted.slice(0, linesShown).map((line) => (
          <li key={line.line}>
            <button
              type="button"
              className={`line ${lineTone(line)}`}
              disabled={choose === undefined}
              aria-pressed={target !== undefined && isOfTarget(line, target)}
              onClick={() => choose?.(targetOf(line))}
            >
              <b>
                {line.productName}
                <small>{line.announced ? words.announced(amountText(line.announced)) : ''}</small>
              </b>
              <span>
                {isSending(line) ? words.sending : <LineState line={line} nowMs={nowMs} />}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {sorted.length > linesShown && (
        <p className="why">{words.more(sorted.length - linesShown)}</p>
      )}
    </>
  );
}

function lineTone(line: DeliveryLineView): string {
  const difference = differenceOf(line);
  if (difference === undefined) return '';
  return difference.kind === 'none' ? 'good' : 'trouble';
}

function LineState({ line, nowMs }: { line: DeliveryLineView; nowMs: number }) {
  const difference = differenceOf(line);
  if (difference === undefined) {
    const { coldUntil } = line;
    return coldUntil ? <ClockText deadlineMs={timestampMs(coldUntil)} nowMs={nowMs} /> : null;
  }
  const amount = 'amount' in difference ? figureText(difference.amount) : '';
  const damaged = amountOf(line.damaged);
  const isDamagedToo = difference.kind !== 'damaged' && damaged !== undefined && damaged.count > 0;
  return (
    <>
      {words.received(cameText(line))}
      <small>
        {differenceText(difference, amount)}
        {isDamagedToo && `, ${words.damagedCount(figureText(damaged))}`}
      </small>
    </>
  );
}

/** What came in all, sound and damaged. */
function cameText({ received, damaged }: DeliveryLineView): string {
  const sound = amountOf(received);
  if (sound === undefined) return '';
  return figureText({ ...sound, count: sound.count + (amountOf(damaged)?.count ?? 0) });
}
