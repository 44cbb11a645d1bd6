/**
 * From a value by its name to the value of a reading. The last word of the name is the unit, the word
 * before it the quantity, and what stands in front of that names the sensing element (`channel`).
 *
 * Example: distance_mm 2116 is a distance "2116" "mm"; left_weight_kg 1.5 is a weight "1.5" "kg" of the
 * channel "left"; humidity_pct is nothing that the agent takes.
 */
import type { Reading } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import type { Json } from './codec.ts';

const quantities =
  /^(?:(.+)_)?(distance|weight|temperature|fill|level|fill_level)_(mm|cm|m|mg|g|kg|lb|oz|c|f|pct)$/;

const unitsByQuantity: Readonly<Record<string, readonly string[]>> = {
  distance: ['mm', 'cm', 'm'],
  weight: ['mg', 'g', 'kg', 'lb', 'oz'],
  temperature: ['c', 'f'],
  fill: ['pct'],
  level: ['pct'],
};

/** Plain decimal text of a number; null for what a reading cannot say. */
function decimalText(value: Json): string | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  const text = String(value);
  return text.includes('e') ? value.toFixed(9).replace(/\.?0+$/, '') : text;
}

export interface MeasuredValue {
  channel: string;
  value: Reading['value'];
}

/** Null for a value that is unknown (null), has no unit, or is of no use to the agent. */
export function readingValueOf(name: string, value: Json): MeasuredValue | null {
  const [, channel = '', word = '', unit = ''] = quantities.exec(name) ?? [];
  const text = decimalText(value);
  const quantity = word.replace('fill_level', 'fill');
  if (text === null || unitsByQuantity[quantity]?.includes(unit) !== true) return null;
  const at = (found: Reading['value']): MeasuredValue => ({ channel, value: found });
  switch (quantity) {
    case 'distance':
      return at({
        case: 'distance',
        value: { $typeName: 'stockhand.device.v1alpha.Distance', value: text, unit },
      });
    case 'temperature':
      return at({
        case: 'temperature',
        value: {
          $typeName: 'stockhand.device.v1alpha.Temperature',
          value: text,
          unit: unit.toUpperCase(),
        },
      });
    case 'weight':
      // Such sensors send what they have settled on; only scales tell motion from rest.
      return at({
        case: 'weight',
        value: {
          $typeName: 'stockhand.device.v1alpha.Weight',
          value: text,
          unit,
          stable: true,
          overload: false,
          underload: false,
          net: false,
        },
      });
    default:
      return at({
        case: 'fillLevel',
        value: { $typeName: 'stockhand.device.v1alpha.FillLevel', percent: text },
      });
  }
}
