/**
 * A delivery as staff meet it: HQ announces it, a pallet's label says that it is here, products are
 * scanned and counted, what is short or damaged is seen at once, cold goods run against their clock, and
 * customers' orders are handed over.
 */
import { jam, milk } from '@stockhand/edge-agent/sample-store.ts';
import { TemperatureClass } from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { checkDigitOf } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { violationsOf } from './axe.ts';
import { isChromiumMissing } from './chromium.ts';
import { browserOfSuite, inMinutes, KioskStore, pieces, until } from './kiosk-store.ts';

const body = '34012345000000001';
const sscc = `${body}${checkDigitOf(body)}`;

describe.skipIf(isChromiumMissing)('receiving on the kiosk', () => {
  const browser = browserOfSuite();
  let store: KioskStore;

  beforeEach(async () => {
    store = await KioskStore.start(browser(), ({ products }) => {
      for (const product of products) {
        if (product.gtin === milk) product.temperatureClass = TemperatureClass.CHILLED;
      }
    });
  });

  afterEach(() => store?.stop());

  function announce(deliveryId: string, minutes: number): void {
    store.push({
      case: 'announceDelivery',
      value: {
        deliveryId,
        noticeVersion: 1,
        expectedAt: inMinutes(minutes),
        lines: [
          { line: 1, gtin: jam, quantity: pieces(12), sscc },
          { line: 2, gtin: milk, quantity: pieces(24), sscc },
        ],
      },
    });
  }

  it('is scanned in, counted line by line, and what is short is told at once', async () => {
    await store.signIn('Anna');
    await store.button('Deliveries').click();
    await store.text('No delivery is announced.').waitFor();
    announce('D-1', 90);
    announce2();
    await store.button(/D-1.*Expected/).waitFor();
    await store.button(/D-2.*Late/).waitFor();
    expect(await violationsOf(store.page)).toEqual([]);
    await store.picture('deliveries');

    await store.scan(`00${sscc}`);
    await store.text('arrived just now').waitFor();
    await store.text(/^\d+ min left$/).waitFor();
    expect(await store.button('That is all that came').count()).toBe(0);
    await store.scan(milk.slice(1));
    await store.page.getByRole('heading', { name: 'Milk' }).waitFor();
    expect(await violationsOf(store.page)).toEqual([]);
    expect(await store.smallestTarget()).toBeGreaterThanOrEqual(48);
    await store.button('Save this line').click();
    await store.button(/Milk.*24 pieces came.*as announced/).waitFor();
    expect(await store.text(/min left/).count()).toBe(0);

    await store.scan(jam.slice(1));
    await store.page.getByRole('heading', { name: 'Jam' }).waitFor();
    await store
      .button(/touch to key in/)
      .first()
      .click();
    await store.button('1', true).click();
    await store.button('0', true).click();
    await store.button(/^10/).click();
    await store.button('More').last().click();
    await store.text('2 pieces missing · set the damaged aside').waitFor();
    await store.picture('receiving');
    await store.button('Save this line').click();
    await store.text('The delivery is closed.').waitFor();
    await until(() => store.countOf('DeliveryAccepted') === 1);
    expect(store.countOf('InvoiceHoldRequested')).toBe(2);
  });

  /** One that should have been here half an hour ago. */
  function announce2(): void {
    store.push({
      case: 'announceDelivery',
      value: {
        deliveryId: 'D-2',
        noticeVersion: 1,
        expectedAt: inMinutes(-30),
        lines: [{ line: 1, gtin: jam, quantity: pieces(6) }],
      },
    });
  }

  it('takes goods that nobody announced, and a lead closes what did not come', async () => {
    await store.signIn('Max');
    announce2();
    await store.button('Deliveries').click();
    await store.button(/D-2/).click();
    await store.button('It is here').click();
    await store.scan(milk.slice(1));
    await store.text('Nobody announced this').waitFor();
    await store.button('More').first().click();
    await store.button('Save this line').click();
    await store.button(/Milk.*1 piece came.*not announced/).waitFor();
    await store.button('That is all that came').click();
    await store.text('1 line did not come?').waitFor();
    expect(await violationsOf(store.page)).toEqual([]);
    await store.button('Yes, close it').click();
    await store.text('The delivery is closed.').waitFor();
    await store.button('Show what to decide').click();
    await store.button(/A delivery came short.*6 of 6 did not come/).waitFor();
  });

  it('sends a delivery away before anything of it is received', async () => {
    await store.signIn('Max');
    await store.button('Dark').click();
    await store.button('Deliveries').click();
    await store.scan(`]C100${sscc}`);
    await store.text('arrived just now').waitFor();
    await store.button('Send it away').click();
    expect(await violationsOf(store.page)).toEqual([]);
    expect(await store.smallestTarget()).toBeGreaterThanOrEqual(48);
    await store.button('Not for this store').click();
    await until(() => store.countOf('DeliveryRefused') === 1);
  });

  it('hands over a customer’s order when all of it is picked', async () => {
    await store.signIn('Anna');
    store.push({
      case: 'placeCollectOrder',
      value: {
        orderId: 'K-1',
        promiseAt: inMinutes(120),
        lines: [{ gtin: jam, quantity: pieces(2) }],
      },
    });
    await store.button('Orders').click();
    await store.button(/K-1.*Being picked/).click();
    await store.text('It can be handed over when all is picked.').waitFor();
    expect(await violationsOf(store.page)).toEqual([]);
    await store.button('Back to orders').click();
    await store.button('Back to the board').click();
    await store.text('Pick for an order').waitFor();
    await store.button('Take it').click();
    await store.scan(jam.slice(1));
    await store.text('Right product').waitFor();
    await store.button('Done').click();
    await store.button('Orders').click();
    await store.button(/K-1.*Ready/).click();
    await store.picture('order');
    await store.button('Hand over to the customer').click();
    await store.text('No order waits.').waitFor();
    await until(() => store.countOf('CollectOrderCollected') === 1);
  });
});
