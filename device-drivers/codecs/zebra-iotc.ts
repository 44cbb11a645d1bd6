/**
 * RFID readers of Zebra: fixed readers (FX, FXR, ATR) with the IoT Connector, and the RFD40/RFD90
 * sleds. A fixed reader sends one tag read per message or an array of them; which members a read has
 * depends on its operating mode, `type` may be missing, and heartbeats come over the same broker. A
 * sled sends batches in data.tagData[].
 *
 * Example: {"data":{"idHex":"aa00…","peakRssi":-34,"antenna":4},"timestamp":"…+0000","type":"CUSTOM"}
 * is one read of AA00… with −34 dBm at antenna 4; its time is given in UTC.
 */
import { type Codec, type DecodeInput, isMembers, type Json, type Meaning } from '../codec.ts';
import { productInTag } from '../gs1/sgtin-198.ts';
import { parseIsoTime } from './iso-time.ts';
import {
  integerOf,
  isObject,
  listOf,
  memberOf,
  numberOf,
  objectOf,
  present,
} from './json-members.ts';
import { JsonNumber, type JsonObject, type LexicalJson, plainJson, readJson } from './json-text.ts';
import { mqttPayloadDecoder, type PayloadReading, readingOf } from './mqtt-payload.ts';
import { refuse } from './refusal.ts';

/** ISO 8601 with an offset; older firmware sends Unix milliseconds. */
function utcTime(value: LexicalJson | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (value instanceof JsonNumber) {
    const isDate = Number.isInteger(value.value) && Math.abs(value.value) < 8.64e15;
    return isDate ? new Date(value.value).toISOString() : refuse('bad-date', `time ${value.text}`);
  }
  const time = typeof value === 'string' ? parseIsoTime(value) : null;
  if (time === null) return refuse('bad-date', 'timestamp is no ISO 8601 time');
  return time.utc ?? time.text;
}

const wholeBytes = /^(?:[0-9A-Fa-f]{2})+$/;

/** Hexadecimal digits of the EPC bank: whole bytes, at most 496 bits (EPC Gen2). */
function epcOf(tag: JsonObject): string {
  const epc = memberOf(tag, ['idHex', 'EPC', 'EPCid', 'epc', 'epcHex', 'id']);
  if (typeof epc !== 'string' || !/^(?:[0-9A-Fa-f]{2}){2,62}$/.test(epc)) {
    return refuse('bad-epc', 'the EPC of a tag is 4 to 124 hexadecimal digits');
  }
  return epc.toUpperCase();
}

function readOf(tag: JsonObject, envelopeTime: LexicalJson | undefined): { [name: string]: Json } {
  const epc = epcOf(tag);
  const rssi = memberOf(tag, ['peakRssi', 'rssi', 'peakRSSI']);
  const antenna = memberOf(tag, ['antenna', 'antennaId', 'antennaPort']);
  const eventNum = memberOf(tag, ['eventNum']);
  const seenCount = memberOf(tag, ['seenCount', 'tagSeenCount', 'reads']);
  const tid = memberOf(tag, ['TID', 'tid']);
  const time = utcTime(
    memberOf(tag, ['timestamp', 'lastSeenTime', 'firstSeenTime']) ?? envelopeTime,
  );
  return present<Json>({
    epc,
    rssi: rssi === undefined ? undefined : numberOf(rssi, 'peakRssi'),
    antenna: antenna === undefined ? undefined : integerOf(antenna, 'antenna'),
    time,
    event_num: eventNum === undefined ? undefined : integerOf(eventNum, 'eventNum'),
    seen_count: seenCount === undefined ? undefined : integerOf(seenCount, 'seenCount'),
    // Where the reader could not read it, it writes why ("Error: General Error 0x04").
    tid: typeof tid === 'string' && wholeBytes.test(tid) ? tid.toUpperCase() : undefined,
    ...productInTag(epc),
  });
}

function isTag(value: LexicalJson | undefined): value is JsonObject {
  return (
    isObject(value) &&
    memberOf(value, ['idHex', 'EPC', 'EPCid', 'epcHex', 'eventNum']) !== undefined
  );
}

/** The reads of one envelope; undefined where it is about something else. */
function readsOf(envelope: JsonObject): { [name: string]: Json }[] | undefined {
  const data = envelope.get('data');
  const time = envelope.get('timestamp');
  if (isTag(data)) return [readOf(data, time)];
  if (Array.isArray(data)) return data.map((tag) => readOf(objectOf(tag, 'data'), time));
  if (isObject(data)) {
    const tags = memberOf(data, ['tagData', 'tags']);
    if (tags !== undefined) {
      return listOf(tags, 'tagData').map((tag) => readOf(objectOf(tag, 'tagData'), time));
    }
  }
  // Events of the reader itself are counted by eventNum, too, and have `data` without a tag.
  return isTag(envelope) && data === undefined ? [readOf(envelope, time)] : undefined;
}

function path(object: JsonObject, ...names: string[]): LexicalJson | undefined {
  let value: LexicalJson | undefined = object;
  for (const name of names) value = isObject(value) ? value.get(name) : undefined;
  return value ?? undefined;
}

function optionalNumberAt(object: JsonObject, ...names: string[]): number | undefined {
  const value = path(object, ...names);
  return value === undefined ? undefined : numberOf(value, names.join('.'));
}

const healthMembers = [
  'system',
  'radio_control',
  'reader_gateway',
  'userapps',
  'interfaceConnectionStatus',
  'deviceStatus',
  'priority',
  'alertDetails',
];

