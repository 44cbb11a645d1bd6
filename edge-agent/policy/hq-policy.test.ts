import { expect, test } from 'vitest';
import { apply, createState, deserializeState, serializeState } from '../agent.ts';
import { parsePolicy } from '../policy-file.ts';
import { action, command, jarsReading, runningStore, type SampleStore } from '../sample-store.ts';
import { explainPolicy } from './policy.ts';

const rule = 'refill.raise';
const cost = 'refill.costMinorUnits';

function storeWithFile(text?: string) {
  const store = runningStore();
  if (text !== undefined) {
    store.take({ kind: 'policy', policy: parsePolicy([{ file: 'store.yaml', text }]) });
  }
  return store;
}

let sequence = 100;
const push = (more: object) => {
  sequence += 1;
  const value = { layer: 'chain', version: '13', ...more };
  return command(sequence, { case: 'applyPolicyLayer', value });
};
const settingIn = ({ state }: SampleStore, name: string) =>
  explainPolicy(state.policy).find((one) => one.name === name);

test('a layer of HQ holds below the store’s own, and decisions name it', () => {
  const store = storeWithFile(`layer: store\nversion: "3"\nthresholds: {${cost}: 60}\n`);
  const cases = store.cases(
    push({ rules: { [rule]: 'onHand <= 9' }, thresholds: { [cost]: 90n } }),
  );
  expect(cases.slice(0, 2)).toEqual(['policyActivated', 'commandApplied']);
  expect(store.state.policy.version).toBe('chain 13 of HQ, store 3');
  expect(settingIn(store, cost)).toMatchObject({ value: 60, layer: 'store' });
  expect(settingIn(store, rule)).toMatchObject({ value: 'onHand <= 9', layer: 'chain' });
  store.take(jarsReading(1, 8));
  const need = store.log.findLast(({ payload }) => payload.case === 'needArose');
  expect(need?.actor).toMatchObject({ id: rule, detail: 'chain 13 of HQ, store 3' });
});

test.each([
  [
    'chain: rules["refill.raise"], line 2, column 3',
    { rules: { [rule]: 'onHand <= 3 ||\n  backrom > 3' } },
    'Unknown variable: backrom',
  ],
  [`chain: thresholds["${cost}"]`, { thresholds: { [cost]: -4n } }, 'a whole number'],
  ['chain: routes["delivery-late"]', { routes: { 'delivery-late': 'bob' } }, 'one of'],
  ['chain: rules["refil.raise"]', { rules: { 'refil.raise': 'true' } }, 'no such rule'],
  ['layer', { layer: 'planet' }, 'one of chain'],
  ['version', { version: '' }, '1 to 32'],
])('what is wrong is refused at its place, and changes nothing: %s', (field, more, expected) => {
  const store = storeWithFile();
  const before = store.state.policy;
  expect(store.outcome(push(more))).toMatchObject({
    kind: 'refused',
    refusals: [{ field, expected: expect.stringContaining(expected) }],
  });
  expect(store.state.policy).toBe(before);
  const told = store.log.findLast(({ payload }) => payload.case === 'commandRefused');
  expect(told?.payload.value).toMatchObject({ field: expect.stringContaining(field) });
});

test('HQ’s layer stands in the place of the store’s of that name until HQ takes it back', () => {
  const store = storeWithFile(`layer: chain\nversion: "1"\nthresholds: {${cost}: 60}\n`);
  store.take(push({ thresholds: { [cost]: 90n } }));
  expect(settingIn(store, cost)).toMatchObject({ value: 90 });
  expect(store.state.policy.version).toBe('chain 13 of HQ');
  store.take(push({ version: '14' }));
  expect(store.state.policy.version).toBe('chain 1');
  expect(settingIn(store, cost)).toMatchObject({ value: 60 });
});

test('a layer of the store that does not fit HQ’s is set aside, and told once', () => {
  const store = storeWithFile(`layer: store\nversion: "3"\nthresholds: {${cost}: 60}\n`);
  const cases = store.cases(push({ thresholds: { [cost]: 90n }, final: [cost] }));
  expect(cases).toContain('exceptionRaised');
  expect(settingIn(store, cost)).toMatchObject({ value: 90, layer: 'chain' });
  const [raised] = [...store.state.exceptions.values()];
  expect(raised?.evidence).toContain(`${cost}: final in the layer "chain"`);
  const changed = `layer: store\nversion: "4"\nthresholds: {${cost}: 70}\n`;
  const policy = parsePolicy([{ file: 'store.yaml', text: changed }]);
  expect(store.outcome({ kind: 'policy', policy })).toMatchObject({
    refusals: [{ field: `store: thresholds["${cost}"]` }],
  });
  // HQ lets go of it: the store's own holds again, without anybody touching the file.
  store.take(push({ version: '14', thresholds: { [cost]: 90n } }));
  expect(settingIn(store, cost)).toMatchObject({ value: 60, layer: 'store' });
  expect([...store.state.exceptions.values()]).toEqual([]);
});

test('it survives a restart: from a snapshot, from the log, and beside the store’s file', () => {
  const store = storeWithFile(`layer: store\nversion: "3"\nthresholds: {${cost}: 60}\n`);
  store.take(push({ rules: { [rule]: 'onHand <= 9' }, final: [rule] }));
  const { storeGln, epoch } = store.state;
  const again = createState({ storeGln, epoch });
  for (const event of store.log) apply(again, event);
  expect(again.policy).toEqual(store.state.policy);
  expect(deserializeState(serializeState(store.state)).policy).toEqual(store.state.policy);
  const text = `layer: store\nversion: "3"\nthresholds: {${cost}: 60}\n`;
  const policy = parsePolicy([{ file: 'store.yaml', text }]);
  expect(store.outcome({ kind: 'policy', policy })).toEqual({ kind: 'unchanged' });
  expect(store.state.policy.version).toBe('chain 13 of HQ, store 3');
});

test('at the kiosk a manager puts rules in force, nobody below, and HQ’s layers stay HQ’s', () => {
  const store = storeWithFile();
  store.take(push({ thresholds: { [cost]: 90n }, final: [cost] }));
  const text = 'layer: store\nversion: "9"\nrules: {refill.raise: onHand <= 9}\n';
  const settings = [{ name: cost, value: 1 }];
  const forged = { layer: 'chain', version: '99', fromHq: true, settings, finals: [] } as const;
  const policy = parsePolicy([{ file: 'store.yaml', text }], [forged]);
  const activate = (person: string) =>
    action(person, 0, { case: 'activatePolicy', value: { policy } });
  expect(store.outcome(activate('lea'))).toMatchObject({ refusals: [{ reason: 'not-allowed' }] });
  expect(store.outcome(activate('max'))).toEqual({ kind: 'accepted' });
  expect(store.state.policy.version).toBe('chain 13 of HQ, store 9');
  expect(store.state.policy.layers.map(({ fromHq }) => fromHq)).toEqual([true, false]);
  const activated = store.log.findLast(({ payload }) => payload.case === 'policyActivated');
  expect(activated?.actor).toMatchObject({ id: 'max' });
});
