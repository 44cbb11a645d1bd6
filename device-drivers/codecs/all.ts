/** Every protocol that Stockhand understands, by name. */
import type { Codec } from '../codec.ts';
import { mqttCodecs } from './mqtt.ts';
import { scaleCodecs } from './scales.ts';
import { scannerCodecs } from './scanners.ts';
import { tillCodecs } from './till.ts';

export const allCodecs: readonly Codec[] = [
  ...scaleCodecs,
  ...scannerCodecs,
  ...mqttCodecs,
  ...tillCodecs,
];

export function findCodec(protocol: string): Codec | undefined {
  return allCodecs.find((codec) => codec.protocol === protocol);
}
