import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePublish, payloadLimitBytes } from './payload.ts';
import { mayListen, parseDeviceTopic } from './topics.ts';

const store = '4012345000009';
const bytes = (text: string) => new TextEncoder().encode(text);
const delivery = {
  source: 'mqtt',
  client: 'plate-1',
  packetId: 7,
  duplicateFlag: false,
  retained: false,
} as const;

function refusal(channel: 'reading' | 'sale' | 'state', payload: Uint8Array) {
  const parsed = parsePublish({ store, deviceId: 'plate-1', channel }, payload, delivery);
  return parsed.ok ? null : parsed.refusal;
}

describe('topics', () => {
  it('reads a device topic and nothing else', () => {
    expect(parseDeviceTopic(`stockhand/v1/${store}/plate-1/reading`)).toEqual({
      store,
      deviceId: 'plate-1',
      channel: 'reading',
    });
    expect(parseDeviceTopic(`stockhand/v1/${store}/plate-1/reply/zero/17`)?.channel).toBe('reply');
    for (const topic of [
      `stockhand/v2/${store}/plate-1/reading`,
      `stockhand/v1/${store}/plate-1/reading/more`,
      `stockhand/v1/${store}/plate-1/refused`,
      'stockhand/v1',
      '',
    ]) {
      expect(parseDeviceTopic(topic)).toBeNull();
    }
  });

  it('lets a device listen to its own topics only', () => {
    expect(mayListen(`stockhand/v1/${store}/plate-1/refused`, store, 'plate-1')).toBe(true);
    expect(mayListen(`stockhand/v1/${store}/plate-1/#`, store, 'plate-1')).toBe(true);
    for (const filter of [
      '#',
      '+/#',
      `stockhand/v1/${store}/+/reading`,
      `stockhand/v1/${store}/#`,
    ]) {
      expect(mayListen(filter, store, 'plate-1')).toBe(false);
    }
    expect(mayListen(`stockhand/v1/${store}/plate-10/#`, store, 'plate-1')).toBe(false);
    expect(mayListen(`stockhand/v1/${store}/plate-1/anything`, store, 'plate-1')).toBe(false);
  });
});

describe('payloads', () => {
  it('reads the reading of the design page', () => {
    const text = `{"deviceId":"plate-1","session":"b41c","sequence":"18231",
      "observedAt":"2026-11-23T09:14:05.120Z","weight":{"value":"2.450","unit":"kg","stable":true}}`;
    const parsed = parsePublish(
      { store, deviceId: 'plate-1', channel: 'reading' },
      bytes(text),
      delivery,
    );
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        kind: 'reading',
        reading: { sequence: 18231n, value: { case: 'weight', value: { value: '2.450' } } },
        delivery: { packetId: 7, payloadHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    });
  });

  it.each([
    ['not JSON', bytes('{"a":'), 'bad-json', ''],
    ['not UTF-8', Uint8Array.of(0xff, 0xfe), 'bad-charset', ''],
    ['too large', new Uint8Array(payloadLimitBytes + 1), 'oversize', ''],
    ['a bare number', bytes('42'), 'bad-field', ''],
    ['brackets without end', bytes('['.repeat(60_000)), 'bad-json', ''],
    ['brackets upon brackets', bytes(`${'['.repeat(9_000)}${']'.repeat(9_000)}`), 'bad-field', ''],
    ['a wrong type', bytes('{"weight":{"value":2.45}}'), 'bad-field', 'weight.value'],
    ['another device', bytes('{"deviceId":"plate-2"}'), 'topic-mismatch', 'deviceId'],
  ])('refuses %s', (_name, payload, reason, field) => {
    expect(refusal('reading', payload)).toMatchObject({ reason, field });
  });

  it.each([
    [
      'reading',
      '{"weight":{"value":2.45,"unit":"kg"}}',
      { field: 'weight.value', found: '2.45', expected: 'text in quotes' },
    ],
    [
      'reading',
      '{"sequence":"-1"}',
      { field: 'sequence', found: '"-1"', expected: 'a whole number of 0 or more' },
    ],
    [
      'reading',
      '{"observedAt":"yesterday"}',
      { field: 'observedAt', expected: 'a time such as "2026-11-23T09:14:05.120Z"' },
    ],
    [
      'reading',
      '{"tagReads":{"epcs":["30","31",32]}}',
      { field: 'tagReads.epcs[2]', found: '32', expected: 'text in quotes' },
    ],
    [
      'reading',
      '{"weight":{"value":"1"},"scan":{"text":"x"}}',
      {
        field: '',
        expected: 'only one of weight, distance, tagReads, scan, temperature, fillLevel',
      },
    ],
    ['reading', '{"weight":7}', { field: 'weight', found: '7', expected: 'an object (Weight)' }],
    [
      'sale',
      '{"lines":[{"line":1,"code":"96385074"},{"line":"two"}]}',
      { field: 'lines[1].line', found: '"two"', expected: 'a whole number of 0 or more' },
    ],
    [
      'sale',
      '{"lines":{}}',
      { field: 'lines', found: 'an object', expected: 'a list of an object (TillLine)' },
    ],
    ['state', '{"online":"yes"}', { field: 'online', found: '"yes"', expected: 'true or false' }],
  ] as const)('says of a %s like %s where the fault is', (channel, text, fault) => {
    expect(refusal(channel, bytes(text))).toMatchObject({ reason: 'bad-field', ...fault });
  });

  it('takes fields that this release does not know', () => {
    const parsed = parsePublish(
      { store, deviceId: 'plate-1', channel: 'reading' },
      bytes('{"colour":"red","weight":{"value":"1","unit":"kg","mood":[]}}'),
      delivery,
    );
    expect(parsed).toMatchObject({ ok: true });
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json().map(bytes)),
        fc.constantFrom('reading' as const, 'sale' as const, 'state' as const),
        (payload, channel) => {
          parsePublish({ store, deviceId: 'plate-1', channel }, payload, delivery);
        },
      ),
    );
  });
});
