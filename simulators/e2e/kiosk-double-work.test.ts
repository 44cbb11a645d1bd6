/**
 * Two people, two browsers, one task: one of them has no contact, and does it all the same. The first
 * that the agent heard of has done it; the other is told so, and the shelf is counted.
 */
import { jam } from '@stockhand/edge-agent/sample-store.ts';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { violationsOf } from './axe.ts';
import { isChromiumMissing } from './chromium.ts';
import { browserOfSuite, KioskStore, pins, until } from './kiosk-store.ts';
import { publishJars } from './sample-chain.ts';
import { scanByWedge } from './wedge-scanner.ts';

/** One person at a screen of their own. */
class Person {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  button(name: string | RegExp, exact = false) {
    return this.page.getByRole('button', { name, exact });
  }

  sees(text: string | RegExp) {
    return this.page.getByText(text).first().waitFor();
  }

  async signIn(name: keyof typeof pins): Promise<void> {
    await this.button(name).click();
    for (const digit of pins[name]) await this.button(digit).click();
    await this.button('Sign in').click();
    await this.sees(/^Sign out/);
  }

  take() {
    return this.button('Take it').click();
  }

  async scanAndFinish(): Promise<void> {
    await scanByWedge(this.page, jam.slice(1));
    await this.sees('Right product');
    await this.button('Done').click();
  }
}

describe.skipIf(isChromiumMissing)('two people with one task', () => {
  const browser = browserOfSuite();
  let store: KioskStore;
  let anna: Person;
  let max: Person;
  let second: Page;

  beforeEach(async () => {
    store = await KioskStore.start(browser());
    await publishJars(await store.connectPlate(), 1, 2);
    second = await browser().newPage({ viewport: { width: 1280, height: 800 } });
    second.setDefaultTimeout(60_000);
    await second.goto(`http://localhost:${store.agent.kioskPort}/`);
    anna = new Person(store.page);
    max = new Person(second);
    await anna.signIn('Anna');
    await max.signIn('Max');
  });

  afterEach(async () => {
    await second?.close();
    await store?.stop();
  });

  const goOffline = (person: Person, isOffline: boolean) =>
    person.page.context().setOffline(isOffline);

  it('done twice: the first counts, the other hears who did it, and the shelf is counted', async () => {
    await max.take();
    await max.sees('Scan the product to confirm it');
    await max.button('Give it back').click();
    await max.sees('Next task');
    await until(() => store.countOf('TaskReleased') === 1);
    await max.button('Take it').waitFor();
    await goOffline(max, true);
    await max.take();
    // The label can be read without contact only where it was looked up; by hand it always goes.
    await max.button('No label? Confirm by hand').click();
    await max.button('Done').click();
    await max.sees('2 to send');

    await anna.take();
    await anna.scanAndFinish();
    await until(() => store.countOf('TaskDone') === 1);

    await goOffline(max, false);
    await max.sees(/Refill Jam, Aisle 1: Anna did it at \d\d:\d\d\./);
    await max.sees('Tell them what you placed. A count is on the board.');
    expect(await violationsOf(max.page)).toEqual([]);
    expect(await max.page.locator('.notice').count()).toBe(0);
    await store.picture('second', max.page);
    await max.sees('Count');
    expect(store.countOf('TaskDone')).toBe(1);
    expect(store.countOf('ItemsStocked')).toBe(1);
    await max.button('Understood').click();
    await max.page.getByText('Anna did it').waitFor({ state: 'detached' });
    expect(await max.page.getByText('to send').count()).toBe(0);
  });

  it('taken by a colleague meanwhile: whoever was offline is told who has it', async () => {
    await goOffline(max, true);
    await max.take();
    await max.sees('1 to send');
    await anna.take();
    await until(() => store.countOf('TaskClaimed') === 1);
    await goOffline(max, false);
    await max.sees('Refill Jam, Aisle 1: Anna has it.');
    await max.sees('Leave it, and take the next task.');
    await max.sees('Anna has it');
    await anna.scanAndFinish();
    await until(() => store.countOf('TaskDone') === 1);
    expect(store.countOf('TaskClaimed')).toBe(1);
  });

  it('whoever was offline first, but heard of first, has done it', async () => {
    await goOffline(max, true);
    await max.take();
    await max.button('No label? Confirm by hand').click();
    await max.button('Done').click();
    await max.sees('2 to send');
    await goOffline(max, false);
    await until(() => store.countOf('TaskDone') === 1);
    await anna.sees('Nothing to refill');
    await max.sees('Nothing to refill');
    expect(await max.page.locator('.conflict').count()).toBe(0);
  });

  it('keeps what was done when the session ends before it could be sent', async () => {
    await goOffline(max, true);
    await max.take();
    await max.button('No label? Confirm by hand').click();
    await max.button('Done').click();
    await max.sees('2 to send');
    await max.button(/^Sign out/).click();
    await max.sees('Scan your badge');
    await goOffline(max, false);
    expect(store.countOf('TaskDone')).toBe(0);
    await max.signIn('Max');
    await until(() => store.countOf('TaskDone') === 1);
  });
});
