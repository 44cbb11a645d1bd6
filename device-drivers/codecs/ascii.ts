/** Bytes and ASCII text: serial protocols are parsed as bytes and become text only inside a frame. */

import type { FieldNote } from '../codec.ts';

/** Names of the control bytes as manuals print them. */
const controlNames: Readonly<Record<number, string>> = {
  0: 'NUL',
  1: 'SOH',
  2: 'STX',
  3: 'ETX',
  4: 'EOT',
  5: 'ENQ',
  6: 'ACK',
  9: 'TAB',
  10: 'LF',
  13: 'CR',
  17: 'DC1',
  21: 'NAK',
  22: 'SYN',
  27: 'ESC',
  127: 'DEL',
};

/** One character per byte (Latin-1), so that indexes into the text are indexes into the frame. */
export function textOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    text += String.fromCharCode(byte);
  }
  return text;
}

/** The bytes of a text whose characters all are below U+0100. Throws a RangeError otherwise. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code > 0xff) {
      throw new RangeError(`the character ${JSON.stringify(character)} is not a single byte`);
    }
    return code;
  });
}

/** Bytes as people read them: printable ASCII as it is, everything else as `<STX>` or `<E4>`. */
export function printable(bytes: Uint8Array | string): string {
  const text = typeof bytes === 'string' ? bytes : textOf(bytes);
  let shown = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const isPlain = code >= 0x20 && code < 0x7f;
    const name = controlNames[code] ?? code.toString(16).toUpperCase().padStart(2, '0');
    shown += isPlain ? character : `<${name}>`;
  }
  return shown;
}

export function note(field: string, found: string | Uint8Array, means: string): FieldNote {
  return { field, found: printable(found), means };
}

/** True when some byte has bit 7 set: on a 7-bit line that is a parity bit nobody took off. */
export function hasHighBit(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte >= 0x80);
}

/** The low seven bits of each byte. */
export function lowBits(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => byte & 0x7f);
}

/** Exclusive or of all bytes: the block check character (BCC, LRC) of several scales. */
export function xorOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum ^ byte, 0);
}
