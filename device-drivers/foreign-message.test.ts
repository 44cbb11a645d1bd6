import { readFileSync } from 'node:fs';
import { toJson } from '@bufbuild/protobuf';
import { ReadingSchema } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import { TillSaleSchema } from '@stockhand/proto/device/v1alpha/till_sale_pb.js';
import { describe, expect, test } from 'vitest';
import type { CodecContext } from './codec.ts';
import { readForeignMessage } from './foreign-message.ts';

const source = { deviceId: 'gateway-1', session: 'boot-7', observedAtMs: 1_772_355_600_000 };

function read(
  protocol: string,
  topic: string,
  payload: string | Uint8Array,
  settings: CodecContext = {},
  retained = false,
) {
  const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
  return readForeignMessage({ topic, payload: bytes, retained }, { protocol, settings }, source);
}

const readings = (...args: Parameters<typeof read>) =>
  read(...args).readings.map(({ sourceDevice, reading }) => ({
    sourceDevice,
    ...Object(toJson(ReadingSchema, reading)),
  }));

describe('messages of foreign devices', () => {
  test('a mapped weight becomes a reading of the agent’s own form', () => {
    const map = { device_id: 'topic[1]', weight_kg: { at: '$.g', scale: 0.001 } };
    expect(readings('generic-json', 'p/plate-3', '{"g":2450}', { map })).toEqual([
      {
        sourceDevice: 'plate-3',
        deviceId: 'gateway-1',
        session: 'boot-7',
        observedAt: '2026-03-01T09:00:00Z',
        weight: { value: '2.45', unit: 'kg', stable: true },
      },
    ]);
  });

  test('an uplink gives distance and fill, its counter, battery and signal', () => {
    const uplink = JSON.stringify({
      deviceInfo: { devEui: '24e124713b490001' },
      time: '2026-03-01T08:59:59.5+00:00',
      ...{ fCnt: 9, fPort: 85, data: 'AXVkA4IeAA==', rxInfo: [{ rssi: -80 }] },
    });
    const settings = { model: 'EM500-UDL', empty_mm: 530, full_mm: 30 };
    const common = {
      ...{ sourceDevice: '24e124713b490001', deviceId: 'gateway-1', session: 'boot-7' },
      ...{ sequence: '9', observedAt: '2026-03-01T08:59:59.500Z' },
      health: { batteryPercent: 100, signalDbm: -80 },
    };
    const topic = 'application/1/device/24e124713b490001/event/up';
    expect(readings('chirpstack', topic, uplink, settings)).toEqual([
      { ...common, distance: { value: '30', unit: 'mm' } },
    ]);
  });

  test('two elements of one device are two channels', () => {
    const payload =
      '{"DS18B20-1":{"Temperature":4.5},"DS18B20-2":{"Temperature":-18},"TempUnit":"C"}';
    expect(readings('tasmota', 'tele/cold/SENSOR', payload)).toMatchObject([
      { sourceDevice: 'cold', channel: 'ds18b20_1', temperature: { value: '4.5', unit: 'C' } },
      { sourceDevice: 'cold', channel: 'ds18b20_2', temperature: { value: '-18', unit: 'C' } },
    ]);
  });

  test('metrics are named by the profile, and the past is no reading', () => {
    const file = new URL('./fixtures/mqtt-vectors.json', import.meta.url);
    // Our own fixture.
    const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as {
      vectors: { note?: string; bytes_hex: string; topic: string }[];
    };
    const historical = vectors.find(({ note }) => note?.includes('past does not replace'));
    if (historical === undefined) throw new Error('the vector of historical metrics is gone');
    const bytes = Uint8Array.from(Buffer.from(historical.bytes_hex, 'hex'));
    const settings = { metrics: { 'Shelf/Level': 'level_pct' } };
    const { topic } = historical;
    expect(readings('sparkplug-b', topic, bytes)).toEqual([]);
    expect(readings('sparkplug-b', topic, bytes, settings)).toEqual([
      expect.objectContaining({ fillLevel: { percent: '42.5' } }),
    ]);
  });

  test('tags are one reading, each once', () => {
    const payload =
      '[{"data":{"idHex":"e200"}},{"data":{"idHex":"E200"}},{"data":{"idHex":"e201"}}]';
    expect(readings('zebra-iotc', 'rfid/data', payload)).toMatchObject([
      { tagReads: { epcs: ['E200', 'E201'] } },
    ]);
  });

  test('unknown values and values without a unit are no readings', () => {
    expect(readings('zigbee2mqtt', 'zigbee2mqtt/s', '{"temperature":null,"contact":true}')).toEqual(
      [],
    );
  });

  test('a retained message gives presence and no reading', () => {
    const sensor = '{"temperature":4}';
    expect(read('zigbee2mqtt', 'zigbee2mqtt/s', sensor, {}, true)).toMatchObject({ readings: [] });
    expect(read('tasmota', 'tele/s/LWT', 'Offline', {}, true).presence).toEqual([
      { sourceDevice: 's', online: false },
    ]);
  });

  test('a refused message gives nothing but the reason', () => {
    const result = read('zigbee2mqtt', 'zigbee2mqtt/s', '{"temperature":NaN}');
    expect(result).toMatchObject({ readings: [], sales: [], presence: [] });
    expect(result.refused).toMatchObject([{ error: 'bad-json' }]);
  });

  test('a protocol that does not exist is a fault of the profile', () => {
    expect(() => read('telex', 't', 'x')).toThrow(RangeError);
  });
});

describe('receipts', () => {
  const receipt =
    '{"store":"1","workstation":"4","businessDay":"2026-02-28","txn":"T-1","ts":"2026-03-01T00:30:00+01:00",' +
    '"lines":[{"gtin":"4006381333931","qty":2,"price":0.99},{"line":7,"sku":"4711","qty":-1}]}';

  test('become sales with returns as lines of their own kind', () => {
    const [sale] = read('pos-json', 'pos/1/sale', receipt).sales;
    if (sale === undefined) throw new Error('no sale');
    expect(toJson(TillSaleSchema, sale)).toEqual({
      workstation: '4',
      businessDay: '2026-02-28',
      receipt: 'T-1',
      soldAt: '2026-02-28T23:30:00Z',
      lines: [
        {
          ...{ line: 1, code: '04006381333931', quantity: '2', unitPrice: '0.99' },
          kind: 'TILL_LINE_KIND_SALE',
        },
        { line: 7, code: '4711', quantity: '1', kind: 'TILL_LINE_KIND_RETURN' },
      ],
    });
  });

  test('without workstation and day are told as the till’s and as of their time', () => {
    const short =
      '{"store":"1","txn":"9","ts":"2026-03-01T10:00:00Z","lines":[{"sku":"a","qty":1}]}';
    const [sale] = read('pos-json', 'pos/1/sale', short).sales;
    expect(sale).toMatchObject({ workstation: 'gateway-1', businessDay: '2026-03-01' });
  });

  test('that are retained, cancelled or empty sell nothing', () => {
    expect(read('pos-json', 'pos/1/sale', receipt, {}, true).sales).toEqual([]);
    const cancelled = receipt.replace('"txn"', '"cancelled":true,"txn"');
    expect(read('pos-json', 'pos/1/sale', cancelled).sales).toEqual([]);
    expect(read('pos-json', 'pos/1/sale', '{"store":"1","txn":"9","lines":[]}').sales).toEqual([]);
  });
});
