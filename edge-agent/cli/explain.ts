/** `stockhand explain`: what is believed of a slot or a product and why, now or at any past moment. */
import { apply, createState, type State } from '../agent.ts';
import { explainSlot, type Signal, type SlotExplanation } from '../belief/explanation.ts';
import { findProduct } from '../catalogue/product-lookup.ts';
import type { SqliteEventLog } from '../event-store/sqlite-event-log.ts';
import type { StoreEvent } from '../events/event.ts';
import { localHourOf } from '../events/local-time.ts';
import { leastScored } from '../replenishment/prediction.ts';
import { commandNamed, openLogForReading, runCommand, UsageError } from './data-folder.ts';

interface Options {
  data: string;
  at?: string;
  json?: boolean;
}

/** Signals of a slot that are told, newest last. */
const signalsKept = 12;

interface Look {
  quantity: number;
  pEmptyPpm: number;
}

function look(state: State, slotId: string): Look {
  const shelf = state.shelves.get(slotId);
  if (shelf === undefined) return { quantity: 0, pEmptyPpm: 0 };
  return { quantity: shelf.quantity, pEmptyPpm: Math.round((shelf.belief.cells[0] ?? 0) * 1e6) };
}

/** Folds the log up to a moment and notes what moved the slots that `watched` names. */
class WatchedFold {
  readonly state: State;
  readonly signals = new Map<string, Signal[]>();
  offsetMinutes = 0;
  readonly #watched: (state: State) => readonly string[];

  constructor(log: SqliteEventLog, watched: (state: State) => readonly string[]) {
    this.state = createState({
      storeGln: log.storeGln,
      epoch: Buffer.from(log.epoch).toString('hex'),
    });
    this.#watched = watched;
  }

  take(event: StoreEvent): void {
    const { state } = this;
    const slotIds = this.#watched(state);
    const before = slotIds.map((slotId) => look(state, slotId));
    apply(state, event);
    this.offsetMinutes = event.utcOffsetMinutes;
    slotIds.forEach((slotId, index) => {
      const [then, now] = [before[index] ?? look(state, slotId), look(state, slotId)];
      if (then.quantity === now.quantity && then.pEmptyPpm === now.pEmptyPpm) return;
      const signals = this.signals.get(slotId) ?? [];
      signals.push({
        position: event.position,
        at: new Date(event.occurredAtMs).toISOString(),
        event: event.payload.case,
        likeliestBefore: then.quantity,
        likeliestAfter: now.quantity,
        pEmptyPpmBefore: then.pEmptyPpm,
        pEmptyPpmAfter: now.pEmptyPpm,
      });
      if (signals.length > signalsKept) signals.shift();
      this.signals.set(slotId, signals);
    });
  }
}

function momentOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const atMs = Date.parse(text);
  if (Number.isFinite(atMs)) return atMs;
  throw new UsageError(`--at takes a time such as 2026-11-23T16:40:00Z, not "${text}".`);
}

function explain(kind: string, id: string, options: Options): void {
  const untilMs = momentOf(options.at);
  const log = openLogForReading(options.data);
  try {
    const year = new Date(Math.min(untilMs, Date.now())).getUTCFullYear();
    const fold = new WatchedFold(log, (state) => slotsMeant(state, kind, id, year));
    for (const { event } of log.readFrom(1)) {
      if (event.recordedAtMs > untilMs) break;
      fold.take(event);
    }
    const { state } = fold;
    const slotIds = slotsMeant(state, kind, id, year);
    if (slotIds.length === 0) {
      throw new UsageError(`The store's master data knew no ${kind} "${id}" then.`);
    }
    const atMs = Number.isFinite(untilMs) ? untilMs : state.lastRecordedAtMs;
    const moment = {
      nowMs: atMs,
      localHour: localHourOf(atMs, fold.offsetMinutes),
      utcOffsetMinutes: fold.offsetMinutes,
      businessDay: state.businessDay,
    };
    const slots = slotIds.flatMap(
      (slotId) => explainSlot(state, slotId, moment, fold.signals.get(slotId) ?? []) ?? [],
    );
    if (slots.length === 0) throw new UsageError(`Nothing was known of ${kind} "${id}" then.`);
    const at = new Date(atMs).toISOString();
    if (options.json) console.log(JSON.stringify({ at, position: state.position, slots }));
    else console.log(slots.map((slot) => story(slot, at)).join('\n\n'));
  } finally {
    log.close();
  }
}

function slotsMeant(state: State, kind: string, id: string, year: number): string[] {
  if (kind === 'slot') return state.catalogue.slotById.has(id) ? [id] : [];
  const gtin = findProduct(state.catalogue, id, year);
  if (gtin === null) return [];
  return (state.catalogue.slotsByGtin.get(gtin) ?? []).map(({ slotId }) => slotId);
}

