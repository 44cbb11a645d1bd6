/** The bits of an SGTIN-96 tag: GS1 EPC Tag Data Standard, section 14.6.1. */

/** Our products' company prefix has seven digits: partition 5. */
const companyDigits = 7;
const partition = 5n;
const companyBits = 24n;
const itemBits = 20n;
const serialBits = 38n;
const pointOfSaleFilter = 1n;

const known = new Map<string, string[]>();

/** Hexadecimal EPC of one piece of a product; kept, for an antenna reads the same pieces all day. */
export function sgtin96(gtin: string, serial: number): string {
  const tags = known.get(gtin) ?? [];
  known.set(gtin, tags);
  const tag = tags[serial] ?? encodeTag(gtin, serial);
  tags[serial] = tag;
  return tag;
}

function encodeTag(gtin: string, serial: number): string {
  const company = BigInt(gtin.slice(1, 1 + companyDigits));
  const item = BigInt(gtin[0] + gtin.slice(1 + companyDigits, 13));
  let bits = 0x30n;
  bits = (bits << 3n) | pointOfSaleFilter;
  bits = (bits << 3n) | partition;
  bits = (bits << companyBits) | company;
  bits = (bits << itemBits) | item;
  bits = (bits << serialBits) | BigInt(serial);
  return bits.toString(16).toUpperCase().padStart(24, '0');
}
