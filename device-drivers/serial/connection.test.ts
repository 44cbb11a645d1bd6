import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPseudoTerminal, type PseudoTerminal } from '../fixtures/pseudo-terminal.ts';
import { type PortStatus, SerialConnection } from './connection.ts';
import { serialPortOpener } from './serial-port-opener.ts';
import { systemClock, systemRandom } from './system-clock.ts';

const text = (chunks: Uint8Array[]) => Buffer.concat(chunks).toString('latin1');
/** Waits for a condition, with room for a busy machine. */
const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 30_000 });
const bytes = (value: string) => Buffer.from(value, 'latin1');

describe('a serial connection on a real pseudo-terminal', () => {
  let folder: string;
  let path: string;
  let terminal: PseudoTerminal | null;
  let connection: SerialConnection;
  let received: Uint8Array[];
  let statuses: PortStatus[];
  let generations: number[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stockhand-serial-'));
    path = join(folder, 'scale');
    terminal = null;
    received = [];
    statuses = [];
    generations = [];
    connection = new SerialConnection({
      line: { path, baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
      opener: serialPortOpener(),
      clock: systemClock,
      random: systemRandom,
      events: {
        opened: (generation) => generations.push(generation),
        data: (chunk) => received.push(chunk),
        closed: () => {},
        status: (status) => statuses.push(status),
      },
    });
  });

  afterEach(async () => {
    await connection.stop();
    terminal?.unplug();
    rmSync(folder, { recursive: true, force: true });
  });

  const state = () => connection.status.state;
  const plugIn = () => {
    terminal = openPseudoTerminal(path);
    return terminal;
  };

  it('waits for a device that is not there yet and opens it when it appears', async () => {
    connection.start();
    await until(() => state() === 'absent');
    expect(connection.status.cause).toContain('absent');
    plugIn();
    await until(() => state() === 'idle');
    expect(generations).toEqual([1]);
  });

  it('carries all byte values in both directions', async () => {
    const device = plugIn();
    const heard: Uint8Array[] = [];
    device.onData((chunk) => heard.push(chunk));
    connection.start();
    await until(() => state() === 'idle');
    const all = Uint8Array.from({ length: 256 }, (_, index) => index);
    await connection.write(all);
    await until(() => text(heard).length === 256);
    device.write(all);
    await until(() => text(received).length === 256);
    expect(text(heard)).toBe(text([all]));
    expect(text(received)).toBe(text([all]));
  });

  it('refuses to write to a device that is not there', async () => {
    await expect(connection.write(bytes('S\r\n'))).rejects.toThrow('is not open');
  });

  it('notices ten unplugs in the middle of flowing data and comes back each time', async () => {
    connection.start();
    for (let round = 1; round <= 10; round += 1) {
      const device = plugIn();
      await until(() => generations.length === round);
      received.length = 0;
      device.write(bytes('S S     100.00 g\r\nS S   '));
      await until(() => text(received).includes('S S   '));
      device.write(bytes('  99'));
      device.unplug();
      await until(() => state() === 'lost' || state() === 'absent');
    }
    expect(generations).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(statuses.filter((status) => status.state === 'lost').length).toBeGreaterThanOrEqual(10);
  });

  it('reopens a line that the session above found silent, as a new generation', async () => {
    plugIn();
    connection.start();
    await until(() => state() === 'idle');
    connection.observe('silent', '3 polls without an answer');
    expect(state()).toBe('silent');
    await connection.reopen('silent');
    await until(() => generations.length === 2);
    expect(state()).toBe('idle');
  });

  it('stops twice without harm and opens nothing afterwards', async () => {
    plugIn();
    connection.start();
    await until(() => state() === 'idle');
    await connection.stop();
    await connection.stop();
    expect(state()).toBe('stopped');
  });

  it('says when another program holds the port', async () => {
    plugIn();
    connection.start();
    await until(() => state() === 'idle');
    await expect(
      serialPortOpener().open(
        { path, baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 },
        { data: () => {}, lost: () => {} },
      ),
    ).rejects.toMatchObject({ failure: 'locked' });
  });
});
