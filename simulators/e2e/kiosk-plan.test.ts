/**
 * The plan on the kiosk: one's own route on the map, a lead who changes the order and says why, load
 * against hands, what if there were more people, and somebody who is ill.
 */
import { clockText } from '@stockhand/proto/vocabulary/zone-time.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { violationsOf } from './axe.ts';
import { isChromiumMissing } from './chromium.ts';
import { browserOfSuite, KioskStore, until } from './kiosk-store.ts';
import { afternoonZone, withPlannedWork } from './plan-store.ts';

describe.skipIf(isChromiumMissing)('the plan, on the kiosk', () => {
  const browser = browserOfSuite();
  let store: KioskStore;

  beforeEach(async () => {
    // The tablet believes to be half an hour and more elsewhere; the store's clock counts.
    store = await KioskStore.start(browser(), withPlannedWork, 'Asia/Kolkata');
  });

  afterEach(() => store?.stop());

  /** Titles of the stops, in order. */
  const stops = () => store.page.locator('.stop-row .what b').allTextContents();
  const planOf = async (name: 'Anna' | 'Max') => {
    await store.signIn(name);
    await store.button('Plan', true).click();
    await store.page.getByRole('img', { name: /Store map with the route/ }).waitFor();
    await until(async () => (await stops()).length === 3);
  };

  it('shows one’s own route: list and map say the same, and nobody else may move it', async () => {
    await store.signIn('Anna');
    await store.picture('board');
    await store.button('Plan', true).click();
    await until(async () => (await stops()).length === 3);
    const map = store.page.getByRole('img', { name: 'Store map with the route of Anna: 3 stops' });
    await map.waitFor();
    const numbers = await map.locator('.stop text').allTextContents();
    expect(numbers.sort()).toEqual(['1', '2', '3']);
    expect(await store.button(/^Sooner/).count()).toBe(0);
    expect(await violationsOf(store.page)).toEqual([]);
    expect(await store.isTooWide()).toBe(false);
    await store.picture('plan');
    await store.button('Dark').click();
    expect(await violationsOf(store.page)).toEqual([]);
    await store.picture('plan-dark');
  });

  it('lets a lead put a task first, by button, key or dragging, with a reason', async () => {
    await planOf('Max');
    const last = (await stops())[2] ?? '';
    const handle = (title: string) => store.button(`Drag ${title}, or use the arrow keys`);
    await handle(last).press('ArrowUp');
    await store.text(`${last}: before all others. Why?`).waitFor();
    expect(await violationsOf(store.page)).toEqual([]);
    await store.picture('plan-why');
    await store.button('Customers ask for it').click();
    await until(async () => (await stops())[0] === last);
    await store.text('Put first by a lead').waitFor();
    await until(() => store.countOf('PriorityOverridden') === 1);
    await store.picture('plan-lead');
    const box = await handle(last).boundingBox();
    if (!box) throw new Error('a handle expected');
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await store.page.mouse.move(x, y);
    await store.page.mouse.down();
    await store.page.mouse.move(x, y + 90, { steps: 4 });
    await store.text('Let go: later').waitFor();
    await store.page.mouse.up();
    await store.text(`${last}: back where the plan had it. Why?`).waitFor();
    await store.page.getByLabel('Another reason').fill('The customer has left');
    await store.button('Do it').click();
    await until(() => store.countOf('PriorityOverridden') === 2);
    await store.button(`Later: ${last}`).click();
    await store.button('It can wait').click();
    await store.text('Put last by a lead').waitFor();
    expect(await store.smallestTarget()).toBeGreaterThanOrEqual(48);
  });

  it('shows load against hands, works out more people, and takes who is ill out', async () => {
    await store.signIn('Max');
    expect(await store.isTooWide()).toBe(false);
    await store.picture('board-lead');
    await store.button('Labour', true).click();
    await store.text('Due first now').waitFor();
    await store.page.locator('.labour-bars tbody tr').first().waitFor();
    expect(await violationsOf(store.page)).toEqual([]);
    expect(await store.isTooWide()).toBe(false);
    await store.button('More people').click();
    await store.button('Work it out').click();
    await store.text('With 2 more').waitFor();
    const comparison = await store.page.locator('.comparison tbody tr').allTextContents();
    expect(comparison).toHaveLength(4);
    await store.text(/Everything is done in time already|With these people/).waitFor();
    await store.page.evaluate('scrollTo(0, 0)');
    await store.picture('labour');
    await store.page.locator('.staff-hours').getByRole('button', { name: /^Max/ }).click();
    await store.text('Max’s hours today').waitFor();
    expect(await violationsOf(store.page)).toEqual([]);
    await store.button('Is ill').click();
    const max = store.page.locator('.staff-hours li', { hasText: 'Max' });
    await max.getByText('not at work').waitFor();
    await until(() => store.countOf('ShiftChanged') === 1);
    await store.button('Dark').click();
    expect(await violationsOf(store.page)).toEqual([]);
    expect(await store.smallestTarget()).toBeGreaterThanOrEqual(48);
    await store.picture('labour-dark');
  });

  it('shows times by the store’s clock, whatever the tablet believes', async () => {
    await planOf('Anna');
    const shown = await store.text(/^Planned|^Made|\d\d:\d\d/).textContent();
    const clocks = [0, 60_000, 120_000].map((agoMs) =>
      clockText(Date.now() - agoMs, afternoonZone()),
    );
    expect(
      clocks.some((clock) => shown?.includes(clock)),
      `${shown}`,
    ).toBe(true);
  });

  it('shows a task of the list before it is taken', async () => {
    await store.signIn('Anna');
    await store.page.locator('ul.tasks button').first().click();
    await store.text('Nobody has it yet').waitFor();
    expect(await violationsOf(store.page)).toEqual([]);
    await store.picture('task-look');
    expect(store.countOf('TaskStarted')).toBe(0);
    await store.button('Take this task').click();
    await store.text('Scan the product to confirm it').waitFor();
    await until(() => store.countOf('TaskStarted') === 1);
  });

  it('puts a task down and goes on with it', async () => {
    await store.signIn('Anna');
    await store.button('Take it').click();
    await store.button('Pause', true).click();
    await store.button('My break').click();
    await store.text('Paused · Refill').waitFor();
    await until(() => store.countOf('TaskPaused') === 1);
    await store.button('Go on').click();
    await store.text('Scan the product to confirm it').waitFor();
    await until(() => store.countOf('TaskStarted') === 2);
    await store.page.getByRole('img', { name: 'Store map: where to walk' }).waitFor();
    expect(await violationsOf(store.page)).toEqual([]);
    await store.picture('task');
  });
});
