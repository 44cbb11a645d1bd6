/**
 * The business rules in force: plain facts, as they are serialised, and what is compiled from them.
 *
 * Five layers are inherited, chain to store; the most special layer that names a rule, threshold or
 * route wins. Example: the chain says `refill.costMinorUnits: 90`, the store says 60: 60 holds, and
 * comes from the layer "store"; `refill.raise` named by none comes from the layer "built-in".
 */
import { compileRule, type Decide } from './expression.ts';
import {
  isRuleName,
  type LayerName,
  type RuleName,
  routePrefix,
  rules,
  type ThresholdName,
  thresholds,
} from './settings.ts';

export interface PolicySettingFacts {
  name: string;
  /** The CEL text of a rule, the number of a threshold, the role of a route. */
  value: string | number;
  layer: LayerName;
}

/** A layer as it was given, before the others came over it. */
export interface PolicyLayerFacts {
  layer: LayerName;
  version: string;
  /** Pushed by HQ; else from a file of the store. */
  fromHq: boolean;
  settings: readonly { name: string; value: string | number }[];
  /** Names that no more special layer may set. */
  finals: readonly string[];
}

export interface PolicyFacts {
  version: string;
  /** By name, sorted; what is not here is as built in. */
  settings: readonly PolicySettingFacts[];
  /** What it was merged from, layers that do not hold at present included. */
  layers: readonly PolicyLayerFacts[];
  /** Rules that failed on some input: for them the built-in one holds. */
  disabledRules: readonly string[];
}

export const builtInPolicy: PolicyFacts = Object.freeze({
  version: 'built-in-1',
  settings: [],
  layers: [],
  disabledRules: [],
});

/** A policy made ready for decisions. */
export interface Policy {
  version: string;
  /** Null where the built-in rule holds, which the deciding code carries out itself. */
  ruleOf(name: RuleName): Decide | null;
  threshold(name: ThresholdName): number;
  /** Role to whom exceptions of a type go; null: as built in. */
  routeOf(exceptionType: string): string | null;
}

const policies = new WeakMap<PolicyFacts, Policy>();

/** Compiled once for each facts object; a change of facts is a new object. */
export function policyOf(facts: PolicyFacts): Policy {
  const known = policies.get(facts);
  if (known !== undefined) return known;
  const policy = compile(facts);
  policies.set(facts, policy);
  return policy;
}

function compile({ version, settings, disabledRules }: PolicyFacts): Policy {
  const values = new Map(settings.map(({ name, value }) => [name, value]));
  const decisions = new Map<RuleName, Decide>();
  for (const { name, value } of settings) {
    if (!isRuleName(name) || disabledRules.includes(name) || typeof value !== 'string') continue;
    const compiled = compileRule(name, value);
    // It was checked before it was activated; one that a later release cannot read counts as failed.
    const decide = compiled.ok ? compiled.decide : failing(compiled.fault.message);
    decisions.set(name, decide);
  }
  const numbers = new Map(
    Object.entries(thresholds).map(([name, { builtIn }]) => {
      const value = values.get(name);
      return [name, typeof value === 'number' ? value : builtIn];
    }),
  );
  return {
    version,
    ruleOf: (name) => decisions.get(name) ?? null,
    threshold: (name) => numbers.get(name) ?? thresholds[name].builtIn,
    routeOf: (type) => {
      const role = values.get(`${routePrefix}${type}`);
      return typeof role === 'string' ? role : null;
    },
  };
}

function failing(message: string): Decide {
  return () => {
    throw new Error(message);
  };
}

/** Every rule, threshold and route with its value and the layer that it comes from. */
export function explainPolicy(
  facts: PolicyFacts,
): { name: string; value: string | number; layer: LayerName | 'built-in' }[] {
  const built = [
    ...Object.entries(rules).map(([name, { builtIn }]) => ({ name, value: builtIn })),
    ...Object.entries(thresholds).map(([name, { builtIn }]) => ({ name, value: builtIn })),
  ].map((one) => ({ ...one, layer: 'built-in' as const }));
  const named = new Set(facts.settings.map(({ name }) => name));
  return [...facts.settings, ...built.filter(({ name }) => !named.has(name))].sort((one, other) =>
    one.name < other.name ? -1 : 1,
  );
}
