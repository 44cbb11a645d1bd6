import { CountReason } from '@stockhand/proto/events/v1alpha/stock_events_pb.js';
import { TaskType } from '@stockhand/proto/events/v1alpha/task_events_pb.js';
import { quantityMessage } from '@stockhand/proto/vocabulary/quantity.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { applyEvent } from '../events/application.ts';
import { Recorder } from '../events/recorder.ts';
import { action, jam, milk, momentAt, runningStore, type SampleStore } from '../sample-store.ts';
import { balance, bin } from '../stock/ledger.ts';
import { openExceptions, openTasks, shelfQuantity } from '../views.ts';
import { inHandsLimitMs } from './due-work.ts';
import { lookLifeMs } from './expiry.ts';
import { askForCount, askForLook, createTask } from './task-creation.ts';

const pieces = (count: number) => quantityMessage(count, 'pieces');
let store: SampleStore;

beforeEach(() => {
  store = runningStore();
});

/** Lets a rule of the core act, as the belief does at the end of a step. */
function rule<T>(act: (recorder: Recorder) => T): T {
  const recorder = new Recorder(store.state, momentAt(store.nowMs), applyEvent);
  const answer = act(recorder);
  store.log.push(...recorder.events);
  return answer;
}

function begin(taskId: string | null, person = 'ben'): string {
  const version = store.state.tasks.open.get(taskId ?? '')?.version ?? 0;
  store.take(action(person, version, { case: 'startTask', value: { taskId } }));
  return taskId ?? '';
}

function complete(taskId: string, more: object, person = 'ben') {
  const version = store.state.tasks.open.get(taskId)?.version ?? 0;
  return store.take(action(person, version, { case: 'completeTask', value: { taskId, ...more } }));
}

const cases = (step: ReturnType<typeof complete>) => step.events.map(({ payload }) => payload.case);

describe('a count', () => {
  test('of a bin is asked for once, and is the record when it is done', () => {
    const ask = () =>
      rule((recorder) =>
        askForCount(recorder, { gtin: jam, slotId: '', placeId: 'B7' }, 500_000, 'In doubt.'),
      );
    const taskId = begin(ask());
    expect(ask()).toBe(taskId);
    expect(cases(complete(taskId, { quantity: pieces(9) }))).toEqual([
      'itemsCounted',
      'exceptionRaised',
      'taskDone',
      'recordDoubted',
    ]);
    expect(balance(store.state.ledger, jam, bin('B7'))).toBe(9);
    const counted = store.log.findLast(({ payload }) => payload.case === 'itemsCounted');
    expect(counted?.payload.value).toMatchObject({ reason: CountReason.DOUBT });
  });

  test('of a slot is what the slot holds', () => {
    const taskId = rule((recorder) =>
      askForCount(recorder, { gtin: jam, slotId: 'A1', placeId: '' }, 500_000, 'In doubt.'),
    );
    complete(begin(taskId), { quantity: pieces(7) });
    expect(shelfQuantity(store.state, 'A1')).toBe(7);
  });

  test('is asked for again by the answer to a discrepancy', () => {
    const value = { placeId: 'B7', gtin: jam, counted: pieces(3) };
    store.take(action('anna', 0, { case: 'countBin', value }));
    const exceptionId = openExceptions(store.state)[0]?.exceptionId ?? '';
    const answer = { exceptionId, answer: 'count again' };
    store.take(action('lea', 0, { case: 'answerException', value: answer }));
    expect(openTasks(store.state)).toMatchObject([
      { type: TaskType.COUNT, gtin: jam, fromPlaceId: 'B7', slotId: '' },
    ]);
  });
});

describe('a look', () => {
  const look = () => rule((recorder) => askForLook(recorder, 'B1', 600_000, 'Nothing sold.'));

  test('that finds it empty is a count, and a refill follows', () => {
    const step = complete(begin(look()), { quantity: pieces(0) });
    expect(cases(step)).toEqual([
      'itemsCounted',
      'taskDone',
      'shelfRanEmpty',
      'needArose',
      'taskCreated',
    ]);
  });

  test('that finds some says that the slot is not empty', () => {
    const before = store.state.shelves.get('B1')?.belief.cells[0] ?? 0;
    const step = complete(begin(look()), { quantity: pieces(4) });
    expect(cases(step)).toEqual(['shelfLooked', 'taskDone']);
    expect(store.state.shelves.get('B1')?.belief.cells[0]).toBeLessThan(before);
    expect(shelfQuantity(store.state, 'B1')).toBe(16);
  });
});

