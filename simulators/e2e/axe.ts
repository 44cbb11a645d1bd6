/** Names the accessibility rules that an open page breaks, judged by axe in the page itself. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axeSource = () => readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

export async function violationsOf(page: Page): Promise<string[]> {
  // Injected by the test's own connection, which the page's policy does not bind.
  await page.evaluate(axeSource());
  return page.evaluate(async () => {
    // `axe` is what the script above defined.
    const { axe: runner } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string }[] }> };
    };
    return (await runner.run()).violations.map((violation) => violation.id);
  });
}
