/**
 * Figures for OpenMetrics scrapers. Counters are in memory and start at 0 with the process, as
 * Prometheus expects; what must survive is in the log.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CommitFigures } from '../loop.ts';

export interface AgentMetrics {
  registry: Registry;
  /** One reading, sale or device state: what kind of device, and what became of it. */
  reading(kind: string, result: string): void;
  refused(reason: string): void;
  committed(figures: CommitFigures): void;
  loginRefused(reason: string): void;
  /** Adds figures that are read when they are asked for. */
  watch(gauges: Gauges): void;
}

export interface Gauges {
  isRecording(): boolean;
  eventsInLog(): number;
  inputsWaiting(): number;
  deadLetters(): number;
  databaseBytes(): number;
  walBytes(): number;
  openTasks(): number;
  onShelfAvailabilityPpm(): number;
  /** Predictions of empty slots: open ones, those scored since the log began, and how good they were. */
  predictions(): { open: number; scored: number; right: number; brier: number | null };
  mqttConnections(): number;
  slowedPublishes(): number;
  externalBrokerConnections(): number;
  externalBrokerUnacknowledged(): number;
  eventsWaitingForHq(): number;
  /** Age of the oldest event that HQ does not have; 0 when it has all. */
  syncLagSeconds(): number;
  hqConnected(): boolean;
  /** How far the machine's clock is from agent time while a jump of it is held; else 0. */
  heldClockSeconds(): number;
}

type GaugeRow = readonly [name: string, help: string, value: () => number];

const gaugeRows = (gauges: Gauges): readonly GaugeRow[] => [
  ['recording', '1 while inputs can be recorded', () => Number(gauges.isRecording())],
  ['log_events', 'Events in the log', gauges.eventsInLog],
  ['inputs_waiting', 'Inputs and looks that wait for the next commit', gauges.inputsWaiting],
  ['dead_letters', 'Refused inputs that are kept', gauges.deadLetters],
  ['database_bytes', 'Size of the database', gauges.databaseBytes],
  ['wal_bytes', 'Size of the write-ahead log', gauges.walBytes],
  ['open_tasks', 'Tasks that are not done', gauges.openTasks],
  [
    'on_shelf_availability_ratio',
    'Slots believed to hold something',
    () => gauges.onShelfAvailabilityPpm() / 1_000_000,
  ],
  ['predictions_open', 'Slots predicted to run empty', () => gauges.predictions().open],
  ['predictions_scored', 'Predictions that were scored', () => gauges.predictions().scored],
  ['predictions_right', 'Scored predictions that came true', () => gauges.predictions().right],
  [
    'predictions_brier',
    'Mean squared distance of the predicted chance from what came; 0 is perfect',
    () => gauges.predictions().brier ?? Number.NaN,
  ],
  ['mqtt_connections', 'Devices connected over MQTT', gauges.mqttConnections],
  ['mqtt_slowed_publishes', 'Publishes over their device’s rate', gauges.slowedPublishes],
  [
    'mqtt_external_connections',
    'Connections to the external broker',
    gauges.externalBrokerConnections,
  ],
  [
    'mqtt_external_unacknowledged',
    'Publishes of the external broker that wait for their commit',
    gauges.externalBrokerUnacknowledged,
  ],
  ['sync_waiting_events', 'Events that HQ does not have yet', gauges.eventsWaitingForHq],
  ['sync_lag_seconds', 'Age of the oldest event that HQ lacks', gauges.syncLagSeconds],
  ['sync_connected', '1 while HQ is connected', () => Number(gauges.hqConnected())],
  ['clock_held_seconds', 'Jump of the clock that is not taken over', gauges.heldClockSeconds],
];

function addGauges(registry: Registry, gauges: Gauges): void {
  for (const [name, help, value] of gaugeRows(gauges)) {
    new Gauge({
      name: `stockhand_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  }
}

export function createMetrics(): AgentMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const readings = new Counter({
    name: 'stockhand_readings_total',
    help: 'Inputs of devices and tills by device kind and result',
    labelNames: ['kind', 'result'] as const,
    registers,
  });
  const refusals = new Counter({
    name: 'stockhand_refused_total',
    help: 'Refused inputs by reason',
    labelNames: ['reason'] as const,
    registers,
  });
  const logins = new Counter({
    name: 'stockhand_mqtt_logins_refused_total',
    help: 'Devices that were not let in, by reason',
    labelNames: ['reason'] as const,
    registers,
  });
  const failures = new Counter({
    name: 'stockhand_commits_failed_total',
    help: 'Commits that the disk did not take',
    registers,
  });
  const commitRows = new Histogram({
    name: 'stockhand_commit_rows',
    help: 'Rows made durable by one commit',
    buckets: [1, 2, 5, 10, 50, 100, 500, 1_000],
    registers,
  });
  const commitSeconds = new Histogram({
    name: 'stockhand_commit_seconds',
    help: 'Duration of a commit with its fsync',
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5],
    registers,
  });
  return {
    registry,
    reading: (kind, result) => readings.inc({ kind, result }),
    refused: (reason) => refusals.inc({ reason }),
    loginRefused: (reason) => logins.inc({ reason }),
    committed: ({ rows, durationMs, failed }) => {
      if (failed) return failures.inc();
      // A commit without rows only let those go on who waited for the one before.
      if (rows === 0) return;
      commitRows.observe(rows);
      commitSeconds.observe(durationMs / 1_000);
    },
    watch: (gauges) => addGauges(registry, gauges),
  };
}
