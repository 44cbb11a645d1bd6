/**
 * Devices with Tasmota firmware: sensors on tele/<topic>/SENSOR, the last will on tele/<topic>/LWT as
 * the plain words Online and Offline. `Time` is the device's local clock without a zone. Units come
 * from TempUnit, PressureUnit and SpeedUnit in the message; distances are centimetres, but a VL53L0X
 * or VL53L1X with old firmware sends whole millimetres and with newer one centimetres with a decimal.
 * A unit that Tasmota does not have is refused.
 *
 * Example: {"Time":"2019-01-01T22:42:35","SR04":{"Distance":16.754}} is distance_cm 16.754.
 */
import { type Codec, type DecodeInput, isMembers, type Json, type Meaning } from '../codec.ts';
import { parseIsoTime } from './iso-time.ts';
import { isObject, objectOf, optionalText } from './json-members.ts';
import {
  JsonNumber,
  type JsonObject,
  type LexicalJson,
  payloadText,
  plainJson,
  readJson,
} from './json-text.ts';
import { mqttPayloadDecoder, type PayloadReading, readingOf } from './mqtt-payload.ts';
import { refuse } from './refusal.ts';
import { namedValue } from './telemetry-names.ts';

interface TasmotaTopic {
  prefix: 'tele' | 'stat' | 'cmnd';
  deviceId: string;
  suffix: string;
}

/** Full topics are %prefix%/%topic%/ by default, but the prefix may stand anywhere. */
function readTopic(topic: string | undefined): TasmotaTopic {
  const levels = (topic ?? '').split('/');
  const at = levels.findIndex((level) => /^(?:tele|stat|cmnd)$/.test(level));
  const suffix = levels.at(-1);
  const prefix = levels[at];
  const names = levels.slice(0, -1).filter((_, index) => index !== at);
  const isPrefix = prefix === 'tele' || prefix === 'stat' || prefix === 'cmnd';
  if (!isPrefix || names.length === 0 || names.includes('') || !suffix) {
    return refuse('bad-topic', `"${topic ?? ''}" is not tele/<topic>/SENSOR`);
  }
  return { prefix, deviceId: names.join('/'), suffix };
}

interface Units {
  temperature: string;
  pressure: string;
}

function unitsOf(message: JsonObject): Units {
  const unit = (name: string, known: readonly string[], usual: string) => {
    const told = optionalText(message, name) ?? usual;
    return known.includes(told) ? told.toLowerCase() : refuse('bad-unit', `${name} "${told}"`);
  };
  return {
    temperature: unit('TempUnit', ['C', 'F'], 'C'),
    pressure: unit('PressureUnit', ['hPa', 'mmHg', 'inHg'], 'hPa'),
  };
}

const fixedUnits: ReadonlyMap<string, string> = new Map([
  ['Humidity', 'humidity_pct'],
  ['Illuminance', 'illuminance_lux'],
  ['Distance', 'distance_cm'],
  ['Weight', 'weight_kg'],
  ['CarbonDioxide', 'co2_ppm'],
  ['Battery', 'battery_pct'],
  ['BatteryPercentage', 'battery_pct'],
  ['Moisture', 'moisture_pct'],
]);

const energyUnits: ReadonlyMap<string, string> = new Map([
  ['Power', 'power_w'],
  ['Voltage', 'voltage_v'],
  ['Current', 'current_a'],
  ['Total', 'energy_total_kwh'],
  ['Today', 'energy_today_kwh'],
  ['Yesterday', 'energy_yesterday_kwh'],
]);

function snake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase();
}

/** "DS18B20-1" as ds18b20_1. */
function sensorWord(sensor: string): string {
  return sensor.replace(/[^A-Za-z0-9]+/g, '_').toLowerCase();
}

function valueName(sensor: string, name: string, value: LexicalJson, units: Units): string {
  if (name === 'Temperature' || name === 'DewPoint') return `${snake(name)}_${units.temperature}`;
  if (name === 'Pressure' || name === 'SeaPressure') return `${snake(name)}_${units.pressure}`;
  if (sensor === 'ENERGY') return energyUnits.get(name) ?? `energy_${snake(name)}`;
  const isWhole = value instanceof JsonNumber && !value.text.includes('.');
  if (name === 'Distance' && isWhole && sensor.startsWith('VL53L')) return 'distance_mm';
  return fixedUnits.get(name) ?? snake(name);
}

interface Measured {
  sensor: string;
  name: string;
  value: Json;
}

/** Where nothing reflects, older firmware of the laser sensors says 9999 (millimetres) or 999.9. */
function isNoTarget(sensor: string, name: string, value: LexicalJson): boolean {
  const isFarthest = value instanceof JsonNumber && ['9999', '999.9'].includes(value.text);
  return isFarthest && name === 'Distance' && sensor.startsWith('VL53L');
}

/** Fahrenheit is kept and told in Celsius, too. */
function celsius({ sensor, name, value }: Measured): Measured[] {
  if (!name.endsWith('_f') || typeof value !== 'number') return [];
  const converted = Math.round(((value - 32) / 1.8) * 100) / 100;
  return [{ sensor, name: name.replace(/_f$/, '_c'), value: converted }];
}