describe('a move', () => {
  const move = () =>
    rule((recorder) =>
      createTask(recorder, {
        type: TaskType.MOVE,
        gtin: milk,
        quantity: 10,
        fromPlaceId: 'B9',
        toPlaceId: 'B7',
        urgencyPpm: 200_000,
        explanation: 'Wrong bin.',
      }),
    );

  test('takes from one place to the other, and less needs a reason', () => {
    const taskId = begin(move());
    expect(complete(taskId, { quantity: pieces(4) }).outcome).toMatchObject({
      refusals: [{ reason: 'short-reason-missing' }],
    });
    expect(cases(complete(taskId, { quantity: pieces(4), shortReason: 'bin full' }))).toEqual([
      'itemsMoved',
      'taskDoneShort',
    ]);
    expect(balance(store.state.ledger, milk, bin('B7'))).toBe(4);
    expect(balance(store.state.ledger, milk, bin('B9'))).toBe(20);
  });

  test('of more than the record knows contradicts it', () => {
    const taskId = begin(move());
    const step = complete(taskId, { quantity: pieces(30) });
    expect(cases(step)).toEqual(['stockContradicted', 'itemsMoved', 'taskDone', 'recordDoubted']);
  });

  test('is refused with nonsense', () => {
    const taskId = begin(move());
    const wrong: [more: object, reason: string][] = [
      [{}, 'missing-field'],
      [{ quantity: pieces(-1) }, 'out-of-range'],
      [{ quantity: quantityMessage(1, 'milligrams') }, 'wrong-unit'],
      [{ quantity: pieces(10), scan: '4006381333931' }, 'wrong-product'],
    ];
    for (const [more, reason] of wrong) {
      expect(complete(taskId, more).outcome, reason).toMatchObject({ refusals: [{ reason }] });
    }
    expect(complete(taskId, { quantity: pieces(10) }, 'anna').outcome).toMatchObject({
      refusals: [{ reason: 'task-taken' }],
    });
  });

  test('in somebody’s hands for long is asked about, and given to others', () => {
    const taskId = begin(move());
    store.nowMs += inHandsLimitMs + 60_000;
    store.take({ kind: 'timer', purpose: 'minute', dueAtMs: store.nowMs });
    const [open] = openExceptions(store.state);
    expect(open).toMatchObject({ type: 'task-overdue', ownerRole: 'lead' });
    const value = { exceptionId: open?.exceptionId ?? '', answer: 'give it to others' };
    store.take(action('lea', 0, { case: 'answerException', value }));
    expect(store.state.tasks.open.get(taskId)).toMatchObject({ claimedBy: '' });
  });

  test('work that is said to go on is asked about again when the time has passed once more', () => {
    begin(move());
    const pass = () => {
      store.nowMs += inHandsLimitMs + 60_000;
      store.take({ kind: 'timer', purpose: 'minute', dueAtMs: store.nowMs });
      return openExceptions(store.state).filter(({ type }) => type === 'task-overdue');
    };
    const [first] = pass();
    expect(pass()).toHaveLength(1);
    const value = { exceptionId: first?.exceptionId ?? '', answer: 'going on' };
    expect(store.outcome(action('max', 0, { case: 'answerException', value })).kind).toBe(
      'accepted',
    );
    expect(pass()).toHaveLength(1);
  });

  test('that was asked about is so no more when it is given back, and anew in other hands', () => {
    const taskId = begin(move());
    const pass = (ms: number) => {
      store.nowMs += ms;
      store.take({ kind: 'timer', purpose: 'minute', dueAtMs: store.nowMs });
      return openExceptions(store.state).filter(({ type }) => type === 'task-overdue');
    };
    const [asked] = pass(inHandsLimitMs + 60_000);
    const value = { exceptionId: asked?.exceptionId ?? '', answer: 'going on' };
    store.take(action('lea', 0, { case: 'answerException', value }));
    expect(pass(inHandsLimitMs)).toHaveLength(1);
    const version = store.state.tasks.open.get(taskId)?.version ?? 0;
    store.take(action('ben', version, { case: 'releaseTask', value: { taskId } }));
    expect(pass(60_000)).toEqual([]);
    begin(taskId, 'anna');
    expect(pass(inHandsLimitMs + 60_000)).toHaveLength(1);
  });
});

describe('a look that nobody takes', () => {
  test('expires after half a day, and is no work done', () => {
    const taskId = rule((recorder) => askForLook(recorder, 'A1', 300_000, 'Is it empty?')) ?? '';
    store.nowMs += lookLifeMs - 60_000;
    store.take({ kind: 'timer', purpose: 'minute', dueAtMs: store.nowMs });
    expect(store.state.tasks.open.has(taskId)).toBe(true);
    store.nowMs += 120_000;
    const { events } = store.take({ kind: 'timer', purpose: 'minute', dueAtMs: store.nowMs });
    expect(events.map(({ payload }) => payload.case)).toContain('taskExpired');
    expect(store.state.tasks.open.has(taskId)).toBe(false);
    expect(store.state.tasksDoneToday).toBe(0);
  });

  test('stays while somebody has it', () => {
    const taskId = begin(rule((recorder) => askForLook(recorder, 'A1', 300_000, 'Is it empty?')));
    store.nowMs += 2 * lookLifeMs;
    store.take({ kind: 'timer', purpose: 'minute', dueAtMs: store.nowMs });
    expect(store.state.tasks.open.has(taskId)).toBe(true);
  });
});
