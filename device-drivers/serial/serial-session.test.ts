import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reading } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Meaning } from '../codec.ts';
import { mtSics } from '../codecs/mt-sics.ts';
import { scannerSerial } from '../codecs/scanner-serial.ts';
import { openPseudoTerminal, type PseudoTerminal } from '../fixtures/pseudo-terminal.ts';
import type { PortStatus } from './connection.ts';
import { serialPortOpener } from './serial-port-opener.ts';
import { SerialSession, type SerialSessionOptions } from './serial-session.ts';
import { systemClock, systemRandom } from './system-clock.ts';

/** Waits for a condition, with room for a busy machine. */
const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 30_000 });
const bytes = (text: string) => Buffer.from(text, 'latin1');

let folder: string;
let path: string;
let session: SerialSession | null;
let terminals: PseudoTerminal[];
let readings: Reading[];
let refusals: string[];
let statuses: PortStatus[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stockhand-session-'));
  path = join(folder, 'line');
  session = null;
  terminals = [];
  readings = [];
  refusals = [];
  statuses = [];
});

afterEach(async () => {
  await session?.stop();
  for (const terminal of terminals) terminal.unplug();
  rmSync(folder, { recursive: true, force: true });
});

function plugIn(): PseudoTerminal {
  const terminal = openPseudoTerminal(path);
  terminals.push(terminal);
  return terminal;
}

