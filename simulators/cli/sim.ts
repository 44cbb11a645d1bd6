/** `stockhand sim`: days of a virtual store against the agent's core, without disk or network. */

import { onShelfAvailabilityPpm } from '@stockhand/edge-agent/views.ts';
import { Command, InvalidArgumentError, Option } from 'commander';
import { runStoreDays, type StoreDaysReport } from '../scenarios/store-days.ts';
import { referenceStores, type StoreSize } from '../store/reference-store.ts';

interface Options {
  hours: number;
  seed: number;
  store: StoreSize;
  capacityFactor: number;
  json?: boolean;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('A number above 0 is expected.');
  return value;
}

function whole(text: string): number {
  const value = positive(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('A whole number is expected.');
  return value;
}

function story(report: StoreDaysReport): string {
  const { kpi } = report;
  const refused = Object.entries(report.refused).map(([reason, count]) => `${count} × ${reason}`);
  return `
Store ${report.store}, ${report.hours} hours, seed ${report.seed}

  availability   ${(kpi.trueAvailability * 100).toFixed(2)} % of slot-minutes in opening hours (true, not believed)
  lost sales     ${(kpi.lostSalesShare * 100).toFixed(2)} % of ${kpi.unitsWanted} pieces wanted
  empty slots    ${kpi.stockoutMinutes} slot-minutes
  refills        ${kpi.tasks} done, ${kpi.staffMinutes} staff minutes, ${kpi.walkMetres} m walked
  events         ${report.events}${refused.length > 0 ? `, refused: ${refused.join(', ')}` : ''}
  digest         ${report.digest}`;
}

function simulate(options: Options): void {
  const { hours, seed, store, capacityFactor, json } = options;
  const report = runStoreDays({
    size: store,
    seed,
    hours,
    capacityFactor,
    progress: (hour, agent) => {
      if (json) return;
      const believed = (onShelfAvailabilityPpm(agent.state) / 10_000).toFixed(1);
      const clock = `day ${Math.floor((hour - 1) / 24) + 1} ${String(hour % 24).padStart(2, '0')}:00`;
      console.log(
        `${clock}  ${agent.state.position} events  ${agent.state.tasks.open.size} open tasks  ${believed} % believed on shelf`,
      );
    },
  });
  console.log(json ? JSON.stringify(report) : story(report));
}

const program = new Command('stockhand sim')
  .description('Run days of a virtual store against the agent’s core, as fast as it goes.')
  .option('--hours <count>', 'virtual hours, from midnight', whole, 24)
  .option('--seed <number>', 'of what happens: shoppers, sensors, thieves', whole, 1)
  .addOption(
    new Option('--store <size>', 'reference store')
      .choices(Object.keys(referenceStores))
      .default('S'),
  )
  .option('--capacity-factor <number>', 'shelf space, times the reference', positive, 1)
  .option('--json', 'one line: {"scenario","policy","store","seed","hours","kpi":{…},"digest"}')
  .addHelpText(
    'after',
    `
Examples:
  stockhand sim --hours 24 --seed 7
  stockhand sim --hours 72 --store M --json

The same options give the same bytes. Shares are of 1, distances in metres.`,
  );

simulate(program.parse().opts());
