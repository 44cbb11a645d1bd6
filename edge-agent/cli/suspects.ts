/** `stockhand suspects`: records that may be wrong, ranked by what a question about them is worth. */
import { quantityText } from '@stockhand/proto/vocabulary/quantity.ts';
import { kindText } from '../doubts/doubt-book.ts';
import { type Suspect, suspects } from '../doubts/suspect-list.ts';
import { rebuildState } from '../event-store/state-rebuild.ts';
import { localMinuteOf } from '../events/local-time.ts';
import { policyOf } from '../policy/policy.ts';
import type { State } from '../state.ts';
import { baseUnitOf } from '../stock/base-unit.ts';
import { commandNamed, openLogForReading, runCommand, UsageError } from './data-folder.ts';

interface Options {
  data: string;
  limit: string;
  json?: boolean;
}

function listed(state: State, suspect: Suspect) {
  const { gtin, kind, ...rest } = suspect;
  const productName = state.catalogue.productByGtin.get(gtin)?.name ?? '';
  return { gtin, productName, kind: kindText(kind), ...rest };
}

function tallies({ doubts }: State) {
  return [...doubts.tallies].map(([kind, { checked, wrong }]) => ({
    kind: kindText(kind),
    checked,
    wrong,
  }));
}

function row(state: State, suspect: Suspect): string {
  const { gtin, slotId, placeId, chancePpm, valueAtRiskMinorUnits, question, costSeconds } =
    suspect;
  const place = slotId === '' ? `bin ${placeId}` : `slot ${slotId}`;
  const name = state.catalogue.productByGtin.get(gtin)?.name ?? gtin;
  const recorded = quantityText(suspect.recorded, baseUnitOf(state, gtin));
  const worth = (valueAtRiskMinorUnits / 100).toFixed(2);
  return (
    `${`${Math.round(chancePpm / 10_000)} %`.padStart(5)}  ${worth.padStart(8)}  ` +
    `${`${question} ${costSeconds} s`.padEnd(11)}  ${place.padEnd(16)}  ${name}: ${recorded} on record. ${suspect.evidence}`
  );
}

function tell(options: Options): void {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit takes a whole number.');
  const log = openLogForReading(options.data);
  try {
    const { state } = rebuildState(log, log.storeGln);
    let offsetMinutes = 0;
    for (const { event } of log.readFrom(state.position)) offsetMinutes = event.utcOffsetMinutes;
    const all = suspects(state, localMinuteOf(state.lastRecordedAtMs, offsetMinutes));
    const shown = all.slice(0, limit);
    const asOf = new Date(state.lastRecordedAtMs).toISOString();
    const budgetMinutes = policyOf(state.policy).threshold('check.budgetMinutes');
    const askedSeconds = state.doubts.askedTodaySeconds;
    if (options.json) {
      const facts = {
        at: asOf,
        position: state.position,
        budgetMinutes,
        askedTodaySeconds: askedSeconds,
      };
      const list = shown.map((one) => listed(state, one));
      console.log(JSON.stringify({ ...facts, suspects: list, checks: tallies(state) }));
      return;
    }
    console.log(
      `${all.length} suspects as of ${asOf}; ${Math.round(askedSeconds / 60)} of ${budgetMinutes} minutes of checks asked today`,
    );
    if (shown.length > 0) console.log('wrong   at risk  question     where');
    for (const one of shown) console.log(row(state, one));
    for (const { kind, checked, wrong } of tallies(state)) {
      console.log(`${kind}: ${wrong} of ${checked} checks found a wrong record`);
    }
  } finally {
    log.close();
  }
}

const program = commandNamed('stockhand suspects')
  .description('List records that may be wrong, best question first.')
  .requiredOption('--data <folder>', 'the agent’s data folder')
  .option('--limit <count>', 'suspects that are listed', '20')
  .option(
    '--json',
    '{"at","position","budgetMinutes","askedTodaySeconds","suspects":[{"gtin","productName","kind","slotId","placeId","evidence","recorded","chancePpm","valueAtRiskMinorUnits","question","costSeconds"}],"checks":[{"kind","checked","wrong"}]}',
  )
  .addHelpText(
    'after',
    `
Examples:
  stockhand suspects --data .stockhand/agent
  stockhand suspects --data ./data --limit 100 --json

Recorded quantities in the JSON form are base units (pieces or milligrams), chances parts per million,
values minor units of the store’s currency. The agent may be running. What is worth its minutes becomes
a look or count task by itself, as far as check.budgetMinutes of the policy allows.`,
  );

await runCommand(async () => tell(program.parse().opts()));
