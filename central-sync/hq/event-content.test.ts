import { create, toBinary } from '@bufbuild/protobuf';
import { EventSchema } from '@stockhand/proto/events/v1alpha/event_pb.js';
import { describe, expect, test } from 'vitest';
import { contentLine, contentOf } from './event-content.ts';

type Payload = NonNullable<Parameters<typeof create<typeof EventSchema>>[1]>['payload'];

const bytesOf = (payload: Payload) =>
  toBinary(EventSchema, create(EventSchema, payload ? { payload } : {}));

describe('what an event says', () => {
  test('is, of a refused command, which one and why', () => {
    const value = {
      hqEpoch: 'hq',
      commandSequence: 7n,
      command: 'ApplyPolicyLayer',
      reason: 'bad-policy',
      field: 'chain: rules["refill.raise"], line 2, column 3',
    };
    const bytes = bytesOf({ case: 'commandRefused', value });
    expect(contentLine(bytes)).toBe(
      'command 7 ApplyPolicyLayer: bad-policy, chain: rules["refill.raise"], line 2, column 3',
    );
    expect(contentOf(bytes)).toMatchObject({ commandSequence: '7', reason: 'bad-policy' });
  });

  test('is cut off on a line, and whole as JSON', () => {
    const reason = 'x'.repeat(500);
    const bytes = bytesOf({ case: 'taskReleased', value: { taskId: 't-1', reason } });
    expect(contentLine(bytes)).toHaveLength(160);
    expect(contentOf(bytes)).toEqual({ taskId: 't-1', reason });
  });

  test('is nothing of what cannot be read', () => {
    expect(contentOf(Uint8Array.of(0xff, 0xff))).toBeNull();
    expect(contentLine(null)).toBe('{}');
  });
});
