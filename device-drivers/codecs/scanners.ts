/** The codecs of barcode scanners and of what they scan. */
import type { Codec } from '../codec.ts';
import { epc } from './epc.ts';
import { gs1DigitalLink } from './gs1-digital-link.ts';
import { gs1Rcn } from './gs1-rcn.ts';
import { gs1Scan } from './gs1-scan.ts';
import { honeywellPacket } from './honeywell-packet.ts';
import { scannerSerial } from './scanner-serial.ts';
import { ssi } from './ssi.ts';
import { upcE } from './upc-e.ts';

export { type Interpretation, interpretScan } from '../gs1/interpretation.ts';
export { interpretationSettings } from './gs1-settings.ts';

export const scannerCodecs: readonly Codec[] = [
  scannerSerial,
  ssi,
  honeywellPacket,
  gs1Scan,
  gs1DigitalLink,
  gs1Rcn,
  upcE,
  epc,
];
