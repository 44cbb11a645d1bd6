/** The parent's side of the load generator. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

export type Load =
  | { kind: 'closed'; connections: number; inFlight: number }
  | { kind: 'open'; connections: number; perSecond: number };

export interface LoadTarget {
  port: number;
  authorityPem: string;
  /** "stockhand/v1/<store>". */
  topicPrefix: string;
  /** Name of the devices' run: their sequences begin anew. */
  session: string;
  devices: readonly { deviceId: string; secret: string }[];
}

export interface LoadOrder {
  load: Load;
  warmUpSeconds: number;
  seconds: number;
}

export interface LoadFigures {
  perSecond: number;
  /** From the sending (open load: the due time) to the acknowledgement. */
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  /** Of one core, by the generator itself. */
  cpuShare: number;
  /** All that were acknowledged, before, within and after the time that was measured. */
  total: number;
}

/** What devices were told is durable; all before the last sequence as well. */
export type Ledger = { deviceId: string; acknowledged: number; lastSequence: number }[];

interface Answer {
  figures?: LoadFigures;
  ledger?: Ledger;
}

export class LoadGenerator {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(join(import.meta.dirname, 'load-process.ts'), { stdio: 'inherit' });
  }

  async connect(target: LoadTarget): Promise<void> {
    await this.#ask({ kind: 'connect', target });
  }

  async run(order: LoadOrder): Promise<LoadFigures> {
    const { figures } = await this.#ask({ kind: 'run', order });
    if (!figures) throw new Error('the load generator answered without figures');
    return figures;
  }

  /** A closed load over all connections; answers when the other side has been killed. */
  async runUntilKilled(inFlight: number): Promise<Ledger> {
    const { ledger } = await this.#ask({ kind: 'run-until-killed', inFlight });
    if (!ledger) throw new Error('the load generator answered without a ledger');
    return ledger;
  }

  async disconnect(): Promise<void> {
    await this.#ask({ kind: 'disconnect' });
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  #ask(order: unknown): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`the load generator ended: ${code}`));
      this.#child.once('exit', ended);
      this.#child.once('message', (answer: Answer) => {
        this.#child.off('exit', ended);
        resolve(answer);
      });
      this.#child.send(order as object);
    });
  }
}
