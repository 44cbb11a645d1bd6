/** Reads a sequencing problem from JSON: its form is checked here, its sense by the solver. */
import { z } from 'zod';
import type { PlanProblem } from '../sequencing/problem.ts';
import { UsageError } from './data-folder.ts';

/** Jobs of one problem: twice the tasks of a hypermarket on a bad day. */
const jobsLimit = 5_000;
const workersLimit = 500;

const id = z.union([z.string().min(1).max(128), z.number().transform(String)]);
const ids = z.array(id);

const problemSchema = z.object({
  objective: z.literal('weighted-tardiness').optional(),
  jobs: z
    .array(
      z.object({
        id,
        duration: z.number(),
        due: z.number().optional(),
        weight: z.number().optional(),
        release: z.number().optional(),
        deadline: z.number().optional(),
        skills: z.array(z.string()).optional(),
        capacity: z.number().optional(),
      }),
    )
    .max(jobsLimit),
  workers: z
    .array(
      z.object({
        id,
        start: z.number().optional(),
        end: z.number().optional(),
        skills: z.array(z.string()).optional(),
        cart: z.number().optional(),
        locked: ids.optional(),
      }),
    )
    .max(workersLimit),
  setup: z.array(z.array(z.number())).default([]),
  initial: z.array(z.number()).default([]),
  unload: z.array(z.number()).optional(),
  wayWeight: z.number().optional(),
  endWeight: z.number().optional(),
  precedence: z.array(z.tuple([id, id])).optional(),
  warmStart: z.array(z.object({ worker: id, jobs: ids })).optional(),
});

/** @throws UsageError that names each field, what was expected, and what was found */
export function parseProblem(text: string, name: string): PlanProblem {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${name} is no JSON: ${error instanceof Error ? error.message : error}`);
  }
  const result = problemSchema.safeParse(withoutNulls(json), { reportInput: true });
  // Members that are left out stay left out; zod's type allows them to be undefined, too.
  if (result.success) return result.data as PlanProblem;
  const faults = result.error.issues.slice(0, 20).map(({ path, message, input }) => {
    const found = JSON.stringify(input);
    const shown = found === undefined || found.length > 60 ? '' : `, found ${found}`;
    return `  ${path.join('.') || 'the problem'}: ${message}${shown}`;
  });
  throw new UsageError(`${name} is no sequencing problem:\n${faults.join('\n')}`);
}

/** null means "left out" in many writers. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) =>
      member === null ? [] : [[key, withoutNulls(member)]],
    ),
  );
}
