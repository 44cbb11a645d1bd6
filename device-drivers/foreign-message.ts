/**
 * From an MQTT message of a device that speaks its own language to what the agent takes in: readings,
 * till receipts, presence. Pure; which topics belong to which device is the agent's business.
 *
 * A retained message is what a device said before the agent listened: it gives no reading and no
 * receipt, only presence, because last wills are retained on purpose.
 *
 * Example: topic zigbee2mqtt/shelf-7, payload {"temperature":4.5}, protocol zigbee2mqtt is one reading
 * of temperature "4.5" "C" of the source device shelf-7.
 */
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  type Health,
  HealthSchema,
  type Reading,
  ReadingSchema,
} from '@stockhand/proto/device/v1alpha/reading_pb.js';
import type { TillSale } from '@stockhand/proto/device/v1alpha/till_sale_pb.js';
import type { Reject } from './codec.ts';
import { type CodecContext, type Decoded, isReject, type Json, type Meaning } from './codec.ts';
import { findCodec } from './codecs/all.ts';
import { parseIsoTime } from './codecs/iso-time.ts';
import { readingValueOf } from './measured-value.ts';
import { type ReadingSource, readingFromMeaning } from './reading.ts';
import { tillSaleOf } from './till-sale.ts';

export interface ForeignMessage {
  topic: string;
  payload: Uint8Array;
  retained: boolean;
}

/** The part of a device profile that says how its messages are read. */
export interface ForeignProfile {
  /** As in `stockhand decode --list`. */
  protocol: string;
  /** The codec's settings (`model`, `map`, `empty_mm`…), and `metrics`, see `measuredValues`. */
  settings: CodecContext;
}

export interface Presence {
  /** As the source names it; empty where the message is about the profile's device. */
  sourceDevice: string;
  online: boolean;
}

export interface ForeignReading {
  /** As the source names its device ("shelf-7", a DevEUI); empty where it does not say. */
  sourceDevice: string;
  reading: Reading;
}

export interface ForeignResult {
  readings: ForeignReading[];
  sales: TillSale[];
  presence: Presence[];
  /** What was refused; nothing else of the message is used then. */
  refused: Reject[];
  /** Everything as decoded: for the device page, for dead letters, for Sparkplug sessions. */
  decoded: Decoded[];
}

type Named = { [name: string]: Json };

