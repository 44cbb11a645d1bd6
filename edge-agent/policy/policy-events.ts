/** What the policy events do to the rules in force. */
import type {
  PolicyActivated,
  PolicyRuleDisabled,
} from '@stockhand/proto/events/v1alpha/governance_events_pb.js';
import type { State } from '../state.ts';
import type { PolicyFacts } from './policy.ts';
import { layerNames } from './settings.ts';

export function policyFactsOf({ version, hash, settings }: PolicyActivated): PolicyFacts {
  return {
    version,
    hash,
    settings: settings.map(({ name, value, layer }) => ({
      name,
      value: value.case === 'number' ? Number(value.value) : (value.value ?? ''),
      layer: layerNames.find((one) => one === layer) ?? 'store',
    })),
    disabledRules: [],
  };
}

export function applyPolicyActivated(state: State, activated: PolicyActivated): void {
  state.policy = policyFactsOf(activated);
}

export function applyPolicyRuleDisabled(state: State, { rule }: PolicyRuleDisabled): void {
  const { policy } = state;
  if (policy.disabledRules.includes(rule)) return;
  state.policy = { ...policy, disabledRules: [...policy.disabledRules, rule] };
}