function healthMeaning(envelope: JsonObject): Meaning {
  const body = isObject(envelope.get('data')) ? objectOf(envelope.get('data'), 'data') : envelope;
  const battery =
    optionalNumberAt(body, 'batteryAlert', 'chargePercentage') ??
    optionalNumberAt(envelope, 'batteryAlert', 'chargePercentage');
  return {
    kind: 'health',
    ...present<Json>({
      time: utcTime(envelope.get('timestamp')),
      temperature_c: optionalNumberAt(body, 'system', 'temperature', 'ambient'),
      num_tag_reads: optionalNumberAt(body, 'radio_control', 'numTagReads'),
      event_number:
        optionalNumberAt(envelope, 'eventNumber') ?? optionalNumberAt(envelope, 'eventNum'),
      tag_count: optionalNumberAt(body, 'inventoryStatus', 'tagCount'),
      battery_pct: battery,
    }),
    details: plainJson(body),
  };
}

function barcodeReadings(data: JsonObject): PayloadReading[] {
  const barcodes = data.get('barcodeData');
  if (barcodes === undefined) return [];
  return listOf(barcodes, 'barcodeData').map((item) => {
    const barcode = objectOf(item, 'barcodeData');
    const text = barcode.get('decodedBarcode');
    if (typeof text !== 'string') return refuse('wrong-type', 'decodedBarcode must be text');
    const symbology = barcode.get('symbology');
    const named = typeof symbology === 'string' ? { symbology } : {};
    return readingOf({ kind: 'scan', ...named, data: text });
  });
}

/** What a fixed reader tells of itself beside its health (management events). */
const readerEvents: ReadonlySet<string> = new Set([
  'gpi',
  'gpo',
  'firmwareupdateprogress',
  'userapp',
  'aggregated',
]);

/** `eventName` of a sled, `type` of a fixed reader, in lower case. */
function eventName(envelope: JsonObject): string {
  const name = envelope.get('eventName') ?? envelope.get('type');
  return typeof name === 'string' ? name.toLowerCase() : '';
}

function readEnvelope(envelope: JsonObject): PayloadReading[] {
  const state = envelope.get('connectionState');
  if (typeof state === 'string') {
    return [readingOf({ kind: 'availability', online: state === 'CONNECTED' })];
  }
  const data = envelope.get('data');
  const barcodes = isObject(data) ? barcodeReadings(data) : [];
  const reads = readsOf(envelope);
  if (reads !== undefined) {
    const notes = reads.map(({ epc, rssi, antenna }) => ({
      field: 'tag read',
      found: String(epc),
      means: `${rssi ?? '?'} dBm at antenna ${antenna ?? '?'}`,
    }));
    return [readingOf({ kind: 'tag-reads', reads }, notes), ...barcodes];
  }
  if (barcodes.length > 0) return barcodes;
  if (envelope.get('command') !== undefined || envelope.get('response') !== undefined) {
    return [readingOf({ kind: 'ignored', reason: 'reply' })];
  }
  const name = eventName(envelope);
  const isHealth =
    ['heartbeat', 'error', 'warning'].includes(name) ||
    [envelope, isObject(data) ? data : envelope].some((part) =>
      healthMembers.some((name) => part.has(name)),
    );
  if (isHealth) return [readingOf(healthMeaning(envelope))];
  if (readerEvents.has(name)) {
    const told = isObject(data) ? plainJson(data) : {};
    return [readingOf({ kind: 'event', event: name, details: told })];
  }
  return refuse('wrong-type', 'neither tag reads nor a health message');
}

function read(input: DecodeInput): PayloadReading | PayloadReading[] {
  if (input.bytes.length === 0) return readingOf({ kind: 'cleared' });
  const document = readJson(input.bytes);
  if (!Array.isArray(document)) return readEnvelope(objectOf(document, 'the payload'));
  const readings = document.flatMap((item) => readEnvelope(objectOf(item, 'an item')));
  if (readings.length === 0) return readingOf({ kind: 'tag-reads', reads: [] });
  // An array of reads is one delivery: it becomes one message.
  if (readings.some(({ meaning }) => meaning.kind !== 'tag-reads')) return readings;
  const reads = readings.flatMap(({ meaning }) => meaning['reads'] ?? []);
  return readingOf(
    { kind: 'tag-reads', reads },
    readings.flatMap(({ notes }) => notes),
  );
}

function encode(meaning: Meaning): Uint8Array {
  const { reads } = meaning;
  if (meaning.kind !== 'tag-reads' || !Array.isArray(reads)) {
    throw new RangeError('a simulated Zebra reader says tag-reads with their reads');
  }
  const messages = reads.map((item) => {
    if (!isMembers(item)) {
      throw new RangeError('a read is an object with epc, rssi, antenna and time');
    }
    const { epc, rssi, antenna, time } = item;
    if (typeof epc !== 'string') throw new RangeError('a read needs its epc');
    const data = present<Json>({ idHex: epc.toLowerCase(), peakRssi: rssi, antenna });
    return present<Json>({ data, timestamp: time, type: 'CUSTOM' });
  });
  return new TextEncoder().encode(JSON.stringify(messages.length === 1 ? messages[0] : messages));
}

export const zebraIotc: Codec = {
  protocol: 'zebra-iotc',
  title: 'Zebra RFID readers and sleds over MQTT',
  group: 'mqtt',
  source: 'Zebra IoT Connector; Zebra RFD40/RFD90 MQTT reference (dataEVT, heartBeatEVT)',
  line: '',
  settings: [],
  decoder: (input) => mqttPayloadDecoder(input, read),
  encode,
};
