import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { SlotNeedSchema } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { expect, it } from 'vitest';
import { quantityOf } from './quantity.ts';
import { shelfPicture } from './shelf-picture.ts';

const pieces = (count: number) => quantityOf({ unit: 'pieces', count });

const picture = (more: Omit<MessageInitShape<typeof SlotNeedSchema>, '$typeName'>) =>
  shelfPicture(
    create(SlotNeedSchema, {
      capacity: pieces(12),
      par: pieces(12),
      reorderPoint: pieces(4),
      presentationMinimum: pieces(2),
      ...more,
    }),
  );

it('shows what is there, how sure that is, and the levels', () => {
  const shown = picture({ believed: pieces(3), least: pieces(2), most: pieces(4) });
  expect(shown).toMatchObject({ believedPpm: 250_000, leastPpm: 166_667, mostPpm: 333_333 });
  expect(shown?.marks.map(({ kind, ppm }) => [kind, ppm])).toEqual([
    ['minimum', 166_667],
    ['reorder', 333_333],
  ]);
});

it('shows a par below the capacity, and leaves out levels of nothing', () => {
  const shown = picture({ par: pieces(9), presentationMinimum: pieces(0) });
  expect(shown?.marks.map(({ kind }) => kind)).toEqual(['reorder', 'par']);
});

it('never shows more than a full bar, and claims nothing of a slot that it does not know', () => {
  expect(picture({ believed: pieces(15), most: pieces(16) })).toMatchObject({
    believedPpm: 1_000_000,
    mostPpm: 1_000_000,
  });
  expect(picture({})?.believedPpm).toBeUndefined();
  expect(picture({ capacity: pieces(0) })).toBeUndefined();
});
