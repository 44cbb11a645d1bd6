/**
 * What is left in the bin, asked on the kiosk of who takes goods from it: a count in passing that finds a
 * wrong record without a walk of its own.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { violationsOf } from './axe.ts';
import { isChromiumMissing } from './chromium.ts';
import { browserOfSuite, type KioskStore, storeLowOnJam, until } from './kiosk-store.ts';

describe.skipIf(isChromiumMissing)('what is left in the bin, on the kiosk', () => {
  const browser = browserOfSuite();
  let store: KioskStore;

  beforeEach(async () => {
    ({ store } = await storeLowOnJam(browser()));
  });

  afterEach(() => store?.stop());

  it('is asked twice when it is far off the record, and becomes a discrepancy', async () => {
    await store.signIn('Anna');
    await store.button('Take it').click();
    const question = store.page.getByRole('group', { name: /At the bin: how many are left/ });
    await question.waitFor();
    expect(await violationsOf(store.page)).toEqual([]);
    expect(await store.smallestTarget()).toBeGreaterThanOrEqual(48);
    await store.picture('left-in-bin');
    // The record says 20, 7 are taken; the person sees six cases of six.
    for (let cases = 0; cases < 6; cases += 1) await question.getByLabel('More').click();
    await store.button('So many are left').click();
    await store.text('please count once more').waitFor();
    await store.button('So many are left').click();
    await store.text(/^Left in .*: 36 pieces$/).waitFor();
    const counts = store.countOf('ItemsCounted');
    await store.button('No label? Confirm by hand').click();
    await store.button('Done', true).click();
    await until(() => store.countOf('ItemsCounted') === counts + 1);
    await until(() => store.countOf('ExceptionRaised') > 0);
  });

  it('may be left unanswered', async () => {
    await store.signIn('Anna');
    await store.button('Take it').click();
    await store.button('No time to count').click();
    await store.text(/^Left in .*: not counted$/).waitFor();
    const counts = store.countOf('ItemsCounted');
    await store.button('No label? Confirm by hand').click();
    await store.button('Done', true).click();
    await until(() => store.countOf('TaskDone') === 1);
    expect(store.countOf('ItemsCounted')).toBe(counts);
  });
});
