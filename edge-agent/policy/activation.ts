/**
 * Puts a policy in force. HQ's layers stand before the store's own: a layer that HQ pushed takes the place
 * of the store's layer of that name, until HQ takes it back. What comes in is checked here again, for it
 * may be of another release, and each fault is named with its layer, its entry, line and column.
 *
 * HQ's layers must hold together by themselves. A layer of the store that does not fit them (it sets what
 * HQ made final) is set aside with an exception, for a file in a store must not hold up the chain; a file
 * that is changed later and does not fit is refused, and what is in force stays.
 *
 * Example: the store's file says `refill.costMinorUnits: 60`; HQ pushes chain 13 that says 90 and marks it
 * final. Chain 13 holds with 90, layer "store" is set aside, and the manager is told.
 */
import type { PolicyActivated } from '@stockhand/proto/events/v1alpha/governance_events_pb.js';
import type { ApplyPolicyLayer } from '@stockhand/proto/sync/v1alpha/sync_service_pb.js';
import { refusal } from '../errors.ts';
import { agentActor, type Recorder } from '../events/recorder.ts';
import { raiseException, resolveException } from '../exceptions/exception-book.ts';
import type { Outcome, Refusal } from '../input.ts';
import { ruleFailedKey } from './decision.ts';
import { asLayer, layersOfHq, withoutShadowed } from './hq-layers.ts';
import { type MergedPolicy, mergeLayers, type PolicyFault } from './layers.ts';
import type { PolicyLayerFacts } from './policy.ts';
import { layerMessage, layersOf, settingMessage } from './policy-events.ts';
import { isRuleName, type LayerName, layerNames, routePrefix } from './settings.ts';

/** Settings of one policy: several times what can be named. */
export const settingsLimit = 500;
const versionTextLimit = 32;

/** The store's own files, as the agent read them. */
export function takePolicyFiles(recorder: Recorder, activated: PolicyActivated): Outcome {
  recorder.attribute(`policy/${encodeURIComponent(activated.version)}`, agentActor);
  return takePolicy(recorder, activated);
}

/** The store's own layers, by its files or by a manager at the kiosk. */
export function takePolicy(recorder: Recorder, activated: PolicyActivated): Outcome {
  const { version, settings } = activated;
  if (settings.length > settingsLimit) return { kind: 'refused', refusals: [tooMany(settings)] };
  // Whoever sends it: HQ's layers come by command only, and hold as they are now.
  const own = layersOf(activated).filter((one) => !one.fromHq);
  const fromHq = layersOfHq(recorder.state.policy);
  const merged = mergeLayers([...fromHq, ...withoutShadowed(own, fromHq)].map(asLayer));
  if (!merged.ok)
    return { kind: 'refused', refusals: refusalsOf(merged.faults, [...fromHq, ...own]) };
  // Layers of an older log have no versions of their own.
  const told = fromHq.length === 0 ? version : merged.policy.version;
  const hash = fromHq.length === 0 ? activated.hash : '';
  const isNew = enforce(recorder, { ...merged.policy, version: told }, [...fromHq, ...own], hash);
  return { kind: isNew ? 'accepted' : 'unchanged' };
}

/** A layer that HQ pushed. Answers why it is refused; nothing when it holds. */
export function applyPolicyLayer(recorder: Recorder, pushed: ApplyPolicyLayer): Refusal[] {
  const { layers } = recorder.state.policy;
  const layer = layerNames.find((name) => name === pushed.layer);
  if (layer === undefined) {
    return [refusal('bad-field', 'layer', pushed.layer, `one of ${layerNames.join(', ')}`)];
  }
  const { version } = pushed;
  if (version === '' || version.length > versionTextLimit) {
    return [refusal('bad-field', 'version', version, `1 to ${versionTextLimit} characters`)];
  }
  const settings = settingsOf(pushed);
  if (settings.length + pushed.final.length > settingsLimit) return [tooMany(settings)];
  const others = layers.filter((one) => one.fromHq && one.layer !== layer);
  const isTakenBack = settings.length === 0 && pushed.final.length === 0;
  const entry = { layer, version, fromHq: true, settings, finals: [...pushed.final] };
  const fromHq = isTakenBack ? others : [...others, entry];
  const alone = mergeLayers(fromHq.map(asLayer));
  if (!alone.ok) return refusalsOf(alone.faults, fromHq);
  const own = layers.filter((one) => !one.fromHq);
  const { policy, aside } = mergeFitting(fromHq, withoutShadowed(own, fromHq), alone.policy);
  enforce(recorder, policy, [...fromHq, ...own]);
  for (const [name, fault] of aside) tellSetAside(recorder, name, fault);
  return [];
}

