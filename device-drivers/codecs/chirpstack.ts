/**
 * Events of the ChirpStack network server, version 4 and (with other spellings) 3: uplinks of LoRaWAN
 * sensors, joins, device status. The network sends an uplink heard by several gateways once, with one
 * `rxInfo` each; the strongest is given. `f_cnt` going down means that the device joined anew.
 *
 * Example: topic application/…/device/24e124713b490001/event/up with data "AXVc…" and fPort 85 is an
 * uplink whose payload bytes are 01 75 5C …; with the setting `model` they are read as telemetry, too.
 */
import type { Codec, DecodeInput, Json, Meaning } from '../codec.ts';
import { base64Bytes, base64Text } from './base64.ts';
import { hexBytes, hexText } from './hex-text.ts';
import {
  integerOf,
  isObject,
  listOf,
  memberOf,
  numberOf,
  objectOf,
  present,
  textOf,
} from './json-members.ts';
import { type JsonObject, plainJson, readJson } from './json-text.ts';
import { channelsOf, readMilesight } from './milesight.ts';
import { mqttPayloadDecoder, type PayloadReading, readingOf } from './mqtt-payload.ts';
import { refuse } from './refusal.ts';

const topicForm =
  /^(?:[^/]+\/)*application\/[^/]+\/device\/([0-9a-fA-F]{16})\/(event|command|state)\/([a-z]+)$/;

interface EventTopic {
  devEui?: string;
  event: string;
}

function readTopic(topic: string | undefined): EventTopic {
  if (topic === undefined) return { event: 'up' };
  const [, devEui, what, event] = topicForm.exec(topic) ?? [];
  if (devEui === undefined || event === undefined) {
    return refuse('bad-topic', `"${topic}" is not application/<id>/device/<DevEUI>/event/<event>`);
  }
  return { devEui: devEui.toLowerCase(), event: what === 'command' ? 'down' : event };
}

/** Hexadecimal digits; version 3 with its protobuf JSON sends the eight bytes in Base64. */
function euiText(text: string): string {
  const bytes = text.length === 12 ? base64Bytes(text) : null;
  return bytes?.length === 8 ? hexText(bytes) : text.toLowerCase();
}

function devEuiOf(event: JsonObject, topic: EventTopic): string {
  const info = event.get('deviceInfo');
  // Version 3 has the members of `deviceInfo` at the top, and names it devEUI.
  const source = isObject(info) ? info : event;
  const devEui = euiText(textOf(source, source.has('devEUI') ? 'devEUI' : 'devEui'));
  if (!/^[0-9a-f]{16}$/.test(devEui)) refuse('bad-mac', `devEui "${devEui}" is not 16 hex digits`);
  if (topic.devEui !== undefined && topic.devEui !== devEui) {
    refuse('topic-mismatch', `the topic names ${topic.devEui}, the payload ${devEui}`);
  }
  return devEui;
}

interface Reception {
  rssi: number;
  snr?: number;
  gateway?: string;
}

function strongest(event: JsonObject): Reception | undefined {
  const receptions = listOf(event.get('rxInfo') ?? [], 'rxInfo').map((item) => {
    const info = objectOf(item, 'rxInfo');
    const snr = memberOf(info, ['snr', 'loRaSNR']);
    const gateway = memberOf(info, ['gatewayId', 'gatewayID']);
    return {
      rssi: numberOf(info.get('rssi') ?? null, 'rssi'),
      ...(snr !== undefined && { snr: numberOf(snr, 'snr') }),
      ...(typeof gateway === 'string' && { gateway }),
    };
  });
  return receptions.sort((one, other) => other.rssi - one.rssi)[0];
}

/** Protobuf's JSON leaves zero out: an absent counter is 0. */
function counterOf(event: JsonObject, name: string, most: number): number {
  const value = event.get(name);
  if (value === undefined) return 0;
  const counter = integerOf(value, name);
  return counter >= 0 && counter <= most ? counter : refuse('out-of-range', `${name} ${counter}`);
}

function dataOf(event: JsonObject): Uint8Array {
  const data = memberOf(event, ['data']);
  if (data === undefined) return new Uint8Array();
  if (typeof data !== 'string') return refuse('wrong-type', 'data must be text');
  return base64Bytes(data) ?? refuse('bad-base64', 'data is no Base64');
}

