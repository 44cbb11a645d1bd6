import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandSchema } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { parseSscc } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { expect, test } from 'vitest';
import { parseMessageFile } from './master-data/master-data-file.ts';
import { withTimes } from './relative-time.ts';

const nowMs = Date.parse('2026-11-24T10:00:00Z');

test('times from now on become times; other texts stay', () => {
  const value = { at: 'now+15m', list: ['now-2d', 'now', 'nowhere', 'now+5', 7, null] };
  expect(withTimes(value, nowMs)).toEqual({
    at: '2026-11-24T10:15:00.000Z',
    list: ['2026-11-22T10:00:00.000Z', '2026-11-24T10:00:00.000Z', 'nowhere', 'now+5', 7, null],
  });
});

const examples = join(import.meta.dirname, '..', 'examples');

test.each(readdirSync(examples).filter((name) => name.endsWith('.yaml')))(
  'the example %s is a command',
  (name) => {
    const text = readFileSync(join(examples, name), 'utf8');
    const result = parseMessageFile(CommandSchema, text, nowMs);
    for (const [sscc] of text.matchAll(/(?<=sscc: ")\d+/g)) expect(parseSscc(sscc).ok).toBe(true);
    expect(result).toMatchObject({ ok: true, value: { command: { case: expect.any(String) } } });
  },
);
