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
    ['a wrong type', bytes('{"weight":{"value":2.45}}'), 'bad-field', 'Weight.value'],
    ['another device', bytes('{"deviceId":"plate-2"}'), 'topic-mismatch', 'deviceId'],
  ])('refuses %s', (_name, payload, reason, field) => {
    expect(refusal('reading', payload)).toMatchObject({ reason, field });
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
