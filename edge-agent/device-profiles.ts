/**
 * The file of device profiles: read and checked whole, compared with those in force, and read again
 * when it changes. Quantities are written with their unit ("10 g", "5 m") and become integers here.
 */
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { create } from '@bufbuild/protobuf';
import {
  type DeviceProfilesApplied,
  DeviceProfilesAppliedSchema,
} from '@stockhand/proto/events/v1alpha/device_events_pb.js';
import { micrometresOf, milligramsOf } from '@stockhand/proto/vocabulary/measure.ts';
import { z } from 'zod';
import type { DeviceProfile } from './catalogue/catalogue.ts';
import { profileOf } from './catalogue/device-profile.ts';
import { deviceKinds, readingIdentities } from './catalogue/master-data.ts';
import { ConfigError, parseChecked } from './checked-yaml.ts';
import type { Log, RunningAgent } from './ports.ts';
import type { State } from './state.ts';

/** Models of one file. */
const modelsLimit = 500;
/** A device is offline after so many heartbeats in silence. */
export const missedHeartbeats = 3;

/** "10 g": milligrams of a weight, micrometres of a length. */
const quantityText = z.string().transform((text, context) => {
  const [value = '', unit = '', ...rest] = text.trim().split(/\s+/);
  const weight = milligramsOf(value, unit);
  const length = micrometresOf(value, unit);
  if (rest.length === 0 && weight.ok) return { of: 'weight', value: weight.value } as const;
  if (rest.length === 0 && length.ok) return { of: 'length', value: length.value } as const;
  context.addIssue({ code: 'custom', message: 'a number and a unit, such as 10 g or 5 mm' });
  return z.NEVER;
});

const kindNames = [...deviceKinds.values()];
const identityNames = [...readingIdentities.values()];

const modelSchema = z
  .strictObject({
    kind: z.enum(kindNames),
    identity: z.enum(identityNames),
    units: z.array(z.enum(['kg', 'g', 'mg', 'lb', 'oz', 'mm', 'cm', 'm'])).default([]),
    limits: z
      .strictObject({ least: quantityText.optional(), most: quantityText.optional() })
      .default({}),
    deadBand: quantityText.optional(),
    quality: z
      .strictObject({ leastBatteryPercent: z.int().min(0).max(100).default(0) })
      .default({ leastBatteryPercent: 0 }),
    heartbeatSeconds: z.int().min(0).max(604_800).default(0),
  })
  .superRefine(({ kind, limits, deadBand }, context) => {
    const wanted = kind === 'distance' ? 'length' : 'weight';
    const given = { 'limits.least': limits.least, 'limits.most': limits.most, deadBand };
    for (const [field, quantity] of Object.entries(given)) {
      if (quantity === undefined || quantity.of === wanted) continue;
      context.addIssue({ code: 'custom', path: field.split('.'), message: `a ${wanted}` });
    }
    if ((limits.least?.value ?? -Infinity) > (limits.most?.value ?? Infinity)) {
      const path = ['limits', 'most'];
      context.addIssue({ code: 'custom', path, message: 'not below limits.least' });
    }
  });

const fileSchema = z.strictObject({
  version: z.string().min(1).max(64),
  models: z
    .record(z.string().min(1).max(64), modelSchema)
    .refine((models) => Object.keys(models).length <= modelsLimit, `at most ${modelsLimit} models`),
});

type Model = z.infer<typeof modelSchema>;

function numberOf<Key extends number>(names: ReadonlyMap<Key, string>, name: string): Key {
  for (const [number, one] of names) if (one === name) return number;
  // The schema takes only names of the same table.
  throw new Error(`no number for ${name}`);
}

