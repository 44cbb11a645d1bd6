import { timestampMs } from '@bufbuild/protobuf/wkt';
import type {
  CollectOrderLineView,
  CollectOrderView,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { useState } from 'react';
import { orderWords as words } from '../../strings/receiving-words.ts';
import { linesReady, orderStanding, ordersInOrder } from '../../view-models/collect-orders.ts';
import { amountOf, figureOf } from '../../view-models/quantity.ts';
import { amountText } from '../amount.ts';
import { ClockText } from '../clock-text.tsx';
import { clockTime } from '../clock-time.ts';
import { FactList } from '../fact-list.tsx';
import { PageBar } from '../page-bar.tsx';
import { useDeliveries } from '../use-deliveries.ts';
import type { Kiosk } from '../use-kiosk.ts';

const toneOf = { ready: 'good', picking: 'note', waits: 'trouble' } as const;

export function OrdersScreen({ kiosk, close }: { kiosk: Kiosk; close(): void }) {
  const { list, nowMs, ordersOnTheirWay } = useDeliveries(kiosk);
  const [openId, setOpenId] = useState('');
  const orders = ordersInOrder(list?.orders ?? []);
  const open = orders.find(({ orderId }) => orderId === openId);
  if (open) {
    const handOver = () => {
      kiosk.queue.add({ case: 'handOverOrder', value: { orderId: open.orderId } }, 0);
    };
    return (
      <OrderPage
        order={open}
        nowMs={nowMs}
        isSending={ordersOnTheirWay.has(open.orderId)}
        handOver={handOver}
        close={() => setOpenId('')}
      />
    );
  }
  return (
    <section className="records">
      <PageBar title={words.title} back={words.back} close={close} />
      {list && orders.length === 0 && <p className="nothing">{words.none}</p>}
      <ul>
        {orders.map((order) => {
          const standing = orderStanding(order);
          return (
            <li key={order.orderId}>
              <button
                type="button"
                className={`record ${toneOf[standing]}`}
                onClick={() => setOpenId(order.orderId)}
              >
                <b>{order.orderId}</b>
                <span>{words.lines(linesReady(order), order.lines.length)}</span>
                <span>{words[standing]}</span>
                <em>
                  <small>{clockTime(order.promiseAt, nowMs)}</small>
                  {order.promiseAt && (
                    <ClockText deadlineMs={timestampMs(order.promiseAt)} nowMs={nowMs} />
                  )}
                </em>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function pickedFigure({ picked }: CollectOrderLineView): string {
  const amount = amountOf(picked);
  return amount ? figureOf(amount) : '0';
}

interface OrderPageProps {
  order: CollectOrderView;
  nowMs: number;
  isSending: boolean;
  handOver(): void;
  close(): void;
}

function OrderPage({ order, nowMs, isSending, handOver, close }: OrderPageProps) {
  const { orderId, promiseAt, deliveryId, lines } = order;
  const standing = orderStanding(order);
  const facts: [string, string][] = [[words.promise, clockTime(promiseAt, nowMs)]];
  if (deliveryId !== '') facts.push([words.delivery, deliveryId]);
  return (
    <section className={`record-page ${toneOf[standing]}`}>
      <PageBar title={orderId} back={words.toList} close={close} />
      <p className="state">{words[standing]}</p>
      <FactList facts={facts} />
      <ul className="order-lines">
        {lines.map((line) => (
          <li key={line.gtin}>
            <b>{line.productName}</b>
            <span>
              {words.pickedOf(pickedFigure(line), amountText(line.ordered))}
              {line.closed && ` · ${words.closed}`}
            </span>
          </li>
        ))}
      </ul>
      {standing === 'ready' ? (
        <button type="button" className="primary" disabled={isSending} onClick={handOver}>
          {isSending ? words.handingOver : words.handOver}
        </button>
      ) : (
        <p className="why">{words.notReady}</p>
      )}
    </section>
  );
}
