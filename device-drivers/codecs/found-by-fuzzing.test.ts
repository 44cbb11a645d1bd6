/** Inputs that a long run of damaged frames found (see `../fixtures/fuzz.ts`), each once. */
import { describe, expect, test } from 'vitest';
import type { CodecContext } from '../codec.ts';
import { findCodec } from './all.ts';
import { hexBytes } from './hex-text.ts';

function results(protocol: string, hex: string, context: CodecContext, cut: number): string {
  const decoder = findCodec(protocol)?.decoder({ direction: 'device->host', context });
  const bytes = hexBytes(hex);
  if (decoder === undefined || bytes === null) throw new Error(`no codec ${protocol}`);
  const all = [
    ...decoder.push(bytes.subarray(0, cut)),
    ...decoder.push(bytes.subarray(cut)),
    ...decoder.end(),
  ];
  return JSON.stringify(all.map(({ meaning }) => meaning));
}

describe('junk is the same junk in any pieces', () => {
  test.each([
    ['toledo-continuous', '022d302030302d30203030303530303030303030300d2f', { checksum: true }],
    ['cas-enq', '00012e3067201b03', {}],
  ] as const)('%s %s', (protocol, hex, context) => {
    const whole = results(protocol, hex, context, 0);
    for (let cut = 1; cut < hex.length / 2; cut += 1) {
      expect(results(protocol, hex, context, cut)).toBe(whole);
    }
  });
});

test('an absurd number of decimals in a profile refuses the weight', () => {
  const context = { unit: 'kg', decimals: 1_000_000_000 };
  expect(results('toledo-8217', '02303235300d', context, 0)).toContain('bad-number');
});
