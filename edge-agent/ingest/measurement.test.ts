import { create } from '@bufbuild/protobuf';
import { writeSgtin96 } from '@stockhand/device-drivers/gs1/sgtin.ts';
import { ReadingSchema } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import { parseGtin } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { describe, expect, test } from 'vitest';
import { indexCatalogue } from '../catalogue/catalogue.ts';
import { catalogueFactsOf } from '../catalogue/master-data.ts';
import { jam, milk, sampleMasterData } from '../sample-store.ts';
import { type Measurement, measure } from './measurement.ts';

const catalogue = indexCatalogue(catalogueFactsOf(sampleMasterData()));

type ValueInit = NonNullable<Parameters<typeof create<typeof ReadingSchema>>[1]>['value'];

function measureBy(deviceId: string, value: ValueInit): Measurement {
  const device = catalogue.deviceById.get(deviceId);
  if (device === undefined) throw new Error(`no ${deviceId} in the sample store`);
  return measure(catalogue, device, create(ReadingSchema, { value } as never).value);
}

function quantities(measurement: Measurement): number[] | string {
  if (measurement.kind === 'measured') return measurement.slots.map(({ apparent }) => apparent);
  return measurement.kind === 'nothing' ? 'nothing' : measurement.refusal.reason;
}

function weigh(value: string, more = {}): Measurement {
  const weight = { value, unit: 'kg', stable: true, ...more };
  return measureBy('plate-1', { case: 'weight', value: weight } as ValueInit);
}

describe('a weight plate with a 2 kg fixture and jars of 345 g', () => {
  test.each([
    ['2.000', [0]],
    ['5.450', [10]],
    ['5.300', [10]],
    ['5.277', [9]],
    ['1.900', [0]],
    // A little over capacity is noise, far over it is no jam.
    ['6.600', [12]],
    ['20.000', 'implausible-measure'],
    ['-3.000', 'implausible-measure'],
    ['much', 'bad-number'],
  ])('%s kg', (value, expected) => {
    expect(quantities(weigh(value))).toEqual(expected);
  });

  test('knows other units, tared weights, and weights that say nothing', () => {
    expect(quantities(weigh('5450', { unit: 'g' }))).toEqual([10]);
    expect(quantities(weigh('3.450', { net: true }))).toEqual([10]);
    expect(quantities(weigh('5.450', { stable: false }))).toBe('nothing');
    expect(quantities(weigh('5.450', { overload: true }))).toBe('nothing');
    expect(weigh('5.450', { unit: 'stone' })).toMatchObject({
      refusal: { reason: 'bad-unit', field: 'weight.unit', found: 'stone' },
    });
  });
});

describe('a distance sensor, 900 mm to the back, milk 70 mm deep in two rows', () => {
  test.each([
    ['900', [0]],
    ['830', [2]],
    ['200', [20]],
    ['935', [0]],
    ['0', [20]],
  ])('%s mm', (value, expected) => {
    const distance = { value, unit: 'mm' };
    const measured = measureBy('distance-1', { case: 'distance', value: distance } as ValueInit);
    expect(quantities(measured)).toEqual(expected);
  });

  test('reads a fill level as a share of the capacity', () => {
    const fill = (percent: string) =>
      quantities(measureBy('distance-1', { case: 'fillLevel', value: { percent } } as ValueInit));
    expect(fill('50')).toEqual([10]);
    expect(fill('101')).toBe('out-of-range');
  });
});

describe('an RFID zone over the two slots of jam', () => {
  const tag = (text: string, serial: number) => {
    const gtin = parseGtin(text);
    if (!gtin.ok) throw new Error(gtin.detail);
    return writeSgtin96(gtin.value, gtin.value.slice(1, 8), String(serial));
  };
  const pass = (epcs: string[]) =>
    measureBy('zone-1', { case: 'tagReads', value: { epcs } } as ValueInit);

  test('counts each tag once, fills the first slot first, and passes over other products', () => {
    const jars = Array.from({ length: 15 }, (_, index) => tag(jam, index + 1));
    expect(quantities(pass([...jars, ...jars, tag(milk, 1)]))).toEqual([12, 3]);
    expect(pass(jars)).toMatchObject({ unit: 'tags', measured: 15 });
    expect(quantities(pass([]))).toEqual([0, 0]);
  });

  test('refuses a pass in which nothing could be read as a product', () => {
    expect(quantities(pass(['zz', '31']))).toBe('epc-unreadable');
    expect(quantities(pass(Array.from({ length: 10_001 }, () => 'x')))).toBe('too-many');
  });
});
