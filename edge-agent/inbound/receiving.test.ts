import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { serializeState } from '../agent.ts';
import { action, command, jam, milk, runningStore, type SampleStore } from '../sample-store.ts';
import { balance, bin, quarantine, sumOfAccounts } from '../stock/ledger.ts';
import { dock } from '../stock/store-places.ts';
import { openExceptions } from '../views.ts';

let store: SampleStore;
const pieces = (count: number) => quantityMessage(count, 'pieces');

function announce(sequence: number, inMinutes: number, noticeVersion = 1) {
  const expectedAt = timestampFromMs(store.nowMs + inMinutes * 60_000);
  const lines = [
    { line: 1, gtin: jam, quantity: pieces(24), sscc: '340123450000000017' },
    { line: 2, gtin: milk, quantity: pieces(12) },
  ];
  const value = { deliveryId: 'D1', senderGln: '4000001000005', noticeVersion, expectedAt, lines };
  return command(sequence, { case: 'announceDelivery', value });
}

const arrive = (deliveryId = 'D1') =>
  action('anna', 0, { case: 'arriveDelivery', value: { deliveryId } });
const receive = (line: number, received: number, damaged = 0) =>
  action('anna', 0, {
    case: 'receiveLine',
    value: { deliveryId: 'D1', line, received: pieces(received), damaged: pieces(damaged) },
  });
const exceptions = () => openExceptions(store.state).map(({ type }) => type);

beforeEach(() => {
  store = runningStore();
});

describe('a delivery', () => {
  test('that comes as announced is received, put away and gone', () => {
    store.take(announce(3, 30));
    expect(store.cases(arrive())).toEqual(['deliveryArrived', 'taskCreated', 'taskCreated']);
    store.take(receive(1, 24));
    expect(balance(store.state.ledger, jam, dock)).toBe(24);
    expect(store.cases(receive(2, 12))).toContain('deliveryAccepted');
    const before = balance(store.state.ledger, jam, bin('B7'));
    const value = { gtin: jam, quantity: pieces(24), toPlaceId: 'B7' };
    store.take(action('anna', 0, { case: 'putAway', value }));
    expect(balance(store.state.ledger, jam, dock)).toBe(0);
    expect(balance(store.state.ledger, jam, bin('B7'))).toBe(before + 24);
    expect(exceptions()).toEqual([]);
    expect(store.state.deliveries.size).toBe(0);
  });

  test('short and damaged is told once by line, and its invoice is held', () => {
    store.take(announce(3, 30));
    store.take(arrive());
    expect(store.cases(receive(1, 17, 1))).toEqual([
      'deliveryLineChecked',
      'itemsReceived',
      'itemsReceived',
      'exceptionRaised',
      'invoiceHoldRequested',
      'exceptionRaised',
      'invoiceHoldRequested',
      'taskClaimed',
      'taskDone',
      'taskCreated',
    ]);
    expect(exceptions().sort()).toEqual(['delivery-damaged', 'delivery-short']);
    expect(balance(store.state.ledger, jam, quarantine)).toBe(1);
    expect(sumOfAccounts(store.state.ledger, jam)).toBe(0);
    expect(store.outcome(receive(1, 17, 1)).kind).toBe('unchanged');
    expect(store.outcome(receive(1, 18, 1))).toMatchObject({
      kind: 'refused',
      refusals: [{ reason: 'already-answered' }],
    });
  });

  test('that does not come is late once, and no longer when it is here', () => {
    store.take(announce(3, 30));
    store.nowMs += 44 * 60_000;
    expect(exceptions()).toEqual([]);
    store.nowMs += 2 * 60_000;
    store.take(action('anna', 0, { case: 'reportEmpty', value: { slotId: 'B1' } }));
    store.take(action('anna', 0, { case: 'reportEmpty', value: { slotId: 'B1' } }));
    expect(exceptions()).toEqual(['delivery-late']);
    expect(store.cases(arrive('340123450000000017'))).toEqual([
      'deliveryArrived',
      'exceptionResolved',
      'logisticUnitScanned',
      'taskCreated',
      'taskCreated',
    ]);
    expect(exceptions()).toEqual([]);
  });

  test('that was told to be late is late at once', () => {
    store.take(announce(3, 30));
    const expectedAt = timestampFromMs(store.nowMs + 90 * 60_000);
    const value = { deliveryId: 'D1', expectedAt, reason: 'traffic' };
    store.take(command(4, { case: 'delayDelivery', value }));
    expect(exceptions()).toEqual(['delivery-late']);
  });

  test('that nobody announced is received after somebody was told', () => {
    expect(store.cases(arrive('D9'))).toEqual([
      'deliveryArrived',
      'exceptionRaised',
      'taskCreated',
    ]);
    expect(exceptions()).toEqual(['delivery-unannounced']);
  });

  test('with a notice that makes no sense is not expected', () => {
    const lines = [
      { line: 1, gtin: '04006381333948', quantity: pieces(1) },
      { line: 1, gtin: jam, quantity: pieces(-1) },
    ];
    const value = { deliveryId: 'D 1', noticeVersion: 1, lines };
    const outcome = store.outcome(command(3, { case: 'announceDelivery', value }));
    expect(outcome).toMatchObject({ kind: 'refused' });
    expect(store.state.deliveries.size).toBe(0);
    expect(store.outcome(announce(4, 5)).kind).toBe('accepted');
    expect(store.outcome(announce(5, 5)).kind).toBe('refused');
  });
});

