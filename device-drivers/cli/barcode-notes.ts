/** What a scan says, field by field, where its symbol holds GS1 application identifiers. */
import { type FieldNote, isReject, type Meaning } from '../codec.ts';
import { readGs1Scan } from '../codecs/gs1-scan.ts';
import { digitalLinkSettings } from '../codecs/gs1-settings.ts';
import { identifierOf, scanFormOf } from '../gs1/aim.ts';
import { isWebAddress } from '../gs1/digital-link.ts';

/**
 * Notes beside those of the scanner's protocol; none for other meanings and other symbols. They
 * explain only: the scan is passed on as it is, even where its content is refused.
 */
export function barcodeNotes({ kind, symbology, data }: Meaning): FieldNote[] {
  if (kind !== 'scan' || typeof symbology !== 'string' || typeof data !== 'string') return [];
  const identifier = identifierOf(symbology);
  if (identifier === undefined) return [];
  if (scanFormOf(symbology) === 'text' && !isWebAddress(data)) return [];
  const { meaning, notes } = readGs1Scan(`${identifier}${data}`, digitalLinkSettings({}), false);
  if (isReject(meaning)) {
    return [{ field: 'GS1 data', found: meaning.error, means: meaning.detail }];
  }
  // The first note repeats the identifier, which the scanner's protocol has told.
  return notes.slice(1);
}