function profileInit(model: string, profile: Model) {
  const { kind, limits, deadBand } = profile;
  // Dead-bands of lengths are in millimetres, as in master data.
  const perUnit = deadBand?.of === 'length' ? 1_000 : 1;
  return {
    model,
    kind: numberOf(deviceKinds, kind),
    readingIdentity: numberOf(readingIdentities, profile.identity),
    deadBand: Math.round((deadBand?.value ?? 0) / perUnit),
    units: profile.units,
    ...(limits.least && { least: BigInt(limits.least.value) }),
    ...(limits.most && { most: BigInt(limits.most.value) }),
    leastBatteryPercent: profile.quality.leastBatteryPercent,
    silentAfterSeconds: profile.heartbeatSeconds * missedHeartbeats,
  };
}

/** @throws ConfigError with every fault: line, field, what was expected and what was found */
export function parseProfiles(text: string, file: string): DeviceProfilesApplied {
  const { version, models } = parseChecked(text, file, fileSchema);
  const profiles = Object.entries(models).map(([model, profile]) => profileInit(model, profile));
  profiles.sort((one, other) => (one.model < other.model ? -1 : 1));
  return create(DeviceProfilesAppliedSchema, { version, profiles });
}

/** @throws ConfigError */
export function readProfiles(file: string): DeviceProfilesApplied {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(file, [error instanceof Error ? error.message : String(error)]);
  }
  return parseProfiles(text, file);
}

export interface ProfileDifference {
  model: string;
  change: 'added' | 'removed' | 'changed';
  /** Of a changed one: field, before, after. */
  fields: { field: string; before: string; after: string }[];
  /** Devices of the model, which the change concerns. */
  devices: string[];
}

/** What would change if the profiles were applied to this state. */
export function profileDifferences(
  state: Pick<State, 'catalogue'>,
  applied: DeviceProfilesApplied,
): ProfileDifference[] {
  const { profileByModel, facts } = state.catalogue;
  const after = new Map(applied.profiles.map((one) => [one.model, profileOf(one)]));
  const models = [...new Set([...profileByModel.keys(), ...after.keys()])].sort();
  return models.flatMap((model) => {
    const [old, next] = [profileByModel.get(model), after.get(model)];
    const fields = old && next ? changedFields(old, next) : [];
    if (old && next && fields.length === 0) return [];
    const change = !old ? 'added' : !next ? 'removed' : 'changed';
    const devices = facts.devices.filter((device) => device.model === model);
    return [{ model, change, fields, devices: devices.map(({ deviceId }) => deviceId) } as const];
  });
}

function changedFields(old: DeviceProfile, next: DeviceProfile): ProfileDifference['fields'] {
  const after = new Map<string, unknown>(Object.entries(next));
  return Object.entries(old).flatMap(([field, value]) => {
    const [was, is] = [JSON.stringify(value), JSON.stringify(after.get(field))];
    return was === is ? [] : [{ field, before: was, after: is }];
  });
}

export interface ProfileWatchOptions {
  file: string;
  agent: RunningAgent<State>;
  logger: Log;
}

/** How often the file is looked at: it lies on any kind of disk, where change notices are unreliable. */
const lookIntervalMs = 2_000;

/** Keeps the profiles in force in step with their file. */
export class ProfileWatch {
  readonly #options: ProfileWatchOptions;
  readonly #reload = () => void this.reload();

  constructor(options: ProfileWatchOptions) {
    this.#options = options;
  }

  /** Applies the file once, then whenever it changes and on SIGHUP. */
  async start(): Promise<void> {
    await this.reload();
    watchFile(this.#options.file, { interval: lookIntervalMs, persistent: false }, this.#reload);
    process.on('SIGHUP', this.#reload);
  }

  stop(): void {
    unwatchFile(this.#options.file, this.#reload);
    process.off('SIGHUP', this.#reload);
  }

  /** Reads the file; one with a fault is told and changes nothing. */
  async reload(): Promise<void> {
    const { file, agent, logger } = this.#options;
    try {
      const applied = readProfiles(file);
      const outcome = await agent.submit({ kind: 'profiles', applied });
      const { version } = applied;
      if (outcome.kind === 'accepted') logger.info({ file, version }, 'profiles-applied');
    } catch (error) {
      const faults = error instanceof ConfigError ? error.faults : [String(error)];
      logger.error({ file, faults }, 'profiles-refused');
    }
  }
}
