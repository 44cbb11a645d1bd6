/**
 * A real Chromium, found on the machine. Where there is none, suites that need it are skipped loudly,
 * or fail when STOCKHAND_REQUIRE asks for them ("chromium" or "all").
 */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function findChromium(): string | null {
  const named = process.env['CHROMIUM_PATH'];
  if (named !== undefined) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const paths = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return paths.find((path) => existsSync(path)) ?? null;
}

export const chromiumPath = findChromium();

const required = (process.env['STOCKHAND_REQUIRE'] ?? '').split(',');
export const isChromiumMissing =
  chromiumPath === null && !required.includes('all') && !required.includes('chromium');
if (isChromiumMissing) {
  console.warn('SKIPPED: kiosk tests in a browser. Install chromium, or set CHROMIUM_PATH.');
}

export async function openBrowser(): Promise<Browser> {
  if (chromiumPath === null)
    throw new Error('No Chromium found. Install it, or set CHROMIUM_PATH.');
  return chromium.launch({
    executablePath: chromiumPath,
    // In containers there is no user namespace for the sandbox; the pages are our own.
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  });
}
