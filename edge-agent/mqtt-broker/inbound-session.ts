/**
 * What a persistent MQTT session owes the broker: a PUBACK for each QoS 1 publish and a PUBREC for each
 * QoS 2 publish, in the order in which they came (MQTT 3.1.1, section 4.6), each after the commit that
 * holds its outcome; and a PUBCOMP for each PUBREL.
 *
 * A connection ends, the session goes on: the broker sends again, with the DUP flag, what was not
 * acknowledged. A QoS 2 publish that came before is not taken twice, it is acknowledged with the commit
 * of the first. A QoS 1 publish is taken again, and the core knows it by its identity; so is a QoS 2
 * publish after a restart of the agent, which knows no packet ids of the run before.
 *
 * Example: publishes 7 (QoS 1) and 8 (QoS 2) are being committed when the connection breaks. On the
 * next one both come again: 7 is a duplicate to the core, 8 waits for its own first commit. Then the
 * broker gets PUBACK 7, PUBREC 8, and, after its PUBREL 8, PUBCOMP 8.
 */
import type { IPublishPacket } from 'mqtt-packet';

/** One connection of the session. */
export interface SessionLink {
  send(bytes: Buffer): void;
  /** A commit failed: nothing is acknowledged any more, and the broker shall send again. */
  failed(error: unknown): void;
  /** Acknowledgements left. */
  acknowledged(): void;
}

interface OwedAck {
  bytes: Buffer;
  isDue: boolean;
}

const [puback, pubrec, pubcomp] = [0x40, 0x50, 0x70];

const nothing = Buffer.alloc(0);

/** Success in its shortest form, which is the same in MQTT 3.1.1 and 5. */
function answerBytes(type: number, packetId: number): Buffer {
  return Buffer.from([type, 2, packetId >> 8, packetId & 0xff]);
}

/** What acknowledges a publish; nothing for QoS 0. */
function ackBytes(qos: number, packetId: number): Buffer {
  return qos === 0 ? nothing : answerBytes(qos === 1 ? puback : pubrec, packetId);
}

export class InboundSession {
  readonly #take: (packet: IPublishPacket) => Promise<void>;
  /** QoS 2 publishes whose PUBREL is awaited: their packet ids are at most 65,535. */
  readonly #received = new Map<number, Promise<void>>();
  #owed: OwedAck[] = [];
  #link: SessionLink | null = null;
  #isFlushing = false;

  /** @param take resolves when the outcome of a publish is durable. */
  constructor(take: (packet: IPublishPacket) => Promise<void>) {
    this.#take = take;
  }

  /** Publishes of this connection whose outcome is not durable, those of QoS 0 among them. */
  get unacknowledged(): number {
    return this.#owed.length;
  }

  /** A new connection; `isPresent`: the broker still has the session. */
  attach(link: SessionLink, isPresent: boolean): void {
    if (!isPresent) this.#received.clear();
    this.#link = link;
    this.#owed = [];
  }

  detach(): void {
    this.#link = null;
    this.#owed = [];
  }

  publish(packet: IPublishPacket): void {
    const { qos, messageId: packetId = 0 } = packet;
    const committed = qos === 2 ? this.#receive(packet, packetId) : this.#take(packet);
    this.#owe(qos, packetId, committed);
  }

  /** Owes an acknowledgement for what was not taken, being too large: once that is on record. */
  pass(qos: number, packetId: number, recorded: Promise<void>): void {
    this.#owe(qos, packetId, recorded);
  }

  release(packetId: number): void {
    this.#received.delete(packetId);
    this.#link?.send(answerBytes(pubcomp, packetId));
  }

  #owe(qos: number, packetId: number, committed: Promise<void>): void {
    const link = this.#link;
    const owed = { bytes: ackBytes(qos, packetId), isDue: false };
    this.#owed.push(owed);
    const settle = () => {
      owed.isDue = true;
      if (link === this.#link) this.#flushSoon();
    };
    committed.then(settle, (error: unknown) => {
      // Of QoS 0 nobody waits for an answer: what a failing disk did not take is gone.
      if (qos === 0) settle();
      else if (link === this.#link) link?.failed(error);
    });
  }

  #receive(packet: IPublishPacket, packetId: number): Promise<void> {
    const known = packet.dup ? this.#received.get(packetId) : undefined;
    if (known) return known;
    const committed = this.#take(packet);
    this.#received.set(packetId, committed);
    committed.catch(() => {
      if (this.#received.get(packetId) === committed) this.#received.delete(packetId);
    });
    return committed;
  }

  /** A commit lets many go at once: they leave in one write. */
  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    process.nextTick(() => {
      this.#isFlushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    const firstOpen = this.#owed.findIndex((one) => !one.isDue);
    const due = this.#owed.splice(0, firstOpen === -1 ? this.#owed.length : firstOpen);
    if (due.length === 0 || !this.#link) return;
    const bytes = Buffer.concat(due.map((one) => one.bytes));
    if (bytes.length > 0) this.#link.send(bytes);
    this.#link.acknowledged();
  }
}
