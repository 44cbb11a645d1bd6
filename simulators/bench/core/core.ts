/**
 * The pure core with store L: sales and belief updates a second, replay of a log, the slowest
 * decisions, and what a slot takes in memory. The limits are the budgets of the design, since nothing
 * else does the same work.
 */
import { createHash } from 'node:crypto';
import { apply, deserializeState, serializeState } from '@stockhand/edge-agent/agent.ts';
import {
  decodeEvent,
  encodeEvent,
  firstPreviousHash,
} from '@stockhand/edge-agent/events/event-codec.ts';
import type { Input } from '@stockhand/edge-agent/input.ts';
import { thisMachine } from '../machine.ts';
import type { BenchSettings } from '../main.ts';
import { type BenchReport, type BenchResult, judged } from '../report.ts';
import { median } from '../statistics.ts';
import { CoreLoad } from './core-load.ts';

const goals = {
  salesPerSecond: 50_000,
  beliefUpdatesPerSecond: 20_000,
  replaySecondsPerMillion: 25,
  decisionP99Ms: 5,
};
/** Inputs of one round of each kind, and events of the replayed log, for each second of a load. */
const inputsPerSecond = 10_000;
const replayedPerSecond = 100_000;
/** Three of ten events of the replayed log are observations. */
const observationShare = 0.3;

export async function measureCore(settings: BenchSettings): Promise<BenchReport> {
  const heapBefore = heapBytes();
  const load = new CoreLoad();
  const bytesPerSlot = (heapBytes() - heapBefore) / load.plan.slots.length;
  const inputs = Math.ceil(inputsPerSecond * settings.seconds);
  const [sales, beliefs, p99s]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < settings.rounds; round += 1) {
    sales.push(ratePerSecond(load, inputs, () => load.sale()));
    const latencies: number[] = [];
    beliefs.push(ratePerSecond(load, inputs, () => load.reading(), latencies));
    p99s.push(
      latencies.sort((one, other) => one - other)[Math.floor(latencies.length * 0.99)] ?? 0,
    );
    settings.progress(
      `round ${round + 1}: ${Math.round(sales.at(-1) ?? 0)} sales/s, ${Math.round(beliefs.at(-1) ?? 0)} belief updates/s`,
    );
  }
  const replaySeconds = replay(settings);
  return {
    bench: 'core',
    machine: { ...thisMachine(), slots: load.plan.slots.length },
    results: [
      rate('sales through step', median(sales), goals.salesPerSecond),
      rate('belief updates through step', median(beliefs), goals.beliefUpdatesPerSecond),
      atMost('step of a reading, p99', 'ms', median(p99s), goals.decisionP99Ms),
      atMost('replay of 1,000,000 events', 's', replaySeconds, goals.replaySecondsPerMillion),
      atMost('memory per slot, all told', 'KiB', bytesPerSlot / 1_024, 64),
    ],
  };
}

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function ratePerSecond(
  load: CoreLoad,
  count: number,
  next: () => Input,
  latencies: number[] = [],
): number {
  const inputs = Array.from({ length: count }, next);
  const startedMs = performance.now();
  let beforeMs = startedMs;
  for (const input of inputs) {
    load.take(input);
    const nowMs = performance.now();
    latencies.push(nowMs - beforeMs);
    beforeMs = nowMs;
  }
  return (count * 1_000) / (beforeMs - startedMs);
}

/** Seconds for a million events of a log as it lies on the disk: decoded and applied. */
function replay(settings: BenchSettings): number {
  const load = new CoreLoad();
  const frame = {
    storeGln: load.plan.gln,
    epoch: createHash('sha256').update('bench').digest().subarray(0, 16),
    previousHash: firstPreviousHash,
  };
  const encoded: Uint8Array[] = [];
  // A store before its first event of the load, through the text that a snapshot is.
  const replayed = deserializeState(serializeState(new CoreLoad().state));
  let observations = 0;
  while (encoded.length < replayedPerSecond * settings.seconds) {
    const isObservation = observations < observationShare * encoded.length;
    for (const event of load.take(isObservation ? load.reading() : load.sale())) {
      if (event.payload.case === 'shelfObserved') observations += 1;
      encoded.push(encodeEvent(event, frame));
    }
  }
  const startedMs = performance.now();
  for (const bytes of encoded) apply(replayed, decodeEvent(bytes).event);
  const seconds = (performance.now() - startedMs) / 1_000;
  settings.progress(
    `replay: ${encoded.length} events, ${observations} observations, ${seconds.toFixed(2)} s`,
  );
  return (seconds * 1_000_000) / encoded.length;
}

function rate(name: string, value: number, limit: number): BenchResult {
  return judged({
    name,
    unit: '1/s',
    better: 'higher',
    value,
    limit: { name: 'budget', value: limit },
    ratio: value / limit,
    goal: 1,
  });
}

function atMost(name: string, unit: string, value: number, limit: number): BenchResult {
  return judged({
    name,
    unit,
    better: 'lower',
    value,
    limit: { name: 'budget', value: limit },
    ratio: value / limit,
    goal: 1,
  });
}
