/** The benchmarks run and answer in the promised form; their figures are judged by people, not here. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isMosquittoInstalled } from '../harness/mosquitto.ts';

function bench(...args: string[]) {
  return spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    encoding: 'utf8',
  });
}

const figure = {
  name: expect.any(String),
  unit: expect.any(String),
  better: expect.stringMatching(/^(higher|lower)$/),
  value: expect.any(Number),
  limit: { name: expect.any(String), value: expect.any(Number) },
  ratio: expect.any(Number),
  goal: expect.any(Number),
  met: expect.any(Boolean),
};

describe('npm run bench', () => {
  it('measures ingest through the whole agent beside its limits', () => {
    const args = ['--only', 'closed-50x10', 'open-500', '--rounds', '1', '--seconds', '0.3'];
    const { status, stdout, stderr } = bench('ingest', ...args, '--json');
    expect(stderr).toContain('closed-50x10, round 1: one fdatasync');
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ bench: 'ingest', machine: { cores: expect.any(Number) } });
    // Where Mosquitto is installed, one row more.
    expect(report.results).toHaveLength(isMosquittoInstalled ? 10 : 9);
    for (const result of report.results) {
      expect(result).toEqual(figure);
      expect(result.value).toBeGreaterThan(0);
    }
  });

  it('kills the agent under load and finds all that it acknowledged', () => {
    const args = ['--only', 'kill-50x10', '--rounds', '2', '--seconds', '0.3', '--json'];
    const { status, stdout } = bench('ingest', ...args);
    expect(status).toBe(0);
    const [result] = JSON.parse(stdout).results;
    expect(result).toEqual(figure);
    expect(result.limit.value).toBeGreaterThan(0);
    expect(result.value).toBe(0);
  });

  it('measures the pure core beside its budgets', () => {
    const { status, stdout } = bench('core', '--rounds', '1', '--seconds', '0.05', '--json');
    expect(status).toBe(0);
    const { results } = JSON.parse(stdout);
    expect(results).toHaveLength(5);
    for (const result of results) expect(result).toEqual(figure);
  });

  it('measures every codec beside the least work', () => {
    const { status, stdout } = bench('decode', '--rounds', '1', '--seconds', '0.3', '--json');
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    const names = report.results.map(({ name }: { name: string }) => name.split(',')[0]);
    expect(names).toEqual(expect.arrayContaining(['mt-sics', 'ssi', 'sparkplug-b', 'poslog']));
    for (const result of report.results) {
      expect(result).toEqual(figure);
      expect(result.value).toBeGreaterThan(0);
    }
    const { stderr } = bench('decode', '--only', 'telex');
    expect(stderr).toContain('There is no protocol "telex"');
  });

  it('names what there is when asked for something else', () => {
    expect(bench('nothing')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('ingest'),
    });
    const { status, stderr } = bench('ingest', '--only', 'nothing');
    expect(status).toBe(2);
    expect(stderr.trim()).toMatch(/^There is no load "nothing"\. There are: .*open-1000/);
    expect(bench('--help').stdout).toContain('store-day');
  });
});
