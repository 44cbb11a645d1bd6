/**
 * Reads a sequencing problem from JSON: its form is checked here, its sense by the solver.
 *
 * One bad item does not stop the rest: a job that cannot be read keeps its place in the tables and is not
 * scheduled, with the reason; a worker, a pair or a warm start that cannot be read is left out and named. Only
 * a text that is no problem at all is refused.
 *
 * Example: {"id": "milk", "duration": "5 min"} is answered with
 * {"id": "milk", "reason": "duration: expected number, found \"5 min\""}.
 */
import { z } from 'zod';
import type { PlanAnswer, PlanJob, PlanProblem, PlanWorker } from '../sequencing/problem.ts';
import { UsageError } from './data-folder.ts';

/** Jobs of one problem: twice the tasks of a hypermarket on a bad day. */
const jobsLimit = 5_000;
const workersLimit = 500;

type Faults = PlanAnswer['faults'];

export interface ReadProblem {
  problem: PlanProblem;
  /** What was left out; the solver's own faults come on top. */
  faults: Faults;
  /** Members without a meaning, such as a misspelt one: "jobs[0].dueDate: a job has no such member". */
  ignored: string[];
}

const id = z.union([z.string().min(1).max(128), z.number().transform(String)]);
const ids = z.array(id);

const jobSchema = z.object({
  id,
  duration: z.number(),
  due: z.number().optional(),
  weight: z.number().optional(),
  release: z.number().optional(),
  deadline: z.number().optional(),
  skills: z.array(z.string()).optional(),
  capacity: z.number().optional(),
});

const workerSchema = z.object({
  id,
  start: z.number().optional(),
  end: z.number().optional(),
  skills: z.array(z.string()).optional(),
  cart: z.number().optional(),
  locked: ids.optional(),
});

/** The solver names a figure that is none, so it is passed on as NaN. */
const figure = z.unknown().transform(numberOrNaN);
const figures = z.array(figure);
const row = z.unknown().transform((value) => (Array.isArray(value) ? value : []).map(numberOrNaN));

const problemSchema = z.object({
  objective: z.literal('weighted-tardiness').optional(),
  jobs: z.array(z.unknown()).max(jobsLimit),
  workers: z.array(z.unknown()).max(workersLimit),
  setup: z.array(row).default([]),
  initial: figures.default([]),
  unload: figures.optional(),
  wayWeight: figure.optional(),
  endWeight: figure.optional(),
  precedence: z.array(z.unknown()).optional(),
  warmStart: z.array(z.unknown()).optional(),
});

const pairSchema = z.tuple([id, id]);
const warmStartSchema = z.object({ worker: id, jobs: ids });

function numberOrNaN(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

/** @throws UsageError that names each field, what was expected, and what was found */
export function parseProblem(text: string, name: string): ReadProblem {
  let json: unknown;
  try {
    // Some editors put a byte-order mark before the text.
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UsageError(`${name} is no JSON: ${error instanceof Error ? error.message : error}`);
  }
  const result = problemSchema.safeParse(withoutNulls(json), { reportInput: true });
  if (!result.success) {
    const lines = result.error.issues.slice(0, 20).map((issue) => `  ${issueText(issue)}`);
    throw new UsageError(`${name} is no sequencing problem:\n${lines.join('\n')}`);
  }
  const faults: Faults = [];
  const { jobs, workers, precedence = [], warmStart = [], ...tables } = result.data;
  const problem = {
    ...tables,
    jobs: jobs.map(jobOf),
    workers: sound(workerSchema, workers, 'workers', faults) as PlanWorker[],
    precedence: sound(pairSchema, precedence, 'precedence', faults),
    ...(result.data.warmStart !== undefined && {
      warmStart: sound(warmStartSchema, warmStart, 'warmStart', faults),
    }),
  };
  // Members that are left out stay left out; zod's type allows them to be undefined, too.
  const ignored = [
    ...unknownMembers([json], problemSchema, () => '', 'the problem'),
    ...unknownMembers(jobs, jobSchema, (place) => `jobs[${place}].`, 'a job'),
    ...unknownMembers(workers, workerSchema, (place) => `workers[${place}].`, 'a worker'),
  ];
  return { problem: problem as PlanProblem, faults, ignored };
}

/** A file of another writer may carry many; the first ones show which. */
const ignoredLimit = 20;

function unknownMembers(
  items: readonly unknown[],
  schema: z.ZodObject,
  place: (index: number) => string,
  what: string,
): string[] {
  const known = Object.keys(schema.shape);
  const seen = new Set<string>();
  return items
    .flatMap((item, index) =>
      membersOf(item).flatMap((member) => {
        if (known.includes(member) || seen.has(member)) return [];
        seen.add(member);
        return [`${place(index)}${member}: ${what} has no such member (${known.join(', ')})`];
      }),
    )
    .slice(0, ignoredLimit);
}

function membersOf(item: unknown): string[] {
  return typeof item === 'object' && item !== null && !Array.isArray(item) ? Object.keys(item) : [];
}

/** A job that cannot be read has the reason, and its id where that can be read. */
function jobOf(value: unknown, place: number): PlanJob {
  const job = jobSchema.safeParse(value, { reportInput: true });
  if (job.success) return job.data as PlanJob;
  const known = z.object({ id }).safeParse(value);
  return {
    id: known.success ? known.data.id : `jobs[${place}]`,
    duration: 0,
    unreadable: job.error.issues.map((issue) => issueText(issue, 'the job')).join('; '),
  };
}

function sound<T>(
  schema: z.ZodType<T>,
  values: readonly unknown[],
  field: string,
  faults: Faults,
): T[] {
  return values.flatMap((value, index) => {
    const item = schema.safeParse(value, { reportInput: true });
    if (item.success) return [item.data];
    for (const { path, message, input } of item.error.issues) {
      const at = [`${field}[${index}]`, ...path].join('.');
      faults.push({ field: at, found: shown(input), expected: message });
    }
    return [];
  });
}

function issueText({ path, message, input }: z.core.$ZodIssue, whole = 'the problem'): string {
  return `${path.join('.') || whole}: ${message}, found ${shown(input)}`;
}

const longestShown = 60;

function shown(input: unknown): string {
  if (typeof input === 'number') return `${input}`;
  // A list may be nested without end, or very long.
  if (Array.isArray(input)) return `a list of ${input.length}`;
  const isObject = typeof input === 'object' && input !== null;
  const text = isObject ? 'an object' : (JSON.stringify(input) ?? 'nothing');
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

/** Members of an item of a list of the problem: nothing that means something lies deeper. */
const deepest = 4;

/** A member that is null is left out: many writers mean that. In a table a null is no figure. */
function withoutNulls(value: unknown, depth = 0): unknown {
  if (depth > deepest) return value;
  if (Array.isArray(value)) return value.map((one) => withoutNulls(one, depth + 1));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) =>
      member === null ? [] : [[key, withoutNulls(member, depth + 1)]],
    ),
  );
}
