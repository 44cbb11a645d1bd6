/** Figures of HQ for OpenMetrics scrapers; counters begin at 0 with the process. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { BatchFigures } from '../grpc-server/store-call.ts';
import type { HqStore } from '../store/hq-store.ts';

export interface HqMetrics {
  registry: Registry;
  received(figures: BatchFigures): void;
  signInRefused(): void;
}

export interface HqMetricsOptions {
  store: HqStore;
  connectedStores(): number;
  nowMs(): number;
}

export function createHqMetrics({ store, connectedStores, nowMs }: HqMetricsOptions): HqMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const events = new Counter({
    name: 'stockhand_hq_events_total',
    help: 'Events that came from stores, by what became of them',
    labelNames: ['result'],
    registers: [registry],
  });
  const signIns = new Counter({
    name: 'stockhand_hq_sign_ins_refused_total',
    help: 'Sign-ins to the page with a wrong token',
    registers: [registry],
  });
  new Gauge({
    name: 'stockhand_hq_stores_connected',
    help: 'Stores with an open stream',
    registers: [registry],
    collect() {
      this.set(connectedStores());
    },
  });
  new Gauge({
    name: 'stockhand_hq_store_silence_seconds',
    help: 'Time since the store last brought events or greeted',
    labelNames: ['store'],
    registers: [registry],
    collect() {
      for (const { gln, lastSeenAtMs } of store.lastSeen()) {
        this.set({ store: gln }, Math.max(0, nowMs() - lastSeenAtMs) / 1_000);
      }
    },
  });
  return {
    registry,
    received: ({ fresh, repeated, quarantined }) => {
      events.inc({ result: 'stored' }, fresh - quarantined);
      events.inc({ result: 'quarantined' }, quarantined);
      events.inc({ result: 'repeated' }, repeated);
    },
    signInRefused: () => signIns.inc(),
  };
}
