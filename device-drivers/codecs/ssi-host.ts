/**
 * The host's half of SSI's handshake, as a pure machine: packets, commands and time-outs in,
 * bytes to write and messages to pass on out. The session owns port and clock.
 *
 * Each packet that asks for it is answered at once (ACK, or NAK RESEND for a bad checksum), before
 * anything else, because the decoder repeats after 2.0 s. One command is under way at a time; the
 * next waits until it was acknowledged, refused or given up. A command without answer is sent
 * again with the bit "retransmitted", twice at most; then the scanner counts as not answering.
 *
 * Example: send SCAN_ENABLE, time-out, time-out, ACK: three writes, the last two with status 1,
 * then `done`. Source: Zebra SSI guide 72E-40451, "Serial response time-out" and "Retransmission".
 */
import { type Decoded, isReject, type Meaning } from '../codec.ts';
import { ssiChecksum, ssiOpcodeName, ssiStatus, writeSsiPacket } from './ssi-packets.ts';

/** How long the host waits for the answer to a command. */
export const ssiResponseTimeoutMs = 2000;
/** Longest pause within a packet; after it the session calls the decoder's `end()`. */
export const ssiInterCharacterTimeoutMs = 200;
/** Repetitions of a command before the scanner counts as not answering. */
export const ssiMaxResends = 2;
/** Commands that may wait; more are refused. */
export const ssiMaxWaiting = 16;

export interface SsiHostState {
  /** The command that waits for its answer. */
  underWay?: { packet: Uint8Array; resends: number };
  waiting: readonly Uint8Array[];
}

export const idleSsiHost: SsiHostState = { waiting: [] };

export type SsiHostInput =
  /** A message of the decoder, as the codec gave it. */
  | { kind: 'received'; decoded: Decoded }
  /** A packet of the host, from the codec's `encode`. */
  | { kind: 'send'; packet: Uint8Array }
  /** `ssiResponseTimeoutMs` have passed since the last write of a command. */
  | { kind: 'time-out' };

export type SsiHostEffect =
  | { kind: 'write'; bytes: Uint8Array; startsTimeout: boolean }
  /** A message for the rest of the program: a scan, an event, parameters, a reject. */
  | { kind: 'pass-on'; meaning: Meaning }
  | { kind: 'done'; command: string }
  | { kind: 'failed'; command: string; cause: 'not-answering' | 'refused' | 'queue-full' };

export interface SsiHostStep {
  state: SsiHostState;
  effects: readonly SsiHostEffect[];
}

const acknowledgement = writeSsiPacket({ opcode: 0xd0, source: 'host' });
const resendRequest = writeSsiPacket({ opcode: 0xd1, source: 'host' }, Uint8Array.of(0x01));
const segmentAcknowledgement = writeSsiPacket({ opcode: 0x74, source: 'host' });

const answers: ReadonlyMap<string, Uint8Array> = new Map([
  ['ACK', acknowledgement],
  ['NAK RESEND', resendRequest],
  ['MULTIPACKET_ACK', segmentAcknowledgement],
]);

function commandName(packet: Uint8Array): string {
  return ssiOpcodeName(packet[1] ?? 0) ?? 'UNKNOWN';
}

/** The same packet with the bit "retransmitted". */
function retransmission(packet: Uint8Array): Uint8Array {
  const body = packet.slice(0, -2);
  body[3] = (body[3] ?? 0) | ssiStatus.retransmitted;
  return Uint8Array.from([...body, ...ssiChecksum(body)]);
}

function write(bytes: Uint8Array, startsTimeout: boolean): SsiHostEffect {
  return { kind: 'write', bytes, startsTimeout };
}

/** Ends the command under way and starts the next one. */
function finished(state: SsiHostState, ending: SsiHostEffect): SsiHostStep {
  const [next, ...waiting] = state.waiting;
  if (next === undefined) return { state: { waiting: [] }, effects: [ending] };
  return {
    state: { underWay: { packet: next, resends: 0 }, waiting },
    effects: [ending, write(next, true)],
  };
}

function resent(state: SsiHostState): SsiHostStep {
  const { underWay } = state;
  if (underWay === undefined) return { state, effects: [] };
  if (underWay.resends === ssiMaxResends) {
    const command = commandName(underWay.packet);
    return finished(state, { kind: 'failed', command, cause: 'not-answering' });
  }
  return {
    state: { ...state, underWay: { ...underWay, resends: underWay.resends + 1 } },
    effects: [write(retransmission(underWay.packet), true)],
  };
}

function sent(state: SsiHostState, packet: Uint8Array): SsiHostStep {
  if (state.underWay === undefined) {
    return {
      state: { ...state, underWay: { packet, resends: 0 } },
      effects: [write(packet, true)],
    };
  }
  if (state.waiting.length === ssiMaxWaiting) {
    const command = commandName(packet);
    return { state, effects: [{ kind: 'failed', command, cause: 'queue-full' }] };
  }
  return { state: { ...state, waiting: [...state.waiting, packet] }, effects: [] };
}

/** Replies that stand for the ACK of the command that asked for them. */
const repliesByCommand: ReadonlyMap<string, string> = new Map([
  ['PARAM_REQUEST', 'PARAM_SEND'],
  ['REQUEST_REVISION', 'REPLY_REVISION'],
  ['CAPABILITIES_REQUEST', 'CAPABILITIES_REPLY'],
  ['BATCH_REQUEST', 'BATCH_DATA'],
  ['SSI_MGMT_COMMAND', 'SSI_MGMT_COMMAND'],
]);

function isReplyTo(command: Uint8Array, { frame, meaning }: Decoded): boolean {
  if (isReject(meaning)) return false;
  return repliesByCommand.get(commandName(command)) === ssiOpcodeName(frame[1] ?? 0);
}

function received(state: SsiHostState, decoded: Decoded): SsiHostStep {
  const { meaning } = decoded;
  const { underWay } = state;
  if (underWay !== undefined && meaning.kind === 'ack') {
    return finished(state, { kind: 'done', command: commandName(underWay.packet) });
  }
  if (underWay !== undefined && meaning.kind === 'nak') {
    if (meaning.cause === 'RESEND') return resent(state);
    const command = commandName(underWay.packet);
    return finished(state, { kind: 'failed', command, cause: 'refused' });
  }
  const effects: SsiHostEffect[] = [];
  const answer = typeof meaning.answer === 'string' ? answers.get(meaning.answer) : undefined;
  if (answer !== undefined) effects.push(write(answer, false));
  if (meaning.kind !== 'ignored') effects.push({ kind: 'pass-on', meaning });
  if (underWay === undefined || !isReplyTo(underWay.packet, decoded)) return { state, effects };
  const step = finished(state, { kind: 'done', command: commandName(underWay.packet) });
  return { state: step.state, effects: [...effects, ...step.effects] };
}

/** One step of the handshake. */
export function stepSsiHost(state: SsiHostState, input: SsiHostInput): SsiHostStep {
  switch (input.kind) {
    case 'received':
      return received(state, input.decoded);
    case 'send':
      return sent(state, input.packet);
    case 'time-out':
      return resent(state);
  }
}
