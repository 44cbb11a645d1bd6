/**
 * What waits for somebody's word, on the kiosk: a short delivery is answered by whom it concerns and by
 * nobody else, a count of much value is approved by another person than its counter, and a customer's
 * order gets a substitute. Lists follow the store by themselves.
 */
import { jam, milk } from '@stockhand/edge-agent/sample-store.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { violationsOf } from './axe.ts';
import { isChromiumMissing } from './chromium.ts';
import { browserOfSuite, inMinutes, KioskStore, pieces, until } from './kiosk-store.ts';

describe.skipIf(isChromiumMissing)('exceptions and approvals on the kiosk', () => {
  const browser = browserOfSuite();
  let store: KioskStore;

  beforeEach(async () => {
    store = await KioskStore.start(browser(), ({ products }) => {
      for (const product of products) {
        // A jar at 90.00 makes a count of a few jars worth somebody's word.
        if (product.gtin === jam && product.price) product.price.minorUnits = 9_000n;
        if (product.gtin === jam) product.substitutes = [milk];
      }
    });
  });

  afterEach(() => store?.stop());

  function announce(deliveryId: string, minutes: number): void {
    const lines = [{ line: 1, gtin: jam, quantity: pieces(12) }];
    store.push({
      case: 'announceDelivery',
      value: { deliveryId, noticeVersion: 1, expectedAt: inMinutes(minutes), lines },
    });
  }

  /** Calls the agent as the person at the page, for what has no screen. */
  async function act(action: object): Promise<string> {
    const kept = await store.page.evaluate(() => sessionStorage.getItem('stockhand-session'));
    const { token } = JSON.parse(kept ?? '{}') as { token: string };
    const url = `http://localhost:${store.agent.kioskPort}/stockhand.kiosk.v1alpha.KioskService/Act`;
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ actionId: `e2e-${Date.now()}`, ...action }),
    });
    return ((await answer.json()) as { outcome: string }).outcome;
  }

  it('a short delivery is raised where it was received, and answered by whom it concerns', async () => {
    await store.signIn('Anna');
    announce('D-1', 10);
    await store.button('Deliveries').click();
    await store.button(/D-1/).click();
    await store.button('It is here').click();
    await store.scan(jam.slice(1));
    await store.page.getByRole('heading', { name: 'Jam' }).waitFor();
    await store.button('Less').first().click();
    await store.button('Save this line').click();
    await store.button('Show what to decide').click();

    await store.button(/A delivery came short.*a lead/).click();
    await store.text('Jam, line 1 of D-1: 1 of 12 did not come.').waitFor();
    await store.text('Not for you to answer: ask a lead.').waitFor();
    expect(await store.button('Claim it').count()).toBe(0);
    expect(await violationsOf(store.page)).toEqual([]);
    await store.button('Back to the list').click();
    await store.button('Back to the board').click();
    await store.signOut();

    await store.signIn('Max');
    await store.button(/To decide\s*1/).waitFor();
    await store.picture('board');
    await store.button(/To decide/).click();
    await store.button(/A delivery came short/).click();
    expect(await violationsOf(store.page)).toEqual([]);
    expect(await store.smallestTarget()).toBeGreaterThanOrEqual(48);
    await store.picture('exception');
    await store.button('Claim it').click();
    await store.text('All that is short in this delivery is claimed').waitFor();
    expect(await violationsOf(store.page)).toEqual([]);
    await store.picture('exception-sure');
    await store.button('Not yet').click();
    await store.button('Claim it').click();
    await store.button('Yes, do it').click();
    await store.text('Nothing waits for a decision.').waitFor();
    await until(() => store.countOf('ExceptionAnswered') === 1);
    expect(store.countOf('ExceptionRaised')).toBe(1);
  });

  it('the list follows the store: what will be late shows by itself, and goes when it is here', async () => {
    await store.signIn('Max');
    await store.button('Dark').click();
    await store.button('To decide').click();
    await store.text('Nothing waits for a decision.').waitFor();
    announce('D-2', 10);
    const delay = { deliveryId: 'D-2', expectedAt: inMinutes(70), reason: 'a breakdown' };
    store.push({ case: 'delayDelivery', value: delay });
    await store.button(/A delivery is late/).waitFor();
    expect(await violationsOf(store.page)).toEqual([]);
    await store.picture('decisions-dark');
    await store.button(/A delivery is late/).click();
    await store.button('We wait for it').waitFor();
    expect(await violationsOf(store.page)).toEqual([]);
    await store.button('What is due first now').click();
    await store.page.getByRole('heading', { name: 'Due first now' }).waitFor();
    expect(await violationsOf(store.page)).toEqual([]);
    await store.button('Back to the board').click();
    await store.button(/To decide/).click();
    await store.button(/A delivery is late/).click();
    await store.button('Look at the delivery').click();
    await store.button('It is here').click();
    await store.text('Scan a product to check it.').waitFor();
    await until(() => store.countOf('ExceptionResolved') === 1);
  });

  it('a count of much value waits for another person, who approves or refuses it with a reason', async () => {
    await store.signIn('Anna');
    const count = { placeId: 'B7', gtin: jam, counted: { pieces: 14 } };
    expect(await act({ countBin: count })).toBe('OUTCOME_ACCEPTED');
    await store.button(/To decide\s*1/).click();
    await store.button(/Approve a count/).click();
    await store.text(/Decided by a lead, and not by who asked/).waitFor();
    expect(await store.button('Approve').count()).toBe(0);
    await store.button('Back to the list').click();
    await store.button('Back to the board').click();
    await store.signOut();

    await store.signIn('Max');
    await store.button(/To decide/).click();
    await store.button(/Approve a count/).click();
    await store.text('€540.00').waitFor();
    expect(await violationsOf(store.page)).toEqual([]);
    await store.picture('approval');
    await store.button('Refuse').click();
    expect(await store.button('Refuse').isDisabled()).toBe(true);
    expect(await violationsOf(store.page)).toEqual([]);
    expect(await store.smallestTarget()).toBeGreaterThanOrEqual(48);
    await store.page.getByLabel('Another reason').fill('Two jars are at the till');
    await store.button('Refuse').click();
    await store.text('Nothing waits for a decision.').waitFor();
    await until(() => store.countOf('ApprovalRefused') === 1);

    expect(await act({ countBin: { ...count, counted: { pieces: 6 } } })).toBe('OUTCOME_ACCEPTED');
  });

  it('an order that cannot be had gets a substitute by one touch', async () => {
    await store.signIn('Anna');
    const lines = [{ gtin: jam, quantity: pieces(60) }];
    store.push({
      case: 'placeCollectOrder',
      value: { orderId: 'K-1', promiseAt: inMinutes(120), lines },
    });
    await store.button('To decide').click();
    await store.button(/A substitute for Jam.*K-1/).click();
    await store.text('What does the customer get?').waitFor();
    expect(await violationsOf(store.page)).toEqual([]);
    await store.picture('substitution');
    await store.button('Milk').click();
    await store.text('Nothing waits for a decision.').waitFor();
    await until(() => store.countOf('SubstitutionChosen') === 1);
  });

  it('the board’s header stays on one line at 1280 by 800, and lists say who waits for whom', async () => {
    await store.signIn('Max');
    const heights = await store.page
      .locator('.board-bar > *, .menu > *')
      .evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().height));
    expect(Math.max(...heights)).toBeLessThan(66);
    expect(await store.isTooWide()).toBe(false);
    expect(await violationsOf(store.page)).toEqual([]);
  });
});
