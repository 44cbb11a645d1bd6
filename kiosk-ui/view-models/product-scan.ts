/**
 * Reads the product out of a scan, as far as a screen can without the catalogue.
 *
 * A shelf product carries its GTIN as EAN-13, EAN-8, UPC-A or ITF-14 digits, or as element string
 * with the application identifier 01 in GS1-128, DataBar, DataMatrix and GS1 QR (GS1 General
 * Specifications 3.2). Scanners may put an AIM identifier of three characters in front ("]E0",
 * ISO/IEC 15424). A GS1 Digital Link carries it in the path behind /01/.
 *
 * What this answers is a first opinion that needs no network: "this is the product of the task".
 * Whatever else was scanned (another product, the GTIN of a case, a shop's own label) goes to the
 * agent, whose catalogue has the last word.
 *
 * Example: "]C10104006381333931" is the GTIN 04006381333931.
 */
import { type Gtin, parseGtin } from '@stockhand/proto/vocabulary/gs1-keys.ts';

const aimIdentifier = /^\][A-Za-z][0-9A-Za-z]/;

function digitsIn(text: string): string | undefined {
  const bare = text.replace(aimIdentifier, '');
  if (/^\d{8}$|^\d{12,14}$/.test(bare)) return bare;
  const link = /^https?:\/\/[^/]+\/(?:.*\/)?01\/(\d{8,14})(?:[/?#]|$)/.exec(bare);
  if (link?.[1] !== undefined) return link[1];
  // FNC1 may arrive as a leading group separator; people print brackets around the identifier.
  return /^(?:\u001d?01|\(01\))(\d{14})/.exec(bare)?.[1];
}

/** The GTIN that a scan carries, or `undefined` where only the agent can tell. */
export function gtinOfScan(scan: string): Gtin | undefined {
  const digits = digitsIn(scan.trim());
  if (digits === undefined) return undefined;
  const gtin = parseGtin(digits);
  return gtin.ok ? gtin.value : undefined;
}
