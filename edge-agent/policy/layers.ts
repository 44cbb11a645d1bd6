/**
 * Merges the layers of a policy, most general first, and finds what contradicts or is unfinished. A
 * layer names only what it decides itself; a more general layer may mark names as final, and a more
 * special one may then not name them.
 *
 * Example: chain sets `approval.lead.onceMinorUnits: 100000` and marks it final; a store that sets
 * 900000 is refused with the line of the store's file, and nothing changes.
 */
import { compileRule } from './expression.ts';
import type { PolicySettingFacts } from './policy.ts';
import {
  isRouteName,
  isRuleName,
  isThresholdName,
  type LayerName,
  layerNames,
  ordered,
  routedRoles,
  type ThresholdName,
  thresholds,
} from './settings.ts';

export interface PolicyLayer {
  layer: LayerName;
  version: string;
  /** By name. */
  settings: ReadonlyMap<string, string | number>;
  /** Names that no more special layer may set. */
  finals: readonly string[];
}

/** What is wrong with which setting of which layer. */
export interface PolicyFault {
  layer: LayerName;
  /** Empty when it is the layer as a whole. */
  name: string;
  message: string;
  /** Of a rule: the character of its expression, from 0. */
  offset?: number;
}

export interface MergedPolicy {
  /** Layers and their versions, "chain 12, store 3". */
  version: string;
  settings: PolicySettingFacts[];
}

/** Versions of all layers together: the longest that an event's actor should carry. */
export const versionLimit = 200;

export function mergeLayers(
  given: readonly PolicyLayer[],
): { ok: true; policy: MergedPolicy } | { ok: false; faults: PolicyFault[] } {
  const faults: PolicyFault[] = [];
  const layers = layerNames.flatMap((name) => given.filter(({ layer }) => layer === name));
  const merged = new Map<string, PolicySettingFacts>();
  const finals = new Map<string, LayerName>();
  const seen = new Set<LayerName>();
  for (const one of layers) {
    const { layer } = one;
    if (seen.has(layer)) {
      faults.push({ layer, name: '', message: `there are two layers "${layer}"` });
    }
    seen.add(layer);
    for (const [name, value] of one.settings) {
      const fault = faultOf(name, value);
      if (fault !== null) faults.push({ layer, name, ...fault });
      const final = finals.get(name);
      if (final !== undefined) {
        faults.push({ layer, name, message: `final in the layer "${final}"` });
      }
      merged.set(name, { name, value, layer });
    }
    for (const name of one.finals) {
      if (!isKnown(name))
        faults.push({ layer, name, message: 'final, but there is no such setting' });
      else finals.set(name, layer);
    }
  }
  faults.push(...contradictions(merged));
  if (faults.length > 0) return { ok: false, faults };
  const version = layers.map(({ layer, version: one }) => `${layer} ${one}`).join(', ');
  const settings = [...merged.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  return { ok: true, policy: { version: version.slice(0, versionLimit), settings } };
}

function isKnown(name: string): boolean {
  return isRuleName(name) || isThresholdName(name) || isRouteName(name);
}

function faultOf(
  name: string,
  value: string | number,
): { message: string; offset?: number } | null {
  if (isRuleName(name)) {
    if (typeof value !== 'string') return { message: `a CEL expression, found ${value}` };
    const compiled = compileRule(name, value);
    return compiled.ok ? null : compiled.fault;
  }
  if (isThresholdName(name)) {
    const { least, most } = thresholds[name];
    const isFine =
      typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
    return isFine ? null : { message: `a whole number ${least} to ${most}, found ${value}` };
  }
  if (isRouteName(name)) {
    const isRole = routedRoles.some((role) => role === value);
    return isRole ? null : { message: `one of ${routedRoles.join(', ')}, found ${value}` };
  }
  return { message: 'there is no such rule, threshold or route' };
}

/** Pairs of thresholds in the wrong order, told at the more special of the two. */
function contradictions(merged: ReadonlyMap<string, PolicySettingFacts>): PolicyFault[] {
  const numberOf = (name: ThresholdName) => {
    const value = merged.get(name)?.value;
    return typeof value === 'number' ? value : thresholds[name].builtIn;
  };
  return ordered.flatMap(([less, more]) => {
    if (numberOf(less) <= numberOf(more)) return [];
    const named = [merged.get(less), merged.get(more)]
      .filter((one) => one !== undefined)
      .sort((one, other) => layerNames.indexOf(other.layer) - layerNames.indexOf(one.layer));
    const at = named[0];
    if (at === undefined) return [];
    const message = `contradicts: ${less} ${numberOf(less)} is above ${more} ${numberOf(more)}`;
    return [{ layer: at.layer, name: at.name, message }];
  });
}
