/**
 * A plate that shows no whole number of jars, from the wire to the kiosk: it is not believed any more, the
 * check of it is a task, and what was found there makes it heard again.
 */

import type { MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { violationsOf } from './axe.ts';
import { isChromiumMissing } from './chromium.ts';
import { browserOfSuite, KioskStore, until } from './kiosk-store.ts';
import { publishJars } from './sample-chain.ts';

describe.skipIf(isChromiumMissing)('the check of a sensor, on the kiosk', () => {
  const browser = browserOfSuite();
  let store: KioskStore;
  let plate: MqttClient;

  beforeEach(async () => {
    store = await KioskStore.start(browser());
    plate = await store.connectPlate();
  });

  afterEach(() => store?.stop());

  it('is a task when it shows no whole number of pieces, and its finding makes it heard', async () => {
    for (const [index, jars] of [9.45, 9.54, 9.45, 9.54, 9.45].entries()) {
      await publishJars(plate, index + 1, jars);
    }
    await until(() => store.countOf('DeviceDistrusted') === 1);
    await store.signIn('Anna');
    await store.text('Next task · Check a sensor').waitFor();
    await store.button('Take it').click();
    await store.text(/plate-1: .*known weight/).waitFor();
    expect(await violationsOf(store.page)).toEqual([]);
    await store.button('No label? Confirm by hand').click();
    for (let jars = 0; jars < 4; jars += 1) await store.button('More', true).click();
    await store.button('Done', true).click();
    await store.text('What about the sensor?').waitFor();
    expect(await store.smallestTarget()).toBeGreaterThanOrEqual(48);
    await store.picture('sensor-check');
    await store.button('I set it right').click();
    await until(() => store.countOf('DeviceTrusted') === 1);
    await until(() => store.countOf('ExceptionResolved') > 0);
  });
});
