import { describe, expect, test } from 'vitest';
import { action, reading, runningStore, startMs } from '../sample-store.ts';
import { deviceFacts } from '../views.ts';

describe('devices', () => {
  test('an unknown device is registered once and refused until a manager approves it', () => {
    const store = runningStore();
    const scan = () =>
      reading({ deviceId: 'new-1', value: { case: 'scan', value: { text: '4006381333931' } } });
    const first = store.take(scan());
    expect(first.events.map((event) => event.payload.case)).toEqual(['deviceRegistered']);
    expect(first.outcome).toMatchObject({ refusals: [{ reason: 'device-pending' }] });
    expect(store.cases(scan())).toEqual([]);
    const approve = { case: 'approveDevice', value: { deviceId: 'new-1' } };
    expect(store.outcome(action('lea', 0, approve))).toMatchObject({ kind: 'refused' });
    expect(store.cases(action('max', 0, approve))).toEqual(['deviceApproved']);
    expect(store.outcome(scan())).toEqual({ kind: 'unchanged' });
    const block = { case: 'blockDevice', value: { deviceId: 'new-1', reason: 'odd' } };
    expect(store.cases(action('max', 0, block))).toEqual(['deviceBlocked']);
    expect(store.outcome(scan())).toMatchObject({ refusals: [{ reason: 'device-blocked' }] });
    const facts = deviceFacts(store.state).find(({ record }) => record.deviceId === 'new-1');
    expect(facts).toMatchObject({ kind: 'unconfigured', record: { standing: 'blocked' } });
  });

  test('notes that a device came and went, once each', () => {
    const store = runningStore();
    const online = (is: boolean) =>
      ({ kind: 'device-state', deviceId: 'plate-1', online: is, reason: 'last-will' }) as const;
    expect(store.cases(online(true))).toEqual(['deviceCameOnline']);
    expect(store.outcome(online(true))).toEqual({ kind: 'unchanged' });
    expect(store.cases(online(false))).toEqual(['deviceWentOffline']);
  });

  test('a timer fires once per due time', () => {
    const store = runningStore();
    const timer = (dueAtMs: number) => ({ kind: 'timer', purpose: 'tick', dueAtMs }) as const;
    expect(store.cases(timer(startMs))).toEqual(['timerFired']);
    expect(store.outcome(timer(startMs))).toEqual({ kind: 'duplicate' });
    expect(store.outcome(timer(startMs - 1))).toEqual({ kind: 'duplicate' });
    expect(store.outcome(timer(startMs + 86_400_000))).toMatchObject({ kind: 'refused' });
  });
});
