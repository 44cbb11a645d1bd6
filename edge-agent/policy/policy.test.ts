import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexCatalogue } from '../catalogue/catalogue.ts';
import { catalogueFactsOf } from '../catalogue/master-data.ts';
import { lookAhead } from '../replenishment/stockout-outlook.ts';
import { isRaised, judgeSlot, type SlotSituation } from '../replenishment/trigger.ts';
import { refillFacts, waitingMoney } from '../replenishment/waiting-loss.ts';
import { runningStore, sampleMasterData } from '../sample-store.ts';
import { compileRule } from './expression.ts';
import { builtInPolicy, policyOf } from './policy.ts';
import { type RuleName, rules } from './settings.ts';

const slot = indexCatalogue(catalogueFactsOf(sampleMasterData())).slotById.get('A1');
if (slot === undefined) throw new Error('the sample store has no slot A1');
const ppm = fc.integer({ min: 0, max: 1_000_000 });

test('every built-in rule passes its own type check', () => {
  for (const name of Object.keys(rules)) {
    // Keys of the table itself.
    const rule = name as RuleName;
    expect(compileRule(rule, rules[rule].builtIn).ok, name).toBe(true);
  }
});

test('the built-in refill rule as CEL decides as the built-in code does', () => {
  const compiled = compileRule('refill.raise', rules['refill.raise'].builtIn);
  if (!compiled.ok) throw new Error(compiled.fault.message);
  const { state } = runningStore();
  const policy = policyOf(builtInPolicy);
  fc.assert(
    fc.property(fc.nat(14), fc.boolean(), ppm, ppm, (onShelf, hasOpenNeed, now, soon) => {
      const situation: SlotSituation = {
        slot,
        onShelf,
        inBackroom: 5,
        isReported: false,
        hasOpenNeed,
        outlook: {
          pEmptyPpm: now,
          pEmptySoonPpm: soon,
          shortMilliUnits: 500,
          wantedMilliUnits: 900,
        },
      };
      const byRule = compiled.decide(refillFacts(state, policy, situation, 0));
      expect(byRule).toBe(isRaised(situation));
      expect(judgeSlot(situation, undefined, byRule).kind).toBe(judgeSlot(situation).kind);
    }),
    { numRuns: 500 },
  );
});

test('no rule switches the hard rules off', () => {
  const outlook = { pEmptyPpm: 0, pEmptySoonPpm: 0, shortMilliUnits: 0, wantedMilliUnits: 0 };
  const at = (onShelf: number) =>
    judgeSlot(
      { slot, onShelf, inBackroom: 5, isReported: false, hasOpenNeed: false, outlook },
      undefined,
      false,
    ).kind;
  expect([0, 1, 2, 3].map(at)).toEqual(['needed', 'needed', 'enough', 'enough']);
});

test('units short are worth the margin, or the penalty where there is none', () => {
  const { state } = runningStore();
  const policy = policyOf(builtInPolicy);
  const product = state.catalogue.productByGtin.get(slot.gtin);
  if (product === undefined) throw new Error('no product in A1');
  product.marginMinorUnits = 125;
  expect(waitingMoney(state, policy, slot, 1_600).expectedLossMinorUnits).toBe(200);
  product.marginMinorUnits = 0;
  expect(waitingMoney(state, policy, slot, 1_600).expectedLossMinorUnits).toBe(80);
  const shelf = state.shelves.get('A1');
  if (shelf !== undefined) expect(lookAhead(state, slot, shelf, 720).shortMilliUnits).toBeDefined();
});
