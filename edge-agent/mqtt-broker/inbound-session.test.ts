import type { IPublishPacket } from 'mqtt-packet';
import { beforeEach, describe, expect, it } from 'vitest';
import { InboundSession } from './inbound-session.ts';

interface Taken {
  packetId: number;
  commit(): void;
  fail(): void;
}

let taken: Taken[];
let session: InboundSession;
let sent: string[];
let failures: number;
const answers = { 64: 'puback', 80: 'pubrec', 112: 'pubcomp' } as const;

function link() {
  return {
    send: (bytes: Buffer) => {
      for (let at = 0; at < bytes.length; at += 4) {
        const name = answers[bytes[at] as keyof typeof answers];
        sent.push(`${name} ${bytes.readUInt16BE(at + 2)}`);
      }
    },
    failed: () => {
      failures += 1;
    },
    acknowledged: () => {},
  };
}

function publish(messageId: number, qos: 0 | 1 | 2, dup = false): void {
  const common = { cmd: 'publish', retain: false, topic: 't', payload: '' } as const;
  session.publish({ ...common, messageId, qos, dup });
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  [taken, sent, failures] = [[], [], 0];
  session = new InboundSession(
    ({ messageId = 0 }: IPublishPacket) =>
      new Promise((resolve, reject) => {
        const fail = () => reject(new Error('the disk failed'));
        taken.push({ packetId: messageId, commit: resolve, fail });
      }),
  );
  session.attach(link(), false);
});

describe('a persistent session', () => {
  it('acknowledges nothing before its commit, and then in the order of the publishes', async () => {
    publish(1, 1);
    publish(2, 2);
    publish(3, 1);
    await settled();
    expect(sent).toEqual([]);
    expect(session.unacknowledged).toBe(3);
    taken[1]?.commit();
    taken[2]?.commit();
    await settled();
    expect(sent).toEqual([]);
    taken[0]?.commit();
    await settled();
    expect(sent).toEqual(['puback 1', 'pubrec 2', 'puback 3']);
    expect(session.unacknowledged).toBe(0);
  });

  it('takes a repeated QoS 2 publish once, until it was released', async () => {
    publish(7, 2);
    publish(7, 2, true);
    expect(taken).toHaveLength(1);
    taken[0]?.commit();
    await settled();
    expect(sent).toEqual(['pubrec 7', 'pubrec 7']);
    session.release(7);
    expect(sent.at(-1)).toBe('pubcomp 7');
    publish(7, 2);
    expect(taken).toHaveLength(2);
  });

  it('goes on after the connection broke: QoS 2 by its packet id, QoS 1 taken again', async () => {
    publish(1, 1);
    publish(2, 2);
    session.detach();
    session.attach(link(), true);
    publish(1, 1, true);
    publish(2, 2, true);
    expect(taken.map(({ packetId }) => packetId)).toEqual([1, 2, 1]);
    for (const one of taken) one.commit();
    await settled();
    expect(sent).toEqual(['puback 1', 'pubrec 2']);
  });

  it('begins anew when the broker lost the session', async () => {
    publish(2, 2);
    session.detach();
    session.attach(link(), false);
    publish(2, 2, true);
    expect(taken).toHaveLength(2);
  });

  it('answers a release that it knows nothing of, so that the broker can forget it', () => {
    session.release(99);
    expect(sent).toEqual(['pubcomp 99']);
  });

  it('reports a failing disk instead of acknowledging, and takes the publish when it comes again', async () => {
    publish(1, 1);
    publish(2, 2);
    for (const one of taken) one.fail();
    await settled();
    expect(sent).toEqual([]);
    expect(failures).toBe(2);
    session.attach(link(), true);
    publish(2, 2, true);
    taken[2]?.commit();
    await settled();
    expect(sent).toEqual(['pubrec 2']);
  });

  it('counts QoS 0 as under way, acknowledges nothing for it, and does not fail over it', async () => {
    publish(0, 0);
    expect(session.unacknowledged).toBe(1);
    taken[0]?.fail();
    await settled();
    expect([session.unacknowledged, failures, sent.length]).toEqual([0, 0, 0]);
  });
});
