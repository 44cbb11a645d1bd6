/** What the serial devices of a configuration may speak. */
import type { Codec } from '@stockhand/device-drivers/codec.ts';
import { honeywellPacket } from '@stockhand/device-drivers/codecs/honeywell-packet.ts';
import { scaleCodecs } from '@stockhand/device-drivers/codecs/scales.ts';
import { scannerSerial } from '@stockhand/device-drivers/codecs/scanner-serial.ts';

/**
 * Protocols that a serial line may speak. Left out are those in which the host must answer each
 * message (Checkout-Dialog 06, Zebra SSI): their conversations are decoded, but not held yet.
 */
export const serialCodecs: readonly Codec[] = [
  ...scaleCodecs.filter((codec) => codec.protocol !== 'dialog06'),
  scannerSerial,
  honeywellPacket,
];
