import { expect, test } from 'vitest';
import type { Input, Outcome } from '../input.ts';
import type { RunningAgent } from '../ports.ts';
import type { State } from '../state.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { PresenceReport, presenceRetryMs } from './presence-report.ts';

/** An agent that records device states, or turns them away. */
function someAgent() {
  const told: string[] = [];
  const agent = {
    isFailing: false,
    submit: async (input: Input): Promise<Outcome> => {
      if (agent.isFailing) throw new Error('the disk failed');
      if (input.kind === 'device-state') told.push(`${input.deviceId} ${input.online}`);
      return { kind: 'accepted' };
    },
  };
  // The report submits and asks nothing else.
  return { agent, told, running: agent as unknown as RunningAgent<State> };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('who left while the disk failed is told once it works, and only the latest of each', async () => {
  const { agent, told, running } = someAgent();
  const clock = new VirtualClock(0);
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const report = new PresenceReport({ agent: running, clock, logger: log });
  report.tell('plate-1', { online: true, reason: '' });
  report.tell('plate-2', { online: true, reason: '' });
  await settled();
  agent.isFailing = true;
  report.tell('plate-1', { online: false, reason: 'disconnected' });
  report.tell('plate-2', { online: false, reason: 'disconnected' });
  report.tell('plate-2', { online: true, reason: '' });
  await settled();
  clock.pass(presenceRetryMs);
  await settled();
  agent.isFailing = false;
  expect(told).toEqual(['plate-1 true', 'plate-2 true']);
  clock.pass(presenceRetryMs);
  await settled();
  expect(told.slice(2).sort()).toEqual(['plate-1 false', 'plate-2 true']);
  clock.pass(10 * presenceRetryMs);
  await settled();
  expect(told).toHaveLength(4);
});
