/** The digits of a UPC-E symbol, as scanners send them when expansion to 13 digits is off. */
import { type Codec, type Meaning, reject } from '../codec.ts';
import { readUpc, suppressUpcA } from '../gs1/gtin.ts';
import { type PayloadReading, payloadDecoder } from './payload-decoder.ts';
import { scanBytes } from './scan-text.ts';

function read(text: string): PayloadReading {
  const upc = readUpc(text);
  if ('kind' in upc) return { meaning: upc, notes: [] };
  const short = suppressUpcA(upc.upcA);
  const meaning: Meaning = { kind: 'gtin', upc_a: upc.upcA, gtin: upc.gtin };
  if (short !== undefined) meaning.upc_e = short;
  const notes = [{ field: 'UPC-A', found: text, means: upc.upcA }];
  return { meaning, notes };
}

export const upcE: Codec = {
  protocol: 'upc-e',
  title: 'UPC-E digits',
  group: 'barcode',
  source: 'GS1 General Specifications 5.2.2.4.2, conditions A to D',
  line: '',
  settings: [],
  decoder: () => payloadDecoder(read),
  encode: (meaning) => {
    const { upc_a: upcA } = meaning;
    const short = typeof upcA === 'string' ? suppressUpcA(upcA) : undefined;
    if (short === undefined) {
      throw new RangeError(reject('out-of-range', 'this UPC-A has no short form').detail);
    }
    return scanBytes(short);
  },
};
