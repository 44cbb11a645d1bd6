/**
 * Names of measured values with their unit, for sources that name a quantity without one. A value whose
 * unit the source does not settle keeps its own name.
 */
import type { Json } from '../codec.ts';
import { isDecimalText, wrongType } from './json-members.ts';
import { JsonNumber, type LexicalJson, plainJson } from './json-text.ts';

/** zigbee2mqtt states the unit of these for all devices. */
const zigbeeUnits: ReadonlyMap<string, string> = new Map([
  ['temperature', 'c'],
  ['device_temperature', 'c'],
  ['soil_temperature', 'c'],
  ['humidity', 'pct'],
  ['soil_moisture', 'pct'],
  ['battery', 'pct'],
  ['pressure', 'hpa'],
  ['co2', 'ppm'],
  ['power', 'w'],
  ['energy', 'kwh'],
  ['current', 'a'],
]);

/** A voltage of 1000 or more is a battery in millivolts; below that a mains plug in volts. */
function zigbeeVoltage(value: LexicalJson, hasBattery: boolean): string {
  if (!(value instanceof JsonNumber)) return 'voltage';
  if (value.value >= 1000) return 'voltage_mv';
  return hasBattery ? 'voltage' : 'voltage_v';
}

/** The name under which a member of a zigbee2mqtt state is given. */
export function zigbeeName(
  name: string,
  value: LexicalJson,
  names: { has(name: string): boolean },
): string {
  if (name === 'voltage') return zigbeeVoltage(value, names.has('battery'));
  // Older versions send the raw measurement as `illuminance` and the lux beside it.
  if (name === 'illuminance') return names.has('illuminance_lux') ? name : 'illuminance_lux';
  const unit = zigbeeUnits.get(name);
  return unit === undefined ? name : `${name}_${unit}`;
}

const unitSuffix =
  /_(?:pct|c|f|k|v|mv|a|ma|w|kw|kwh|wh|mm|cm|m|km|g|kg|mg|lb|oz|ml|l|lux|ppm|ppb|hpa|kpa|pa|bar|dbm|db|s|ms|min|h|hz|deg)$/;

/** A name that ends in a unit says that its value is a number. */
export function namesAQuantity(name: string): boolean {
  return unitSuffix.test(name);
}

/** The value under a name: a quantity is a number (also one sent as text) or null, else refused. */
export function namedValue(name: string, value: LexicalJson): Json {
  if (!namesAQuantity(name) || value === null) return plainJson(value);
  if (value instanceof JsonNumber) return value.value;
  if (typeof value === 'string' && isDecimalText(value)) return Number(value);
  return wrongType(name, 'a number', value);
}
