import { checkDigitOf } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUpc, suppressUpcA } from './gtin.ts';

describe('readUpc', () => {
  it.each([
    // One example of each condition of the General Specifications, and the shortened lengths.
    ['02345673', '023456000073'],
    ['02345147', '023450000017'],
    ['06397126', '063200009716'],
    ['08679339', '086700000939'],
    ['14252611', '142100005261'],
    ['1425261', '142100005261'],
    ['425261', '042100005264'],
    ['042100005264', '042100005264'],
  ])('reads %s as UPC-A %s', (text, upcA) => {
    expect(readUpc(text)).toEqual({ upcA, gtin: `00${upcA}` });
  });

  it.each([
    ['', 'empty'],
    ['12345', 'bad-length'],
    ['123456789', 'bad-length'],
    ['0234567A', 'bad-charset'],
    ['02345674', 'bad-check-digit'],
    ['042100005263', 'bad-check-digit'],
    ['22345673', 'out-of-range'],
  ])('refuses %j as %s', (text, error) => {
    expect(readUpc(text)).toMatchObject({ kind: 'reject', error });
  });
});

describe('suppressUpcA', () => {
  it('gives what reads back as the same UPC-A, wherever it gives something', () => {
    const zeroRich = fc.constantFrom(...'00000123456789');
    const payload = fc
      .tuple(fc.constantFrom('0', '1'), fc.string({ unit: zeroRich, minLength: 10, maxLength: 10 }))
      .map(([system, digits]) => system + digits);
    fc.assert(
      fc.property(payload, (digits) => {
        const upcA = digits + checkDigitOf(digits);
        const short = suppressUpcA(upcA);
        fc.pre(short !== undefined);
        expect(readUpc(short)).toMatchObject({ upcA });
      }),
    );
  });

  it('knows no short form for numbers without their run of zeros', () => {
    expect(suppressUpcA('123456789012')).toBeUndefined();
    expect(suppressUpcA('223456000075')).toBeUndefined();
    expect(suppressUpcA('4006381333931')).toBeUndefined();
  });
});
