/**
 * Tells the label of a pallet or roll cage from that of a product: an SSCC of 18 digits, bare or behind
 * the application identifier 00 of a GS1-128 (GS1 General Specifications 3.2). Scanners may put an AIM
 * identifier of three characters in front ("]C1", ISO/IEC 15424).
 *
 * A GTIN in a GS1-128 has 16 digits with its identifier 01, so the two cannot be mistaken.
 *
 * Example: "]C100340123450000000017" is the logistic unit 340123450000000017.
 */
import { parseSscc, type Sscc } from '@stockhand/proto/vocabulary/gs1-keys.ts';

const label = /^(?:\][A-Za-z][0-9A-Za-z])?(?:\u001d?00|\(00\))?(\d{18})$/;

export function ssccOfScan(scan: string): Sscc | undefined {
  const digits = label.exec(scan.trim())?.[1];
  if (digits === undefined) return undefined;
  const sscc = parseSscc(digits);
  return sscc.ok ? sscc.value : undefined;
}
