/**
 * Figures for OpenMetrics scrapers. Counters are in memory and start at 0 with the process, as
 * Prometheus expects; what must survive is in the log.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface AgentMetrics {
  registry: Registry;
  /** One reading, sale or device state: what kind of device, and what became of it. */
  reading(kind: string, result: string): void;
  refused(reason: string): void;
  committed(rows: number, durationMs: number): void;
}

/** Figures that are read when they are asked for. */
export interface Gauges {
  eventsInLog(): number;
  openTasks(): number;
  onShelfAvailabilityPpm(): number;
  mqttConnections(): number;
  eventsWaitingForHq(): number;
  hqConnected(): boolean;
}

export function createMetrics(gauges: Gauges): AgentMetrics {
  const registry = new Registry();
  const registers = [registry];
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
  const read: [name: string, help: string, value: () => number][] = [
    ['stockhand_log_events', 'Events in the log', gauges.eventsInLog],
    ['stockhand_open_tasks', 'Tasks that are not done', gauges.openTasks],
    [
      'stockhand_on_shelf_availability_ratio',
      'Slots believed to hold something',
      () => gauges.onShelfAvailabilityPpm() / 1_000_000,
    ],
    ['stockhand_mqtt_connections', 'Devices connected over MQTT', gauges.mqttConnections],
    [
      'stockhand_sync_waiting_events',
      'Events that HQ does not have yet',
      gauges.eventsWaitingForHq,
    ],
    ['stockhand_sync_connected', '1 while HQ is connected', () => (gauges.hqConnected() ? 1 : 0)],
  ];
  for (const [name, help, value] of read) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  }
  return {
    registry,
    reading: (kind, result) => readings.inc({ kind, result }),
    refused: (reason) => refusals.inc({ reason }),
    committed: (rows, durationMs) => {
      commitRows.observe(rows);
      commitSeconds.observe(durationMs / 1_000);
    },
  };
}
