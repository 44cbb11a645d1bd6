/** Base64 (RFC 4648, standard alphabet with padding): strict, so that damage is noticed. */
import { base64Decode, base64Encode } from '@bufbuild/protobuf/wire';

/** Null for anything but canonical Base64. */
export function base64Bytes(text: string): Uint8Array | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const bytes = base64Decode(text);
  // Leftover bits that are not zero would decode, too, but no encoder writes them.
  return base64Encode(bytes) === text ? bytes : null;
}

export function base64Text(bytes: Uint8Array): string {
  return base64Encode(bytes);
}
