/**
 * What the agent believes of each slot, beside the truth, over seeds of store S (rounds are seeds):
 * reliability and intervals in `normal`, how fast liars are named in `lying-sensor`, and how wrong
 * records are named in `backroom-discrepancy`.
 */

import { balance, salesFloor } from '@stockhand/edge-agent/stock/ledger.ts';
import { CalibrationJudge, type CalibrationVerdict } from '../../checkers/calibration-judge.ts';
import { judgeDiscrepancies } from '../../checkers/discrepancy-judge.ts';
import { StreakRule } from '../../checkers/streak-rule.ts';
import { hourMs, hourOf, instantOf } from '../../kernel/day-clock.ts';
import { Stockhand } from '../../policies/stockhand.ts';
import { exceptionMeaning } from '../../scenarios/exception-meaning.ts';
import { discrepancyDay, discrepancyHour } from '../../scenarios/scenario.ts';
import { runStore } from '../../scenarios/store-run.ts';
import type { VirtualStore } from '../../scenarios/virtual-store.ts';
import { world } from '../../store/reference-store.ts';
import { thisMachine } from '../machine.ts';
import type { BenchSettings } from '../main.ts';
import { type BenchReport, type BenchResult, judged } from '../report.ts';

/** Enough for 24 opening hours after what is planted on day 2, and two hours after day 3. */
const daysOfRun = 5;
const busyPiecesADay = 5;
const namedWithinOpeningHours = 24;

const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

/** Means of the absolute errors, in pieces, over the same slots and hours. */
class Errors {
  #count = 0;
  #sums = [0, 0, 0];
  add(...errors: readonly [number, number, number]): void {
    this.#count += 1;
    this.#sums = this.#sums.map((sum, index) => sum + (errors[index] ?? 0));
  }
  mean(index: number): number {
    return share(this.#sums[index] ?? 0, this.#count);
  }
}

/** Slots with a sensor that has spoken: what each of three records is off by. */
function sampleStore(store: VirtualStore, calibration: CalibrationJudge, errors: Errors): void {
  const clock = hourOf(store.agenda.nowMs);
  if (!(store.policy instanceof Stockhand) || clock <= world.opensHour) return;
  if (clock > world.closesHour) return;
  const { state } = store.policy.agent;
  for (const { slotId, product } of store.plan.slots) {
    const shelf = state.shelves.get(slotId);
    if (!shelf) continue;
    const truth = store.stock.inSlot(slotId);
    calibration.sample(shelf.belief.cells, Math.round(truth / shelf.belief.unit));
    const isAlone = (state.catalogue.slotsByGtin.get(product.gtin) ?? []).length === 1;
    if (shelf.lastSeen < 0 || !isAlone) continue;
    const record = balance(state.ledger, product.gtin, salesFloor);
    const off = (pieces: number) => Math.abs(pieces - truth);
    errors.add(off(shelf.quantity), off(record), off(shelf.lastSeen));
  }
}

function figure(
  name: string,
  unit: string,
  value: number,
  limit: BenchResult['limit'],
  better: BenchResult['better'],
): BenchResult {
  const ratio = share(value, limit.value);
  return judged({ name, unit, better, value, limit, ratio, goal: 1 });
}

interface Seeds {
  rounds: number;
  progress(line: string): void;
}

function calibrationOf({ rounds, progress }: Seeds): {
  verdict: CalibrationVerdict;
  results: BenchResult[];
} {
  const calibration = new CalibrationJudge();
  const errors = new Errors();
  for (let seed = 1; seed <= rounds; seed += 1) {
    const sample = (_hour: number, store: VirtualStore) => sampleStore(store, calibration, errors);
    const options = { policy: 'stockhand', store: 'S', seed, days: daysOfRun } as const;
    runStore({ ...options, scenario: 'normal', progress: sample });
    progress(`normal, seed ${seed}`);
  }
  const verdict = calibration.verdict();
  const till = { name: 'till-only record', value: errors.mean(1) };
  const sensor = { name: 'sensor-only record', value: errors.mean(2) };
  return {
    verdict,
    results: [
      figure('mean absolute error', 'pieces', errors.mean(0), till, 'lower'),
      figure('mean absolute error', 'pieces', errors.mean(0), sensor, 'lower'),
    ],
  };
}

function liarsOf({ rounds, progress }: Seeds): BenchResult[] {
  const hours: number[] = [];
  let planted = 0;
  for (let seed = 1; seed <= rounds; seed += 1) {
    const options = { policy: 'stockhand', store: 'S', seed, days: daysOfRun } as const;
    const { store } = runStore({ ...options, scenario: 'lying-sensor' });
    const said = (store.policy.raised?.() ?? []).filter(({ type }) => type === 'sensor-fault');
    for (const cause of store.scenario.causes) {
      if (!cause.isPlanted || cause.kind !== 'sensor') continue;
      planted += 1;
      const named = said.find(
        ({ atMs, subjects }) =>
          atMs >= cause.atMs && subjects.some((subject) => cause.subjects.includes(subject)),
      );
      if (named) hours.push((named.atMs - cause.atMs) / hourMs);
    }
    progress(`lying-sensor, seed ${seed}`);
  }
  const inTime = hours.filter((hour) => hour <= 2).length;
  const all = { name: 'goal', value: 1 };
  return [
    figure('liars named within 2 h', 'share', share(inTime, planted), all, 'higher'),
    figure('liars named at all', 'share', share(hours.length, planted), all, 'higher'),
  ];
}

/** Hours of trade, each product's sales in them, and how many walks suspicion asked for. */
class CheckWatch {
  readonly rule = new StreakRule();
  walks = 0;
  readonly #sold = new Set<string>();
  #isListening = false;

