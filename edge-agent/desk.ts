/**
 * Scanners and scales at the kiosk's desk: what they read goes to the open screens, after the commit
 * that noted it. Weights are for the eye only and go out as they come.
 */
import type { DeskPort, DeskScan, DeskWeight } from './kiosk-api/ports.ts';

export class Desk implements DeskPort {
  readonly #onScan = new Set<(scan: DeskScan) => void>();
  readonly #onWeight = new Set<(weight: DeskWeight) => void>();

  onScan(listener: (scan: DeskScan) => void): () => void {
    this.#onScan.add(listener);
    return () => this.#onScan.delete(listener);
  }

  onWeight(listener: (weight: DeskWeight) => void): () => void {
    this.#onWeight.add(listener);
    return () => this.#onWeight.delete(listener);
  }

  scanned(scan: DeskScan): void {
    for (const listener of this.#onScan) listener(scan);
  }

  weighed(weight: DeskWeight): void {
    for (const listener of this.#onWeight) listener(weight);
  }
}
