/** A counter scale on a pseudo-terminal that answers MT-SICS commands as the real one does. */
import { mtSics } from '@stockhand/device-drivers/codecs/mt-sics.ts';
import {
  openPseudoTerminal,
  type PseudoTerminal,
} from '@stockhand/device-drivers/fixtures/pseudo-terminal.ts';

export class SerialScale {
  readonly #terminal: PseudoTerminal;
  #grams = 0;

  constructor(linkPath: string) {
    this.#terminal = openPseudoTerminal(linkPath);
    const decoder = mtSics.decoder({ direction: 'host->device', context: {} });
    this.#terminal.onData((chunk) => {
      for (const { meaning } of decoder.push(chunk)) {
        if (meaning.kind === 'command') this.#answer(String(meaning['command']));
      }
    });
  }

  /** Someone puts goods on the platter, or takes them off. */
  load(grams: number): void {
    this.#grams = grams;
  }

  unplug(): void {
    this.#terminal.unplug();
  }

  #answer(command: string): void {
    if (command === 'Z' || command === 'T') {
      this.#say({ kind: 'ack', command });
      return;
    }
    const value = (this.#grams / 1_000).toFixed(3);
    this.#say({ kind: 'weight', value, unit: 'kg', stable: true });
  }

  #say(meaning: Parameters<typeof mtSics.encode>[0]): void {
    this.#terminal.write(mtSics.encode(meaning, {}));
  }
}
