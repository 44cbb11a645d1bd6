import { describe, expect, it } from 'vitest';
import { type BenchReport, judged, reportLine, reportTable } from './report.ts';

const machine = { cpu: 'test', cores: 2, memoryGiB: 4, system: 'Linux 6', node: 'v24.0.0' };

const figure = (better: 'higher' | 'lower', ratio: number) =>
  judged({
    name: 'readings acknowledged',
    unit: '1/s',
    better,
    value: 12_345.678,
    limit: { name: 'bare aedes', value: 20_000.4 },
    ratio,
    goal: 0.7,
  });

describe('a benchmark report', () => {
  it('says whether the goal was met, by what is better', () => {
    expect(figure('higher', 0.8).met).toBe(true);
    expect(figure('higher', 0.6).met).toBe(false);
    expect(figure('lower', 0.8).met).toBe(false);
    expect(figure('lower', 0.6).met).toBe(true);
  });

  it('is one line of JSON', () => {
    const report: BenchReport = { bench: 'ingest', machine, results: [figure('higher', 0.617284)] };
    const line = reportLine(report);
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toEqual({
      bench: 'ingest',
      machine,
      results: [
        {
          name: 'readings acknowledged',
          unit: '1/s',
          better: 'higher',
          value: 12_350,
          limit: { name: 'bare aedes', value: 20_000 },
          ratio: 0.6173,
          goal: 0.7,
          met: false,
        },
      ],
    });
  });

  it('is a table with the goal beside the ratio', () => {
    const table = reportTable({ bench: 'ingest', machine, results: [figure('higher', 0.6)] });
    expect(table).toMatch(
      /readings acknowledged \(1\/s\) {2}12350 .*bare aedes .*0\.60 .*≥ 0\.7 .*MISSED/,
    );
  });
});
