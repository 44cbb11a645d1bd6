/**
 * From what a foreign MQTT message or till document means (codecs/mqtt.ts, codecs/till.ts) to what the
 * agent takes in: readings, presence, receipts.
 *
 * The names of telemetry carry their unit, so each becomes the one kind of reading that has it:
 * `distance_mm` a distance, `level_pct` a fill level, `weight_kg` a weight, `temperature_c` a temperature;
 * the rest (humidity, buttons) is no observation of a shelf and becomes nothing. Battery and signal go along as
 * health. A device is known by the id that its network gives it (friendly name, DevEUI, reader).
 *
 * Example: tele/shelf3/SENSOR {"Time":"…","SR04":{"Distance":16.754}} is a reading of device shelf3 with
 * distance 16.754 cm.
 */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { type Reading, ReadingSchema } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import {
  TillLineKind,
  type TillSale,
  TillSaleSchema,
} from '@stockhand/proto/device/v1alpha/till_sale_pb.js';
import { isMembers, type Json, type Meaning } from './codec.ts';
import { linear } from './codecs/exact-decimal.ts';

export type ForeignInput =
  | { kind: 'reading'; reading: Reading }
  | { kind: 'presence'; deviceId: string; online: boolean }
  | { kind: 'sale'; sale: TillSale };

/** Who speaks where the message itself does not say so: a reader, a gateway, a till. */
export interface ForeignSource {
  deviceId: string;
}

type ValueOf = (value: string) => Reading['value'];

const distance =
  (unit: string): ValueOf =>
  (value) => ({
    case: 'distance',
    value: { $typeName: 'stockhand.device.v1alpha.Distance', value, unit },
  });
const weight =
  (unit: string): ValueOf =>
  (value) => ({
    case: 'weight',
    value: {
      $typeName: 'stockhand.device.v1alpha.Weight',
      value,
      unit,
      stable: true,
      overload: false,
      underload: false,
      net: false,
    },
  });
const temperature =
  (unit: string): ValueOf =>
  (value) => ({
    case: 'temperature',
    value: { $typeName: 'stockhand.device.v1alpha.Temperature', value, unit },
  });
const fillLevel: ValueOf = (percent) => ({
  case: 'fillLevel',
  value: { $typeName: 'stockhand.device.v1alpha.FillLevel', percent },
});

/** Which reading a named value is; what is not listed tells nothing of a shelf. */
const valueByName: ReadonlyMap<string, ValueOf> = new Map([
  ['distance_mm', distance('mm')],
  ['distance_cm', distance('cm')],
  ['distance_m', distance('m')],
  ['weight_mg', weight('mg')],
  ['weight_g', weight('g')],
  ['weight_kg', weight('kg')],
  ['weight_lb', weight('lb')],
  ['weight_oz', weight('oz')],
  ['level_pct', fillLevel],
  ['fill_pct', fillLevel],
  ['temperature_c', temperature('C')],
  ['temperature_f', temperature('F')],
]);

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** All that one meaning tells the agent; empty for what is no news to it. */
export function foreignInputs(meaning: Meaning, source: ForeignSource): ForeignInput[] {
  switch (meaning.kind) {
    case 'telemetry':
    case 'uplink':
      return telemetryInputs(meaning, source);
    case 'tag-reads':
      return tagInputs(meaning, source);
    case 'availability':
      return [
        {
          kind: 'presence',
          deviceId: textOf(meaning['device_id']) || source.deviceId,
          online: meaning['online'] === true,
        },
      ];
    case 'sparkplug':
      return sparkplugInputs(meaning, source);
    case 'sale':
      return [{ kind: 'sale', sale: tillSale(meaning, source) }];
    default:
      return [];
  }
}

interface Identity {
  deviceId: string;
  session: string;
  sequence: bigint | undefined;
  observedAtMs: number | undefined;
}

