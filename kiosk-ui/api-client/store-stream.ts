/**
 * The live stream from the agent, kept open: after an error it is opened again with growing pauses,
 * and a stream that says nothing for long (half-open, a sleeping tablet) is given up.
 */
import type { WatchStoreResponse } from '@stockhand/proto/kiosk/v1alpha/kiosk_service_pb.js';
import { type KioskClient, reasonOf } from './kiosk-client.ts';

export interface StoreStreamEvents {
  link(state: 'connecting' | 'live' | 'offline'): void;
  message(response: WatchStoreResponse): void;
  /** The session is over: sign in again. */
  sessionEnded(): void;
}

const firstPauseMs = 250;
const longestPauseMs = 5_000;
/** The agent says that it is alive every five seconds. */
const silenceMs = 15_000;

/** Starts watching; the answer stops it. */
export function watchStore(
  client: KioskClient,
  kioskId: string,
  events: StoreStreamEvents,
): () => void {
  let stopped = false;
  let current = new AbortController();

  async function read(): Promise<void> {
    current = new AbortController();
    const { signal } = current;
    let silence = setTimeout(() => current.abort(), silenceMs);
    try {
      for await (const response of client.watchStore({ kioskId }, { signal })) {
        clearTimeout(silence);
        silence = setTimeout(() => current.abort(), silenceMs);
        events.link('live');
        events.message(response);
      }
    } finally {
      clearTimeout(silence);
    }
  }

  async function keepReading(): Promise<void> {
    let pauseMs = firstPauseMs;
    while (!stopped) {
      const startedMs = performance.now();
      try {
        await read();
      } catch (error) {
        const reason = reasonOf(error);
        if (reason === 'session-ended' || reason === 'not-signed-in') {
          if (!stopped) events.sessionEnded();
          return;
        }
      }
      if (stopped) return;
      events.link('offline');
      // A stream that lived for a while earns a quick return.
      if (performance.now() - startedMs > longestPauseMs) pauseMs = firstPauseMs;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    }
  }

  events.link('connecting');
  void keepReading();
  return () => {
    stopped = true;
    current.abort();
  };
}
