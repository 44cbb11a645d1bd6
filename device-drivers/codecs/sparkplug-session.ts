/**
 * What the messages of one Sparkplug B edge node mean together (Eclipse Sparkplug 3.0, chapter 5).
 *
 * Data may come only after the node's birth, and a device's data after the device's birth, in the
 * order of `seq` (0 to 255, then 0 again, starting with 0 at the NBIRTH). A message that is missing
 * makes everything after it doubtful: its values are not taken, and the node is asked once to be born
 * again (NCMD "Node Control/Rebirth"). Births name aliases and data types, which later messages leave
 * out. A death counts only with the bdSeq of the last birth, because the broker may deliver the last
 * will of an old connection after the node has come back.
 *
 * Example: NBIRTH seq 0, DBIRTH seq 1, DDATA seq 2 are taken; a DDATA seq 4 is not, and asks for a
 * rebirth; the NBIRTH that follows makes all well again.
 *
 * Messages that the network has put in another order are not sorted: within one connection MQTT keeps
 * the order, so a gap is a loss (the specification's reorder time-out is for brokers in a cluster).
 */
import { type CodecContext, isMembers, type Json, type Meaning } from '../codec.ts';

/** What one birth said. */
interface Birth {
  aliases: ReadonlyMap<string, string>;
  datatypes: ReadonlyMap<string, Json>;
}

export interface SparkplugSession {
  /** Births by device; the node itself has the empty name. Empty while the node is not born. */
  readonly births: ReadonlyMap<string, Birth>;
  readonly lastSeq: number | null;
  readonly bdSeq: Json | null;
  /** A rebirth was asked for and has not come. */
  readonly awaitsRebirth: boolean;
}

export const unbornSession: SparkplugSession = {
  births: new Map(),
  lastSeq: null,
  bdSeq: null,
  awaitsRebirth: false,
};

export type SparkplugOutcome =
  /** The values are current: give them on. */
  | { kind: 'values' }
  /** The node or one of its devices came or went. */
  | { kind: 'online' | 'offline'; device: string }
  /** Not taken; `asksRebirth` once until the birth comes. */
  | { kind: 'doubtful'; reason: 'not-born' | 'gap'; asksRebirth: boolean }
  /** An old last will, a command, a host's state: says nothing of the node. */
  | { kind: 'nothing' };

/** Devices of one node whose births are kept; more are treated as not born. */
export const devicesPerNodeLimit = 1_000;

function entriesOf(value: Json | undefined): [string, Json][] {
  return isMembers(value) ? Object.entries(value) : [];
}

function birthOf(meaning: Meaning): Birth {
  const aliases = entriesOf(meaning['aliases']).flatMap(([alias, name]): [string, string][] =>
    typeof name === 'string' ? [[alias, name]] : [],
  );
  return { aliases: new Map(aliases), datatypes: new Map(entriesOf(meaning['datatypes'])) };
}

/** The settings with which the next message of a node or device is decoded: names and types. */
export function sparkplugContext(session: SparkplugSession, device: string): CodecContext {
  const births = [session.births.get(''), session.births.get(device)];
  const joined = <Value>(pick: (birth: Birth) => ReadonlyMap<string, Value>) =>
    Object.fromEntries(births.flatMap((birth) => (birth === undefined ? [] : [...pick(birth)])));
  return {
    aliases: joined(({ aliases }) => aliases),
    datatypes: joined(({ datatypes }) => datatypes),
  };
}

function doubt(
  session: SparkplugSession,
  reason: 'not-born' | 'gap',
): [SparkplugSession, SparkplugOutcome] {
  const asksRebirth = !session.awaitsRebirth;
  return [
    { ...unbornSession, bdSeq: session.bdSeq, awaitsRebirth: true },
    { kind: 'doubtful', reason, asksRebirth },
  ];
}

function born(
  session: SparkplugSession,
  device: string,
  meaning: Meaning,
  seq: number | null,
): SparkplugSession {
  const births = new Map(session.births);
  if (births.size <= devicesPerNodeLimit) births.set(device, birthOf(meaning));
  return { ...session, births, lastSeq: seq };
}

/** Takes one decoded message of a node in. Pure: gives the next session and what the message does. */
export function takeSparkplug(
  session: SparkplugSession,
  meaning: Meaning,
): [SparkplugSession, SparkplugOutcome] {
  const { type, bd_seq: bdSeq = null } = meaning;
  const device = typeof meaning['device'] === 'string' ? meaning['device'] : '';
  const seq = typeof meaning['seq'] === 'number' ? meaning['seq'] : null;
  if (meaning.kind !== 'sparkplug' || type === 'NCMD' || type === 'DCMD') {
    return [session, { kind: 'nothing' }];
  }
  if (type === 'NBIRTH') {
    const fresh = { ...unbornSession, bdSeq };
    return [born(fresh, '', meaning, seq), { kind: 'online', device: '' }];
  }
  if (type === 'NDEATH') {
    if (session.bdSeq !== bdSeq) return [session, { kind: 'nothing' }];
    return [unbornSession, { kind: 'offline', device: '' }];
  }
  if (!session.births.has('')) return doubt(session, 'not-born');
  if (seq === null || session.lastSeq === null || seq !== (session.lastSeq + 1) % 256) {
    return doubt(session, 'gap');
  }
  if (type === 'DBIRTH') return [born(session, device, meaning, seq), { kind: 'online', device }];
  if (device !== '' && !session.births.has(device)) return doubt(session, 'not-born');
  const next = { ...session, lastSeq: seq };
  if (type !== 'DDEATH') return [next, { kind: 'values' }];
  const births = new Map(session.births);
  births.delete(device);
  return [
    { ...next, births },
    { kind: 'offline', device },
  ];
}
