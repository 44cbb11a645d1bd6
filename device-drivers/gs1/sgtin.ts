/**
 * SGTIN-96: a GTIN with a serial number, as RFID tags carry it (GS1 EPC Tag Data Standard 14.5.1).
 * 96 bits: header 0x30, filter 3, partition 3, company prefix and item reference (together 44 bits,
 * the partition says how they share them), serial 38. The item reference begins with the indicator
 * digit, which is the first digit of the GTIN; the check digit is not stored and is computed.
 *
 * Example: 3074257BF7194E4000001A85 -> company 0614141, item 812345, serial 6789 -> GTIN
 * 80614141123458, urn:epc:id:sgtin:0614141.812345.6789.
 */
import { checkDigitOf, type Gtin, parseGtin } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import { type Reject, reject } from '../codec.ts';

export interface Sgtin {
  gtin: Gtin;
  /** Decimal digits without leading zeros. */
  serial: string;
  /** Pure identity URI. */
  uri: string;
  /** What the tag is on: 1 point of sale item, 2 full case, 5 inner pack, 6 unit load, 0 others. */
  filter: number;
  /** Digits of the GS1 Company Prefix. */
  companyPrefix: string;
}

const header = 0x30n;

/** Bits and digits of company prefix and item reference by partition value (TDS table 14-2). */
const partitions = [
  { companyBits: 40n, companyDigits: 12 },
  { companyBits: 37n, companyDigits: 11 },
  { companyBits: 34n, companyDigits: 10 },
  { companyBits: 30n, companyDigits: 9 },
  { companyBits: 27n, companyDigits: 8 },
  { companyBits: 24n, companyDigits: 7 },
  { companyBits: 20n, companyDigits: 6 },
] as const;

const sharedBits = 44n;
const serialBits = 38n;
const sharedDigits = 13;

const sgtinUri = /^urn:epc:id:sgtin:([0-9]{6,12})\.([0-9]{1,7})\.([0-9]{1,12})$/;

/** Headers of other EPC schemes (TDS table 14-1); their tags are no products. */
const otherHeaders: ReadonlyMap<number, string> = new Map([
  [0x2c, 'GDTI-96'],
  [0x2d, 'GSRN-96'],
  [0x2e, 'GSRNP-96'],
  [0x2f, 'USDOD-96'],
  [0x31, 'SSCC-96'],
  [0x32, 'SGLN-96'],
  [0x33, 'GRAI-96'],
  [0x34, 'GIAI-96'],
  [0x35, 'GID-96'],
  [0x36, 'SGTIN-198'],
  [0x37, 'GRAI-170'],
  [0x38, 'GIAI-202'],
  [0x39, 'SGLN-195'],
  [0x3a, 'GDTI-113'],
  [0x3b, 'ADI-var'],
  [0x3c, 'CPI-96'],
  [0x3d, 'CPI-var'],
  [0x3e, 'GDTI-174'],
  [0x3f, 'SGCN-96'],
  [0x40, 'ITIP-110'],
  [0x41, 'ITIP-212'],
]);

function bits(value: bigint, from: bigint, count: bigint): bigint {
  return (value >> (96n - from - count)) & ((1n << count) - 1n);
}

/** Reads the 24 hexadecimal digits of an EPC. */
export function readSgtin96(text: string): Sgtin | Reject {
  if (text === '') return reject('empty', 'no digits');
  if (!/^[0-9A-Fa-f]+$/.test(text)) return reject('bad-epc', 'not hexadecimal digits');
  const found = Number.parseInt(text.slice(0, 2), 16);
  const scheme = otherHeaders.get(found);
  if (scheme !== undefined) return reject('not-sgtin', `the tag holds a ${scheme}`);
  if (text.length !== 24) {
    return reject('bad-length', `${text.length} hexadecimal digits, an SGTIN-96 has 24`);
  }
  if (BigInt(found) !== header) {
    return reject('bad-header', `header 0x${text.slice(0, 2)} is not 0x30 (SGTIN-96)`);
  }
  return decoded(BigInt(`0x${text}`));
}

function decoded(value: bigint): Sgtin | Reject {
  const partition = partitions[Number(bits(value, 11n, 3n))];
  if (partition === undefined) return reject('bad-epc', 'partition value 7 is not in use');
  const { companyBits, companyDigits } = partition;
  const itemDigits = sharedDigits - companyDigits;
  const company = bits(value, 14n, companyBits).toString().padStart(companyDigits, '0');
  const item = bits(value, 14n + companyBits, sharedBits - companyBits)
    .toString()
    .padStart(itemDigits, '0');
  if (company.length > companyDigits || item.length > itemDigits) {
    return reject('bad-epc', `company ${company}, item ${item}: more digits than partition allows`);
  }
  const payload = item.charAt(0) + company + item.slice(1);
  const gtin = parseGtin(payload + checkDigitOf(payload));
  if (!gtin.ok) return reject('bad-epc', gtin.detail);
  const serial = bits(value, 14n + sharedBits, serialBits).toString();
  return {
    gtin: gtin.value,
    serial,
    uri: `urn:epc:id:sgtin:${company}.${item}.${serial}`,
    filter: Number(bits(value, 8n, 3n)),
    companyPrefix: company,
  };
}

/**
 * Product and piece out of urn:epc:id:sgtin:0614141.812345.6789, as SGTIN-96 has them (serials of digits
 * only); undefined for other text.
 */
export function productInUri(text: string): Pick<Sgtin, 'gtin' | 'serial'> | undefined {
  const [, company = '', item = '', serial = ''] = sgtinUri.exec(text) ?? [];
  if (company.length + item.length !== sharedDigits) return undefined;
  const payload = item.charAt(0) + company + item.slice(1);
  const gtin = parseGtin(payload + checkDigitOf(payload));
  return gtin.ok ? { gtin: gtin.value, serial } : undefined;
}

/**
 * The 24 hexadecimal digits of an SGTIN-96. Throws a RangeError when the company prefix does not
 * begin the GTIN (behind its indicator digit) or the serial does not fit into 38 bits.
 */
export function writeSgtin96(
  gtin: Gtin,
  companyPrefix: string,
  serial: string,
  filter = 1,
): string {
  const partition = partitions.findIndex((row) => row.companyDigits === companyPrefix.length);
  const row = partitions[partition];
  if (row === undefined || !gtin.startsWith(companyPrefix, 1)) {
    throw new RangeError(`${companyPrefix} is not the company prefix of ${gtin}`);
  }
  if (!/^(0|[1-9][0-9]*)$/.test(serial) || BigInt(serial) >= 1n << serialBits) {
    throw new RangeError(`the serial ${serial} does not fit into an SGTIN-96`);
  }
  if (!Number.isInteger(filter) || filter < 0 || filter > 7) {
    throw new RangeError(`filter ${filter}, expected 0 to 7`);
  }
  const item = gtin.charAt(0) + gtin.slice(1 + row.companyDigits, 13);
  let value = (header << 3n) | BigInt(filter);
  value = (value << 3n) | BigInt(partition);
  value = (value << row.companyBits) | BigInt(companyPrefix);
  value = (value << (sharedBits - row.companyBits)) | BigInt(item);
  value = (value << serialBits) | BigInt(serial);
  return value.toString(16).toUpperCase().padStart(24, '0');
}
