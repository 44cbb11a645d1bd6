/** Puts a policy in force. It is checked again here: what comes from elsewhere may be of another release. */
import type { PolicyActivated } from '@stockhand/proto/events/v1alpha/governance_events_pb.js';
import { refusal } from '../errors.ts';
import { agentActor, type Recorder } from '../events/recorder.ts';
import { resolveException } from '../exceptions/exception-book.ts';
import type { Outcome } from '../input.ts';
import { ruleFailedKey } from './decision.ts';
import { mergeLayers, type PolicyLayer } from './layers.ts';
import { policyFactsOf } from './policy-events.ts';
import { layerNames } from './settings.ts';

/** Settings of one policy: several times what can be named. */
export const settingsLimit = 500;

export function takePolicy(recorder: Recorder, activated: PolicyActivated): Outcome {
  const { version, hash, settings } = activated;
  const { policy } = recorder.state;
  recorder.attribute(`policy/${encodeURIComponent(version)}`, agentActor);
  if (policy.version === version && policy.hash === hash) return { kind: 'unchanged' };
  if (settings.length > settingsLimit) {
    const most = `at most ${settingsLimit} settings`;
    return {
      kind: 'refused',
      refusals: [refusal('too-many', 'settings', settings.length, most)],
    };
  }
  const facts = policyFactsOf(activated);
  const layers = layerNames.map((layer): PolicyLayer => {
    const own = facts.settings.filter((one) => one.layer === layer);
    return {
      layer,
      version: '',
      settings: new Map(own.map(({ name, value }) => [name, value])),
      finals: [],
    };
  });
  const merged = mergeLayers(layers);
  if (!merged.ok) {
    return {
      kind: 'refused',
      refusals: merged.faults.map(({ layer, name, message }) =>
        refusal('bad-field', `settings.${name}`, layer, message),
      ),
    };
  }
  recorder.record('policyActivated', activated);
  // Rules that failed under the policy before get another chance.
  for (const rule of policy.disabledRules) {
    resolveException(recorder, ruleFailedKey(rule), 'another policy holds');
  }
  for (const slotId of recorder.state.shelves.keys()) recorder.touchedSlots.add(slotId);
  return { kind: 'accepted' };
}
