/** The hexadecimal digits of an RFID tag that names a product: SGTIN-96, and SGTIN-198 to read. */
import { parseGtin } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import type { Codec } from '../codec.ts';
import { writeSgtin96 } from '../gs1/sgtin.ts';
import { readSgtin } from '../gs1/sgtin-198.ts';
import { type PayloadReading, payloadDecoder } from './payload-decoder.ts';
import { scanBytes } from './scan-text.ts';

function read(text: string): PayloadReading {
  const sgtin = readSgtin(text);
  if ('kind' in sgtin) return { meaning: sgtin, notes: [] };
  const { gtin, serial, uri, filter, companyPrefix } = sgtin;
  const notes = [
    {
      field: 'header',
      found: text.slice(0, 2),
      means: text.length > 24 ? 'SGTIN-198' : 'SGTIN-96',
    },
    { field: 'filter', found: String(filter), means: 'what the tag is on' },
    { field: 'company prefix', found: companyPrefix, means: `${companyPrefix.length} digits` },
    { field: 'serial', found: serial, means: 'of this piece' },
  ];
  return { meaning: { kind: 'sgtin', gtin, serial, uri, filter }, notes };
}

export const epc: Codec = {
  protocol: 'epc',
  title: 'EPC of an RFID tag (SGTIN-96, SGTIN-198)',
  group: 'barcode',
  source: 'GS1 EPC Tag Data Standard 14.5.1',
  line: '',
  settings: [],
  decoder: () => payloadDecoder(read),
  encode: (meaning) => {
    const { gtin, serial, uri, filter } = meaning;
    const parsed = typeof gtin === 'string' ? parseGtin(gtin) : undefined;
    const company = typeof uri === 'string' ? /^urn:epc:id:sgtin:([0-9]+)\./.exec(uri)?.[1] : '';
    if (parsed?.ok !== true || typeof serial !== 'string' || company === undefined) {
      throw new RangeError('an SGTIN needs gtin, serial and uri');
    }
    const chosen = typeof filter === 'number' ? filter : 1;
    return scanBytes(writeSgtin96(parsed.value, company, serial, chosen));
  },
};
