/** Kinds of symbols in SSI's DECODE_DATA. Source: Zebra SSI guide 72E-40451, "SSI ID values". */
const symbologyByCodeType: ReadonlyMap<number, string> = new Map([
  [0x01, 'code-39'],
  [0x02, 'codabar'],
  [0x03, 'code-128'],
  [0x04, 'code-2-of-5'],
  [0x05, 'iata-2-of-5'],
  [0x06, 'itf'],
  [0x07, 'code-93'],
  [0x08, 'upc-a'],
  [0x09, 'upc-e'],
  [0x0a, 'ean-8'],
  [0x0b, 'ean-13'],
  [0x0c, 'code-11'],
  [0x0d, 'code-49'],
  [0x0e, 'msi'],
  [0x0f, 'gs1-128'],
  [0x10, 'upc-e1'],
  [0x11, 'pdf417'],
  [0x12, 'code-16k'],
  [0x13, 'code-39-full-ascii'],
  [0x15, 'trioptic-code-39'],
  [0x16, 'bookland-ean'],
  [0x17, 'coupon-code'],
  [0x19, 'isbt-128'],
  [0x1a, 'micropdf417'],
  [0x1b, 'datamatrix'],
  [0x1c, 'qr'],
  [0x20, 'code-32'],
  [0x25, 'maxicode'],
  [0x28, 'macro-pdf417'],
  [0x2c, 'micro-qr'],
  [0x2d, 'aztec'],
  // The three DataBar kinds carry element strings alike; the first is the one to encode.
  [0x30, 'gs1-databar'],
  [0x31, 'gs1-databar'],
  [0x32, 'gs1-databar'],
  [0x48, 'upc-a-with-add-on'],
  [0x49, 'upc-e-with-add-on'],
  [0x4a, 'ean-8-with-add-on'],
  [0x4b, 'ean-13-with-add-on'],
  [0x88, 'upc-a-with-add-on'],
  [0x89, 'upc-e-with-add-on'],
  [0x8a, 'ean-8-with-add-on'],
  [0x8b, 'ean-13-with-add-on'],
]);

export function ssiSymbology(codeType: number): string | undefined {
  return symbologyByCodeType.get(codeType);
}

export function ssiCodeType(symbology: string): number | undefined {
  for (const [codeType, name] of symbologyByCodeType) if (name === symbology) return codeType;
  return undefined;
}
