/** The live line of `npm start`: what happens in the store, read from the agent's metrics. */

interface Figures {
  readings: number;
  events: number;
  openTasks: number;
  availability: number;
  waiting: number;
  connected: boolean;
}

/** Sum of all samples of a metric. */
function sample(text: string, name: string): number {
  let sum = 0;
  for (const match of text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))) {
    sum += Number(match[1]);
  }
  return sum;
}

export function figuresOf(metrics: string): Figures {
  return {
    readings: sample(metrics, 'stockhand_readings_total'),
    events: sample(metrics, 'stockhand_log_events'),
    openTasks: sample(metrics, 'stockhand_open_tasks'),
    availability: sample(metrics, 'stockhand_on_shelf_availability_ratio'),
    waiting: sample(metrics, 'stockhand_sync_waiting_events'),
    connected: sample(metrics, 'stockhand_sync_connected') === 1,
  };
}

export function lineOf(figures: Figures, readingsPerSecond: number): string {
  const sync = figures.connected
    ? figures.waiting === 0
      ? 'HQ in step'
      : `HQ ${figures.waiting} behind`
    : `HQ away, ${figures.waiting} waiting`;
  return [
    `${readingsPerSecond.toFixed(1)} readings/s`,
    `${figures.events} events`,
    `${figures.openTasks} open tasks`,
    `${(figures.availability * 100).toFixed(1)} % on shelf`,
    sync,
  ].join('   ');
}

const intervalMs = 1_000;
/** Without a terminal a line a second would flood the log. */
const plainEvery = 10;

export class StatusLine {
  readonly #url: string;
  #timer: NodeJS.Timeout | null = null;
  #before: { readings: number; atMs: number } | null = null;
  #rounds = 0;

  constructor(statusPort: number) {
    this.#url = `http://127.0.0.1:${statusPort}/metrics`;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#show(), intervalMs);
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  async #show(): Promise<void> {
    const text = await fetch(this.#url)
      .then((response) => response.text())
      .catch(() => null);
    if (text === null || !this.#timer) return;
    const figures = figuresOf(text);
    const atMs = performance.now();
    const before = this.#before ?? { readings: figures.readings, atMs: atMs - intervalMs };
    const rate = ((figures.readings - before.readings) * 1_000) / (atMs - before.atMs);
    this.#before = { readings: figures.readings, atMs };
    const line = lineOf(figures, rate);
    if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${line}`);
    else if (this.#rounds++ % plainEvery === 0) console.log(line);
  }
}
