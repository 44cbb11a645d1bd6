/**
 * The load generator, in a process of its own: raw TLS sockets, one per device. It is told what to do
 * over the channel to its parent (see load.ts) and answers with figures.
 *
 * Closed load: each connection has a fixed number of readings unacknowledged, and sends the next when
 * one is acknowledged. Open load: readings are due at fixed times, whatever the answers do, and are
 * timed from when they were due, so that a stall counts for all that it held up.
 */
import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { quantile } from '../statistics.ts';
import type { Ledger, LoadFigures, LoadOrder, LoadTarget } from './load.ts';
import { AckReader, connectPacket, firstSequence, ReadingPackets } from './wire.ts';

/** Packet ids of a connection are used in turn; none may still be unacknowledged after so many. */
const packetIds = 8_192;
const connectingAtOnce = 32;
const drainLimitMs = 30_000;

/** What is being measured; replaced for each load. */
class Measurement {
  readonly latenciesMs: number[] = [];
  unacknowledged = 0;
  acknowledged = 0;
  total = 0;
  isCounting = false;
  isSending = true;
  /** The broker is going to be killed: lost connections are no fault. */
  isKillExpected = false;
  drained: () => void = () => {};
  lost: () => void = () => {};
}

let measurement = new Measurement();

class Connection {
  readonly #socket: TLSSocket;
  readonly #packets: ReadingPackets;
  readonly #sentAtMs = new Float64Array(packetIds);
  #nextId = 0;
  #inFlight = 0;
  #outgoing: Buffer[] = [];
  /** How many were acknowledged: MQTT acknowledges in the order of the publishes. */
  acknowledged = 0;
  readonly deviceId: string;

  private constructor(deviceId: string, socket: TLSSocket, packets: ReadingPackets) {
    this.deviceId = deviceId;
    this.#socket = socket;
    this.#packets = packets;
  }

  static async open(target: LoadTarget, deviceId: string, secret: string): Promise<Connection> {
    const { port, authorityPem, topicPrefix, session } = target;
    const socket = connect({ host: 'localhost', port, ca: authorityPem });
    socket.setNoDelay(true);
    await once(socket, 'secureConnect');
    const packets = new ReadingPackets(`${topicPrefix}/${deviceId}/reading`, session);
    const connection = new Connection(deviceId, socket, packets);
    await new Promise<void>((resolve, reject) => {
      const reader = new AckReader({
        puback: (packetId) => connection.#acknowledged(packetId),
        connack: (code) => (code === 0 ? resolve() : reject(new Error(`login refused: ${code}`))),
      });
      socket.on('data', (chunk: Buffer) => {
        reader.push(chunk);
        connection.flush();
      });
      socket.on('error', reject);
      socket.on('close', () => reject(new Error(`${deviceId} was disconnected`)));
      socket.write(connectPacket(deviceId, secret));
    });
    socket.on('close', () => {
      if (measurement.isKillExpected) measurement.lost();
      else if (measurement.isCounting) throw new Error(`${deviceId} was disconnected under load`);
    });
    return connection;
  }