function settingsOf({ rules, thresholds, routes }: ApplyPolicyLayer): PolicyLayerFacts['settings'] {
  return [
    ...Object.entries(rules),
    ...Object.entries(thresholds).map(([name, value]) => [name, Number(value)] as const),
    ...Object.entries(routes).map(([type, role]) => [`${routePrefix}${type}`, role] as const),
  ].map(([name, value]) => ({ name, value }));
}

/** HQ's layers with as many of the store's own as fit them. */
function mergeFitting(
  fromHq: readonly PolicyLayerFacts[],
  own: readonly PolicyLayerFacts[],
  alone: MergedPolicy,
): { policy: MergedPolicy; aside: Map<LayerName, PolicyFault> } {
  const aside = new Map<LayerName, PolicyFault>();
  let policy = alone;
  const fitting: PolicyLayerFacts[] = [];
  for (const name of layerNames) {
    const layer = own.find((one) => one.layer === name);
    if (layer === undefined) continue;
    const merged = mergeLayers([...fromHq, ...fitting, layer].map(asLayer));
    if (merged.ok) {
      policy = merged.policy;
      fitting.push(layer);
    } else if (merged.faults[0] !== undefined) aside.set(name, merged.faults[0]);
  }
  return { policy, aside };
}

/** Records the activation; false when just this is in force already. */
function enforce(
  recorder: Recorder,
  merged: MergedPolicy,
  layers: readonly PolicyLayerFacts[],
  hash = '',
): boolean {
  const { policy } = recorder.state;
  const { version, settings } = merged;
  const before = JSON.stringify([policy.version, policy.settings, policy.layers]);
  if (before === JSON.stringify([version, settings, layers])) return false;
  recorder.record('policyActivated', {
    version,
    hash,
    settings: settings.map(settingMessage),
    layers: layers.map(layerMessage),
  });
  // Rules that failed under the policy before get another chance.
  for (const rule of policy.disabledRules) {
    resolveException(recorder, ruleFailedKey(rule), 'another policy holds');
  }
  for (const name of layerNames) {
    resolveException(recorder, setAsideKey(name), 'another policy holds');
  }
  for (const slotId of recorder.state.shelves.keys()) recorder.touchedSlots.add(slotId);
  return true;
}

const setAsideKey = (layer: LayerName) => `policy-layer/${layer}`;

function tellSetAside(recorder: Recorder, layer: LayerName, { name, message }: PolicyFault): void {
  raiseException(recorder, {
    type: 'policy-rule-failed',
    causeKey: setAsideKey(layer),
    subjects: [`policy-layer-${layer}`],
    evidence: `The store's own policy layer "${layer}" is set aside, it does not fit HQ's: ${name}: ${message}.`,
  });
}

function tooMany(settings: readonly unknown[]): Refusal {
  return refusal('too-many', 'settings', settings.length, `at most ${settingsLimit} settings`);
}

/** "chain: rules["refill.raise"], line 2, column 7". */
function refusalsOf(
  faults: readonly PolicyFault[],
  layers: readonly PolicyLayerFacts[],
): Refusal[] {
  return faults.map(({ layer, name, message, offset }) => {
    if (name === '') return refusal('bad-field', layer, layer, message);
    const { value = '' } =
      layers.findLast((one) => one.layer === layer)?.settings.find((one) => one.name === name) ??
      {};
    const place = offset === undefined ? '' : placeIn(String(value), offset);
    return refusal('bad-field', `${layer}: ${entryOf(name, value)}${place}`, value, message);
  });
}

/** Lines and columns of an expression count from 1. */
function placeIn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `, line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

function entryOf(name: string, value: string | number): string {
  if (name.startsWith(routePrefix)) return `routes["${name.slice(routePrefix.length)}"]`;
  const part = isRuleName(name) || typeof value === 'string' ? 'rules' : 'thresholds';
  return `${part}["${name}"]`;
}