/** What makes a second arrival a duplicate: a LoRaWAN counter, or the time that the device gives. */
function identityOf(meaning: Meaning, source: ForeignSource): Identity {
  const counter = meaning['f_cnt'] ?? meaning['sequence'];
  const isCounted = typeof counter === 'number' || /^\d{1,18}$/.test(textOf(counter));
  const atMs = Date.parse(textOf(meaning['time']));
  return {
    deviceId: textOf(meaning['device_id']) || textOf(meaning['dev_eui']) || source.deviceId,
    session: textOf(meaning['session']) || textOf(meaning['dev_addr']) || 'joined',
    sequence: isCounted ? BigInt(`${counter}`) : undefined,
    observedAtMs: Number.isFinite(atMs) ? atMs : undefined,
  };
}

/**
 * Several values of one message share its counter, and must not be taken for repeats of each other: each
 * but the first counts in a session of its own name.
 */
function within(identity: Identity, index: number, name: string): Identity {
  return index === 0 ? identity : { ...identity, session: `${identity.session}:${name}` };
}

function telemetryInputs(meaning: Meaning, source: ForeignSource): ForeignInput[] {
  const values = isMembers(meaning['values']) ? meaning['values'] : meaning['object'];
  if (!isMembers(values)) return [];
  return valueInputs(values, identityOf(meaning, source), meaning['rssi']);
}

function valueInputs(
  values: { readonly [name: string]: Json },
  identity: Identity,
  rssi: Json | undefined,
): ForeignInput[] {
  const battery = values['battery_pct'];
  const health = {
    ...(typeof battery === 'number' && { batteryPercent: Math.round(battery) }),
    ...(typeof rssi === 'number' && { signalDbm: Math.round(rssi) }),
  };
  const known = Object.entries(values).flatMap(([name, value]) => {
    const word = namedElement(name);
    const isSingle = typeof value === 'number' || typeof value === 'string';
    return word === null || !isSingle ? [] : [{ name, word, text: `${value}` }];
  });
  return known.map(({ name, word: { element, toValue }, text }, index) => {
    const channel = element || (index === 0 ? '' : name);
    const reading = readingOf(within(identity, index, name), channel, toValue(text), health);
    return { kind: 'reading', reading };
  });
}

/** The warmth of a chip says nothing of the goods. */
const ownElements: ReadonlySet<string> = new Set(['device', 'cpu', 'esp32']);

/** "ds18b20_1_temperature_c" is a temperature of the sensing element ds18b20_1. */
function namedElement(name: string): { element: string; toValue: ValueOf } | null {
  const [, element = '', word = ''] = /^(?:(.+)_)?([a-z]+_[a-z]+)$/.exec(name) ?? [];
  const toValue = valueByName.get(word);
  return toValue === undefined || ownElements.has(element) ? null : { element, toValue };
}

function readingOf(
  { deviceId, session, sequence, observedAtMs }: Identity,
  channel: string,
  value: Reading['value'],
  health: { batteryPercent?: number; signalDbm?: number } = {},
): Reading {
  return create(ReadingSchema, {
    deviceId,
    // A device without a counter is known by its time or its packet: a session would promise one.
    ...(sequence !== undefined && { session, sequence }),
    ...(observedAtMs !== undefined && { observedAt: timestampFromMs(observedAtMs) }),
    channel,
    value,
    ...(Object.keys(health).length > 0 && { health }),
  });
}

/** One reading per antenna: each looks at a zone of its own. */
function tagInputs(meaning: Meaning, source: ForeignSource): ForeignInput[] {
  const reads = Array.isArray(meaning['reads']) ? meaning['reads'].filter(isMembers) : [];
  const byAntenna = new Map<string, Set<string>>();
  for (const { epc, antenna } of reads) {
    const channel = typeof antenna === 'number' ? `antenna-${antenna}` : '';
    const epcs = byAntenna.get(channel) ?? new Set();
    if (typeof epc === 'string') epcs.add(epc);
    byAntenna.set(channel, epcs);
  }
  const identity = identityOf(meaning, source);
  return [...byAntenna].map(([channel, epcs], index) => ({
    kind: 'reading',
    reading: readingOf(within(identity, index, channel), channel, {
      case: 'tagReads',
      value: { $typeName: 'stockhand.device.v1alpha.TagReads', epcs: [...epcs] },
    }),
  }));
}

