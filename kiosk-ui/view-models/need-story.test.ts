import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { NeedReason } from '@stockhand/proto/events/v1alpha/replenishment_events_pb.js';
import { SlotNeedSchema } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { expect, it, test } from 'vitest';
import { needText, needWords } from '../strings/need-words.ts';
import { needStory, toldPrediction } from './need-story.ts';
import { quantityOf } from './quantity.ts';

const nowMs = 1_000_000_000;
const inMinutes = (minutes: number) => timestampFromMs(nowMs + minutes * 60_000);
const pieces = (count: number) => quantityOf({ unit: 'pieces', count });
const amountText = ({ count }: { count: number }) => (count === 1 ? '1 piece' : `${count} pieces`);
const clockText = () => '17:30';

const told = (more: Omit<MessageInitShape<typeof SlotNeedSchema>, '$typeName'>) => {
  const need = create(SlotNeedSchema, {
    believed: pieces(3),
    reorderPoint: pieces(4),
    presentationMinimum: pieces(2),
    ...more,
  });
  return needText(needStory(need, nowMs), amountText, clockText);
};

it.each([
  [
    { reason: NeedReason.BELOW_REORDER_POINT, emptyAt: inMinutes(45) },
    '3 pieces left, and a refill starts at 4 pieces; that lasts about 45 min.',
  ],
  [
    { reason: NeedReason.BELOW_REORDER_POINT, emptyAt: inMinutes(300) },
    '3 pieces left, and a refill starts at 4 pieces; that lasts until about 17:30.',
  ],
  [{ reason: NeedReason.BELOW_REORDER_POINT }, '3 pieces left, and a refill starts at 4 pieces.'],
  [
    { reason: NeedReason.BELOW_PRESENTATION_MINIMUM, believed: pieces(1) },
    '1 piece left, and the shelf should show 2 pieces.',
  ],
  [{ reason: NeedReason.EMPTY, believed: pieces(0), emptyAt: inMinutes(0) }, 'The shelf is empty.'],
  [{ reason: NeedReason.REPORTED_BY_STAFF }, 'Somebody reported the shelf empty.'],
  [
    { reason: NeedReason.LIKELY_EMPTY_SOON, emptySoonPpm: 834_000 },
    '3 pieces left, and likely none within two hours (83 %).',
  ],
  [{ emptyAt: inMinutes(45) }, 'Nothing is needed here any more.'],
])('story %#', (need, text) => {
  expect(told(need)).toBe(text);
});

test('a prediction says how often predictions like it were right, once ten were scored', () => {
  const need = (likeItScored: number, likeItRight: number) =>
    create(SlotNeedSchema, {
      predictedPpm: 820_000,
      predictedAt: inMinutes(40),
      likeItScored,
      likeItRight,
    });
  expect(toldPrediction(create(SlotNeedSchema, {}))).toBeNull();
  expect(toldPrediction(need(9, 9))).toMatchObject({ percent: 82, rightInTen: null });
  const told = toldPrediction(need(40, 33));
  expect(told).toMatchObject({ atMs: nowMs + 40 * 60_000, rightInTen: 8 });
  expect(needWords.likeIt(told?.rightInTen ?? 0)).toBe(
    'Predictions like this were right 8 times in 10',
  );
});
