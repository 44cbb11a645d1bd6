/** Records in doubt on the kiosk: what a refill did not find is listed for who leads, with its question. */
import { jam } from '@stockhand/edge-agent/sample-store.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { violationsOf } from './axe.ts';
import { isChromiumMissing } from './chromium.ts';
import { browserOfSuite, type KioskStore, storeLowOnJam, until } from './kiosk-store.ts';

describe.skipIf(isChromiumMissing)('records in doubt, on the kiosk', () => {
  const browser = browserOfSuite();
  let store: KioskStore;

  beforeEach(async () => {
    ({ store } = await storeLowOnJam(browser()));
  });

  afterEach(() => store?.stop());

  it('lists what a refill did not find, for who leads', async () => {
    await store.signIn('Anna');
    expect(await store.button('Doubts').count()).toBe(0);
    await store.button('Take it').click();
    await store.scan(jam.slice(1));
    await store.text('Right product').waitFor();
    await store.button(/of 7 pieces asked/).click();
    await store.button('0', true).click();
    await store.button('Done', true).click();
    await store.button('Not enough in the backroom').click();
    await until(() => store.countOf('RecordDoubted') > 0);
    await store.signOut();
    await store.signIn('Max');
    await store.button('Doubts').click();
    await store.text('Records in doubt').waitFor();
    const row = store.page.locator('li.record').first();
    await row.getByText('Jam').waitFor();
    await row.getByText(/% likely wrong/).waitFor();
    await store.picture('suspects');
    expect(await violationsOf(store.page)).toEqual([]);
    expect(await store.isTooWide()).toBe(false);
    await store.button('Dark').click();
    expect(await violationsOf(store.page)).toEqual([]);
  });
});