/** Births and data carry values, deaths say that the node or device is gone; `historical` is left out. */
function sparkplugInputs(meaning: Meaning, source: ForeignSource): ForeignInput[] {
  const deviceId = textOf(meaning['device']) || textOf(meaning['node']) || source.deviceId;
  const type = textOf(meaning['type']);
  if (type.endsWith('DEATH')) return [{ kind: 'presence', deviceId, online: false }];
  if (!type.endsWith('BIRTH') && !type.endsWith('DATA')) return [];
  const metrics = isMembers(meaning['metrics']) ? meaning['metrics'] : {};
  const current = Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [lastWord(name), value]),
  );
  const timestamp = meaning['timestamp'];
  const identity: Identity = {
    deviceId,
    session: '',
    sequence: undefined,
    observedAtMs: typeof timestamp === 'number' ? timestamp : undefined,
  };
  const readings = valueInputs(current, identity, undefined);
  return type.endsWith('BIRTH')
    ? [{ kind: 'presence', deviceId, online: true }, ...readings]
    : readings;
}

/** "Shelf/level_pct" is level_pct. */
function lastWord(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/**
 * Kilograms in a unit of weight that tills use, as decimal text (the three-letter ones are UN/ECE
 * Recommendation 20); pieces are 1.
 */
const kilogramsByUnit: ReadonlyMap<string, string> = new Map([
  ...['', 'ea', 'each', 'pc', 'pcs', 'piece', 'pieces', 'unit', 'units', 'stk', 'c62', 'h87'].map(
    (unit): [string, string] => [unit, '1'],
  ),
  ...['kg', 'kgm'].map((unit): [string, string] => [unit, '1']),
  ...['g', 'grm'].map((unit): [string, string] => [unit, '0.001']),
  ...['mg', 'mgm'].map((unit): [string, string] => [unit, '0.000001']),
  ...['lb', 'lbr'].map((unit): [string, string] => [unit, '0.45359237']),
  ...['oz', 'onz'].map((unit): [string, string] => [unit, '0.028349523125']),
]);

/**
 * A quantity in the unit that receipts are booked in. One in a unit that means nothing here becomes no
 * number at all, and the core refuses its line: a wrong weight would be worse than none.
 */
function inKilograms(quantity: string, unit: string): string {
  const factor = kilogramsByUnit.get(unit.toLowerCase());
  if (factor === undefined) return `${quantity} ${unit}`;
  return factor === '1' ? quantity : linear(quantity, factor, '0');
}

function tillSale(meaning: Meaning, source: ForeignSource): TillSale {
  const lines = Array.isArray(meaning['lines']) ? meaning['lines'].filter(isMembers) : [];
  const soldAtMs = Date.parse(textOf(meaning['time']));
  // A receipt that names no day cannot be told from one of another day: the core refuses it.
  const businessDay = textOf(meaning['business_day']) || textOf(meaning['time']).slice(0, 10);
  return create(TillSaleSchema, {
    workstation: textOf(meaning['workstation']) || source.deviceId,
    businessDay,
    receipt: textOf(meaning['sequence']),
    ...(Number.isFinite(soldAtMs) && { soldAt: timestampFromMs(soldAtMs) }),
    lines: lines.map(({ line, gtin, pos_item_id, item_id, quantity, unit, unit_price }) => {
      const amount = inKilograms(textOf(quantity), textOf(unit));
      const isReturn = amount.startsWith('-');
      return {
        line: typeof line === 'number' ? line : 0,
        code: textOf(gtin) || textOf(pos_item_id) || textOf(item_id),
        quantity: isReturn ? amount.slice(1) : amount,
        kind: isReturn ? TillLineKind.RETURN : TillLineKind.SALE,
        unitPrice: textOf(unit_price),
      };
    }),
  });
}
