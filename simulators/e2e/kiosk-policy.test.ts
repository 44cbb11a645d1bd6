/**
 * Business rules at the kiosk: what was tried with `stockhand policy dry-run --propose` is shown with exact
 * counts beside estimates, and a manager, nobody else, puts it in force.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stockhand } from '../harness/processes.ts';
import { violationsOf } from './axe.ts';
import { isChromiumMissing } from './chromium.ts';
import { browserOfSuite, KioskStore } from './kiosk-store.ts';
import { publishJars } from './sample-chain.ts';

describe.skipIf(isChromiumMissing)('business rules on the kiosk', () => {
  const browser = browserOfSuite();
  let store: KioskStore;
  let plate: MqttClient;

  beforeEach(async () => {
    store = await KioskStore.start(browser());
    plate = await store.connectPlate();
  });

  afterEach(() => store?.stop());

  const dataFolder = () => store.chain.place.folder;

  function propose(): void {
    const file = join(dataFolder(), 'tried.yaml');
    writeFileSync(
      file,
      'layer: store\nversion: "7"\nrules: {refill.raise: onHand <= 9}\nthresholds: {refill.costMinorUnits: 60}\n',
    );
    const told = stockhand('policy', 'dry-run', file, '--data', dataFolder(), '--propose');
    expect(told).toContain('A manager sees it at the kiosk');
  }

  it('shows what the tried rules would have done, and a manager puts them in force', async () => {
    for (const [index, jars] of [12, 8, 12, 7, 12, 8].entries()) {
      await publishJars(plate, index + 1, jars);
    }
    propose();
    await store.signIn('Max');
    await store.button('Rules', true).click();
    await store.text(/Would have raised \d+ more task/).waitFor();
    await store.text('Counted exactly').waitFor();
    await store.text('Estimates, not counts').waitFor();
    await store.text('refill.costMinorUnits').waitFor();
    await store.text('80 → 60').waitFor();
    await store.picture('policy');
    expect(await violationsOf(store.page)).toEqual([]);
    expect(await store.smallestTarget()).toBeGreaterThanOrEqual(48);
    expect(await store.isTooWide()).toBe(false);
    await store.button('Put them in force').click();
    await store.button('Yes, from now on').click();
    await store.text('These rules are in force.').waitFor();
    await store.text('store 7').waitFor();
    await store.button('Back to the board').click();
    await store.button('Rules', true).click();
    await store.text('No new rules were tried.').waitFor();
    expect(await store.button('Put them in force').count()).toBe(0);
    expect(existsSync(join(dataFolder(), 'policy-store.yaml'))).toBe(true);
    expect(existsSync(join(dataFolder(), 'policy-proposal.json'))).toBe(false);
  });

  it('is not there for an associate', async () => {
    propose();
    await store.signIn('Anna');
    await store.button('To decide').waitFor();
    expect(await store.button('Rules', true).count()).toBe(0);
  });
});
