import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { foundTextLimit, refusal, refusalReasons } from './errors.ts';

const folders = [
  'ingest',
  'catalogue',
  'stock',
  'tasks',
  'replenishment',
  'events',
  'approvals',
  'collect',
  'exceptions',
  'inbound',
];

test('every reason for a refusal is given somewhere, and has a meaning and advice', () => {
  const sources = folders.flatMap((folder) => {
    const path = join(import.meta.dirname, folder);
    return readdirSync(path)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(join(path, name), 'utf8'));
  });
  const text = sources.join('\n');
  // These come from the key and decimal parsers as they are.
  const passedOn = ['bad-charset', 'empty', 'bad-check-digit', 'bad-unit', 'wrong-unit'];
  for (const [reason, [meaning, advice]] of Object.entries(refusalReasons)) {
    expect(reason).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(meaning).not.toBe('');
    expect(advice).toMatch(/\.$/);
    const isGiven = text.includes(`'${reason}'`) || passedOn.includes(reason);
    expect(isGiven, `${reason} is never given`).toBe(true);
  }
});

test('a refusal keeps a bounded piece of what was found', () => {
  const { found } = refusal('bad-field', 'x', 'y'.repeat(1_000), 'z');
  expect(found).toHaveLength(foundTextLimit);
});
