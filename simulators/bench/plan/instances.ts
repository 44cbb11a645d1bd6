/** Reads the shipped instances (see wtsds/README.md) as sequencing problems. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanProblem } from '@stockhand/edge-agent/sequencing/problem.ts';

export interface Instance {
  number: number;
  problem: PlanProblem;
  optimum: number;
}

const folder = join(import.meta.dirname, 'wtsds');

export function readInstances(): Instance[] {
  const optima = new Map<number, number>();
  for (const line of readFileSync(join(folder, 'optimal.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)) {
    const [number, , , , optimum] = line.split(',').map(Number);
    if (number !== undefined && optimum !== undefined) optima.set(number, optimum);
  }
  return readdirSync(join(folder, 'instances'))
    .map((name) => {
      const number = Number(/(\d+)/.exec(name)?.[1]);
      const text = readFileSync(join(folder, 'instances', name), 'utf8');
      return { number, problem: parseInstance(text), optimum: optima.get(number) ?? Number.NaN };
    })
    .sort((one, other) => one.number - other.number);
}

function parseInstance(text: string): PlanProblem {
  const lines = text.split('\n').map((line) => line.trim());
  const count = Number(lines.find((line) => line.startsWith('Problem Size:'))?.split(':')[1]);
  const section = (name: string) => {
    const from = lines.indexOf(name) + 1;
    return lines.slice(from, from + count).map(Number);
  };
  const [durations, weights, dues] = ['Process Times:', 'Weights:', 'Duedates:'].map(section);
  const setup = Array.from({ length: count }, () => Array<number>(count).fill(0));
  const initial = Array<number>(count).fill(0);
  for (const line of lines.slice(lines.indexOf('Setup Times:') + 1)) {
    const [from, to, time] = line.split(/\s+/).map(Number);
    if (from === undefined || to === undefined || time === undefined || Number.isNaN(time))
      continue;
    const row = from < 0 ? initial : setup[from];
    if (row) row[to] = time;
  }
  return {
    jobs: (durations ?? []).map((duration, index) => ({
      id: `${index}`,
      duration,
      due: dues?.[index] ?? 0,
      weight: weights?.[index] ?? 0,
    })),
    workers: [{ id: 'w1' }],
    setup,
    initial,
  };
}
