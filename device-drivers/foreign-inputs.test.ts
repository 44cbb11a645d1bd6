import { toJson } from '@bufbuild/protobuf';
import { ReadingSchema } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import { TillSaleSchema } from '@stockhand/proto/device/v1alpha/till_sale_pb.js';
import { describe, expect, test } from 'vitest';
import type { CodecContext } from './codec.ts';
import { findCodec } from './codecs/all.ts';
import { type ForeignInput, foreignInputs } from './foreign-inputs.ts';

const source = { deviceId: 'gateway-1' };

/** What a payload tells the agent, in plain JSON. */
function told(protocol: string, topic: string, payload: string, context: CodecContext = {}) {
  const codec = findCodec(protocol);
  if (codec === undefined) throw new Error(`no codec ${protocol}`);
  const decoder = codec.decoder({ direction: 'device->host', context, topic });
  const decoded = [...decoder.push(new TextEncoder().encode(payload)), ...decoder.end()];
  return decoded.flatMap(({ meaning }) => foreignInputs(meaning, source)).map(plain);
}

function plain(input: ForeignInput): unknown {
  if (input.kind === 'reading') return toJson(ReadingSchema, input.reading);
  return input.kind === 'sale' ? toJson(TillSaleSchema, input.sale) : input;
}

describe('what foreign devices tell the agent', () => {
  test('a Tasmota distance is a reading of the device that the topic names', () => {
    const payload = '{"Time":"2019-01-01T22:42:35","SR04":{"Distance":16.754}}';
    expect(told('tasmota', 'tele/shelf3/SENSOR', payload)).toEqual([
      { deviceId: 'shelf3', distance: { value: '16.754', unit: 'cm' } },
    ]);
  });

  test('availability is presence, and a humidity is nothing', () => {
    expect(told('zigbee2mqtt', 'zigbee2mqtt/door/availability', '{"state":"offline"}')).toEqual([
      { kind: 'presence', deviceId: 'door', online: false },
    ]);
    expect(told('zigbee2mqtt', 'zigbee2mqtt/door', '{"humidity":40}')).toEqual([]);
  });

  test('a LoRaWAN level keeps its counter, by which a repeated uplink is known', () => {
    const payload = JSON.stringify({
      deviceInfo: { devEui: '24e124713b490001' },
      fCnt: 9,
      fPort: 85,
      data: 'AXVcA4JECAQAAQ==',
      rxInfo: [{ rssi: -36 }],
    });
    const topic = 'application/a/device/24e124713b490001/event/up';
    expect(told('chirpstack', topic, payload, { model: 'em310-udl' })).toEqual([
      {
        deviceId: '24e124713b490001',
        session: 'joined',
        sequence: '9',
        distance: { value: '2116', unit: 'mm' },
        health: { batteryPercent: 92, signalDbm: -36 },
      },
    ]);
  });

  test('two sensors of one device are two channels, its own warmth is none', () => {
    const sensors =
      '{"DS18B20-1":{"Temperature":4.5},"DS18B20-2":{"Temperature":-18},"TempUnit":"C"}';
    expect(told('tasmota', 'tele/cold/SENSOR', sensors)).toEqual([
      { deviceId: 'cold', channel: 'ds18b20_1', temperature: { value: '4.5', unit: 'C' } },
      { deviceId: 'cold', channel: 'ds18b20_2', temperature: { value: '-18', unit: 'C' } },
    ]);
    expect(told('zigbee2mqtt', 'zigbee2mqtt/s', '{"device_temperature":38}')).toEqual([]);
  });

  test('what a Sparkplug device kept from earlier is no reading', () => {
    const metrics = { 'Shelf/level_pct': 42.5 };
    const message = { kind: 'sparkplug', type: 'DDATA', group: 'g', node: 'n', device: 'shelf7' };
    const historical = { 'Shelf/level_pct': 10, 'Shelf/temperature_c': 3 };
    expect(foreignInputs({ ...message, metrics, historical }, source).map(plain)).toEqual([
      { deviceId: 'shelf7', fillLevel: { percent: '42.5' } },
    ]);
  });

  test('tags come as one reading per antenna', () => {
    const payload =
      '{"data":{"idHex":"aa0004ef55555555aa21bf43","peakRssi":-34,"antenna":4},"timestamp":"2026-08-13T09:14:28.651+0000","type":"CUSTOM"}';
    expect(told('zebra-iotc', 'zebra/fx/data', payload)).toMatchObject([
      {
        deviceId: 'gateway-1',
        channel: 'antenna-4',
        tagReads: { epcs: ['AA0004EF55555555AA21BF43'] },
      },
    ]);
  });

  test('a weight is booked in kilograms, and one in an unknown unit is no number', () => {
    const line = (unit: string) =>
      `{"store":"1","workstation":"4","businessDay":"2026-03-01","txn":"T-1","lines":[{"gtin":"4006381333931","qty":250,"unit":"${unit}"}]}`;
    expect(told('pos-json', 'pos/1/sale', line('g'))).toMatchObject([
      { lines: [{ quantity: '0.25' }] },
    ]);
    expect(told('pos-json', 'pos/1/sale', line('crate'))).toMatchObject([
      { lines: [{ quantity: '250 crate' }] },
    ]);
  });

  test('a receipt keeps its names, and what came back is a return', () => {
    const payload =
      '{"store":"1","workstation":"4","businessDay":"2026-03-01","txn":"T-1","lines":[{"gtin":"4006381333931","qty":2},{"gtin":"4006381333931","qty":-1}]}';
    expect(told('pos-json', 'pos/1/sale', payload)).toEqual([
      {
        workstation: '4',
        businessDay: '2026-03-01',
        receipt: 'T-1',
        lines: [
          { line: 1, code: '04006381333931', quantity: '2', kind: 'TILL_LINE_KIND_SALE' },
          { line: 2, code: '04006381333931', quantity: '1', kind: 'TILL_LINE_KIND_RETURN' },
        ],
      },
    ]);
  });
});

test('several values of one counted message are several readings, not repeats of one', () => {
  const payload = JSON.stringify({
    deviceInfo: { devEui: '24e124713b490001' },
    fCnt: 9,
    fPort: 85,
    data: '',
    object: { temperature_c: 4.5, weight_kg: 2.25 },
  });
  const topic = 'application/a/device/24e124713b490001/event/up';
  const names = told('chirpstack', topic, payload).map((reading) => {
    const { session, sequence } = reading as { session: string; sequence: string };
    return `${session} ${sequence}`;
  });
  expect(names).toEqual(['joined 9', 'joined:weight_kg 9']);
});
