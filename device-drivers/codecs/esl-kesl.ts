/**
 * Electronic shelf labels behind a KKM gateway (KESL). The gateway reports which labels it hears
 * (`advData`: battery in millivolts, temperature, number of the picture shown), takes updates (`dData`)
 * and says whether a label took one (`dAck`). A picture counts as shown only after its `dAck`.
 *
 * Example: {"msg":"dData","mac":"0CEC80000101","seq":41,…} is the command esl-update for that label.
 */
import type { Codec, DecodeInput, Json, Meaning } from '../codec.ts';
import { integerOf, listOf, memberOf, objectOf, present, textOf } from './json-members.ts';
import { type JsonObject, readJson } from './json-text.ts';
import { mqttPayloadDecoder, type PayloadReading, readingOf } from './mqtt-payload.ts';
import { refuse } from './refusal.ts';

/** Advertisements of this type come from labels; others are beacons. */
const labelType = 64;

function macOf(object: JsonObject, name: string): string {
  const mac = textOf(object, name);
  if (!/^[0-9A-Fa-f]{12}$/.test(mac)) refuse('bad-mac', `${name} "${mac}" is not 12 hex digits`);
  return mac.toUpperCase();
}

function optionalInteger(object: JsonObject, name: string): number | undefined {
  const value = memberOf(object, [name]);
  return value === undefined ? undefined : integerOf(value, name);
}

function rssiOf(object: JsonObject): number | undefined {
  const rssi = optionalInteger(object, 'rssi');
  // The gateway's own software treats 10 dBm and more as a broken report.
  return rssi !== undefined && rssi >= 10 ? refuse('out-of-range', `rssi ${rssi} dBm`) : rssi;
}

function labelOf(item: JsonObject): { [name: string]: Json } {
  return present<Json>({
    label: macOf(item, 'dmac'),
    rssi: rssiOf(item),
    battery_mv: optionalInteger(item, 'vatt'),
    temperature_c: optionalInteger(item, 'temp'),
    picture_id: optionalInteger(item, 'picID'),
    esl_type: optionalInteger(item, 'eslType'),
    version: optionalInteger(item, 'ver'),
    status: optionalInteger(item, 'stat'),
  });
}

function reportMeaning(message: JsonObject): Meaning {
  const gateway = macOf(message, 'gmac');
  const items = listOf(message.get('obj'), 'obj').map((item) => objectOf(item, 'obj'));
  // Beacons are checked, too: a broken address makes the whole report doubtful.
  for (const item of items) macOf(item, 'dmac');
  const labels = items.filter((item) => optionalInteger(item, 'type') === labelType).map(labelOf);
  return { kind: 'esl-report', gateway, labels };
}

function ackMeaning(message: JsonObject): Meaning {
  const ok = textOf(message, 'rslt') === 'succ';
  return {
    kind: ok ? 'ack' : 'nak',
    label: macOf(message, 'mac'),
    seq: integerOf(message.get('seq'), 'seq'),
    ok,
    ...present<Json>({ cause: optionalInteger(message, 'cause') }),
  };
}

/** Commands by `msg`; the last ones are settings of a label. */
const commandNames: ReadonlyMap<string, string> = new Map([
  ['dData', 'esl-update'],
  ['getPara', 'esl-get-settings'],
  ['cfg', 'esl-set-settings'],
]);

function commandMeaning(message: JsonObject, name: string): Meaning {
  const data = message.get('data');
  const dataType = message.get('dType');
  const seq = optionalInteger(message, 'seq');
  if (seq !== undefined && seq < 0) refuse('out-of-range', `seq ${seq}`);
  if (name === 'esl-update') textOf(message, 'data');
  if (dataType === 'hex' && typeof data === 'string' && !/^(?:[0-9A-Fa-f]{2})*$/.test(data)) {
    refuse('bad-charset', 'data is not pairs of hexadecimal digits');
  }
  return {
    kind: 'command',
    name,
    label: macOf(message, 'mac'),
    ...present<Json>({
      seq,
      data_type: typeof dataType === 'string' ? dataType : undefined,
      data: typeof data === 'string' ? data : undefined,
    }),
  };
}

function meaningOf(message: JsonObject): Meaning {
  const type = message.get('msg');
  const word = typeof type === 'string' ? type.toLowerCase() : '';
  const command = [...commandNames].find(([name]) => name.toLowerCase() === word)?.[1];
  if (command !== undefined) return commandMeaning(message, command);
  if (word === 'alive') {
    return { kind: 'health', gateway: macOf(message, 'gmac') };
  }
  if (word === 'dack') return ackMeaning(message);
  if (word === 'advdata' || (word === '' && message.has('obj'))) return reportMeaning(message);
  return refuse('wrong-type', 'msg is none of advData, alive, dAck, dData');
}

function read({ bytes }: DecodeInput): PayloadReading {
  if (bytes.length === 0) return refuse('empty', 'no bytes');
  const message = objectOf(readJson(bytes), 'the payload');
  const meaning = meaningOf(message);
  const notes = [...message].map(([field, value]) => ({
    field,
    found: typeof value === 'string' ? value.slice(0, 40) : '',
    means: field === 'mac' || field === 'dmac' ? 'address of the label' : '',
  }));
  return readingOf(meaning, notes);
}

function encode(meaning: Meaning): Uint8Array {
  const { label, seq, data, data_type: dataType, gateway, labels } = meaning;
  const text = new TextEncoder();
  if (meaning.kind === 'command') {
    const msg = [...commandNames].find(([, name]) => name === meaning['name'])?.[0];
    if (msg === undefined || typeof label !== 'string' || typeof seq !== 'number') {
      throw new RangeError('a label command needs name, label and seq');
    }
    const body =
      msg === 'dData' ? { auth1: '00000000', dType: dataType ?? 'hex', data: data ?? '' } : {};
    return text.encode(JSON.stringify({ msg, mac: label, seq, ...body }));
  }
  if (meaning.kind === 'ack' || meaning.kind === 'nak') {
    const rslt = meaning.kind === 'ack' ? 'succ' : 'fail';
    return text.encode(
      JSON.stringify({ msg: 'dAck', mac: label, seq, rslt, cause: meaning['cause'] ?? 1 }),
    );
  }
  if (meaning.kind !== 'esl-report' || !Array.isArray(labels)) {
    throw new RangeError(`KESL has no ${meaning.kind}`);
  }
  const obj = labels.map((item) => {
    const {
      label: dmac,
      rssi,
      battery_mv: vatt,
      temperature_c: temp,
      picture_id: picID,
    } = Object(item);
    return { dmac, rssi, type: labelType, vatt, temp, picID };
  });
  return text.encode(JSON.stringify({ msg: 'advData', gmac: gateway, obj }));
}

export const eslKesl: Codec = {
  protocol: 'esl-kesl',
  title: 'Electronic shelf labels behind a KKM gateway',
  group: 'mqtt',
  source: 'KKM KESL SDK: JSON messages of the gateway',
  line: '',
  settings: [],
  decoder: (input) => mqttPayloadDecoder(input, read),
  encode,
};