function startSession(options: Partial<SerialSessionOptions>): SerialSession {
  session = new SerialSession({
    deviceId: 'device-1',
    bootId: 'boot',
    line: { path, baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
    codec: scannerSerial,
    context: {},
    poll: null,
    interByteTimeoutMs: 50,
    opener: serialPortOpener(),
    clock: systemClock,
    random: systemRandom,
    events: {
      reading: (reading) => readings.push(reading),
      refused: (reject) => refusals.push(reject.error),
      meaning: () => {},
      status: (status) => statuses.push(status),
    },
    ...options,
  });
  session.start();
  return session;
}

const weights = () =>
  readings.map((reading) =>
    reading.value.case === 'weight'
      ? `${reading.value.value.value} ${reading.value.value.unit} ${reading.value.value.stable ? 'stable' : 'moving'}`
      : '',
  );
const scans = () =>
  readings.map((reading) =>
    reading.value.case === 'scan' ? reading.value.value.aimId + reading.value.value.text : '',
  );

describe('a polled scale', () => {
  const poll = {
    command: { kind: 'command', name: 'weight' },
    intervalMs: 5,
    replyTimeoutMs: 100,
    missedUntilSilent: 3,
    silentIntervalMs: 20,
  };

  /** A scale that answers every immediate-weight command with what `say` gives. */
  function scale(say: () => string): PseudoTerminal {
    const terminal = plugIn();
    const decoder = mtSics.decoder({ direction: 'host->device', context: {} });
    terminal.onData((chunk) => {
      for (const { meaning } of decoder.push(chunk)) {
        if (meaning.kind === 'command') terminal.write(bytes(say()));
      }
    });
    return terminal;
  }

  it('tells each change of weight once, though it is asked again and again', async () => {
    let reply = 'S S     100.00 g\r\n';
    let asked = 0;
    scale(() => {
      asked += 1;
      return reply;
    });
    startSession({ codec: mtSics, poll });
    await until(() => asked > 5);
    reply = 'S D     180.00 g\r\n';
    await until(() => readings.length === 2);
    reply = 'S S     250.00 g\r\n';
    await until(() => readings.length === 3);
    expect(weights()).toEqual(['100.00 g stable', '180.00 g moving', '250.00 g stable']);
    expect(readings.map((reading) => `${reading.session}/${reading.sequence}`)).toEqual([
      'boot-1/1',
      'boot-1/2',
      'boot-1/3',
    ]);
    expect(session?.status.state).toBe('answering');
  });

  it('gives no weight for an overload or a busy scale', async () => {
    const replies = ['S +\r\n', 'S I\r\n', 'S S 1.00 g\r\n'];
    scale(() => replies.shift() ?? 'S S 1.00 g\r\n');
    startSession({ codec: mtSics, poll });
    await until(() => readings.length === 1);
    expect(weights()).toEqual(['1.00 g stable']);
  });

  it('never joins half a frame of the old connection to the new one', async () => {
    const first = plugIn();
    first.onData(() => first.write(bytes('S S   99')));
    startSession({ codec: mtSics, poll: { ...poll, replyTimeoutMs: 5_000 } });
    await until(() => session?.status.state === 'idle');
    first.unplug();
    scale(() => '1.00 g\r\nS S 2.00 g\r\n');
    await until(() => readings.length >= 1);
    expect(new Set(weights())).toEqual(new Set(['2.00 g stable']));
    expect(readings[0]?.session).toBe('boot-2');
  });

  it('calls a scale that does not answer silent, opens it again once, and hears it when it wakes', async () => {
    let awake = false;
    const terminal = plugIn();
    terminal.onData(() => {
      if (awake) terminal.write(bytes('S S 5.00 g\r\n'));
    });
    startSession({ codec: mtSics, poll: { ...poll, replyTimeoutMs: 20 } });
    await until(() => statuses.filter((status) => status.state === 'silent').length >= 2);
    expect(session?.status.generation).toBe(2);
    expect(readings).toEqual([]);
    awake = true;
    await until(() => readings.length === 1);
    expect(session?.status.state).toBe('answering');
    expect(weights()).toEqual(['5.00 g stable']);
  });

  it('keeps garbage as refused and reads on', async () => {
    const replies = ['S S   1\x0012.x g\r\n', '\xff\xfe?!\r\n'];
    scale(() => replies.shift() ?? 'S S 3.00 g\r\n');
    startSession({ codec: mtSics, poll });
    await until(() => readings.length === 1);
    expect(refusals.length).toBeGreaterThanOrEqual(2);
    expect(weights()).toEqual(['3.00 g stable']);
  });

  it('sends a command of the staff between polls', async () => {
    const heard: Meaning[] = [];
    const terminal = plugIn();
    const decoder = mtSics.decoder({ direction: 'host->device', context: {} });
    terminal.onData((chunk) => {
      for (const { meaning } of decoder.push(chunk)) heard.push(meaning);
    });
    startSession({ codec: mtSics });
    await until(() => session?.status.state === 'idle');
    await session?.command({ kind: 'command', name: 'zero' });
    await until(() => heard.length === 1);
    expect(heard[0]).toMatchObject({ name: 'zero' });
  });
});

describe('a scanner', () => {
  it('reads glued and split scans, each one once, equal ones twice', async () => {
    const terminal = plugIn();
    startSession({ interByteTimeoutMs: 60_000 });
    await until(() => session?.status.state === 'idle');
    terminal.write(bytes(']E04006381333931\r\n]E04006381333931\r\n]E0401'));
    await until(() => readings.length === 2);
    terminal.write(bytes('2345000009\r\n'));
    await until(() => readings.length === 3);
    expect(scans()).toEqual([']E04006381333931', ']E04006381333931', ']E04012345000009']);
    expect(new Set(readings.map((reading) => reading.sequence)).size).toBe(readings.length);
  });

  it('refuses a wrong check digit', async () => {
    const terminal = plugIn();
    startSession({});
    await until(() => session?.status.state === 'idle');
    terminal.write(bytes(']E04006381333932\r\n'));
    await until(() => refusals.length === 1);
    expect(refusals).toEqual(['bad-check-digit']);
    expect(readings).toEqual([]);
  });

  it('ends a scan without suffix at the inter-byte time-out', async () => {
    const terminal = plugIn();
    startSession({ context: { suffix: null } });
    await until(() => session?.status.state === 'idle');
    terminal.write(bytes('4006381333931'));
    await until(() => readings.length === 1);
    expect(scans()).toEqual(['4006381333931']);
  });

  it('keeps a scan that was under way out of the next connection', async () => {
    const first = plugIn();
    startSession({ interByteTimeoutMs: 60_000 });
    await until(() => session?.status.state === 'idle');
    first.write(bytes('40063813'));
    first.unplug();
    const second = plugIn();
    await until(() => session?.status.generation === 2);
    second.write(bytes('4006381333931\r'));
    await until(() => readings.length === 1);
    expect(scans()).toEqual(['4006381333931']);
  });
});
