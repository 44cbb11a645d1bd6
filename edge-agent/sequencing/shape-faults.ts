/**
 * What is wrong with the shape of a problem as a whole and stops no job: tables that are longer than the list
 * of jobs, ways back that make no sense, a warm start of unknown people or jobs. Each is named; the search
 * goes on without it.
 */
import type { PlanAnswer, PlanProblem } from './problem.ts';

type Faults = PlanAnswer['faults'];

export function shapeFaults(problem: PlanProblem): Faults {
  const { jobs, setup, initial, unload } = problem;
  const faults: Faults = [];
  const count = jobs.length;
  const tooLong = (field: string, length: number, what: string) => {
    if (length <= count) return;
    faults.push({ field, found: `${length} ${what}`, expected: `${count}, one for each job` });
  };
  tooLong('setup', setup.length, 'rows');
  const widest = Math.max(0, ...setup.map(({ length }) => length));
  tooLong('setup', widest, 'columns');
  tooLong('initial', initial.length, 'values');
  if (unload !== undefined) {
    tooLong('unload', unload.length, 'values');
    if (unload.length < count) {
      const found = `${unload.length} values`;
      faults.push({ field: 'unload', found, expected: `${count}, one for each job; 0 is taken` });
    }
    unload.forEach((value, place) => {
      if (isWay(value)) return;
      faults.push({
        field: `unload[${place}]`,
        found: `${value}`,
        expected: '0 or more; 0 is taken',
      });
    });
  }
  return [...faults, ...warmStartFaults(problem)];
}

/** Whether a way back can be gone. */
export const isWay = (value: number) => Number.isFinite(value) && value >= 0;

function warmStartFaults({ jobs, workers, warmStart = [] }: PlanProblem): Faults {
  const jobIds = new Set(jobs.map(({ id }) => id));
  const workerIds = new Set(workers.map(({ id }) => id));
  return warmStart.flatMap(({ worker, jobs: ids }, index): Faults => {
    const field = `warmStart[${index}]`;
    const unknown = ids.filter((id) => !jobIds.has(id));
    return [
      ...(workerIds.has(worker)
        ? []
        : [{ field: `${field}.worker`, found: worker, expected: 'the id of a worker' }]),
      ...unknown.map((found) => ({ field: `${field}.jobs`, found, expected: 'the id of a job' })),
    ];
  });
}
