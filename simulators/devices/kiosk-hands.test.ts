import { createServer, type Server } from 'node:http';
import { create, type MessageInitShape, toJson } from '@bufbuild/protobuf';
import { EventSchema } from '@stockhand/proto/events/v1alpha/event_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { planStore } from '../store/store-plan.ts';
import { TrueStock } from '../store/true-stock.ts';
import { KioskHands } from './kiosk-hands.ts';

const until = (condition: () => boolean) =>
  vi.waitUntil(condition, { timeout: 20_000, interval: 5 });
const plan = planStore('S', 1, 1);
const [slot] = plan.slots;
const slotId = slot?.slotId ?? '';

let server: Server;
let url: string;
let stocked: { personRef: string; pieces: number }[];
let asked: number;
let hands: KioskHands;
let stock: TrueStock;

const eventOf = ({ personRef, pieces }: { personRef: string; pieces: number }) =>
  ({
    actor: { id: personRef },
    payload: {
      case: 'itemsStocked',
      value: { slotId, quantity: quantityMessage(pieces, 'pieces') },
    },
  }) satisfies MessageInitShape<typeof EventSchema>;

/** HQ's API, as far as hands ask it: newest first, ids from 1. */
function answer(address: string): unknown {
  const { pathname, searchParams } = new URL(address, 'http://localhost');
  const event = stocked[Number(searchParams.get('id')) - 1];
  if (pathname === '/api/event' && event)
    return toJson(EventSchema, create(EventSchema, eventOf(event)));
  asked += 1;
  return { events: stocked.map((_, index) => ({ id: index + 1 })).reverse() };
}

beforeEach(async () => {
  [stocked, asked] = [[{ personRef: 'staff-1', pieces: 1 }], 0];
  server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer(request.url ?? '')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
  stock = new TrueStock(plan, 7, () => 0);
  const isVirtual = (personRef: string) => personRef.startsWith('virtual-');
  hands = new KioskHands({ hqUrl: url, stock, isVirtual });
  hands.start();
  await until(() => asked > 0);
});

afterEach(async () => {
  hands.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('what a person says they placed lies on the true shelf, once', async () => {
  stocked.push({ personRef: 'staff-2', pieces: 3 }, { personRef: 'virtual-1', pieces: 1 });
  await until(() => stock.inSlot(slotId) > 0);
  const before = asked;
  await until(() => asked > before + 1);
  expect(stock.inSlot(slotId)).toBe(3);
});

test('what was placed before the store opened its eyes is not placed again', async () => {
  const before = asked;
  await until(() => asked > before + 1);
  expect(stock.inSlot(slotId)).toBe(0);
});
