/** A barcode scanner on a pseudo-terminal: AIM identifier, data, CR LF. */
import { scannerSerial } from '@stockhand/device-drivers/codecs/scanner-serial.ts';
import {
  openPseudoTerminal,
  type PseudoTerminal,
} from '@stockhand/device-drivers/fixtures/pseudo-terminal.ts';

export class SerialScanner {
  readonly #terminal: PseudoTerminal;

  constructor(linkPath: string) {
    this.#terminal = openPseudoTerminal(linkPath);
  }

  /** Scans the EAN-13 of a product, given as a GTIN of 14 digits. */
  scanProduct(gtin: string): void {
    const meaning = { kind: 'scan', symbology: 'ean-13', data: gtin.slice(1) };
    this.#terminal.write(scannerSerial.encode(meaning, {}));
  }

  unplug(): void {
    this.#terminal.unplug();
  }
}
