/**
 * What a benchmark prints: a table for people, and with --json one line for machines.
 *
 * Every figure stands beside a limit that was measured in the same run, because disks and neighbours
 * change from minute to minute: only the ratio means something elsewhere. A figure has as many rows as
 * it has limits.
 */
import type { Machine } from './machine.ts';

export interface BenchResult {
  name: string;
  unit: string;
  better: 'higher' | 'lower';
  value: number;
  limit: { name: string; value: number };
  /** `value` / `limit.value`; of rounds, the median of their ratios. */
  ratio: number;
  /** The ratio that is wanted: at least this where more is better, at most this otherwise. */
  goal: number;
  met: boolean;
}

export interface BenchReport {
  bench: string;
  machine: Machine & Record<string, unknown>;
  /** A table of its own that stands above the figures, line by line. */
  detail?: readonly string[];
  results: BenchResult[];
}

export type Measured = Omit<BenchResult, 'met'>;

export function judged(measured: Measured): BenchResult {
  const { better, ratio, goal } = measured;
  const met = better === 'higher' ? ratio >= goal : ratio <= goal;
  return { ...measured, met };
}

/** Four significant digits: no benchmark knows more. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

/** One line: {"bench","machine","results"}. */
export function reportLine(report: BenchReport): string {
  const results = report.results.map((result) => ({
    ...result,
    value: rounded(result.value),
    limit: { ...result.limit, value: rounded(result.limit.value) },
    ratio: rounded(result.ratio),
  }));
  return JSON.stringify({ ...report, results });
}

const header = ['figure', 'value', 'limit', 'its value', 'ratio', 'goal', ''] as const;

export function reportTable(report: BenchReport): string {
  const rows = report.results.map((result) => [
    `${result.name} (${result.unit})`,
    `${rounded(result.value)}`,
    result.limit.name,
    `${rounded(result.limit.value)}`,
    result.ratio.toFixed(2),
    `${result.better === 'higher' ? '≥' : '≤'} ${result.goal}`,
    result.met ? 'met' : 'MISSED',
  ]);
  const all: readonly (readonly string[])[] = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const { cpu, cores, memoryGiB, system, node, ...more } = report.machine;
  const conditions = Object.entries(more).map(([name, value]) => `${name}: ${String(value)}`);
  return [
    `${report.bench}, on ${cores} × ${cpu}, ${memoryGiB} GiB, ${system}, Node ${node}`,
    ...conditions,
    '',
    ...(report.detail ? [...report.detail, ''] : []),
    ...lines,
  ].join('\n');
}