describe('an exception', () => {
  test('is answered by its owner, once, with one of its answers', () => {
    store.take(announce(3, 30));
    store.take(arrive());
    store.take(receive(1, 12));
    const [open] = openExceptions(store.state);
    const answer = (person: string, text: string) =>
      store.outcome(
        action(person, 0, {
          case: 'answerException',
          value: { exceptionId: open?.exceptionId, answer: text },
        }),
      );
    expect(answer('anna', 'claim')).toMatchObject({ refusals: [{ reason: 'not-allowed' }] });
    expect(answer('lea', 'whatever')).toMatchObject({ refusals: [{ reason: 'bad-field' }] });
    expect(answer('lea', 'claim').kind).toBe('accepted');
    expect(answer('max', 'claim')).toMatchObject({ refusals: [{ reason: 'already-answered' }] });
  });

  test('goes to the next role when nobody answers, up to HQ', () => {
    store.take(announce(3, 30));
    store.take(arrive());
    store.take(receive(1, 12));
    const owner = () => openExceptions(store.state)[0]?.ownerRole;
    expect(owner()).toBe('lead');
    store.nowMs += 9 * 3_600_000;
    store.take(receive(2, 12));
    expect(owner()).toBe('manager');
    store.nowMs += 9 * 3_600_000;
    store.take(arrive('D2'));
    expect(owner()).toBe('hq');
  });

  test('of a bin tells what it holds and what the record said', () => {
    const value = { placeId: 'B7', gtin: jam, counted: pieces(3) };
    store.take(action('anna', 0, { case: 'countBin', value }));
    expect(openExceptions(store.state)[0]).toMatchObject({
      type: 'stock-discrepancy',
      subjects: [jam, 'B7'],
      evidence: expect.stringMatching(/bin B7 holds 3, the record said 20/),
    });
    expect(balance(store.state.ledger, jam, bin('B7'))).toBe(3);
  });
});

test('what was received and raised is the same after a replay', async () => {
  const { apply, createState } = await import('../agent.ts');
  store.take(announce(3, 30));
  store.take(arrive());
  store.take(receive(1, 12, 3));
  const { storeGln, epoch } = store.state;
  const replayed = createState({ storeGln, epoch });
  for (const event of store.log) apply(replayed, event);
  expect(Buffer.from(serializeState(replayed)).equals(serializeState(store.state))).toBe(true);
});
