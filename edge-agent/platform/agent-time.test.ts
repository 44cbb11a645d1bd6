import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../ports.ts';
import { AgentTime } from './agent-time.ts';

const start = Date.UTC(2026, 10, 23, 9);
const minute = 60_000;

function virtualClock() {
  let [wall, monotonic] = [start, 1_000];
  const clock: Clock = {
    wallMs: () => wall,
    monotonicMs: () => monotonic,
    schedule: () => () => {},
    whenIdle: () => () => {},
  };
  return {
    clock,
    pass(ms: number) {
      wall += ms;
      monotonic += ms;
    },
    stepWall(ms: number) {
      wall += ms;
    },
  };
}

describe('agent time', () => {
  it('follows the wall clock', () => {
    const { clock, pass } = virtualClock();
    const time = new AgentTime(clock, 0);
    expect(time.nowMs()).toBe(start);
    pass(1_234);
    expect(time.nowMs()).toBe(start + 1_234);
  });

  it('stands still while the wall clock catches up after a small step back', () => {
    const { clock, pass, stepWall } = virtualClock();
    const time = new AgentTime(clock, 0);
    pass(10_000);
    const before = time.nowMs();
    stepWall(-4_000);
    expect(time.nowMs()).toBe(before);
    pass(5_000);
    expect(time.nowMs()).toBe(before + 1_000);
  });

  it('holds a jump of ten years until someone confirms it', () => {
    const { clock, pass, stepWall } = virtualClock();
    const time = new AgentTime(clock, 0);
    stepWall(10 * 365 * 24 * 60 * minute);
    pass(1_000);
    expect(time.nowMs()).toBe(start + 1_000);
    expect(time.held).toMatchObject({ agentMs: start + 1_000 });
    time.confirm();
    expect(time.nowMs()).toBe(clock.wallMs());
    expect(time.held).toBeNull();
  });

  it('begins no earlier than the last event of the log', () => {
    const { clock } = virtualClock();
    expect(new AgentTime(clock, start + minute).nowMs()).toBeGreaterThanOrEqual(start + minute);
  });

  it('never goes back, whatever the wall clock does', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ pass: fc.integer({ min: 0, max: 3_600_000 }) }),
        fc.record({ step: fc.integer({ min: -100_000_000, max: 100_000_000 }) }),
        fc.constant('confirm' as const),
      ),
    );
    fc.assert(
      fc.property(steps, (moves) => {
        const { clock, pass, stepWall } = virtualClock();
        const time = new AgentTime(clock, 0);
        let last = time.nowMs();
        for (const move of moves) {
          if (move === 'confirm') time.confirm();
          else if ('pass' in move) pass(move.pass);
          else stepWall(move.step);
          const now = time.nowMs();
          expect(now).toBeGreaterThanOrEqual(last);
          last = now;
        }
      }),
    );
  });
});
