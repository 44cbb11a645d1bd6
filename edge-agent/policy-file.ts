/**
 * Files of business rules, one layer each: read and checked whole, with every fault told by file, line
 * and column, and merged into one policy. One fault refuses all, and what is in force stays.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { create } from '@bufbuild/protobuf';
import {
  type PolicyActivated,
  PolicyActivatedSchema,
} from '@stockhand/proto/events/v1alpha/governance_events_pb.js';
import { z } from 'zod';
import { ConfigError, parseChecked, YamlText } from './checked-yaml.ts';
import { asLayer, withoutShadowed } from './policy/hq-layers.ts';
import {
  type MergedPolicy,
  mergeLayers,
  type PolicyFault,
  type PolicyLayer,
} from './policy/layers.ts';
import type { PolicyLayerFacts } from './policy/policy.ts';
import { layerMessage, settingMessage } from './policy/policy-events.ts';
import { isRuleName, type LayerName, layerNames, routePrefix } from './policy/settings.ts';

const settingsOfLayerLimit = 200;
const bounded = <Value extends z.ZodType>(value: Value) =>
  z
    .record(z.string().min(1).max(64), value)
    .refine((all) => Object.keys(all).length <= settingsOfLayerLimit, 'at most 200')
    .default({});

const fileSchema = z.strictObject({
  layer: z.enum(layerNames),
  version: z.string().min(1).max(32),
  rules: bounded(z.string()),
  thresholds: bounded(z.number()),
  routes: bounded(z.string()),
  final: z.array(z.string().min(1).max(64)).max(settingsOfLayerLimit).default([]),
});

interface ReadLayer extends PolicyLayer {
  file: string;
  yaml: YamlText;
}

export interface PolicyText {
  file: string;
  text: string;
}

function parseLayer({ file, text }: PolicyText): ReadLayer {
  const { layer, version, rules, thresholds, routes, final } = parseChecked(text, file, fileSchema);
  const settings = new Map<string, string | number>(Object.entries(rules));
  for (const [name, value] of Object.entries(thresholds)) settings.set(name, value);
  for (const [type, role] of Object.entries(routes)) settings.set(`${routePrefix}${type}`, role);
  return { file, yaml: new YamlText(text), layer, version, settings, finals: final };
}

/**
 * @param fromHq layers that HQ pushed: the files must fit them, and one of the same name does not hold
 * @throws ConfigError with every fault of the files
 */
export function parsePolicy(
  texts: readonly PolicyText[],
  fromHq: readonly PolicyLayerFacts[] = [],
): PolicyActivated {
  const layers: ReadLayer[] = [];
  const faults: string[] = [];
  for (const one of texts) {
    try {
      layers.push(parseLayer(one));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      faults.push(...error.faults.map((fault) => `${one.file}: ${fault}`), ...ruleFaults(one));
    }
  }
  if (faults.length === 0) {
    const merged = mergeLayers([...fromHq.map(asLayer), ...withoutShadowed(layers, fromHq)]);
    if (merged.ok) return messageOf(merged.policy, layers, fromHq);
    faults.push(...merged.faults.map((fault) => placed(fault, layers)));
  }
  throw new ConfigError('The policy', faults);
}

const rulesOnly = z.object({ rules: z.record(z.string(), z.string()).catch({}) });

/** What is wrong with the rules of a file that has faults elsewhere: all are told at once. */
function ruleFaults({ file, text }: PolicyText): string[] {
  const yaml = new YamlText(text);
  if (yaml.faults.length > 0) return [];
  const read = rulesOnly.safeParse(plainOf(yaml));
  if (!read.success) return [];
  const settings = new Map(Object.entries(read.data.rules));
  const merged = mergeLayers([{ layer: 'store', version: '', settings, finals: [] }]);
  if (merged.ok) return [];
  return merged.faults
    .filter(({ name }) => settings.has(name))
    .map(({ name, message, offset = 0 }) => {
      const place = yaml.placeInText(['rules', name], offset);
      return `${file}: ${place}: ${name}: ${message}`;
    });
}

function plainOf(yaml: YamlText): unknown {
  try {
    return yaml.document.toJS();
  } catch {
    // An alias without its anchor: told already.
    return undefined;
  }
}

function placed(fault: PolicyFault, layers: readonly ReadLayer[]): string {
  const { name, message, offset } = fault;
  const at = layers.findLast(({ layer }) => layer === fault.layer);
  if (at === undefined) return `${name}: ${message}`;
  const path = pathOf(at, name);
  const place = offset === undefined ? at.yaml.placeOf(path) : at.yaml.placeInText(path, offset);
  return `${at.file}: ${place}: ${name === '' ? at.layer : name}: ${message}`;
}

function pathOf({ yaml }: ReadLayer, name: string): string[] {
  if (name === '') return ['layer'];
  if (name.startsWith(routePrefix)) return ['routes', name.slice(routePrefix.length)];
  const isRule = isRuleName(name) || yaml.document.hasIn(['rules', name]);
  return [isRule ? 'rules' : 'thresholds', name];
}

function messageOf(
  { version, settings }: MergedPolicy,
  own: readonly ReadLayer[],
  fromHq: readonly PolicyLayerFacts[],
): PolicyActivated {
  const hash = createHash('sha256').update(JSON.stringify(settings)).digest('hex');
  const layers = own.map(({ layer, version: ofLayer, settings: named, finals }) => ({
    layer,
    version: ofLayer,
    fromHq: false,
    settings: [...named].map(([name, value]) => ({ name, value })),
    finals,
  }));
  return create(PolicyActivatedSchema, {
    version,
    hash,
    settings: settings.map(settingMessage),
    layers: [...fromHq, ...layers].map(layerMessage),
  });
}

/** @throws ConfigError */
export function readPolicy(
  files: readonly string[],
  fromHq: readonly PolicyLayerFacts[] = [],
): PolicyActivated {
  return parsePolicy(
    files.map((file) => ({ file, text: readText(file) })),
    fromHq,
  );
}

/** The layer that a file is about. @throws ConfigError */
export function layerOf(file: string): LayerName {
  return parseLayer({ file, text: readText(file) }).layer;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(file, [error instanceof Error ? error.message : String(error)]);
  }
}
