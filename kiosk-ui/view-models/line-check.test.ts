import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { DeliveryLineViewSchema } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { describe, expect, it } from 'vitest';
import {
  amountsOf,
  checkLine,
  type LineCheck,
  lineDifference,
  lineFor,
  startLineCheck,
  targetOf,
} from './line-check.ts';
import { type Amount, quantityOf } from './quantity.ts';

const pieces = (count: number): Amount => ({ unit: 'pieces', count });

const line = (init: Omit<MessageInitShape<typeof DeliveryLineViewSchema>, '$typeName'>) =>
  create(DeliveryLineViewSchema, { gtin: 'jam', productName: 'Jam', ...init });

const announced = line({ line: 1, announced: quantityOf(pieces(24)), casePackPieces: 6 });

function times(check: LineCheck, count: number, kind: 'came' | 'damaged', change: 'more' | 'less') {
  let after = check;
  for (let step = 0; step < count; step += 1) {
    after = checkLine(after, { kind, change: { kind: change } });
  }
  return after;
}

describe('checking a line', () => {
  it('starts at what was announced, and tells sound and damaged goods apart', () => {
    const start = startLineCheck(targetOf(announced));
    expect(amountsOf(start)).toEqual({ received: pieces(24), damaged: pieces(0) });
    const short = times(start, 6, 'came', 'less');
    const after = times(short, 1, 'damaged', 'more');
    expect(amountsOf(after)).toEqual({ received: pieces(17), damaged: pieces(1) });
  });

  it('never has more damaged goods than came', () => {
    const start = startLineCheck(targetOf(announced));
    const many = times(times(start, 3, 'damaged', 'more'), 23, 'came', 'less');
    expect(amountsOf(many)).toEqual({ received: pieces(0), damaged: pieces(1) });
  });

  it('starts at nothing for goods that no line names, and names them by their product', () => {
    const target = { ...targetOf(announced), line: 0, announced: undefined };
    expect(amountsOf(startLineCheck(target)).received).toEqual(pieces(0));
    expect(targetOf(line({ line: 4, received: quantityOf(pieces(2)) })).line).toBe(0);
  });

  it('is in kilograms for weighed goods', () => {
    const cheese = line({
      line: 2,
      announced: quantityOf({ unit: 'milligrams', count: 5_000_000 }),
    });
    const less = times(startLineCheck(targetOf(cheese)), 1, 'came', 'less');
    expect(amountsOf(less).received).toEqual({ unit: 'milligrams', count: 4_900_000 });
  });
});

it.each([
  [24, 24, 0, { kind: 'none' }],
  [24, 18, 1, { kind: 'missing', amount: pieces(6) }],
  [24, 30, 0, { kind: 'more', amount: pieces(6) }],
  [24, 24, 2, { kind: 'damaged', amount: pieces(2) }],
])('%d announced, %d came, %d damaged', (wanted, came, damaged, difference) => {
  expect(lineDifference(pieces(wanted), pieces(came), damaged)).toEqual(difference);
});

it('takes the line of a product that still waits before one that is checked', () => {
  const checked = line({ line: 1, received: quantityOf(pieces(1)) });
  const waiting = line({ line: 2, announced: quantityOf(pieces(2)) });
  expect(lineFor([checked, waiting], 'jam')?.line).toBe(2);
  expect(lineFor([checked], 'jam')?.line).toBe(1);
  expect(lineFor([checked], 'milk')).toBeUndefined();
});
