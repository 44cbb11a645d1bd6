/**
 * Which settings `--context` may hold. A misspelt setting would silently leave the codec with its
 * own idea of the unit or the dialect, so a name that no codec knows is refused.
 *
 * A name that only other protocols know is no mistake to stop at: one `--context` may describe a
 * device whose frames go through two codecs. It is told and has no effect.
 */
import type { Codec, CodecContext } from '../codec.ts';
import { allCodecs } from '../codecs/all.ts';
import { separatorNames, shortGtinNames, verifyNames } from '../codecs/gs1-settings.ts';

/** Read by codecs beside the settings that they list: other products' names, and the scene. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  'toledo-8217': ['command', 'request', 'after', 'asked'],
  'datalogic-sasi': ['command', 'request', 'after', 'asked'],
  'toledo-continuous': ['format'],
  'gs1-scan': ['today', ...separatorNames, ...shortGtinNames],
  'gs1-digital-link': ['today', 'stem', 'requisites', ...separatorNames, ...shortGtinNames],
  'gs1-rcn': ['measure', 'decimals', ...verifyNames],
};

/** Every message may be an old one. */
const sceneNames: readonly string[] = ['retained'];

/** Names of the settings that make a difference to this codec, the listed ones first. */
export function settingNames({ protocol, settings }: Codec): string[] {
  const listed = settings.map(({ name }) => name);
  return [...new Set([...listed, ...(otherNames[protocol] ?? []), ...sceneNames])];
}

export interface ContextFault {
  setting: string;
  /** False: some other protocol has it, and here it has no effect. */
  isUnknown: boolean;
  message: string;
}

/** What is wrong with the names of a context; empty when all of them are the codec's own. */
export function contextFaults(codec: Codec, context: CodecContext): ContextFault[] {
  const own = new Set(settingNames(codec));
  const all = new Set(allCodecs.flatMap(settingNames));
  const { protocol, settings } = codec;
  const listed = settings.map(({ name }) => name).join(', ');
  const known = listed === '' ? `${protocol} has no settings` : `${protocol} knows ${listed}`;
  return Object.keys(context)
    .filter((setting) => !own.has(setting))
    .map((setting) => ({
      setting,
      isUnknown: !all.has(setting),
      message: all.has(setting)
        ? `The setting "${setting}" has no effect: ${known}.`
        : `There is no setting "${setting}": ${known}.`,
    }));
}
