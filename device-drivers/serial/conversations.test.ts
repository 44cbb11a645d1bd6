/** Conversations on real pseudo-terminals, with a scale and a scanner that keep the protocol's rules. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reading } from '@stockhand/proto/device/v1alpha/reading_pb.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Meaning } from '../codec.ts';
import { dialog06 } from '../codecs/dialog06.ts';
import { answerChecksums } from '../codecs/dialog06-checksum.ts';
import { ssi } from '../codecs/ssi.ts';
import { writeSsiPacket } from '../codecs/ssi-packets.ts';
import { openPseudoTerminal, type PseudoTerminal } from '../fixtures/pseudo-terminal.ts';
import { converseDialog06, type Dialog06Settings } from './dialog06-conversation.ts';
import { serialPortOpener } from './serial-port-opener.ts';
import { SerialSession, type SerialSessionOptions } from './serial-session.ts';
import { converseSsi } from './ssi-conversation.ts';
import { systemClock, systemRandom } from './system-clock.ts';

const until = (condition: () => boolean) =>
  vi.waitUntil(condition, { timeout: 20_000, interval: 5 });

let folder: string;
let session: SerialSession | null;
let terminals: PseudoTerminal[];
let readings: Reading[];
let refusals: string[];
let meanings: Meaning[];
let states: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stockhand-conversation-'));
  session = null;
  [terminals, readings, refusals, meanings, states] = [[], [], [], [], []];
});

afterEach(async () => {
  await session?.stop();
  for (const terminal of terminals) terminal.unplug();
  rmSync(folder, { recursive: true, force: true });
});

function plugIn(): PseudoTerminal {
  const terminal = openPseudoTerminal(join(folder, 'line'));
  terminals.push(terminal);
  return terminal;
}

function start(options: Pick<SerialSessionOptions, 'codec' | 'converse'>): SerialSession {
  session = new SerialSession({
    ...options,
    deviceId: 'device-1',
    bootId: 'boot',
    line: {
      path: join(folder, 'line'),
      baudRate: 9600,
      dataBits: 8,
      parity: 'none',
      stopBits: 1,
    },
    context: {},
    poll: null,
    interByteTimeoutMs: 50,
    opener: serialPortOpener(),
    clock: systemClock,
    random: systemRandom,
    events: {
      reading: (reading) => readings.push(reading),
      refused: (reject) => refusals.push(reject.error),
      meaning: (meaning) => meanings.push(meaning),
      status: ({ state }) => states.push(state),
    },
  });
  session.start();
  return session;
}

const weights = () =>
  readings.map(({ value }) =>
    value.case === 'weight' ? `${value.value.value} ${value.value.unit}` : '',
  );
const scans = () => readings.map(({ value }) => (value.case === 'scan' ? value.value.text : ''));

describe('a scale that speaks Checkout-Dialog 06', () => {
  const settings: Dialog06Settings = {
    context: { unit_price: 250 },
    intervalMs: 10,
    silentIntervalMs: 20,
    replyTimeoutMs: 2_000,
    drawChecksum: () => 0x1234,
  };

  interface Scale {
    grams: number;
    /** Answers NAK with this reason until it is empty. */
    reason: string;
    isMute: boolean;
    /** Wants proof of its software first. */
    random: string;
    heard: Meaning[];
  }

  function scale(polynomial = 0): Scale {
    const state: Scale = { grams: 500, reason: '', isMute: false, random: '', heard: [] };
    const terminal = plugIn();
    const decoder = dialog06.decoder({ direction: 'host->device', context: {} });
    const say = (meaning: Meaning) => terminal.write(dialog06.encode(meaning, {}));
    let price = 0;
    let isJudging = false;
    let lastReason = '';
    const answerTo = (command: Meaning): Meaning | null => {
      switch (command['name']) {
        case 'price':
          price = Number(command['unit_price']);
          return state.random === ''
            ? { kind: 'ack' }
            : { kind: 'checksum-request', random: state.random };
        case 'checksums': {
          const expected = answerChecksums(0x1234, state.random, polynomial);
          isJudging = command['check'] === expected.check;
          return isJudging ? { kind: 'ack' } : { kind: 'nak' };
        }
        case 'result': {
          if (isJudging) {
            isJudging = false;
            state.random = '';
            return { kind: 'checksum-result', valid: true };
          }
          lastReason = state.reason;
          if (lastReason !== '') return { kind: 'nak' };
          const value = (state.grams / 1_000).toFixed(3);
          const total = Math.round((price * state.grams) / 1_000);
          return { kind: 'weighing', weight: { value, unit: 'kg' }, unit_price: price, total };
        }
        case 'status':
          return { kind: 'status-record', code: lastReason };
        default:
          return null;
      }
    };
    terminal.onData((chunk) => {
      for (const { meaning } of decoder.push(chunk)) {
        state.heard.push(meaning);
        const answer = state.isMute ? null : answerTo(meaning);
        if (answer) say(answer);
      }
    });
    return state;
  }

  it('is weighed again and again with the price of its settings; each change is told once', async () => {
    const device = scale();
    start({ codec: dialog06, converse: converseDialog06(settings) });
    await until(() => meanings.length > 3);
    device.grams = 735;
    await until(() => readings.length === 2);
    expect(weights()).toEqual(['0.500 kg', '0.735 kg']);
    expect(session?.status.state).toBe('answering');
    const price = device.heard.find((meaning) => meaning['name'] === 'price');
    expect(price?.['unit_price']).toBe(250);
  });

  it('in motion is asked again, and its weight is told when it rests', async () => {
    const device = scale();
    device.reason = '20';
    start({ codec: dialog06, converse: converseDialog06(settings) });
    await until(() => device.heard.filter((one) => one['name'] === 'status').length > 2);
    device.reason = '';
    await until(() => readings.length === 1);
    expect(weights()).toEqual(['0.500 kg']);
  });

  it('overloaded gives an error and no weight, and goes on', async () => {
    const device = scale();
    device.reason = '32';
    start({ codec: dialog06, converse: converseDialog06(settings) });
    await until(() => meanings.some((meaning) => meaning['error'] === 'overload'));
    expect(readings).toEqual([]);
    device.reason = '';
    await until(() => readings.length === 1);
  });

  it('that asks for checksums gets them by the licensed polynomial', async () => {
    const device = scale(0x1021);
    device.random = '47';
    const context = { checksum_polynomial: '1021' };
    start({ codec: dialog06, converse: converseDialog06({ ...settings, context }) });
    await until(() => readings.length === 1);
    expect(device.heard.map((meaning) => meaning['name'])).toContain('checksums');
  });

  it('that says nothing is silent, is opened again once, and is heard when it wakes', async () => {
    const device = scale();
    device.isMute = true;
    const impatient = { ...settings, replyTimeoutMs: 20 };
    start({ codec: dialog06, converse: converseDialog06(impatient) });
    await until(() => states.filter((state) => state === 'silent').length === 2);
    expect(session?.status.generation).toBe(2);
    device.isMute = false;
    await until(() => readings.length === 1);
    expect(session?.status.state).toBe('answering');
  });

  it('keeps noise as refused and weighs on', async () => {
    const device = scale();
    start({ codec: dialog06, converse: converseDialog06(settings) });
    await until(() => readings.length === 1);
    terminals[0]?.write(Buffer.from('?!'));
    await until(() => refusals.length > 0);
    device.grams = 900;
    await until(() => readings.length === 2);
    expect(weights()[1]).toBe('0.900 kg');
  });

  it('with settings that cannot be right is refused before anything is said', () => {
    const context = { checksum_polynomial: 'secret' };
    expect(() => converseDialog06({ ...settings, context })).toThrow(RangeError);
  });
});