function uplink(event: JsonObject, devEui: string, input: DecodeInput): PayloadReading {
  const bytes = dataOf(event);
  const reception = strongest(event);
  const object = event.get('object');
  const decoded =
    input.context['model'] === undefined || bytes.length === 0
      ? undefined
      : readMilesight(bytes, channelsOf(input.context));
  const time = event.get('time');
  const deduplicationId = event.get('deduplicationId');
  return readingOf(
    {
      kind: 'uplink',
      dev_eui: devEui,
      f_cnt: counterOf(event, 'fCnt', 0xffff_ffff),
      f_port: counterOf(event, 'fPort', 255),
      data_hex: hexText(bytes),
      ...present<Json>({
        rssi: reception?.rssi,
        snr: reception?.snr,
        gateway: reception?.gateway,
        time: typeof time === 'string' ? time : undefined,
        deduplication_id: typeof deduplicationId === 'string' ? deduplicationId : undefined,
        object: isObject(object) ? plainJson(object) : undefined,
        values: decoded?.values,
      }),
    },
    decoded?.notes,
  );
}

function statusMeaning(event: JsonObject, devEui: string): Meaning {
  const battery = memberOf(event, ['batteryLevel']);
  const isKnown = event.get('batteryLevelUnavailable') !== true && battery !== undefined;
  return {
    kind: 'health',
    dev_eui: devEui,
    ...present<Json>({
      margin_db: event.has('margin') ? numberOf(event.get('margin'), 'margin') : undefined,
      battery_pct: isKnown ? numberOf(battery, 'batteryLevel') : undefined,
    }),
    external_power: event.get('externalPowerSource') === true,
  };
}

function read(input: DecodeInput): PayloadReading {
  const topic = readTopic(input.topic);
  if (input.bytes.length === 0) return readingOf({ kind: 'cleared' });
  const event = objectOf(readJson(input.bytes), 'the payload');
  const devEui = devEuiOf(event, topic);
  switch (topic.event) {
    case 'up':
      return uplink(event, devEui, input);
    case 'status':
      return readingOf(statusMeaning(event, devEui));
    case 'join': {
      const address = event.get('devAddr');
      const devAddr = typeof address === 'string' ? { dev_addr: address } : {};
      return readingOf({ kind: 'event', event: 'join', dev_eui: devEui, ...devAddr });
    }
    case 'down':
      return readingOf({
        kind: 'command',
        name: 'downlink',
        dev_eui: devEui,
        f_port: counterOf(event, 'fPort', 255),
        data_hex: hexText(dataOf(event)),
      });
    default:
      return readingOf({ kind: 'ignored', reason: topic.event, dev_eui: devEui });
  }
}

function encode(meaning: Meaning): Uint8Array {
  const { dev_eui: devEui, f_port: fPort, f_cnt: fCnt, data_hex: dataHex, rssi } = meaning;
  const bytes = typeof dataHex === 'string' ? hexBytes(dataHex) : null;
  if (typeof devEui !== 'string' || bytes === null) {
    throw new RangeError('a LoRaWAN message needs dev_eui and data_hex');
  }
  const data = base64Text(bytes);
  if (meaning.kind === 'command') {
    return new TextEncoder().encode(JSON.stringify({ devEui, confirmed: false, fPort, data }));
  }
  if (meaning.kind !== 'uplink') throw new RangeError(`ChirpStack has no ${meaning.kind}`);
  const rxInfo = typeof rssi === 'number' ? [{ rssi }] : [];
  const event = { deviceInfo: { devEui }, fCnt, fPort, data, rxInfo };
  return new TextEncoder().encode(JSON.stringify(event));
}

export const chirpstack: Codec = {
  protocol: 'chirpstack',
  title: 'ChirpStack 3 and 4 (LoRaWAN network server) over MQTT',
  group: 'mqtt',
  source: 'ChirpStack v4 integration events (integration.proto, JSON form)',
  line: '',
  settings: [
    { name: 'model', values: 'a Milesight model', meaning: 'Reads the payload as telemetry, too.' },
  ],
  decoder: (input) => mqttPayloadDecoder(input, read),
  encode,
};