function namedMembers(value: Json | undefined): Named {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

/**
 * What was measured, by names with units. The setting `metrics` gives names to values that the source
 * calls otherwise: {"Shelf/Level": "level_pct", "distance": "distance_mm"}.
 */
export function measuredValues(meaning: Meaning, settings: CodecContext): Named {
  const names = namedMembers(settings['metrics']);
  const found = {
    ...(meaning.kind === 'uplink' ? namedMembers(meaning['object']) : {}),
    ...(meaning.kind === 'sparkplug' ? namedMembers(meaning['metrics']) : {}),
    ...namedMembers(meaning['values']),
  };
  return Object.fromEntries(
    Object.entries(found).map(([name, value]) => {
      const given = Object.hasOwn(names, name) ? names[name] : undefined;
      return [typeof given === 'string' ? given : name, value];
    }),
  );
}

/** The source's own word for the device. */
export function sourceDeviceOf(meaning: Meaning): string {
  for (const member of ['device_id', 'dev_eui', 'device', 'node', 'label'] as const) {
    const name = meaning[member];
    if (typeof name === 'string') return name;
  }
  return '';
}

function healthOf(values: Named, meaning: Meaning): Health | undefined {
  const battery = values['battery_pct'];
  const signal = meaning['rssi'] ?? values['rssi'];
  const isPercent = typeof battery === 'number' && battery >= 0 && battery <= 100;
  if (!isPercent && typeof signal !== 'number') return undefined;
  return create(HealthSchema, {
    ...(isPercent && { batteryPercent: Math.round(battery) }),
    ...(typeof signal === 'number' && { signalDbm: Math.round(signal) }),
  });
}

/** The device's own time, where it told one with a zone. */
function observedAtMs(meaning: Meaning): number | undefined {
  const { time, timestamp } = meaning;
  if (typeof timestamp === 'number' && timestamp > 0) return timestamp;
  const utc = typeof time === 'string' ? parseIsoTime(time)?.utc : undefined;
  const ms = utc === undefined ? Number.NaN : Date.parse(utc);
  return Number.isFinite(ms) ? ms : undefined;
}

function sequenceOf(meaning: Meaning): bigint | undefined {
  const sequence = meaning['f_cnt'] ?? meaning['sequence'];
  const text = String(sequence ?? '');
  return /^[0-9]{1,19}$/.test(text) ? BigInt(text) : undefined;
}

function tagReading(meaning: Meaning): Reading['value'] | undefined {
  const reads = meaning['reads'];
  if (meaning.kind !== 'tag-reads' || !Array.isArray(reads)) return undefined;
  const epcs = reads.flatMap((read) => {
    const { epc } = namedMembers(read);
    return typeof epc === 'string' ? [epc] : [];
  });
  const value = {
    $typeName: 'stockhand.device.v1alpha.TagReads' as const,
    epcs: [...new Set(epcs)],
  };
  return { case: 'tagReads', value };
}

function readingsOf(
  source: Omit<ReadingSource, 'sequence'>,
  meaning: Meaning,
  settings: CodecContext,
): Reading[] {
  if (meaning.kind === 'scan' || meaning.kind === 'weight') {
    const reading = readingFromMeaning({ ...source, sequence: 0n }, meaning);
    if (reading !== null) delete reading.sequence;
    return reading === null ? [] : [reading];
  }
  const values = measuredValues(meaning, settings);
  const health = healthOf(values, meaning);
  const toldAtMs = observedAtMs(meaning) ?? source.observedAtMs;
  const sequence = sequenceOf(meaning);
  const session = typeof meaning['session'] === 'string' ? meaning['session'] : source.session;
  const told = (channel: string, value: Reading['value']): Reading =>
    create(ReadingSchema, {
      deviceId: source.deviceId,
      session,
      ...(sequence !== undefined && { sequence }),
      observedAt: timestampFromMs(toldAtMs),
      channel,
      value,
      ...(health !== undefined && { health }),
    });
  const tags = tagReading(meaning);
  const measured = Object.entries(values).flatMap(([name, value]) => {
    const found = readingValueOf(name, value);
    return found === null ? [] : [told(found.channel, found.value)];
  });
  return tags === undefined ? measured : [told('', tags), ...measured];
}

function presenceOf(meaning: Meaning): Presence[] {
  if (meaning.kind !== 'availability' || typeof meaning['online'] !== 'boolean') return [];
  return [{ sourceDevice: sourceDeviceOf(meaning), online: meaning['online'] }];
}

/**
 * Reads one message. `source` is the registered device and the agent's own time; a device that tells
 * its own time keeps it. Throws a RangeError when the profile names no known protocol.
 */
export function readForeignMessage(
  message: ForeignMessage,
  profile: ForeignProfile,
  source: Omit<ReadingSource, 'sequence'>,
): ForeignResult {
  const codec = findCodec(profile.protocol);
  if (codec === undefined) throw new RangeError(`there is no protocol ${profile.protocol}`);
  const { topic, payload, retained } = message;
  const { settings } = profile;
  const decoder = codec.decoder({ direction: 'device->host', context: settings, topic });
  const decoded = [...decoder.push(payload), ...decoder.end()];
  const meanings = decoded.map(({ meaning }) => meaning);
  const refused = meanings.filter(isReject);
  const result: ForeignResult = { readings: [], sales: [], presence: [], refused, decoded };
  if (refused.length > 0) return result;
  result.presence = meanings.flatMap(presenceOf);
  if (retained) return result;
  for (const meaning of meanings) {
    const sourceDevice = sourceDeviceOf(meaning);
    const readings = readingsOf(source, meaning, settings);
    result.readings.push(...readings.map((reading) => ({ sourceDevice, reading })));
    const sale = tillSaleOf(meaning, source.deviceId);
    if (sale !== null) result.sales.push(sale);
  }
  return result;
}
