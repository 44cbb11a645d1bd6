/**
 * From what a frame means to a `Reading`, the form in which the agent takes every observation.
 *
 * Decides which meanings are observations at all. A weight is one; so is a scan. A status without a
 * weight ("in motion", "over capacity") is not a weight of zero and becomes no reading: it only
 * shows that the device speaks. Example: MT-SICS `S S     100.00 g` becomes a reading with weight
 * "100.00" "g" stable; `S I` (not executable now) becomes nothing.
 */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { type Reading, ReadingSchema } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import type { Meaning } from './codec.ts';
import { identifierOf } from './gs1/aim.ts';

/** Which device said it, in which run, and its number there. */
export interface ReadingSource {
  deviceId: string;
  /** For a serial line: the agent's boot and the generation of the port. */
  session: string;
  sequence: bigint;
  observedAtMs: number;
}

function readingValue(meaning: Meaning): Reading['value'] | null {
  const { value, unit, data } = meaning;
  switch (meaning.kind) {
    case 'weight':
      if (typeof value !== 'string' || typeof unit !== 'string') return null;
      return {
        case: 'weight',
        value: {
          $typeName: 'stockhand.device.v1alpha.Weight',
          value,
          unit,
          stable: meaning['stable'] === true,
          overload: false,
          underload: false,
          net: meaning['net'] === true,
        },
      };
    case 'scan': {
      if (typeof data !== 'string') return null;
      const { symbology } = meaning;
      const aimId = typeof symbology === 'string' ? (identifierOf(symbology) ?? '') : '';
      return {
        case: 'scan',
        value: { $typeName: 'stockhand.device.v1alpha.Scan', text: data, aimId },
      };
    }
    default:
      return null;
  }
}

/** The reading that a meaning stands for, or null where it is no observation. */
export function readingFromMeaning(source: ReadingSource, meaning: Meaning): Reading | null {
  const value = readingValue(meaning);
  if (!value) return null;
  return create(ReadingSchema, {
    deviceId: source.deviceId,
    session: source.session,
    sequence: source.sequence,
    observedAt: timestampFromMs(source.observedAtMs),
    value,
  });
}
