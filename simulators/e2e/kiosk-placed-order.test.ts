/**
 * An order from its cause to HQ's answer: the store runs out, a manager approves at the kiosk, HQ hears it by
 * the call or the event and keeps it once, and the kiosk shows what HQ said.
 */
import { create } from '@bufbuild/protobuf';
import { jam, storeGln } from '@stockhand/edge-agent/sample-store.ts';
import { AccountKind } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { MoneySchema } from '@stockhand/proto/quantity/v1alpha/quantity_pb.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stockhand } from '../harness/processes.ts';
import { violationsOf } from './axe.ts';
import { isChromiumMissing } from './chromium.ts';
import { browserOfSuite, KioskStore, pieces, until } from './kiosk-store.ts';

describe.skipIf(isChromiumMissing)('an order to HQ, on the kiosk', () => {
  const browser = browserOfSuite();
  let store: KioskStore;

  beforeEach(async () => {
    store = await KioskStore.start(browser(), ({ products }) => {
      for (const product of products) {
        if (product.gtin !== jam) continue;
        product.margin = create(MoneySchema, { minorUnits: 90n, currency: 'EUR' });
      }
    });
  });

  afterEach(() => store?.stop());

  interface Order {
    proposalId: string;
    status: string;
    orderNumber: string;
  }
  const orders = (): Order[] =>
    stockhand('hq', 'orders', '--data', store.chain.hqData, '--json')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Order);

  /** The store runs out of jam, and a manager approves the order that it proposes. */
  async function placeOrder(): Promise<Order> {
    const none = pieces(0);
    const bins = ['B7', 'B9'].map((placeId) => ({
      gtin: jam,
      account: { kind: AccountKind.BACKROOM_BIN, placeId },
      quantity: none,
    }));
    const slots = ['A1', 'A2'].map((slotId) => ({
      gtin: jam,
      account: { kind: AccountKind.SALES_FLOOR },
      slotId,
      quantity: none,
    }));
    store.push({ case: 'applyOpeningStock', value: { lines: [...bins, ...slots] } });
    await store.signIn('Max');
    await store.button('To decide').click();
    await store.button(/Approve an order/).click();
    await store.button('Approve', true).click();
    await store.text('Provisional: HQ has not answered').waitFor();
    await until(() => orders().length === 1 && store.countOf('OrderPlaced') === 1);
    const [order] = orders();
    if (order === undefined) throw new Error('an order expected');
    expect(order.status).toBe('waiting');
    return order;
  }

  it('is approved, reaches HQ once, and comes back with its number', async () => {
    const { proposalId } = await placeOrder();
    const which = ['--data', store.chain.hqData, '--gln', storeGln, '--order', proposalId];
    stockhand('hq', 'answer-order', ...which, '--accept', 'PO-4711');
    await store.text('Accepted: PO-4711').waitFor();
    await store.picture('placed-order');
    expect(await violationsOf(store.page)).toEqual([]);
    expect(orders()).toMatchObject([{ status: 'accepted', orderNumber: 'PO-4711' }]);
  });

  it('is refused on HQ’s page with a reason, which the kiosk shows', async () => {
    await placeOrder();
    const page = await browser().newPage();
    try {
      const answers = ['', 'supplier has none'];
      page.on('dialog', (dialog) => {
        const answer = answers.shift() ?? '';
        return answer === '' ? dialog.dismiss() : dialog.accept(answer);
      });
      await page.goto(store.hqUrl);
      const refuse = page.getByRole('button', { name: 'Refuse' });
      // Without a word nothing is answered.
      await refuse.click();
      await page.getByRole('button', { name: 'Accept' }).waitFor();
      expect(orders()).toMatchObject([{ status: 'waiting' }]);
      await refuse.click();
      await page.getByText('refused: supplier has none').waitFor();
      await store.text('Refused: supplier has none').waitFor();
      expect(orders()).toMatchObject([{ status: 'refused', orderNumber: '' }]);
    } finally {
      await page.close();
    }
  });
});