describe('a Zebra scanner that speaks SSI', () => {
  const scanOf = (data: string, status = 0) => {
    const plain = ssi.encode({ kind: 'scan', symbology: 'ean-8', data }, {});
    return writeSsiPacket({ opcode: 0xf3, source: 'decoder', status }, plain.slice(4, -2));
  };

  /** A scanner, with what it hears. */
  function scanner() {
    const terminal = plugIn();
    const decoder = ssi.decoder({ direction: 'host->device', context: {} });
    const heard: Meaning[] = [];
    const device = { terminal, heard, answersCommands: true };
    terminal.onData((chunk) => {
      for (const { meaning } of decoder.push(chunk)) {
        heard.push(meaning);
        if (meaning.kind === 'command' && device.answersCommands) {
          terminal.write(writeSsiPacket({ opcode: 0xd0, source: 'decoder' }));
        }
      }
    });
    return device;
  }

  async function ready(responseTimeoutMs?: number): Promise<SerialSession> {
    const opened = start({ codec: ssi, converse: converseSsi(responseTimeoutMs) });
    await until(() => opened.status.state === 'idle');
    return opened;
  }

  it('gets an ACK for each scan; the same code twice is two scans', async () => {
    const { terminal, heard } = scanner();
    await ready();
    terminal.write(scanOf('96385074'));
    await until(() => heard.length === 1);
    terminal.write(scanOf('96385074'));
    await until(() => heard.length === 2);
    expect(heard.map(({ kind }) => kind)).toEqual(['ack', 'ack']);
    expect(scans()).toEqual(['96385074', '96385074']);
    expect(session?.status.state).toBe('answering');
  });

  it('is asked to repeat a damaged packet, and the repetition counts once', async () => {
    const { terminal, heard } = scanner();
    await ready();
    const damaged = scanOf('96385074');
    damaged[7] = 0x39;
    terminal.write(damaged);
    await until(() => heard.length === 1);
    expect(heard[0]).toMatchObject({ kind: 'nak', cause: 'RESEND' });
    terminal.write(scanOf('96385074', 1));
    await until(() => readings.length === 1);
    // Our ACK was lost, it thinks, and says it again.
    terminal.write(scanOf('96385074', 1));
    await until(() => heard.length === 3);
    expect(scans()).toEqual(['96385074']);
    expect(refusals).toEqual(['bad-checksum']);
  });

  it('does what it is told, one command after the other', async () => {
    const { heard } = scanner();
    const opened = await ready();
    await opened.command({ kind: 'command', name: 'SCAN_ENABLE' });
    await opened.command({ kind: 'command', name: 'BEEP', payload_hex: '01' });
    await until(() => heard.length === 2);
    expect(heard.map(({ name }) => name)).toEqual(['SCAN_ENABLE', 'BEEP']);
    await expect(opened.command({ kind: 'command', name: 'DANCE' })).rejects.toThrow(RangeError);
  });

  it('that does not answer a command is silent, and heard again with its next scan', async () => {
    const device = scanner();
    device.answersCommands = false;
    const opened = await ready(20);
    await opened.command({ kind: 'command', name: 'BEEP', payload_hex: '01' });
    await until(() => states.includes('silent') && opened.status.state === 'idle');
    expect(device.heard.filter(({ name }) => name === 'BEEP')).toHaveLength(3);
    device.terminal.write(scanOf('96385074'));
    await until(() => readings.length === 1);
    expect(opened.status.state).toBe('answering');
  });

  it('unplugged within a packet starts afresh when it is back', async () => {
    const first = scanner();
    await ready();
    first.terminal.write(scanOf('96385074').slice(0, 6));
    first.terminal.unplug();
    const second = scanner();
    await until(() => session?.status.generation === 2);
    second.terminal.write(scanOf('12345670'));
    await until(() => readings.length === 1);
    expect(scans()).toEqual(['12345670']);
  });
});
