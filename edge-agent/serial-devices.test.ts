/** Serial devices of a configuration, on real pseudo-terminals, up to the core and the desk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Codec, Meaning } from '@stockhand/device-drivers/codec.ts';
import { dialog06 } from '@stockhand/device-drivers/codecs/dialog06.ts';
import { mtSics } from '@stockhand/device-drivers/codecs/mt-sics.ts';
import { ssi } from '@stockhand/device-drivers/codecs/ssi.ts';
import {
  openPseudoTerminal,
  type PseudoTerminal,
} from '@stockhand/device-drivers/fixtures/pseudo-terminal.ts';
import { serialPortOpener } from '@stockhand/device-drivers/serial/serial-port-opener.ts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parseConfig } from './config.ts';
import { Desk } from './desk.ts';
import type { Input } from './input.ts';
import { systemClock } from './platform/system-ports.ts';
import type { RunningAgent } from './ports.ts';
import { SerialDevices } from './serial-devices.ts';
import type { State } from './state.ts';

const until = (condition: () => boolean) =>
  vi.waitUntil(condition, { timeout: 20_000, interval: 5 });

let folder: string;
let terminals: PseudoTerminal[];
let devices: SerialDevices | null;
let inputs: Input[];
let desk: Desk;
let standings: Map<string, { standing: string }>;
let commit: (payloadCase: string) => void;
let isDiskFull: boolean;

beforeEach(() => {
  [standings, commit, isDiskFull] = [new Map(), () => {}, false];
  folder = mkdtempSync(join(tmpdir(), 'stockhand-serial-'));
  [terminals, devices, inputs, desk] = [[], null, [], new Desk()];
});

afterEach(async () => {
  await devices?.stop();
  for (const terminal of terminals) terminal.unplug();
  rmSync(folder, { recursive: true, force: true });
});

/** A device that answers what it hears. */
function plugIn(codec: Codec, answer: (heard: Meaning) => Meaning | null): PseudoTerminal {
  const terminal = openPseudoTerminal(join(folder, codec.protocol));
  const decoder = codec.decoder({ direction: 'host->device', context: {} });
  terminal.onData((chunk) => {
    for (const { meaning } of decoder.push(chunk)) {
      const said = answer(meaning);
      if (said) terminal.write(codec.encode(said, {}));
    }
  });
  terminals.push(terminal);
  return terminal;
}

function start(protocol: string, more = ''): void {
  const line = `{ device: ${protocol}-1, path: ${join(folder, protocol)}, protocol: ${protocol}${more} }`;
  const text = `store: "4012345000009"\ndataFolder: ./data\nserial:\n  - ${line}\n`;
  const agent = {
    submit: async (input: Input) => {
      inputs.push(input);
      if (isDiskFull) throw new Error('the disk is full');
      return { kind: 'accepted' as const };
    },
    moment: () => ({ nowMs: 0 }),
    read: async <T>(reader: (state: State) => T) =>
      reader({ devices: standings } as unknown as State),
    onCommit: (listener: (events: unknown[]) => void) => {
      commit = (payloadCase) => listener([{ event: { payload: { case: payloadCase } } }]);
      return () => {};
    },
  };
  devices = new SerialDevices({
    devices: parseConfig(text, 'store.yaml').serial,
    // What serial devices ask of it.
    agent: agent as unknown as RunningAgent<State>,
    opener: serialPortOpener(),
    clock: systemClock,
    logger: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    observed: () => {},
    desk,
  });
  devices.start();
}

const values = () =>
  inputs.flatMap((input) => (input.kind === 'reading' ? [input.reading.value] : []));

it('takes the weight of a scale that speaks Checkout-Dialog 06', async () => {
  plugIn(dialog06, ({ name }) => {
    if (name === 'price') return { kind: 'ack' };
    if (name !== 'result') return null;
    const weight = { value: '0.750', unit: 'kg' };
    return { kind: 'weighing', weight, unit_price: 100, total: 75 };
  });
  const shown: string[] = [];
  desk.onWeight(({ value, unit, isStable }) => shown.push(`${value} ${unit} ${isStable}`));
  start('dialog06');
  await until(() => shown.length > 1);
  expect(new Set(shown)).toEqual(new Set(['0.750 kg true']));
  expect(values()).toMatchObject([{ case: 'weight', value: { value: '0.750', stable: true } }]);
  expect(devices?.statuses().get('dialog06-1')?.state).toBe('answering');
});

it('takes the scans of a Zebra scanner that speaks SSI, and answers them', async () => {
  const heard: string[] = [];
  const terminal = plugIn(ssi, ({ kind }) => {
    heard.push(kind);
    return null;
  });
  const shown: string[] = [];
  desk.onScan(({ text }) => shown.push(text));
  start('ssi');
  await until(() => devices?.statuses().get('ssi-1')?.state === 'idle');
  terminal.write(ssi.encode({ kind: 'scan', symbology: 'ean-13', data: '4006381333931' }, {}));
  await until(() => shown.length === 1);
  expect(shown).toEqual(['4006381333931']);
  expect(values()).toMatchObject([{ case: 'scan', value: { text: '4006381333931' } }]);
  await until(() => heard.length === 1);
  expect(heard).toEqual(['ack']);
});

/** A scale that always says the same weight. */
function plugInScale(): void {
  plugIn(mtSics, () => ({ kind: 'weight', value: '0.500', unit: 'kg', stable: true }));
}

const stateOf = (deviceId: string) => devices?.statuses().get(deviceId)?.state;

it('closes the port of a device that is blocked, and opens it when it is approved', async () => {
  plugInScale();
  standings.set('mt-sics-1', { standing: 'known' });
  start('mt-sics', ', poll: true');
  await until(() => stateOf('mt-sics-1') === 'answering');
  standings.set('mt-sics-1', { standing: 'blocked' });
  commit('deviceBlocked');
  await until(() => stateOf('mt-sics-1') === 'stopped');
  standings.set('mt-sics-1', { standing: 'known' });
  commit('deviceApproved');
  await until(() => stateOf('mt-sics-1') === 'answering');
});

it('does not open the port of a device that was blocked before the start', async () => {
  plugInScale();
  standings.set('mt-sics-1', { standing: 'blocked' });
  start('mt-sics', ', poll: true');
  await Promise.resolve();
  expect(stateOf('mt-sics-1')).toBe('stopped');
  standings.delete('mt-sics-1');
  commit('deviceApproved');
  await until(() => stateOf('mt-sics-1') === 'answering');
});

it('tells an unchanged weight again until it is on disk, and then no more', async () => {
  plugInScale();
  isDiskFull = true;
  let seen = 0;
  desk.onWeight(() => {
    seen += 1;
  });
  start('mt-sics', ', poll: true');
  await until(() => values().length > 2);
  isDiskFull = false;
  const lost = values().length;
  const seenThen = seen;
  await until(() => seen > seenThen + 3);
  expect(values().length).toBe(lost + 1);
});