function measuredBy(sensor: string, members: JsonObject, units: Units): Measured[] {
  return [...members]
    .filter(([name]) => name !== 'Id' && name !== 'TotalStartTime')
    .flatMap(([name, value]) => {
      const named = valueName(sensor, name, value, units);
      const found = isNoTarget(sensor, name, value) ? null : namedValue(named, value);
      const one: Measured = { sensor, name: named, value: found };
      return [one, ...celsius(one)];
    });
}

const ownMembers = new Set(['Time', 'TempUnit', 'PressureUnit', 'SpeedUnit']);

/** Values of two sensors with one name are told apart by the sensor's name. */
function valuesOf(message: JsonObject): { [name: string]: Json } {
  const units = unitsOf(message);
  const measured = [...message]
    .filter(([name]) => !ownMembers.has(name))
    .flatMap(([name, value]) =>
      isObject(value)
        ? measuredBy(name, value, units)
        : [{ sensor: '', name: snake(name), value: plainJson(value) }],
    );
  const count = (name: string) => measured.filter((one) => one.name === name).length;
  return Object.fromEntries(
    measured.map(({ sensor, name, value }) => [
      count(name) > 1 && sensor !== '' ? `${sensorWord(sensor)}_${name}` : name,
      value,
    ]),
  );
}

function deviceTime(message: JsonObject): { device_time?: string } {
  const text = optionalText(message, 'Time');
  if (text === undefined) return {};
  const time = parseIsoTime(text);
  return time === null ? refuse('bad-date', `Time "${text}"`) : { device_time: time.text };
}

function willMeaning(bytes: Uint8Array, deviceId: string): Meaning {
  const word = payloadText(bytes).trim().toLowerCase();
  if (word !== 'online' && word !== 'offline') {
    refuse('wrong-type', 'a last will is Online or Offline');
  }
  return { kind: 'availability', device_id: deviceId, online: word === 'online' };
}

function read({ topic, bytes }: DecodeInput): PayloadReading {
  const { prefix, deviceId, suffix } = readTopic(topic);
  if (bytes.length === 0 && prefix !== 'cmnd') {
    return readingOf({ kind: 'cleared', device_id: deviceId });
  }
  if (prefix === 'cmnd') {
    const value = payloadText(bytes);
    return readingOf({ kind: 'command', name: suffix, device_id: deviceId, value });
  }
  if (suffix === 'LWT') return readingOf(willMeaning(bytes, deviceId));
  const isStatus = suffix === 'STATUS8' || suffix === 'STATUS10';
  if (suffix !== 'SENSOR' && suffix !== 'STATE' && !isStatus) {
    return readingOf({ kind: 'ignored', reason: suffix.toLowerCase(), device_id: deviceId });
  }
  const payload = objectOf(readJson(bytes), 'the payload');
  const message = isStatus ? objectOf(payload.get('StatusSNS'), 'StatusSNS') : payload;
  const head = { device_id: deviceId, ...deviceTime(message) };
  if (suffix === 'STATE') {
    const details = plainJson(new Map([...message].filter(([name]) => name !== 'Time')));
    return readingOf({ kind: 'health', ...head, details });
  }
  const values = valuesOf(message);
  const notes = Object.entries(values).map(([field, value]) => ({
    field,
    found: JSON.stringify(value),
    means: 'measured',
  }));
  return readingOf({ kind: 'telemetry', ...head, values }, notes);
}

const sensorMembers: Readonly<Record<string, [string, string]>> = {
  distance_cm: ['SR04', 'Distance'],
  weight_kg: ['HX711', 'Weight'],
  temperature_c: ['BME280', 'Temperature'],
  humidity_pct: ['BME280', 'Humidity'],
  pressure_hpa: ['BME280', 'Pressure'],
  illuminance_lux: ['BH1750', 'Illuminance'],
};

function sensorMessage(meaning: Meaning): { [name: string]: Json } {
  const { values, device_time: time } = meaning;
  if (!isMembers(values)) {
    throw new RangeError('telemetry needs its values');
  }
  const message: { [name: string]: Json } = time === undefined ? {} : { Time: time };
  for (const [name, value] of Object.entries(values)) {
    const [sensor, member] = sensorMembers[name] ?? [];
    if (sensor === undefined || member === undefined) {
      throw new RangeError(`Tasmota has no sensor for ${name}`);
    }
    message[sensor] = { ...Object(message[sensor] ?? {}), [member]: value };
  }
  return 'temperature_c' in values ? { ...message, TempUnit: 'C' } : message;
}

function encode(meaning: Meaning): Uint8Array {
  const text = new TextEncoder();
  const { online, value } = meaning;
  switch (meaning.kind) {
    case 'cleared':
      return new Uint8Array();
    case 'availability':
      return text.encode(online === true ? 'Online' : 'Offline');
    case 'command':
      return text.encode(typeof value === 'string' ? value : '');
    case 'telemetry':
      return text.encode(JSON.stringify(sensorMessage(meaning)));
    default:
      throw new RangeError(`Tasmota has no ${meaning.kind}`);
  }
}

export const tasmota: Codec = {
  protocol: 'tasmota',
  title: 'Devices with Tasmota firmware',
  group: 'mqtt',
  source: 'Tasmota documentation (MQTT, HC-SR04, VL53LXX) and drivers',
  line: '',
  settings: [],
  decoder: (input) => mqttPayloadDecoder(input, read),
  encode,
};
