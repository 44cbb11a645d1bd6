/**
 * SGTIN-198: as SGTIN-96, but with a serial number of up to twenty letters, digits and marks, for
 * serials that a manufacturer already prints (GS1 EPC Tag Data Standard 14.5.1.2). 198 bits: header
 * 0x36, filter 3, partition 3, company prefix and item reference 44, serial 140 in characters of seven
 * bits, with zeros behind the last. Readers give 50 or 52 hexadecimal digits, since tags hold words of
 * sixteen bits; what is behind bit 198 is zero.
 *
 * Example: company 0614141, item 712345, serial "32a/b" is GTIN 70614141123451 and
 * urn:epc:id:sgtin:0614141.712345.32a%2Fb.
 */
import { type Reject, reject } from '../codec.ts';
import { readSgtin96, type Sgtin } from './sgtin.ts';

const headBits = 58n;
const characterBits = 7n;
const characters = 20n;
const usedBits = headBits + characterBits * characters;

/** Characters that may stand in a serial (GS1 AI encodable set 82), by their code. */
const serialForm = /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}$/;

function serialOf(bits: bigint): string | Reject {
  let serial = '';
  let ended = false;
  for (let index = 0n; index < characters; index += 1n) {
    const code = Number((bits >> ((characters - 1n - index) * characterBits)) & 0x7fn);
    if (code === 0) ended = true;
    else if (ended) return reject('bad-epc', 'a character behind the end of the serial');
    else serial += String.fromCharCode(code);
  }
  return serialForm.test(serial) ? serial : reject('bad-epc', 'no serial of 1 to 20 characters');
}

const escaped = (serial: string) =>
  serial.replace(/["%&/<>?]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

/** Reads 50 to 52 hexadecimal digits that begin with 36. */
export function readSgtin198(text: string): Sgtin | Reject {
  if (!/^[0-9A-Fa-f]+$/.test(text)) return reject('bad-epc', 'not hexadecimal digits');
  if (text.length < 50 || text.length > 52) {
    return reject('bad-length', `${text.length} hexadecimal digits, an SGTIN-198 has 50 to 52`);
  }
  const spareBits = BigInt(text.length * 4) - usedBits;
  const value = BigInt(`0x${text}`);
  if ((value & ((1n << spareBits) - 1n)) !== 0n) {
    return reject('bad-epc', 'bits behind the end of an SGTIN-198');
  }
  const bits = value >> spareBits;
  const serial = serialOf(bits & ((1n << (usedBits - headBits)) - 1n));
  if (typeof serial !== 'string') return serial;
  // Filter, partition, company and item lie as in the 96 bits; the header is the only difference.
  const head = (bits >> (usedBits - headBits)) & ((1n << 50n) - 1n);
  const as96 = ((0x30n << 50n) | head) << 38n;
  const product = readSgtin96(as96.toString(16).padStart(24, '0'));
  if ('kind' in product) return product;
  const identity = product.uri.slice(0, product.uri.lastIndexOf('.'));
  return { ...product, serial, uri: `${identity}.${escaped(serial)}` };
}

/** Product and piece of a tag; undefined for a tag of something else, and for what is no tag. */
export function productInTag(text: string): Pick<Sgtin, 'gtin' | 'serial'> | undefined {
  const sgtin = readSgtin(text);
  return 'kind' in sgtin ? undefined : { gtin: sgtin.gtin, serial: sgtin.serial };
}

/** A tag that names a product and a piece of it, of either size. */
export function readSgtin(text: string): Sgtin | Reject {
  const isLong = text.length > 24 && text.startsWith('36');
  return isLong ? readSgtin198(text) : readSgtin96(text);
}
