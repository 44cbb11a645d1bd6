/**
 * The short way from JSON to a `Reading`, for what nearly every device sends: a weight with session,
 * sequence and time. The general reader was a tenth of the agent's work under load. Whatever is the least
 * bit unusual gives null and goes the general way, which knows proto3 JSON whole and names the field that
 * is wrong; a test holds both equal.
 */
import { create, type JsonValue } from '@bufbuild/protobuf';
import { type Timestamp, TimestampSchema } from '@bufbuild/protobuf/wkt';
import {
  type Reading,
  ReadingSchema,
  type Weight,
  WeightSchema,
} from '@stockhand/proto/device/v1alpha/reading_pb.js';

/** Fits a safe integer. */
const sequencePattern = /^(?:0|[1-9]\d{0,14})$/;
const timePattern = /^(?:19|2\d)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/;

/** The reading, or null when the general reader must look at it. */
export function plainReading(json: JsonValue): Reading | null {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return null;
  const reading = create(ReadingSchema);
  for (const name in json) {
    const value = json[name];
    if (typeof value === 'string') {
      if (!setText(reading, name, value)) return null;
    } else {
      const weight = name === 'weight' ? plainWeight(value) : null;
      if (weight === null) return null;
      reading.value = { case: 'weight', value: weight };
    }
  }
  return reading;
}

function setText(reading: Reading, name: string, text: string): boolean {
  switch (name) {
    case 'deviceId':
    case 'session':
    case 'channel':
      reading[name] = text;
      return true;
    case 'sequence':
      if (!sequencePattern.test(text)) return false;
      reading.sequence = BigInt(text);
      return true;
    case 'observedAt': {
      const time = plainTime(text);
      if (time === null) return false;
      reading.observedAt = time;
      return true;
    }
    default:
      return false;
  }
}

function plainTime(text: string): Timestamp | null {
  const unixMs = timePattern.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(unixMs)) return null;
  const seconds = Math.floor(unixMs / 1_000);
  const time = create(TimestampSchema);
  time.seconds = BigInt(seconds);
  time.nanos = (unixMs - seconds * 1_000) * 1_000_000;
  return time;
}

function plainWeight(json: JsonValue | undefined): Weight | null {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return null;
  const weight = create(WeightSchema);
  for (const name in json) {
    const value = json[name];
    if ((name === 'value' || name === 'unit') && typeof value === 'string') weight[name] = value;
    else if (name === 'stable' && typeof value === 'boolean') weight.stable = value;
    else return null;
  }
  return weight;
}
