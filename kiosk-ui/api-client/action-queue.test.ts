import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, createClient, createRouterTransport } from '@connectrpc/connect';
import {
  ActResponseSchema,
  KioskService,
  Outcome,
} from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ActionQueue } from './action-queue.ts';

/** An agent whose every answer the test decides; what reached it, by person and task. */
class Agent {
  readonly seen: string[] = [];
  signedIn = '';
  isAway = false;
  refuses = '';

  readonly client = createClient(
    KioskService,
    createRouterTransport(({ service }) =>
      service(KioskService, {
        act: ({ action }) => {
          if (this.isAway) throw new ConnectError('away', Code.Unavailable);
          if (this.refuses !== '') {
            const headers = { 'stockhand-reason': this.refuses };
            throw new ConnectError(this.refuses, Code.Unauthenticated, headers);
          }
          const taskId = action.case === 'claimTask' ? action.value.taskId : '';
          this.seen.push(`${this.signedIn} ${taskId}`);
          return create(ActResponseSchema, { outcome: Outcome.ACCEPTED, taskVersion: 2 });
        },
      }),
    ),
  );
}

describe('what waits for the agent', () => {
  let agent: Agent;
  const texts = new Map<string, string>();
  const storage = {
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, text: string) => void texts.set(key, text),
  };
  const dropped: string[] = [];
  const queueOf = () =>
    new ActionQueue(
      agent.client,
      storage,
      {
        changed: () => {},
        answered: () => {},
        dropped: (_request, reason) => dropped.push(reason),
      },
      () => agent.signedIn,
    );
  const claim = (taskId: string) => ({ case: 'claimTask', value: { taskId } }) as const;

  /** A try has failed, and the next one is due later. */
  const untilGivenUp = () => vi.waitUntil(() => vi.getTimerCount() > 0);

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    agent = new Agent();
    agent.signedIn = 'max';
    texts.clear();
    dropped.length = 0;
  });

  afterEach(() => vi.useRealTimers());

  it('goes out once the agent is back, in order, also from another page', async () => {
    agent.isAway = true;
    const queue = queueOf();
    queue.add(claim('t-1'), 1);
    queue.add(claim('t-2'), 1);
    await untilGivenUp();
    vi.clearAllTimers();
    agent.isAway = false;
    const after = queueOf();
    expect(after.waiting).toHaveLength(2);
    await after.send();
    expect(agent.seen).toEqual(['max t-1', 'max t-2']);
    expect(queueOf().waiting).toEqual([]);
  });

  it.each(['session-ended', 'not-signed-in', 'not-recorded'])(
    'is kept after %s',
    async (reason) => {
      agent.refuses = reason;
      const queue = queueOf();
      queue.add(claim('t-1'), 1);
      await queue.send();
      expect(queue.waiting).toHaveLength(1);
      expect(dropped).toEqual([]);
      agent.refuses = '';
      await vi.waitUntil(async () => {
        await queue.send();
        return queue.waiting.length === 0;
      });
      expect(agent.seen).toEqual(['max t-1']);
    },
  );

  it('never goes out under another name', async () => {
    agent.isAway = true;
    const queue = queueOf();
    queue.add(claim('t-1'), 1);
    await untilGivenUp();
    vi.clearAllTimers();
    agent.isAway = false;
    agent.signedIn = 'anna';
    const annas = queueOf();
    annas.add(claim('t-2'), 1);
    await vi.waitUntil(() => annas.waiting.length === 1);
    expect(agent.seen).toEqual(['anna t-2']);
    agent.signedIn = 'max';
    await annas.send();
    expect(agent.seen).toEqual(['anna t-2', 'max t-1']);
  });

  it('is dropped, and said so, when the agent will never take it', async () => {
    agent.refuses = 'not-allowed';
    const queue = queueOf();
    queue.add(claim('t-1'), 1);
    await vi.waitUntil(() => queue.waiting.length === 0);
    expect(dropped).toEqual(['not-allowed']);
  });
});