/** When it runs out: the middle, and the stretch in which it does with four fifths. */
function lasts({ outlook }: SlotExplanation, at: string): string {
  const clock = (minutes: number | null) =>
    minutes === null
      ? 'more than a day off'
      : new Date(Date.parse(at) + minutes * 60_000).toISOString().slice(0, 16);
  const { emptyInMinutes, emptyEarliestMinutes, emptyLatestMinutes, nextChance } = outlook;
  if (emptyInMinutes === 0) return 'empty by now';
  const by = clock(outlook.nextChanceMinutes);
  return (
    `${clock(emptyInMinutes)} (a tenth before ${clock(emptyEarliestMinutes)}, a tenth after ` +
    `${clock(emptyLatestMinutes)}); before the next chance to refill (${nextChance}, ${by}) with ` +
    `${percent(outlook.pEmptyBeforeNextChancePpm)}, the whole store with ${percent(outlook.pStoreOutPpm)}`
  );
}

/** The store's figure of the day, HQ's, and what is made of both. */
function demandToday({ demandToday: levels }: SlotExplanation): string[] {
  if (levels === null) return [];
  const { own, hq, combined, hqWeight, modelName, madeAtMs, scoredDays } = levels;
  const weight = Math.round(100 * hqWeight);
  return [
    `  demand      ${combined.toFixed(1)} expected today: the store says ${own.toFixed(1)} (weight ${100 - weight} %), ` +
      `HQ ${hq.toFixed(1)} (weight ${weight} %; ${modelName} of ${new Date(madeAtMs).toISOString().slice(0, 16)}, ` +
      `after ${scoredDays.toFixed(1)} scored days)`,
  ];
}

function predicted({ prediction, predictionScore: score }: SlotExplanation): string[] {
  const lines: string[] = [];
  if (prediction !== null) {
    const { emptyAt, chancePpm, likeItScored, likeItRight } = prediction;
    const like =
      likeItScored < leastScored
        ? 'too few like this were scored'
        : `predictions like this were right ${Math.round((10 * likeItRight) / likeItScored)} times in 10`;
    lines.push(
      `  predicted   empty at ${emptyAt.slice(0, 16)}, ${percent(chancePpm)} sure; ${like}`,
    );
  }
  if (score.scored > 0) {
    const off = score.medianAbsoluteErrorMinutes;
    lines.push(
      `  score       ${score.right} of ${score.scored} predictions of the store came true, Brier ${score.brier}` +
        (off === null ? '' : `, half of them within ${off} min`),
    );
  }
  return lines;
}

const percent = (ppm: number) => `${Math.round(ppm / 10_000)} %`;

function story(slot: SlotExplanation, at: string): string {
  const { belief, record, outlook, need } = slot;
  const lines = [
    `Slot ${slot.slotId}: ${slot.productName} (${slot.gtin}), as of ${at}`,
    `  believed    ${belief.likeliest} of ${slot.capacity} (${belief.low} to ${belief.high} with 80 %), empty with ${percent(belief.pEmptyPpm)}, below minimum with ${percent(belief.pBelowMinimumPpm)}`,
    `  on record   ${record.salesFloor} on the sales floor (right with ${percent(record.trustPpm)}), ${record.backroom} in the backroom`,
    `  next        ${outlook.wantedUnits.toFixed(1)} wanted in ${outlook.windowMinutes / 60} h: empty by then with ${percent(outlook.pEmptySoonPpm)}`,
    `  empty at    ${lasts(slot, at)}`,
    ...demandToday(slot),
    ...predicted(slot),
    ...slot.sensors.map(
      ({ deviceId, state, suspicion }) =>
        `  sensor      ${deviceId} ${state}${suspicion === '' ? '' : ` (${suspicion})`}`,
    ),
    need === null ? '  need        none' : `  need        ${need.explanation}`,
    '  because',
    ...slot.signals.map(
      (signal) =>
        `    ${signal.at}  ${signal.event.padEnd(16)} ${signal.likeliestBefore} → ${signal.likeliestAfter}, empty ${percent(signal.pEmptyPpmBefore)} → ${percent(signal.pEmptyPpmAfter)}  (event ${signal.position})`,
    ),
  ];
  return lines.join('\n');
}

const program = commandNamed('stockhand explain')
  .description('Tell what is believed of a slot or a product, and why.')
  .argument('<kind>', 'slot or product')
  .argument('<id>', 'slot id, or any code of the product')
  .requiredOption('--data <folder>', 'the agent’s data folder')
  .option('--at <time>', 'ISO 8601; the moment that is explained, the last of the log if left out')
  .option(
    '--json',
    '{"at","position","slots":[{"slotId","gtin","belief":{…},"record":{…},"outlook":{…},"demandToday","prediction","predictionScore","sensors","need","signals"}]}',
  )
  .addHelpText(
    'after',
    `
Examples:
  stockhand explain slot slot-0042 --data .stockhand/agent
  stockhand explain product 04012345000016 --data ./data --at 2026-11-23T16:40:00Z --json

Chances are in parts per million in the JSON form. The agent may be running.`,
  )
  .action((kind: string, id: string, options: Options) => {
    if (kind !== 'slot' && kind !== 'product') {
      throw new UsageError(`explain takes "slot" or "product", not "${kind}".`);
    }
    explain(kind, id, options);
  });

await runCommand(async () => program.parseAsync());
