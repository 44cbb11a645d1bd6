/** What HQ's page asks for, as JSON: the stores with their lag, and their events with filters. */
import { readEvent } from '../event-content.ts';
import type { EventFilter, HqStore } from '../store/hq-store.ts';

const pageLimit = 100;

export interface EventApiOptions {
  store: HqStore;
  isConnected(storeGln: string): boolean;
  nowMs(): number;
}

function filterOf(query: URLSearchParams): EventFilter {
  const filter: EventFilter = { limit: pageLimit };
  for (const name of ['storeGln', 'type', 'correlationId', 'gtin'] as const) {
    const value = query.get(name);
    if (value) filter[name] = value;
  }
  const beforeId = Number(query.get('beforeId'));
  if (Number.isInteger(beforeId) && beforeId > 0) filter.beforeId = beforeId;
  return filter;
}

/** The event in proto3 JSON, or its bytes where it cannot be read. */
function readable(bytes: Uint8Array): unknown {
  return readEvent(bytes)?.json ?? { unreadable: Buffer.from(bytes).toString('hex') };
}

/** The body of an answer; null when there is no such thing. */
export function answerApi(
  { store, isConnected, nowMs }: EventApiOptions,
  path: string,
  query: URLSearchParams,
): unknown {
  switch (path) {
    case '/api/stores': {
      const stores = store.stores().map((row) => ({ ...row, connected: isConnected(row.gln) }));
      return { nowMs: nowMs(), stores, types: store.eventTypes() };
    }
    case '/api/events':
      return { events: store.events(filterOf(query)) };
    case '/api/event': {
      const bytes = store.eventBytes(Number(query.get('id')));
      return bytes ? readable(bytes) : null;
    }
    case '/api/orders':
      return { orders: store.orders(pageLimit) };
    default:
      return null;
  }
}
