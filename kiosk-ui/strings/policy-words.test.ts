import { create } from '@bufbuild/protobuf';
import { PolicyEstimateSchema } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { expect, test } from 'vitest';
import { estimateText, moreTasksText } from './policy-words.ts';

test('a difference is told as more, fewer or as many tasks', () => {
  expect(moreTasksText(14)).toBe('Would have raised 14 more tasks');
  expect(moreTasksText(-1)).toBe('Would have raised 1 fewer task');
  expect(moreTasksText(0)).toBe('Would have raised as many tasks');
});

test('an estimate has its interval with it', () => {
  const estimate = { meanMilli: 340_400n, lowMilli: -120_000n, highMilli: 560_000n };
  expect(estimateText(create(PolicyEstimateSchema, estimate))).toBe('about 340 (-120 to 560)');
  expect(estimateText(undefined)).toBe('–');
});
