/** Dead letters replayed through the real core and a log, from the bytes that a device sent. */
import { create } from '@bufbuild/protobuf';
import {
  DeviceKind,
  DeviceSchema,
  ReadingIdentity,
} from '@stockhand/proto/masterdata/v1alpha/master_data_pb.js';
import { beforeEach, expect, test } from 'vitest';
import { LetterReplay } from './dead-letter-replay.ts';
import { MemoryDisk, MemoryEventLog } from './event-store/memory-event-log.ts';
import type { Input } from './input.ts';
import { AgentLoop } from './loop.ts';
import { ForeignTopics } from './mqtt-broker/foreign-topics.ts';
import { Intake } from './mqtt-broker/intake.ts';
import { parsePublish } from './mqtt-broker/payload.ts';
import { parseDeviceTopic } from './mqtt-broker/topics.ts';
import { systemClock } from './platform/system-ports.ts';
import {
  action,
  masterDataCommand,
  momentAt,
  openingStockCommand,
  signIn,
  startMs,
  storeGln,
} from './sample-store.ts';
import { shelfQuantity } from './views.ts';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const jamSlot = 'A2';

const foreign = new ForeignTopics([
  { topics: 'zigbee2mqtt/#', protocol: 'zigbee2mqtt', gateway: 'gateway-1', settings: {} },
  { topics: 'spBv1.0/#', protocol: 'sparkplug-b', gateway: 'gateway-1', settings: {} },
]);

let log: MemoryEventLog;
let loop: AgentLoop;
let replays: LetterReplay;
let nowMs: number;

beforeEach(async () => {
  nowMs = startMs;
  log = new MemoryEventLog(new MemoryDisk({ storeGln, epoch: new Uint8Array(16).fill(7) }));
  const moment = () => {
    nowMs += 1_000;
    return momentAt(nowMs);
  };
  loop = new AgentLoop({ storeGln, log, clock: systemClock, logger: silent, moment });
  await loop.submit(masterDataCommand(1));
  await loop.submit(openingStockCommand(2));
  await loop.submit(signIn('max'));
  replays = new LetterReplay({ agent: loop, letters: log, foreign, logger: silent });
});

/** As the broker does it; answers the number of the dead letter, 0 for none. */
async function publish(deviceId: string, body: object): Promise<number> {
  const name = `stockhand/v1/${storeGln}/${deviceId}/reading`;
  const payload = Buffer.from(JSON.stringify(body));
  const topic = parseDeviceTopic(name);
  if (!topic) throw new Error('a device topic expected');
  const evidence = { deviceId, source: 'mqtt', topic: name, payload } as const;
  const parsed = parsePublish(topic, payload, {
    source: 'mqtt',
    client: deviceId,
    packetId: 1,
    duplicateFlag: false,
    retained: false,
  });
  if (!parsed.ok) return loop.keepDeadLetter({ ...evidence, ...parsed.refusal });
  const outcome = await loop.submit(parsed.value as Input, evidence);
  return outcome.kind === 'refused' ? (outcome.deadLetter ?? 0) : 0;
}

const jars = (sequence: number, count: number, unit = 'kg') => ({
  session: 'boot-1',
  sequence: `${sequence}`,
  weight: { value: (2 + count * 0.345).toFixed(3), unit, stable: true },
});

const assign = (more: object) =>
  loop.submit(
    action('max', 0, {
      case: 'approveDevice',
      value: {
        deviceId: 'plate-9',
        assignment: create(DeviceSchema, { readingIdentity: ReadingIdentity.SEQUENCE, ...more }),
      },
    }),
  );
const approve = () =>
  assign({ kind: DeviceKind.WEIGHT_PLATE, slotIds: [jamSlot], emptyReading: 2_000_000 });
const onShelf = () => loop.read((state) => shelfQuantity(state, jamSlot));

test('what an unknown device said counts once it is approved and replayed, and only once', async () => {
  const letter = await publish('plate-9', jars(1, 3));
  expect(await replays.replay(letter)).toMatchObject({ refusal: { reason: 'device-pending' } });
  expect(log.deadLetters({ limit: 9 })).toHaveLength(1);
  await approve();
  const both = await Promise.all([replays.replay(letter), replays.replay(letter)]);
  expect(both).toEqual([{ kind: 'taken-in' }, { kind: 'already-taken-in' }]);
  expect(await onShelf()).toBe(3);
  const position = log.lastPosition();
  expect(await replays.replay(letter)).toEqual({ kind: 'already-taken-in' });
  expect(log.lastPosition()).toBe(position);
  expect(log.deadLetters({ limit: 9, onlyOpen: true })).toEqual([]);
});

