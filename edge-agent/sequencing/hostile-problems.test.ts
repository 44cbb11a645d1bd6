/** Whatever a problem says: every job is planned once or left out with a reason, and the sums are right. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlanJob, PlanProblem } from './problem.ts';
import { seededFraction } from './seeded-fraction.ts';
import { solve } from './solve.ts';

const odd = fc.constantFrom(
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e308,
  2 ** 53,
  -0,
  0.1,
);
const sound = fc.oneof(
  fc.integer({ min: 0, max: 30 }),
  fc.double({ min: 0, max: 30, noNaN: true }),
);
const figure = fc.oneof({ weight: 60, arbitrary: sound }, { weight: 1, arbitrary: odd });
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
const skills = fc.subarray(['cold', 'lift']);
const job = fc.record(
  {
    id,
    duration: figure,
    due: figure,
    weight: figure,
    release: figure,
    deadline: figure,
    skills,
    capacity: figure,
  },
  { requiredKeys: ['id', 'duration'] },
);
const worker = fc.record(
  {
    id: fc.constantFrom('w1', 'w2', 'w3'),
    start: figure,
    end: fc.oneof(figure, fc.integer({ min: 30, max: 90 })),
    skills,
    cart: figure,
    locked: fc.array(id, { maxLength: 3 }),
  },
  { requiredKeys: ['id'] },
);
const row = fc.array(figure, { minLength: 5, maxLength: 8 });
const problem = fc.record(
  {
    jobs: fc.array(job, { maxLength: 7 }),
    workers: fc.array(worker, { maxLength: 3 }),
    setup: fc.array(row, { minLength: 5, maxLength: 8 }),
    initial: fc.array(figure, { minLength: 5, maxLength: 8 }),
    unload: fc.array(figure, { maxLength: 8 }),
    wayWeight: figure,
    endWeight: figure,
    precedence: fc.array(fc.tuple(id, id), { maxLength: 4 }),
    warmStart: fc.array(fc.record({ worker: fc.constantFrom('w1', 'w9'), jobs: fc.array(id) }), {
      maxLength: 2,
    }),
  },
  { requiredKeys: ['jobs', 'workers', 'setup', 'initial'] },
) as fc.Arbitrary<PlanProblem>;

/** The first job and worker of an id count; the others are named as faults. */
const jobOf = ({ jobs }: PlanProblem, id: string): [PlanJob | undefined, number] => {
  const place = jobs.findIndex((one) => one.id === id);
  return [jobs[place], place];
};

test('every job once or not with a reason; objective, skills, hours and order as they say', () => {
  fc.assert(
    fc.property(problem, (one) => {
      const budget = { isSpent: (done: number) => done >= 60 };
      const answer = solve(one, { random: seededFraction(5), budget });
      const planned = answer.assignments.flatMap(({ jobs }) => jobs.map((stop) => stop.id));
      expect(new Set(planned).size).toBe(planned.length);
      const said = [...planned, ...answer.notScheduled.map((left) => left.id)];
      expect([...said].sort()).toEqual(one.jobs.map((each) => each.id).sort());
      for (const { reason } of answer.notScheduled) expect(reason).not.toBe('');
      let tardiness = 0;
      const ends = new Map<string, number>();
      for (const { worker: workerId, jobs } of answer.assignments) {
        const who = one.workers.find((each) => each.id === workerId);
        let atTime = who?.start ?? 0;
        for (const { id: jobId, start, end } of jobs) {
          const [known] = jobOf(one, jobId);
          expect(start).toBeGreaterThanOrEqual(Math.max(atTime, known?.release ?? 0));
          expect(end).toBe(start + (known?.duration ?? Number.NaN));
          expect(end).toBeLessThanOrEqual(known?.deadline ?? Number.POSITIVE_INFINITY);
          expect(end).toBeLessThanOrEqual(who?.end ?? Number.POSITIVE_INFINITY);
          for (const skill of known?.skills ?? []) expect(who?.skills).toContain(skill);
          tardiness += (known?.weight ?? 1) * Math.max(0, end - (known?.due ?? end));
          ends.set(jobId, end);
          atTime = end;
        }
      }
      for (const { jobs } of answer.assignments) {
        for (const stop of jobs) {
          for (const [before, after] of one.precedence ?? []) {
            if (after !== stop.id || jobOf(one, before)[0] === undefined) continue;
            expect(ends.get(before) ?? Number.NaN).toBeLessThanOrEqual(stop.start);
          }
        }
      }
      expect(answer.objective).toBeCloseTo(tardiness, 6);
      expect(answer.bound).toBeLessThanOrEqual(answer.objective + 1e-6);
      expect([answer.cost, answer.ways, answer.bound].every(Number.isFinite)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
