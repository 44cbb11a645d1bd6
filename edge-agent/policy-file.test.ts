import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apply, createState, serializeState } from './agent.ts';
import { ConfigError } from './checked-yaml.ts';
import { explainPolicy } from './policy/policy.ts';
import { policyFactsOf } from './policy/policy-events.ts';
import { parsePolicy, readPolicy } from './policy-file.ts';
import { jarsReading, milk, runningStore } from './sample-store.ts';

const policyOf = (...texts: string[]) =>
  parsePolicy(texts.map((text, index) => ({ file: `p${index + 1}.yaml`, text })));

function faultsOf(...texts: string[]): readonly string[] {
  try {
    policyOf(...texts);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

const lossRule = `layer: chain
version: "12"
rules:
  refill.raise: expectedLossMinorUnits >= refillCostMinorUnits || onHand <= reorderPoint
thresholds:
  refill.costMinorUnits: 90
`;

test('a more special layer overrides by name, and each value tells its layer', () => {
  const store = 'layer: store\nversion: "3"\nthresholds: {refill.costMinorUnits: 60}\n';
  for (const texts of [
    [lossRule, store],
    [store, lossRule],
  ]) {
    const policy = policyOf(...texts);
    expect(policy.version).toBe('chain 12, store 3');
    const explained = explainPolicy(policyFactsOf(policy));
    const find = (name: string) => explained.find((one) => one.name === name);
    expect(find('refill.costMinorUnits')).toMatchObject({ value: 60, layer: 'store' });
    expect(find('refill.raise')?.layer).toBe('chain');
    expect(find('refill.penaltyMinorUnits')).toMatchObject({ value: 50, layer: 'built-in' });
  }
});

test.each([
  [
    'refill.raise: onHnad <= 3',
    'p1.yaml: line 4, column 17: refill.raise: Unknown variable: onHnad',
  ],
  [
    'refill.raise: onHand <= par || category > 3',
    'p1.yaml: line 4, column 34: refill.raise: no such overload: string > int',
  ],
  [
    'refill.raise: "onHand + 1"',
    'p1.yaml: line 4, column 18: refill.raise: gives int, a rule gives bool',
  ],
  ['refill.raise: onHand <= ', 'p1.yaml: line 4, column 26: refill.raise: Unexpected token: EOF'],
  [
    'refill.raise: |\n    onHand <= 3 ||\n      backrom > 3',
    'p1.yaml: line 6, column 7: refill.raise: Unknown variable: backrom',
  ],
  [
    'refill.raise: ""',
    'p1.yaml: line 4, column 18: refill.raise: the rule is unfinished: an expression is missing',
  ],
  [
    'refil.raise: "true"',
    'p1.yaml: line 4, column 16: refil.raise: there is no such rule, threshold or route',
  ],
])('a rule that is wrong is named with line and column: %s', (rule, expected) => {
  const faults = faultsOf(`layer: chain\nversion: "1"\nrules:\n  ${rule}\n`);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toBe(expected);
});

test('policies that contradict or are unfinished are refused, all faults together', () => {
  expect(
    faultsOf('layer: chain\nversion: "1"\nthresholds: {refill.riskCalmPpm: 300000}\n'),
  ).toEqual([
    'p1.yaml: line 3, column 34: refill.riskCalmPpm: contradicts: refill.riskCalmPpm 300000 is above refill.riskLimitPpm 200000',
  ]);
  expect(
    faultsOf(
      'layer: chain\nversion: "1"\nthresholds: {refill.costMinorUnits: 90}\nfinal: [refill.costMinorUnits]\n',
      'layer: store\nversion: "1"\nthresholds: {refill.costMinorUnits: 60}\n',
    ),
  ).toEqual(['p2.yaml: line 3, column 37: refill.costMinorUnits: final in the layer "chain"']);
  expect(faultsOf(lossRule, lossRule)).toEqual([
    'p2.yaml: line 1, column 8: chain: there are two layers "chain"',
  ]);
  expect(faultsOf('layer: chain\n')[0]).toContain('version');
  expect(faultsOf('layer: chain\nversion: "1"\nrules:\n  refill.raise:\n')[0]).toContain('line 4');
  expect(faultsOf('layer: chain\nversion: "1"\nroutes: {delivery-late: bob}\n')[0]).toContain(
    'line 3, column 25: route.delivery-late: one of associate, lead, manager, hq, found bob',
  );
  expect(faultsOf('layer: chain\nversion: "1"\nrules: {refill.raise: "true"\n')).not.toEqual([]);
});

test('any text is either a policy or a list of faults', () => {
  const names = fc.constantFrom('refill.raise', 'refill.costMinorUnits', 'route.x', 'y');
  const values = fc.oneof(fc.string(), fc.integer().map(String));
  fc.assert(
    fc.property(
      fc.constantFrom('rules', 'thresholds', 'routes'),
      names,
      values,
      (part, ...rest) => {
        const [name, value] = rest;
        const text = `layer: chain\nversion: "1"\n${part}: {${name}: ${value}}\n`;
        try {
          expect(policyOf(text).version).toBe('chain 1');
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('a policy decides from its activation on, and says so in each decision', () => {
  const store = runningStore();
  expect(store.cases(jarsReading(1, 9))).toEqual(['shelfObserved']);
  const policy = policyOf(
    'layer: store\nversion: "7"\nrules: {"refill.raise": "onHand <= 9 && category != \'dairy\'"}\n',
  );
  const cases = store.cases({ kind: 'policy', policy });
  expect(cases.slice(0, 1)).toEqual(['policyActivated']);
  expect(cases).toContain('taskCreated');
  const need = store.log.find(({ payload }) => payload.case === 'needArose');
  expect(need?.actor).toMatchObject({ id: 'refill.raise', detail: 'store 7' });
  expect(store.outcome({ kind: 'policy', policy })).toEqual({ kind: 'unchanged' });
  expect(store.state.needs.has('B1')).toBe(false);
  expect(milk).not.toBe('');
});

test('a rule that fails is disabled with one exception, and the built-in rule goes on', () => {
  const store = runningStore();
  const policy = policyOf(
    'layer: store\nversion: "8"\nrules: {"refill.raise": "10 / (onHand - 4) > 100"}\nroutes: {policy-rule-failed: hq}\n',
  );
  store.take({ kind: 'policy', policy });
  const cases = store.cases(jarsReading(1, 4));
  expect(cases).toEqual([
    'shelfObserved',
    'policyRuleDisabled',
    'exceptionRaised',
    'needArose',
    'taskCreated',
  ]);
  const open = [...store.state.exceptions.values()];
  expect(open).toMatchObject([{ type: 'policy-rule-failed', ownerRole: 'hq' }]);
  expect(open[0]?.evidence).toContain('division by zero');
  expect(store.cases(jarsReading(2, 3))).not.toContain('exceptionRaised');
  const next = policyOf('layer: store\nversion: "9"\n');
  expect(store.cases({ kind: 'policy', policy: next })).toContain('exceptionResolved');
  expect(store.state.policy.disabledRules).toEqual([]);
});

test('replaying the log gives the same rules and the same decisions', () => {
  const store = runningStore();
  store.take({ kind: 'policy', policy: policyOf(lossRule) });
  store.take(jarsReading(1, 5));
  const failing = policyOf(
    'layer: chain\nversion: "1"\nrules: {"refill.raise": "1 / (onHand - 3) > 9"}\n',
  );
  store.take({ kind: 'policy', policy: failing });
  store.take(jarsReading(2, 3));
  expect(store.state.policy.disabledRules).toEqual(['refill.raise']);
  const { storeGln, epoch } = store.state;
  const again = createState({ storeGln, epoch });
  for (const event of store.log) apply(again, event);
  expect(Buffer.from(serializeState(again)).equals(Buffer.from(serializeState(store.state)))).toBe(
    true,
  );
});

test('an unreadable file is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'policy-'));
  try {
    const file = join(folder, 'p.yaml');
    expect(() => readPolicy([file])).toThrow(ConfigError);
    writeFileSync(file, lossRule);
    expect(readPolicy([file]).version).toBe('chain 12');
    const example = join(import.meta.dirname, 'policy', 'example.yaml');
    expect(readPolicy([example]).version).toBe('store 2026-11-23');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a quote that is not closed is told where it begins', () => {
  const text = 'layer: store\nversion: "1"\nrules:\n  refill.raise: "onHand <= 8\n  refill.x: 5\n';
  expect(() => parsePolicy([{ file: 'p.yaml', text }])).toThrow(
    'p.yaml: line 4, column 17: the quote that begins here is not closed',
  );
});

test('faults of the form and of the rules are told together', () => {
  const text = 'layer: stor\nversion: "1"\nrules:\n  refill.raise: onHnd <= 8\n';
  expect(() => parsePolicy([{ file: 'p.yaml', text }])).toThrow(
    /p\.yaml: line 1, column 8: layer: [\s\S]*p\.yaml: line 4, column 17: refill\.raise: Unknown variable: onHnd/,
  );
});

test('an alias that names nothing is a fault like others', () => {
  const text = 'layer: store\nversion: "1"\nrules: *none\n';
  expect(() => parsePolicy([{ file: 'p.yaml', text }])).toThrow('The policy cannot be used');
});