test('a replay is a duplicate when the device sent the same again itself', async () => {
  const letter = await publish('plate-9', jars(1, 3));
  await approve();
  expect(await publish('plate-9', jars(1, 3))).toBe(0);
  expect(await replays.replay(letter)).toEqual({ kind: 'already-taken-in' });
});

test('what is past moves no belief', async () => {
  const letter = await publish('plate-9', jars(1, 3));
  await approve();
  await publish('plate-9', jars(2, 5));
  expect(await replays.replay(letter)).toEqual({ kind: 'already-taken-in' });
  expect(await onShelf()).toBe(5);
});

test('a reading whose identity was noted when it was refused is taken in once mended', async () => {
  await publish('plate-9', jars(1, 3));
  await loop.submit(action('max', 0, { case: 'approveDevice', value: { deviceId: 'plate-9' } }));
  const distance = { value: '760', unit: 'mm' };
  const refused = await publish('plate-9', { session: 'boot-1', sequence: '2', distance });
  expect(log.deadLetters({ limit: 1 })[0]?.reason).toBe('device-without-slots');
  await assign({ kind: DeviceKind.DISTANCE, slotIds: ['B1'], emptyReading: 900 });
  expect(await replays.replay(refused)).toEqual({ kind: 'taken-in' });
  expect(await loop.read((state) => shelfQuantity(state, 'B1'))).toBe(4);
  expect(await replays.replay(refused)).toEqual({ kind: 'already-taken-in' });
});

test('says which letters cannot be replayed', async () => {
  const evidence = { deviceId: 'scale-1', source: 'serial', topic: '', reason: 'bad-checksum' };
  const rest = { payload: new Uint8Array([1]), field: '', found: '', expected: '' };
  const serial = await loop.keepDeadLetter({ ...evidence, ...rest, source: 'serial' });
  expect(await replays.replay(serial)).toEqual({ kind: 'not-replayable' });
  expect(await replays.replay(4_711)).toEqual({ kind: 'unknown-letter' });
  const broken = await loop.keepDeadLetter({
    ...evidence,
    ...rest,
    source: 'mqtt',
    topic: `stockhand/v1/${storeGln}/plate-1/reading`,
    reason: 'bad-json',
  });
  expect(await replays.replay(broken)).toMatchObject({ refusal: { reason: 'bad-json' } });
});

/** A gateway's message, as either broker hands it over. */
async function relay(topic: string, body: object): Promise<void> {
  const tell = () => {};
  const intake = new Intake({
    agent: loop,
    storeGln,
    tell,
    observed: tell,
    foreign,
    logger: silent,
  });
  const payload = Buffer.from(JSON.stringify(body));
  const delivery = { client: 'gateway-1', packetId: 1, duplicateFlag: false, retained: false };
  await intake.take('gateway-1', { topic, payload, delivery });
}

test('what a gateway said of an unknown device counts once it is approved and replayed', async () => {
  await relay('zigbee2mqtt/plate-9', { temperature: 4.5 });
  const [letter] = log.deadLetters({ limit: 1 });
  if (!letter) throw new Error('a letter expected');
  expect(letter).toMatchObject({ deviceId: 'plate-9', reason: 'device-pending' });
  expect(replays.isReplayable(letter)).toBe(true);
  expect(await replays.replay(letter.number)).toMatchObject({ kind: 'refused' });
  const identity = { readingIdentity: ReadingIdentity.NONE };
  expect(await assign({ kind: DeviceKind.TEMPERATURE, ...identity })).toEqual({ kind: 'accepted' });
  expect(await replays.replay(letter.number)).toEqual({ kind: 'taken-in' });
  expect(await replays.replay(letter.number)).toEqual({ kind: 'already-taken-in' });
});

test('a Sparkplug message out of its order is not replayed', async () => {
  await relay('spBv1.0/store/DDATA/node/plate-9', {});
  const [letter] = log.deadLetters({ limit: 1 });
  if (!letter) throw new Error('a letter expected');
  expect(replays.isReplayable(letter)).toBe(false);
});