  hour(store: VirtualStore): void {
    const { policy, agenda, plan } = store;
    if (!(policy instanceof Stockhand)) return;
    if (!this.#isListening) {
      this.#isListening = true;
      policy.agent.onEvent(({ payload }) => {
        if (payload.case === 'itemsSold') this.#sold.add(payload.value.gtin);
        if (payload.case === 'checkAsked') this.walks += 1;
      });
    }
    const endedHour = hourOf(agenda.nowMs) - 1;
    const isPlanted = agenda.nowMs >= instantOf(discrepancyDay, discrepancyHour);
    if (isPlanted && endedHour >= world.opensHour && endedHour < world.closesHour) {
      for (const { gtin, piecesPerHour } of plan.products) {
        this.rule.hour(gtin, agenda.nowMs, this.#sold.has(gtin), piecesPerHour[endedHour] ?? 0);
      }
    }
    this.#sold.clear();
  }
}

const asExceptions = (checks: readonly { gtin: string; atMs: number }[]) =>
  checks.map(({ gtin, atMs }) => ({
    type: 'stock-discrepancy',
    subjects: [gtin],
    atMs,
    role: '',
  }));

function discrepanciesOf({ rounds, progress: tell }: Seeds): {
  lines: string[];
  results: BenchResult[];
} {
  const classes = new Map<string, { planted: number; named: number }>();
  const total = { right: 0, false: 0, strict: 0 };
  let walks = 0;
  const precision = { ours: { right: 0, all: 0 }, rule: { right: 0, all: 0 } };
  for (let seed = 1; seed <= rounds; seed += 1) {
    const options = { policy: 'stockhand', store: 'S', seed, days: daysOfRun } as const;
    const watch = new CheckWatch();
    const progress = (_hour: number, one: VirtualStore) => watch.hour(one);
    const { store } = runStore({ ...options, scenario: 'backroom-discrepancy', progress });
    const busy = new Set(
      store.plan.products
        .filter(({ piecesPerHour }) => piecesPerHour.reduce((a, b) => a + b, 0) >= busyPiecesADay)
        .map(({ gtin }) => gtin),
    );
    const meaning = (type: string) => {
      const kinds = exceptionMeaning(type);
      return kinds?.includes('record-wrong') ? kinds : undefined;
    };
    const question = {
      raised: store.policy.raised?.() ?? [],
      meaning,
      opening: world,
      withinOpeningHours: namedWithinOpeningHours,
    };
    const { causes } = store.scenario;
    const ours = causes.filter(({ subjects }) => subjects.some((one) => busy.has(one)));
    for (const [kind, one] of judgeDiscrepancies({ ...question, causes: ours }).classes) {
      const sum = classes.get(kind) ?? { planted: 0, named: 0 };
      const { planted, named } = sum;
      classes.set(kind, { planted: planted + one.planted, named: named + one.named });
    }
    const checks = judgeDiscrepancies({ ...question, causes });
    total.right += checks.right;
    total.false += checks.false;
    const planted = causes.filter(({ isPlanted }) => isPlanted);
    total.strict += judgeDiscrepancies({ ...question, causes: planted }).false;
    const named = question.raised.filter(({ type }) => meaning(type) !== undefined);
    const compared = { ours: named, rule: asExceptions(watch.rule.asOften(named.length)) };
    for (const who of ['ours', 'rule'] as const) {
      const raised = compared[who];
      const verdict = judgeDiscrepancies({ ...question, raised, causes: planted });
      precision[who].right += verdict.right;
      precision[who].all += raised.length;
    }
    walks += watch.walks;
    tell(`backroom-discrepancy, seed ${seed}`);
  }
  const sums = [...classes.values()];
  const planted = sums.reduce((sum, one) => sum + one.planted, 0);
  const named = sums.reduce((sum, one) => sum + one.named, 0);
  const checks = total.right + total.false;
  const right = (who: 'ours' | 'rule') => share(precision[who].right, precision[who].all);
  const goal = { name: 'goal', value: 0.9 };
  const fifth = { name: 'goal', value: 0.2 };
  return {
    lines: [
      ...[...classes].map(
        ([kind, one]) => `${kind.padEnd(16)} ${one.named} of ${one.planted} named in time`,
      ),
      `walks that suspicion asked for: ${walks}; all else was counted in passing`,
    ],
    results: [
      figure('wrong records named in 24 open h', 'share', share(named, planted), goal, 'higher'),
      figure('false checks', 'share', share(total.false, checks), fifth, 'lower'),
      figure('checks of nothing planted', 'share', share(total.strict, checks), fifth, 'lower'),
      judged({
        name: `records named that were wrong, of ${precision.ours.all}`,
        unit: 'share',
        better: 'higher',
        value: right('ours'),
        limit: { name: `zero-sales streak, of ${precision.rule.all}`, value: right('rule') },
        // At least one of the rule's, so that a rule that finds none can be compared with.
        ratio: right('ours') / Math.max(right('rule'), 1 / Math.max(1, precision.rule.all)),
        goal: 2,
      }),
    ],
  };
}

export async function measureBelief(settings: BenchSettings): Promise<BenchReport> {
  const { verdict, results } = calibrationOf(settings);
  const liars = liarsOf(settings);
  const wrong = discrepanciesOf(settings);
  const fixed = (value: number, digits = 4) => value.toFixed(digits).padStart(8);
  return {
    bench: 'belief',
    machine: { ...thisMachine(), store: 'S', seeds: `1 to ${settings.rounds}`, days: daysOfRun },
    detail: [
      'P(empty) up to  predicted      seen         n',
      ...verdict.bins.map(
        (bin) =>
          `${fixed(bin.upTo, 2)}        ${fixed(bin.predicted)}  ${fixed(bin.seen)}  ${String(bin.count).padStart(8)}`,
      ),
      `Brier of P(empty) ${verdict.brierEmpty.toFixed(5)} over ${verdict.samples} slot-hours`,
      'interval   covers  randomised',
      ...verdict.coverage.map(
        ({ level, plain, randomised }) =>
          `${fixed(level, 2)} ${fixed(plain)}    ${fixed(randomised)}`,
      ),
      ...wrong.lines,
    ],
    results: [...results, ...liars, ...wrong.results],
  };
}
