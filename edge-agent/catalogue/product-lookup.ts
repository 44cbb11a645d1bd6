/**
 * Which product a scan or a typed code means: a GTIN of any length, the GTIN of a case, a GS1 barcode
 * with or without AIM identifier, a GS1 Digital Link, or the retailer's own code.
 */
import { interpretScan } from '@stockhand/device-drivers/gs1/interpretation.ts';
import { type Gtin, parseGtin } from '@stockhand/proto/vocabulary/gs1-keys.ts';
import type { Catalogue } from './catalogue.ts';

/** Longest text that is looked up; a GS1 DataMatrix holds 2,335 characters. */
export const lookupTextLimit = 4_096;

/** The GTIN of a listed product, or null. `currentYear` resolves the century of dates on labels. */
export function findProduct(catalogue: Catalogue, text: string, currentYear: number): Gtin | null {
  const code = text.trim();
  if (code === '' || code.length > lookupTextLimit) return null;
  const bySku = catalogue.productBySku.get(code);
  if (bySku !== undefined) return bySku.gtin;
  // Eight bare digits may be read in two ways; the one that names a listed product is meant.
  const plain = parseGtin(code);
  const direct = plain.ok ? catalogue.codeByGtin.get(plain.value) : undefined;
  if (direct !== undefined) return direct.gtin;
  const region = catalogue.facts.store.restrictedNumberRegion;
  const meaning = interpretScan(code, { currentYear, ...(region !== '' && { region }) });
  if (meaning.kind !== 'gtin' || !('isRestricted' in meaning)) return null;
  return catalogue.codeByGtin.get(meaning.gtin)?.gtin ?? null;
}
