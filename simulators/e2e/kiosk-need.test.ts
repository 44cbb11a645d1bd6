/**
 * "Why was I sent here?" on the kiosk: one sentence and one picture, which follow the shelf while the
 * page is open; and tasks that are no refills say what they are.
 */
import type { MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { violationsOf } from './axe.ts';
import { isChromiumMissing } from './chromium.ts';
import { browserOfSuite, type KioskStore, storeLowOnJam } from './kiosk-store.ts';
import { publishJars } from './sample-chain.ts';

describe.skipIf(isChromiumMissing)('why one was sent, on the kiosk', () => {
  const browser = browserOfSuite();
  let store: KioskStore;
  let plate: MqttClient;

  beforeEach(async () => {
    ({ store, plate } = await storeLowOnJam(browser()));
  });

  afterEach(() => store?.stop());

  it('tells it in one sentence and one picture, and follows the shelf', async () => {
    await store.signIn('Anna');
    await store.text('Next task · Refill').waitFor();
    await store.button('Take it').click();
    await store.picture('task');
    expect(await violationsOf(store.page)).toEqual([]);
    await store.button('Why was I sent here?').click();
    await store.text(/3 pieces left, and a refill starts at 4 pieces/).waitFor();
    await store.text('Refill starts at 4 pieces').waitFor();
    await store.text('Never below 2 pieces').waitFor();
    await store.text('Fill to 10 pieces').waitFor();
    expect(await violationsOf(store.page)).toEqual([]);
    await store.picture('need');
    await publishJars(plate, 2, 1);
    await store.page.getByRole('img', { name: '1 piece there' }).waitFor();
    await store.button('Back to the task').click();
    await store.text('Scan the product to confirm it').waitFor();
  });

  it('is clear in dark, and nothing on it is too small to touch', async () => {
    await store.signIn('Anna');
    await store.button('Dark').click();
    await store.button('Take it').click();
    await store.button(/of 7 pieces asked/).click();
    expect(await violationsOf(store.page)).toEqual([]);
    expect(await store.smallestTarget()).toBeGreaterThanOrEqual(48);
    await store.button('8', true).click();
    await store.button(/^8\s*of 7/).waitFor();
    await store.button('Why was I sent here?').click();
    await store.text('Refill starts at 4 pieces').waitFor();
    expect(await violationsOf(store.page)).toEqual([]);
    expect(await store.smallestTarget()).toBeGreaterThanOrEqual(48);
    await store.picture('need-dark');
  });
});
