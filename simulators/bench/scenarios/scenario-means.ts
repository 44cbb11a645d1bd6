/** The table of all scenarios and policies: means over the seeds. */
import { type PolicyName, policyNames } from '../../policies/policy.ts';
import type { ScenarioName } from '../../scenarios/scenario.ts';
import type { StoreRunReport } from '../../scenarios/store-run.ts';

export interface ScenarioMeans {
  scenario: ScenarioName;
  reports: ReadonlyMap<PolicyName, readonly StoreRunReport[]>;
}

const header = [
  'scenario',
  'policy',
  'available %',
  'gap closed',
  'lost %',
  'staff min',
  'walk km',
  'tasks',
  'promises %',
  'chilled min',
  'right/false/missed/twice',
  'error pcs',
  'Brier',
  'cover80 %',
] as const;

const meanBy = (
  reports: readonly StoreRunReport[],
  figure: (report: StoreRunReport) => number,
): number => reports.reduce((sum, report) => sum + figure(report), 0) / Math.max(1, reports.length);

/** (policy − nightly) / (oracle − nightly), of true availability. */
export function gapClosed(policy: number, nightly: number, oracle: number): number {
  return oracle === nightly ? 1 : (policy - nightly) / (oracle - nightly);
}

export function scenarioTable(all: readonly ScenarioMeans[]): string[] {
  const rows: (readonly string[])[] = [header];
  for (const { scenario, reports } of all) {
    const available = (policy: PolicyName) =>
      meanBy(reports.get(policy) ?? [], ({ kpi }) => kpi.trueAvailability);
    for (const policy of policyNames) {
      const of = (figure: (report: StoreRunReport) => number) =>
        meanBy(reports.get(policy) ?? [], figure);
      const gap = gapClosed(available(policy), available('nightly'), available('oracle'));
      const counts = (['right', 'false', 'missed', 'duplicates'] as const).map((name) =>
        of(({ exceptions }) => exceptions[name]).toFixed(1),
      );
      rows.push([
        scenario,
        policy,
        (available(policy) * 100).toFixed(2),
        `${(gap * 100).toFixed(0)} %`,
        (of(({ kpi }) => kpi.lostSalesShare) * 100).toFixed(2),
        of(({ kpi }) => kpi.staffMinutes).toFixed(0),
        (of(({ kpi }) => kpi.walkMetres) / 1_000).toFixed(0),
        of(({ kpi }) => kpi.tasks).toFixed(0),
        (of(({ kpi }) => kpi.promisesKeptShare) * 100).toFixed(1),
        of(({ kpi }) => kpi.chilledMinutesOut).toFixed(0),
        counts.join('/'),
        of(({ belief }) => belief.meanAbsoluteErrorPieces).toFixed(2),
        of(({ belief }) => belief.brierEmpty).toFixed(4),
        (of(({ belief }) => belief.coverage80) * 100).toFixed(0),
      ]);
    }
  }
  const widths = header.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
