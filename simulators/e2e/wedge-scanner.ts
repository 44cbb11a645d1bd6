/**
 * A keyboard-wedge scanner at a page: real key events of the browser, stamped by the scanner's own
 * clock (one key every 2 ms), as the keys of a USB scanner carry the time of their report. How long
 * a busy machine takes to hand them over does not make a scan look like typing.
 */
import type { Page } from 'playwright-core';

const secondsPerKey = 0.002;

export async function scanByWedge(page: Page, code: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  let timestamp = Date.now() / 1000;
  for (const text of `${code}\r`) {
    const key = { key: text === '\r' ? 'Enter' : text, text, timestamp };
    await session.send('Input.dispatchKeyEvent', { type: 'keyDown', ...key });
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
    timestamp += secondsPerKey;
  }
  await session.detach();
}