  /** Queues one reading; `flush` sends what is queued in one write. */
  queue(dueAtMs: number): void {
    const packetId = (this.#nextId % (packetIds - 1)) + 1;
    this.#nextId += 1;
    this.#sentAtMs[packetId] = dueAtMs;
    this.#inFlight += 1;
    if (this.#inFlight >= packetIds - 1) throw new Error('more in flight than packet ids');
    measurement.unacknowledged += 1;
    this.#outgoing.push(this.#packets.next(packetId));
  }

  flush(): void {
    if (this.#outgoing.length === 0) return;
    const [only] = this.#outgoing;
    const isOne = this.#outgoing.length === 1 && only;
    this.#socket.write(isOne ? only : Buffer.concat(this.#outgoing));
    this.#outgoing = [];
  }

  end(): void {
    this.#socket.destroy();
  }

  /** Set while a closed load runs: what follows an acknowledgement. */
  onAcknowledged: (() => void) | null = null;

  #acknowledged(packetId: number): void {
    const nowMs = performance.now();
    this.#inFlight -= 1;
    this.acknowledged += 1;
    measurement.unacknowledged -= 1;
    measurement.total += 1;
    if (measurement.isCounting) {
      measurement.acknowledged += 1;
      measurement.latenciesMs.push(nowMs - (this.#sentAtMs[packetId] ?? nowMs));
    }
    if (measurement.isSending) this.onAcknowledged?.();
    else if (measurement.unacknowledged === 0) measurement.drained();
  }
}

let connections: Connection[] = [];

async function connectAll(target: LoadTarget): Promise<void> {
  for (let from = 0; from < target.devices.length; from += connectingAtOnce) {
    const group = target.devices.slice(from, from + connectingAtOnce);
    const opened = group.map(({ deviceId, secret }) => Connection.open(target, deviceId, secret));
    connections.push(...(await Promise.all(opened)));
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function startClosed(inFlight: number): () => void {
  for (const connection of connections) {
    connection.onAcknowledged = () => connection.queue(performance.now());
    for (let count = 0; count < inFlight; count += 1) connection.queue(performance.now());
    connection.flush();
  }
  return () => {
    for (const connection of connections) connection.onAcknowledged = null;
  };
}

function startOpen(perSecond: number): () => void {
  const everyMs = 1_000 / perSecond;
  let dueAtMs = performance.now();
  let turn = 0;
  const send = () => {
    const nowMs = performance.now();
    for (; dueAtMs <= nowMs; dueAtMs += everyMs) {
      const connection = connections[turn % connections.length];
      turn += 1;
      connection?.queue(dueAtMs);
      connection?.flush();
    }
  };
  // A timer of one millisecond is late by up to one more: that is in the figures of all alike.
  const timer = setInterval(send, 1);
  return () => clearInterval(timer);
}

async function run(order: LoadOrder): Promise<LoadFigures> {
  measurement = new Measurement();
  const { load } = order;
  const stop = load.kind === 'closed' ? startClosed(load.inFlight) : startOpen(load.perSecond);
  await pause(order.warmUpSeconds * 1_000);
  measurement.isCounting = true;
  const [startedMs, cpu] = [performance.now(), process.cpuUsage()];
  await pause(order.seconds * 1_000);
  measurement.isCounting = false;
  const seconds = (performance.now() - startedMs) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  stop();
  const { acknowledged, latenciesMs } = measurement;
  await drain();
  const sorted = Float64Array.from(latenciesMs).sort();
  return {
    perSecond: acknowledged / seconds,
    p50Ms: quantile(sorted, 0.5),
    p95Ms: quantile(sorted, 0.95),
    p99Ms: quantile(sorted, 0.99),
    cpuShare: (user + system) / 1_000_000 / seconds,
    total: measurement.total,
  };
}

async function drain(): Promise<void> {
  measurement.isSending = false;
  if (measurement.unacknowledged === 0) return;
  await new Promise<void>((resolve, reject) => {
    measurement.drained = resolve;
    setTimeout(() => reject(new Error('readings were never acknowledged')), drainLimitMs).unref();
  });
}

/** A closed load until the broker is killed: what each device was told is durable. */
async function runUntilKilled(inFlight: number): Promise<Ledger> {
  measurement = new Measurement();
  measurement.isKillExpected = true;
  let open = connections.length;
  const allLost = new Promise<void>((resolve) => {
    measurement.lost = () => {
      open -= 1;
      if (open === 0) resolve();
    };
  });
  startClosed(inFlight);
  await allLost;
  const told = connections.map(({ deviceId, acknowledged }) => ({
    deviceId,
    acknowledged,
    lastSequence: firstSequence + acknowledged - 1,
  }));
  connections = [];
  return told;
}

const tell = (message: unknown) => process.send?.(message);

type Order =
  | { kind: 'connect'; target: LoadTarget }
  | { kind: 'run'; order: LoadOrder }
  | { kind: 'run-until-killed'; inFlight: number }
  | { kind: 'disconnect' };

process.on('message', async (order: Order) => {
  switch (order.kind) {
    case 'connect':
      await connectAll(order.target);
      return tell({ kind: 'connected' });
    case 'run':
      return tell({ kind: 'figures', figures: await run(order.order) });
    case 'run-until-killed':
      return tell({ kind: 'ledger', ledger: await runUntilKilled(order.inFlight) });
    case 'disconnect':
      for (const connection of connections) connection.end();
      connections = [];
      return tell({ kind: 'disconnected' });
  }
});
