/** `stockhand plan`: solves one sequencing problem given as JSON. */
import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import type { PlanAnswer } from '../sequencing/problem.ts';
import { seededFraction } from '../sequencing/seeded-fraction.ts';
import type { SearchBudget } from '../sequencing/sequence-search.ts';
import { solve } from '../sequencing/solve.ts';
import { commandNamed, runCommand, UsageError } from './data-folder.ts';
import { parseProblem } from './plan-problem.ts';

interface Options {
  file: string;
  seconds?: number;
  iterations?: number;
  seed: number;
  json?: boolean;
}

/** `cost` is what the search brings down: weighted tardiness, and with weights of ways and ends theirs, too. */
interface Improvement {
  seconds: number;
  cost: number;
  /** Where the cost is nothing but the weighted tardiness. */
  objective?: number;
}

const defaultSeconds = 1;

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value)))
    throw new InvalidArgumentError('A number above 0 is expected.');
  return value;
}

function whole(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('A whole number, 0 or more, is expected.');
}

function read(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `${file} cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function plan(options: Options): void {
  const { iterations, seed } = options;
  if (iterations !== undefined && options.seconds !== undefined) {
    throw new UsageError('Give --seconds or --iterations, not both.');
  }
  const { problem, faults, ignored } = parseProblem(read(options.file), options.file);
  // The clock runs from here: reading the file is not the search's time.
  const startedMs = performance.now();
  const elapsed = () => (performance.now() - startedMs) / 1_000;
  const improvements: Improvement[] = [];
  const isPlain = (problem.wayWeight ?? 0) === 0 && (problem.endWeight ?? 0) === 0;
  const answer = solve(problem, {
    random: seededFraction(seed),
    budget: budgetOf(iterations, options.seconds ?? defaultSeconds, elapsed),
    improved: (cost) => {
      const seconds = rounded(elapsed());
      improvements.push(isPlain ? { seconds, objective: cost, cost } : { seconds, cost });
    },
  });
  const timed = {
    ...answer,
    faults: [...faults, ...answer.faults],
    ignored,
    seconds: rounded(elapsed()),
    improvements,
  };
  if (options.json) console.log(JSON.stringify(timed));
  else console.log(story(timed));
}

function budgetOf(
  iterations: number | undefined,
  seconds: number,
  elapsed: () => number,
): SearchBudget {
  if (iterations !== undefined) return { isSpent: (done) => done >= iterations };
  return { isSpent: () => elapsed() >= seconds };
}

const rounded = (seconds: number) => Math.round(seconds * 1e6) / 1e6;

type TimedAnswer = PlanAnswer & { ignored: string[]; seconds: number };

function headline({ assignments, notScheduled, objective, bound, ...rest }: TimedAnswer): string {
  const isAnyScheduled = assignments.some(({ jobs }) => jobs.length > 0);
  if (!isAnyScheduled && notScheduled.length > 0) {
    return 'Nothing can be scheduled:';
  }
  const effort = `after ${rest.seconds.toFixed(2)} s and ${rest.iterations} iterations`;
  return `Weighted tardiness ${objective} (no plan is below ${bound}), ${effort}`;
}

function story(answer: TimedAnswer): string {
  const lines = [
    headline(answer),
    ...answer.assignments.map(
      ({ worker, jobs }) =>
        `  ${worker}: ${jobs.map(({ id, start, end }) => `${id} (${start}–${end})`).join(', ') || 'nothing'}`,
    ),
    ...answer.notScheduled.map(({ id, reason }) => `  not scheduled: ${id}: ${reason}`),
    ...answer.faults.map(
      ({ field, found, expected }) => `  fault: ${field}: found ${found}, expected ${expected}`,
    ),
    ...answer.ignored.map((text) => `  ignored: ${text}`),
  ];
  return lines.join('\n');
}

const program = commandNamed('stockhand plan')
  .description('Solve one sequencing problem: who does which job when, with the least lateness.')
  .requiredOption('--file <path>', 'the problem as JSON; - for standard input')
  .option(
    '--seconds <count>',
    `time for the search, from the parsed input (${defaultSeconds})`,
    positive,
  )
  .option(
    '--iterations <count>',
    'end after so many iterations instead: the same on any machine',
    whole,
  )
  .option('--seed <number>', 'of the search', whole, 1)
  .option(
    '--json',
    'one line: {"objective","cost","ways","bound","assignments":[{"worker","jobs":[{"id","start","end"}]}],"notScheduled":[{"id","reason"}],"faults","ignored","seconds","iterations","improvements":[{"seconds","objective","cost"}]}',
  )
  .addHelpText(
    'after',
    `
The problem (times in any one unit; jobs with id and duration, workers with id, setup and initial must be
there, the rest may be left out):
  {"objective": "weighted-tardiness",
   "jobs": [{"id": "milk", "duration": 86, "due": 2044, "weight": 5, "release": 0, "deadline": 3000,
             "skills": ["chilled"], "capacity": 2}],
   "workers": [{"id": "w1", "start": 0, "end": 28800, "skills": ["chilled"], "cart": 12, "locked": []}],
   "setup": [[0]],        way and change from job to job, in the order of "jobs"
   "initial": [3],        way from where a worker begins to each job
   "unload": [4],         way back from each job, when the cart is full
   "wayWeight": 0,        what a unit of time on ways costs beside lateness
   "endWeight": 0,        what a unit of time costs until a job has ended, late or not
   "precedence": [["receive", "put-away"]],
   "warmStart": [{"worker": "w1", "jobs": ["milk"]}]}

The cost of a job is weight × (end − due), if it is late. A job that cannot meet its deadline, or that
nobody may do, is listed under notScheduled with the reason; the rest is planned. With one worker and no
extras this is the single-machine problem 1|s_ij|Σ w_j T_j. Members that mean nothing are listed under ignored.
Exit code 0: there is an answer, also when jobs are not scheduled. 2: the text is no problem.

Examples:
  stockhand plan --file problem.json --seconds 1 --json
  stockhand plan --file problem.json --iterations 2000 --seed 7`,
  );

await runCommand(async () => plan(program.parse().opts()));
