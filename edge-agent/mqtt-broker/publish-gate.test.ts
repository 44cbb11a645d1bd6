import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { PublishGate } from './publish-gate.ts';

/** The connection that all come over. */
const over = {};

describe('the gate of a device', () => {
  it('lets a burst through at once and spreads what is over it', () => {
    const clock = new VirtualClock(0);
    const gate = new PublishGate({ perSecond: 10, burst: 3 }, clock);
    const passed: string[] = [];
    for (let number = 1; number <= 5; number += 1) {
      gate.admit('plate-1', over, () => passed.push(`${number} at ${clock.monotonicMs()}`));
    }
    gate.admit('plate-2', over, () => passed.push('another device'));
    expect(passed).toEqual(['1 at 0', '2 at 0', '3 at 0', 'another device']);
    expect(gate.waiting).toBe(2);
    clock.pass(1_000);
    expect(passed.slice(4)).toEqual(['4 at 100', '5 at 200']);
    expect(gate.waiting).toBe(0);
  });

  it('lets go of what waits when its connection ends, and of nothing else', () => {
    const clock = new VirtualClock(0);
    const gate = new PublishGate({ perSecond: 10, burst: 1 }, clock);
    const passed: string[] = [];
    for (let time = 0; time < 50; time += 1) {
      const connection = {};
      for (let number = 0; number < 20; number += 1) {
        gate.admit('plate-1', connection, () => passed.push(`${time}`));
      }
      gate.forget('plate-1', connection);
    }
    expect(gate.waiting).toBe(0);
    const latest = {};
    gate.admit('plate-1', latest, () => passed.push('latest'));
    gate.forget('plate-1', {});
    clock.pass(60_000);
    expect(passed.at(-1)).toBe('latest');
  });

  it('gives no new burst for leaving and coming back', () => {
    const clock = new VirtualClock(0);
    const gate = new PublishGate({ perSecond: 10, burst: 2 }, clock);
    let passed = 0;
    const pass = () => {
      passed += 1;
    };
    gate.admit('plate-1', over, pass);
    gate.admit('plate-1', over, pass);
    gate.forget('plate-1', over);
    gate.admit('plate-1', over, pass);
    expect(passed).toBe(2);
  });

  it('keeps the order and the rate of a device, and loses nothing', () => {
    const arrivals = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 60 });
    const rates = fc.record({
      perSecond: fc.integer({ min: 1, max: 50 }),
      burst: fc.integer({ min: 1, max: 8 }),
    });
    fc.assert(
      fc.property(arrivals, rates, (gapsMs, rate) => {
        const clock = new VirtualClock(0);
        const gate = new PublishGate(rate, clock);
        const passed: { number: number; atMs: number }[] = [];
        for (const [number, gapMs] of gapsMs.entries()) {
          clock.pass(gapMs);
          gate.admit('plate-1', over, () => passed.push({ number, atMs: clock.monotonicMs() }));
        }
        clock.pass(60_000);
        expect(passed.map((one) => one.number)).toEqual(gapsMs.map((_, number) => number));
        for (const [index, { atMs }] of passed.entries()) {
          // Within any second: what the rate allows, and one burst.
          const within = passed.slice(index).filter((one) => one.atMs < atMs + 1_000).length;
          expect(within).toBeLessThanOrEqual(rate.perSecond + rate.burst + 1);
        }
      }),
    );
  });
});
