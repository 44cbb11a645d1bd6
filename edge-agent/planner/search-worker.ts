/**
 * The search for a plan in a thread of its own: it gets the store map when that changes and a snapshot for
 * each question, and answers with the plan that it found within the time it was given.
 */
import { parentPort } from 'node:worker_threads';
import type { Place, Walkway } from '../catalogue/catalogue.ts';
import { storeMapOf } from '../catalogue/store-map.ts';
import { findPlan } from '../planning/plan-search.ts';
import type { PlanSnapshot } from '../planning/plan-snapshot.ts';

export type SearchRequest =
  | { kind: 'map'; places: Place[]; walkways: Walkway[] }
  | { kind: 'search'; id: number; snapshot: PlanSnapshot; budgetMs: number };

let map = storeMapOf([], []);

parentPort?.on('message', (request: SearchRequest) => {
  if (request.kind === 'map') {
    map = storeMapOf(request.places, request.walkways);
    return;
  }
  const { id, snapshot, budgetMs } = request;
  const startMs = performance.now();
  const after = (ms: number) => ({ isSpent: () => performance.now() - startMs >= ms });
  try {
    parentPort?.postMessage({
      id,
      found: findPlan(snapshot, map, after(budgetMs), after(budgetMs / 2)),
    });
  } catch (error) {
    parentPort?.postMessage({ id, error: String(error) });
  }
});
