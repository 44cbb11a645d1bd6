import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { command, jam, milk, runningStore, type SampleStore } from '../sample-store.ts';
import { sourcingOf } from './warehouse-stock.ts';

const hourMs = 3_600_000;
let store: SampleStore;
let sequence: number;

function report(
  lines: { gtin: string; pieces: number; moreAtMs?: number }[],
  asOfMs = store.nowMs,
) {
  sequence += 1;
  return store.take(
    command(sequence, {
      case: 'reportWarehouseStock',
      value: {
        asOf: timestampFromMs(asOfMs),
        lines: lines.map(({ gtin, pieces, moreAtMs }) => ({
          gtin,
          available: quantityMessage(pieces, 'pieces'),
          ...(moreAtMs !== undefined && { moreAt: timestampFromMs(moreAtMs) }),
        })),
      },
    }),
  );
}

function sourcing(wanted: number, laterMs = 0) {
  const product = store.state.catalogue.productByGtin.get(jam);
  if (product === undefined) throw new Error('the sample store sells jam');
  return sourcingOf(store.state, product, wanted, store.nowMs + laterMs);
}

beforeEach(() => {
  store = runningStore();
  sequence = 2;
});

describe('from where an emergency order comes', () => {
  test('is the warehouse as long as nobody says that it has too little', () => {
    expect(sourcing(42)).toEqual({ kind: 'emergency', quantity: 42, explanation: '' });
    report([{ gtin: jam, pieces: 42 }]);
    expect(sourcing(42)).toEqual({ kind: 'emergency', quantity: 42, explanation: '' });
  });

  test('asks for no more than the warehouse has, in whole cases', () => {
    report([{ gtin: jam, pieces: 20 }]);
    expect(sourcing(42)).toMatchObject({ kind: 'emergency', quantity: 18 });
  });

  test('is another store when the warehouse has less than a case', () => {
    report([{ gtin: jam, pieces: 5, moreAtMs: store.nowMs + 50 * hourMs }]);
    const found = sourcing(42);
    expect(found).toMatchObject({ kind: 'transfer', quantity: 42 });
    expect(found.explanation).toContain('until 20');
  });

  test('forgets word that is older than a day and a half', () => {
    report([{ gtin: jam, pieces: 0 }]);
    expect(sourcing(42, 37 * hourMs).kind).toBe('emergency');
  });
});

describe('a report of the warehouse', () => {
  test('that is older than what is known changes nothing', () => {
    report([{ gtin: jam, pieces: 18 }]);
    report([{ gtin: jam, pieces: 0 }], store.nowMs - 5 * hourMs);
    expect(sourcing(42)).toMatchObject({ kind: 'emergency', quantity: 18 });
  });

  test('is taken line by line', () => {
    const { outcome } = report([
      { gtin: '00000000000017', pieces: 4 },
      { gtin: milk, pieces: 4 },
    ]);
    expect(outcome).toMatchObject({
      kind: 'refused',
      refusals: [{ reason: 'unknown-product', field: 'lines[0].gtin' }],
    });
    expect(store.state.proposals.warehouse.get(milk)?.available).toBe(4);
  });

  test('from the future, or without lines, is refused as a whole', () => {
    expect(report([{ gtin: jam, pieces: 4 }], store.nowMs + 9 * hourMs).outcome).toMatchObject({
      kind: 'refused',
      refusals: [{ field: 'asOf' }],
    });
    expect(report([]).outcome).toMatchObject({ refusals: [{ field: 'lines' }] });
    expect(store.state.proposals.warehouse.size).toBe(0);
  });
});
