/** Who is let in, for how long, and what an open stream may know. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConnectError } from '@connectrpc/connect';
import { Outcome } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { uuidv7 } from 'uuidv7';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../platform/system-ports.ts';
import { jam } from '../sample-store.ts';
import { freeAttempts } from './pin-attempts.ts';
import { SampleKiosk, sampleBadges, samplePin } from './sample-kiosk.ts';

let folder: string;
let kiosk: SampleKiosk;
/** Monotonic time that tests add to the machine's. */
let aheadMs: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stockhand-sessions-'));
  aheadMs = 0;
  const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + aheadMs };
  kiosk = new SampleKiosk({ folder, pageFolder: join(folder, 'no-page'), clock });
  await kiosk.start();
});

afterEach(async () => {
  await kiosk.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function reasonOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => ConnectError.from(thrown),
  );
  return error?.metadata.get('stockhand-reason') ?? 'no error';
}

const byPin = (pin: string) =>
  kiosk.client().signIn({
    kioskId: 'kiosk-1',
    credential: { case: 'pin', value: { personRef: 'anna', pin } },
  });

describe('a session', () => {
  it('ends when it is not used for long', async () => {
    const token = await kiosk.tokenOf('anna');
    aheadMs = 899_000;
    expect((await kiosk.client(token).lookUp({ text: jam })).productName).toBe('Jam');
    aheadMs += 900_000;
    expect(await reasonOf(kiosk.client(token).lookUp({ text: jam }))).toBe('session-ended');
  });

  it('outlives a restart of the agent', async () => {
    const token = await kiosk.tokenOf('anna');
    await kiosk.stop();
    await kiosk.start();
    expect((await kiosk.client(token).lookUp({ text: jam })).productName).toBe('Jam');
  });

  it('gives way when the next person signs in at the same kiosk', async () => {
    const annas = await kiosk.tokenOf('anna', 'kiosk-1');
    await kiosk.tokenOf('ben', 'kiosk-1');
    expect(await reasonOf(kiosk.client(annas).lookUp({ text: jam }))).toBe('session-ended');
  });

  it('lets nobody do more than the role', async () => {
    const approve = { case: 'approveDevice', value: { deviceId: 'plate-1' } } as const;
    const asked = (token: string) =>
      kiosk.client(token).act({ actionId: uuidv7(), action: approve });
    expect(await asked(await kiosk.tokenOf('anna'))).toMatchObject({
      outcome: Outcome.REFUSED,
      reason: 'not-allowed',
    });
    expect((await asked(await kiosk.tokenOf('max'))).outcome).toBe(Outcome.ACCEPTED);
  });
});

describe('a PIN', () => {
  it('is locked after three wrong ones, even for the right one', async () => {
    for (let slip = 0; slip < freeAttempts; slip += 1) {
      expect(await reasonOf(byPin('0000'))).toBe('wrong-pin');
    }
    expect(await reasonOf(byPin(samplePin))).toBe('pin-locked');
    aheadMs += 5_000;
    expect((await byPin(samplePin)).personRef).toBe('anna');
  });

  it('counts an attempt when it begins: many at once are not many guesses', async () => {
    const reasons = await Promise.all(Array.from({ length: 12 }, () => reasonOf(byPin('0000'))));
    expect(reasons.filter((reason) => reason === 'wrong-pin')).toHaveLength(freeAttempts);
    expect(reasons.filter((reason) => reason === 'pin-locked')).toHaveLength(12 - freeAttempts);
  });

  it('is no PIN when it has letters or too many digits', async () => {
    expect(await reasonOf(byPin('12ab'))).toBe('bad-field');
    expect(await reasonOf(byPin('123456789'))).toBe('bad-field');
  });
});

describe('an open stream', () => {
  /** What a stream gets of the scans that follow its first message. */
  async function scansSeen(
    token: string,
    door: 'http' | 'https',
    scans: readonly string[],
  ): Promise<string[]> {
    const seen: string[] = [];
    const stop = new AbortController();
    const request = { kioskId: 'kiosk-1', deskDeviceIds: ['scanner-1'] };
    const stream = kiosk.client(token, door).watchStore(request, { signal: stop.signal });
    let isFirst = true;
    try {
      for await (const { message } of stream) {
        if (isFirst) {
          isFirst = false;
          for (const text of scans) {
            kiosk.desk.scanned({ deviceId: 'scanner-1', text, aimId: '', seenAtMs: 0 });
          }
          // A change of the board that follows the scans tells that all of them have passed.
          kiosk.sync = { hqConnected: false, eventsWaiting: 1, oldestWaitingMs: 0 };
        } else if (message.case === 'board') {
          break;
        }
        if (message.case === 'scan') seen.push(message.value.text);
      }
    } finally {
      stop.abort();
    }
    return seen;
  }

  it('never carries a badge to where someone is signed in', async () => {
    const token = await kiosk.tokenOf('anna');
    expect(await scansSeen(token, 'http', [sampleBadges.ben, jam])).toEqual([jam]);
  });

  it('carries scans before sign-in to the agent’s own machine only', async () => {
    expect(await scansSeen('', 'http', [sampleBadges.ben])).toEqual([sampleBadges.ben]);
    kiosk.sync = { hqConnected: true, eventsWaiting: 0, oldestWaitingMs: null };
    expect(await scansSeen('', 'https', [sampleBadges.ben])).toEqual([]);
  });

  it('works over HTTP/2, more of them than a browser has HTTP/1.1 connections', async () => {
    const token = await kiosk.tokenOf('anna');
    const client = kiosk.client(token, 'https');
    const stop = new AbortController();
    const first = async () => {
      const stream = client.watchStore({ kioskId: 'kiosk-1' }, { signal: stop.signal });
      for await (const { message } of stream) return message.case;
    };
    const streams = Array.from({ length: 10 }, first);
    expect(await Promise.all(streams)).toEqual(Array.from({ length: 10 }, () => 'board'));
    stop.abort();
  });
});
