import { equals, fromJson, type JsonValue } from '@bufbuild/protobuf';
import { type Reading, ReadingSchema } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainReading } from './reading-json.ts';

function general(json: JsonValue): Reading | null {
  try {
    return fromJson(ReadingSchema, json, { ignoreUnknownFields: true });
  } catch {
    return null;
  }
}

const usual = {
  deviceId: 'plate-07-3',
  session: 'b41c',
  sequence: '18231',
  observedAt: '2026-11-23T09:14:05.120Z',
  channel: 'left',
  weight: { value: '2.450', unit: 'kg', stable: true },
};

test('what plates usually send goes the short way, and is the same', () => {
  const short = plainReading(usual);
  expect(short).toEqual(general(usual));
  const { observedAt: _none, channel: _whole, ...less } = usual;
  expect(plainReading(less)).toEqual(general(less));
  expect(plainReading({})).toEqual(general({}));
});

test.each([
  ['a number as sequence', { ...usual, sequence: 5 }],
  ['a sequence beyond safe integers', { ...usual, sequence: '9007199254740993' }],
  ['another value', { ...usual, scan: { text: 'x' } }],
  ['a field of newer firmware', { ...usual, colour: 'red' }],
  ['a proto name', { device_id: 'plate-07-3' }],
  ['a time with an offset', { ...usual, observedAt: '2026-11-23T09:14:05+01:00' }],
  ['no day', { ...usual, observedAt: '2026-13-23T09:14:05Z' }],
  ['null', { ...usual, session: null }],
  ['a weight of text', { ...usual, weight: '2.450' }],
  ['a weight of a number', { ...usual, weight: { ...usual.weight, value: 2.45 } }],
  ['a list', [usual]],
  ['a prototype', JSON.parse('{"__proto__": {"session": "x"}}') as JsonValue],
])('%s goes the general way', (_name, json) => {
  expect(plainReading(json)).toBeNull();
});

test('whatever the short way gives, the general way gives too', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '0', '007', '5', '-1'));
  const time = fc.oneof(
    text,
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.constantFrom('2026-02-30T00:00:00Z', '2026-01-01T24:00:00Z', '2026-01-01T00:60:00Z'),
    fc.constantFrom('1969-12-31T23:59:59.999Z', '2026-06-30T23:59:60Z', '0001-01-01T00:00:00Z'),
  );
  const weight = fc.record(
    { value: text, unit: text, stable: fc.oneof(fc.boolean(), text) },
    { requiredKeys: [] },
  );
  const json = fc.record(
    {
      deviceId: text,
      session: text,
      sequence: fc.oneof(text, fc.maxSafeNat().map(String)),
      observedAt: time,
      channel: text,
      weight,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(json, (candidate) => {
      const short = plainReading(candidate as JsonValue);
      if (short === null) return;
      const long = general(candidate as JsonValue);
      expect(long).not.toBeNull();
      if (long !== null) expect(equals(ReadingSchema, short, long)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
