/** What the serial devices of a configuration may speak, and who leads the talk on their lines. */
import { randomInt } from 'node:crypto';
import type { Codec, CodecContext } from '@stockhand/device-drivers/codec.ts';
import { honeywellPacket } from '@stockhand/device-drivers/codecs/honeywell-packet.ts';
import { scaleCodecs } from '@stockhand/device-drivers/codecs/scales.ts';
import { scannerSerial } from '@stockhand/device-drivers/codecs/scanner-serial.ts';
import { ssi } from '@stockhand/device-drivers/codecs/ssi.ts';
import { ssiInterCharacterTimeoutMs } from '@stockhand/device-drivers/codecs/ssi-host.ts';
import type { Converse } from '@stockhand/device-drivers/serial/conversation.ts';
import { converseDialog06 } from '@stockhand/device-drivers/serial/dialog06-conversation.ts';
import { defaultPoll } from '@stockhand/device-drivers/serial/serial-session.ts';
import { converseSsi } from '@stockhand/device-drivers/serial/ssi-conversation.ts';

export const serialCodecs: readonly Codec[] = [...scaleCodecs, scannerSerial, honeywellPacket, ssi];

export interface SpokenSettings {
  protocol: string;
  pollIntervalMs: number;
  interByteTimeoutMs: number;
  settings: CodecContext;
}

/**
 * The conversation of a protocol whose two sides answer each other by rules of their own; undefined
 * where the device is polled or speaks unasked.
 * @throws RangeError when a setting of the conversation cannot be right
 */
export function conversationOf({
  protocol,
  pollIntervalMs,
  settings,
}: SpokenSettings): Converse | undefined {
  if (protocol === 'ssi') return converseSsi();
  if (protocol !== 'dialog06') return undefined;
  const { replyTimeoutMs, silentIntervalMs } = defaultPoll;
  return converseDialog06({
    context: settings,
    intervalMs: pollIntervalMs,
    replyTimeoutMs,
    silentIntervalMs,
    drawChecksum: () => randomInt(0x10000),
  });
}

/** A scanner with packets may pause longer within one than a line of text does. */
export function interByteTimeoutOf({ protocol, interByteTimeoutMs }: SpokenSettings): number {
  return protocol === 'ssi'
    ? Math.max(interByteTimeoutMs, ssiInterCharacterTimeoutMs)
    : interByteTimeoutMs;
}
