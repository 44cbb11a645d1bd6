/** Trucks and promotions as HQ tells them to the agent, and the dock as people tell it at the kiosk. */
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import type { CollectOrder, Report } from '../store/work.ts';
import type { HeadlessAgent } from './headless-agent.ts';
import type { News } from './policy.ts';

const warehouseGln = '4012345000009';

type ReportOf<K extends Report['kind']> = Extract<Report, { kind: K }>;

export class Inbound {
  readonly #agent: HeadlessAgent;
  /** Number of each line in its notice. */
  readonly #numberOf = new Map<string, number>();
  #promotions = 0;
  #takesOrders = false;

  constructor(agent: HeadlessAgent) {
    this.#agent = agent;
  }

  /** Whether the agent makes picks of customers' orders itself. */
  get takesOrders(): boolean {
    return this.#takesOrders;
  }

  /** @param personRef who scans a truck that comes */
  hear(news: News, personRef: string): void {
    switch (news.kind) {
      case 'truck-announced':
        this.#announce(news);
        break;
      case 'truck-delayed':
        this.#agent.command({
          case: 'delayDelivery',
          value: {
            deliveryId: news.truckId,
            expectedAt: timestampFromMs(news.dueAtMs),
            reason: 'traffic',
          },
        });
        break;
      case 'truck-arrived':
        this.#agent.tell(personRef, {
          case: 'arriveDelivery',
          value: { deliveryId: news.truckId },
        });
        break;
      case 'order-placed':
        this.#place(news.order);
        break;
      case 'order-collected': {
        const { orderId } = news.order;
        if (!this.#takesOrders) break;
        this.#agent.tell(personRef, { case: 'handOverOrder', value: { orderId } });
        break;
      }
      case 'promotion-announced':
        this.#promotions += 1;
        this.#agent.offer({
          case: 'announcePromotion',
          value: {
            promotionId: `promotion-${this.#promotions}`,
            gtins: [...news.gtins],
            startsAt: timestampFromMs(news.fromMs),
            endsAt: timestampFromMs(news.toMs),
            upliftPpm: (news.factor - 1) * 1_000_000,
          },
        });
        break;
      default:
        break;
    }
  }

  received({ line, countedPieces, damagedPieces }: ReportOf<'received'>, personRef: string): void {
    this.#agent.tell(personRef, {
      case: 'receiveLine',
      value: {
        deliveryId: line.truckId,
        line: this.#numberOf.get(line.lineId) ?? 0,
        received: quantityMessage(countedPieces, 'pieces'),
        damaged: quantityMessage(damagedPieces, 'pieces'),
      },
    });
  }

  putAway({ gtin, pieces, binId }: ReportOf<'put-away'>, personRef: string): void {
    const quantity = quantityMessage(pieces, 'pieces');
    this.#agent.tell(personRef, { case: 'putAway', value: { gtin, quantity, toPlaceId: binId } });
  }

  counted({ gtin, binId, pieces }: ReportOf<'counted-bin'>, personRef: string): void {
    const counted = quantityMessage(pieces, 'pieces');
    this.#agent.tell(personRef, { case: 'countBin', value: { placeId: binId, gtin, counted } });
  }

  #place({ orderId, promiseAtMs, lines, truckId }: CollectOrder): void {
    const outcome = this.#agent.offer({
      case: 'placeCollectOrder',
      value: {
        orderId,
        promiseAt: timestampFromMs(promiseAtMs),
        deliveryId: truckId,
        lines: lines.map(({ gtin, pieces }) => ({
          gtin,
          quantity: quantityMessage(pieces, 'pieces'),
        })),
      },
    });
    this.#takesOrders = outcome.kind === 'accepted';
  }

  #announce({ truckId, dueAtMs, lines }: Extract<News, { kind: 'truck-announced' }>): void {
    lines.forEach(({ lineId }, index) => {
      this.#numberOf.set(lineId, index + 1);
    });
    this.#agent.command({
      case: 'announceDelivery',
      value: {
        deliveryId: truckId,
        senderGln: warehouseGln,
        despatchAdviceNumber: truckId,
        noticeVersion: 1,
        expectedAt: timestampFromMs(dueAtMs),
        lines: lines.map(({ gtin, announcedPieces }, index) => ({
          line: index + 1,
          gtin,
          quantity: quantityMessage(announcedPieces, 'pieces'),
        })),
      },
    });
  }
}
