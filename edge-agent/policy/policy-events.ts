/** What the policy events do to the rules in force. */
import type {
  PolicyActivated,
  PolicyRuleDisabled,
  PolicySetting,
} from '@stockhand/proto/events/v1alpha/governance_events_pb.js';
import type { State } from '../state.ts';
import type { PolicyFacts, PolicyLayerFacts, PolicySettingFacts } from './policy.ts';
import { isRuleName, type LayerName, layerNames } from './settings.ts';

export function policyFactsOf(activated: PolicyActivated): PolicyFacts {
  const { version, settings } = activated;
  return {
    version,
    settings: settings.map(settingFactsOf),
    layers: layersOf(activated),
    disabledRules: [],
  };
}

/** What a policy was merged from. Logs of older releases tell the settings only, each with its layer. */
export function layersOf({ layers, settings }: PolicyActivated): PolicyLayerFacts[] {
  if (layers.length > 0) {
    return layers.map(({ layer, version, fromHq, settings: own, finals }) => ({
      layer: layerNamed(layer),
      version,
      fromHq,
      settings: own.map(settingFactsOf).map(({ name, value }) => ({ name, value })),
      finals: [...finals],
    }));
  }
  const facts = settings.map(settingFactsOf);
  return layerNames.flatMap((layer) => {
    const own = facts.filter((one) => one.layer === layer);
    const named = own.map(({ name, value }) => ({ name, value }));
    return named.length === 0
      ? []
      : [{ layer, version: '', fromHq: false, settings: named, finals: [] }];
  });
}

/** Whether the store's own layers of a policy are the ones that hold. */
export function isInForce(policy: PolicyActivated, { layers }: PolicyFacts): boolean {
  const own = (given: readonly PolicyLayerFacts[]) =>
    JSON.stringify(given.filter(({ fromHq }) => !fromHq));
  return own(layersOf(policy)) === own(layers);
}

function settingFactsOf({ name, value, layer }: PolicySetting): PolicySettingFacts {
  return {
    name,
    value: value.case === 'number' ? Number(value.value) : (value.value ?? ''),
    layer: layerNamed(layer),
  };
}

function layerNamed(name: string): LayerName {
  return layerNames.find((one) => one === name) ?? 'store';
}

/** A setting as events carry it. */
export function settingMessage({ name, value, layer }: PolicySettingFacts) {
  return { name, layer, value: valueMessage(name, value) };
}

/** A layer as events carry it. */
export function layerMessage({ layer, version, fromHq, settings, finals }: PolicyLayerFacts) {
  return {
    layer,
    version,
    fromHq,
    finals: [...finals],
    settings: settings.map((one) => settingMessage({ ...one, layer })),
  };
}

function valueMessage(name: string, value: string | number) {
  if (typeof value === 'number') return { case: 'number', value: BigInt(value) } as const;
  if (isRuleName(name)) return { case: 'expression', value } as const;
  return { case: 'text', value } as const;
}

export function applyPolicyActivated(state: State, activated: PolicyActivated): void {
  state.policy = policyFactsOf(activated);
}

export function applyPolicyRuleDisabled(state: State, { rule }: PolicyRuleDisabled): void {
  const { policy } = state;
  if (policy.disabledRules.includes(rule)) return;
  state.policy = { ...policy, disabledRules: [...policy.disabledRules, rule] };
}
