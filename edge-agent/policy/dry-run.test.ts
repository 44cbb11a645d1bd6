import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createState } from '../agent.ts';
import { jarsReading, runningStore, type SampleStore } from '../sample-store.ts';
import { DryRunner } from './dry-run.ts';
import { builtInPolicy, type PolicyFacts } from './policy.ts';

const withRule = (expression: string): PolicyFacts => ({
  ...builtInPolicy,
  version: 'candidate',
  settings: [{ name: 'refill.raise', value: expression, layer: 'store' }],
});

function dryRun(store: SampleStore, candidate: PolicyFacts) {
  const { storeGln, epoch } = store.state;
  const runner = new DryRunner(createState({ storeGln, epoch }), candidate);
  for (const event of store.log) runner.take(event);
  return runner.finish();
}

test('a policy that raises earlier would have raised more, and avoids what the model expects', () => {
  const store = runningStore();
  const jars = [12, 7, 12, 8, 12, 3, 12];
  for (const [index, count] of jars.entries()) store.take(jarsReading(index + 1, count));
  const { recorded, inForce, candidate, difference, isReproduced } = dryRun(
    store,
    withRule('onHand <= 8'),
  );
  expect({ recorded, inForce }).toEqual({
    recorded: { needs: 1, tasks: 1, ended: 1 },
    inForce: { needs: 1, tasks: 1, ended: 1 },
  });
  expect(isReproduced).toBe(true);
  // Slot A2, B1 and the like begin below 8 pieces or milligrams only if they are empty.
  expect(candidate.needs).toBe(inForce.needs + difference.needs);
  expect(difference.needs).toBeGreaterThanOrEqual(2);
});

test('a rule that fails is counted, and the built-in rule holds where it fails', () => {
  const store = runningStore();
  for (const [index, count] of [12, 4, 12].entries()) store.take(jarsReading(index + 1, count));
  const result = dryRun(store, withRule('10 / (onHand - onHand) > 1'));
  expect(result.failures).toBeGreaterThan(0);
  expect(result.firstFailure).toContain('division by zero');
  expect(result.difference).toEqual({ needs: 0, tasks: 0, ended: 0 });
});

test('for any readings: the policy in force reproduces what was raised and differs by nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(12), { maxLength: 25 }), (jars) => {
      const store = runningStore();
      for (const [index, count] of jars.entries()) store.take(jarsReading(index + 1, count));
      const { recorded, inForce, difference, avoidedLostUnits } = dryRun(store, builtInPolicy);
      expect(inForce).toEqual(recorded);
      expect(difference).toEqual({ needs: 0, tasks: 0, ended: 0 });
      expect(avoidedLostUnits).toEqual({ mean: 0, low: 0, high: 0 });
    }),
    { numRuns: 40 },
  );
});
