/** Asks the search thread; begins it with the first question, and anew when it died. */
import { Worker } from 'node:worker_threads';
import type { CatalogueFacts } from '../catalogue/catalogue.ts';
import type { FoundPlan } from '../planning/plan-search.ts';
import type { PlanSnapshot } from '../planning/plan-snapshot.ts';
import type { SearchRequest } from './search-worker.ts';

/** Heap of the search: a thousand tasks need a tenth of it. */
const heapMegabytes = 128;
/** Beyond its budget a search reads the problem and builds its first plan; a thread that takes so long hangs. */
const graceMs = 10_000;

interface Answer {
  id: number;
  found?: FoundPlan;
  error?: string;
}

interface Waiting {
  deadline: NodeJS.Timeout;
  resolve(found: FoundPlan): void;
  reject(error: Error): void;
}

export class PlanSearchThread {
  #worker: Worker | null = null;
  #knownFacts: CatalogueFacts | null = null;
  #nextId = 1;
  readonly #waiting = new Map<number, Waiting>();

  /** Rejects when the search failed, hung, or the thread died; the next question begins a new one. */
  search(facts: CatalogueFacts, snapshot: PlanSnapshot, budgetMs: number): Promise<FoundPlan> {
    const worker = this.#worker ?? this.#begin();
    if (this.#knownFacts !== facts) {
      const { places, walkways } = facts;
      worker.postMessage({ kind: 'map', places, walkways } satisfies SearchRequest);
      this.#knownFacts = facts;
    }
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => this.#giveUp(worker), budgetMs + graceMs);
      this.#waiting.set(id, { resolve, reject, deadline: deadline.unref() });
      worker.postMessage({ kind: 'search', id, snapshot, budgetMs } satisfies SearchRequest);
    });
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#end(new Error('the planner stops'));
    await worker?.terminate();
  }

  #begin(): Worker {
    const worker = new Worker(new URL('./search-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    });
    worker.on('message', ({ id, found, error }: Answer) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      clearTimeout(waiting?.deadline);
      if (found === undefined) waiting?.reject(new Error(error ?? 'the search gave no plan'));
      else waiting?.resolve(found);
    });
    worker.on('error', (error) => {
      if (worker === this.#worker) this.#end(error);
    });
    // The agent ends without waiting for a search.
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #giveUp(worker: Worker): void {
    if (worker !== this.#worker) return;
    this.#end(new Error('the search gives no answer'));
    void worker.terminate();
  }

  #end(error: Error): void {
    this.#worker = null;
    this.#knownFacts = null;
    for (const { reject, deadline } of this.#waiting.values()) {
      clearTimeout(deadline);
      reject(error);
    }
    this.#waiting.clear();
  }
}
