const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text of a scan. Scanners send ASCII for linear codes and, for two-dimensional ones, UTF-8 or
 * the bytes of the symbol. Bytes that are valid UTF-8 are read as such; others become one
 * character each (ISO 8859-1), so that nothing is lost or replaced by question marks.
 */
export function scanText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return latin1Text(bytes);
  }
}

/** One character for each byte. */
export function latin1Text(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/**
 * The bytes of a text that a scanner would send: one each where every character is below U+0100,
 * UTF-8 otherwise.
 */
export function scanBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 0xff) return new TextEncoder().encode(text);
    bytes[index] = code;
  }
  return bytes;
}

/** For field notes: control characters by name or number, everything else as it is. */
export function printable(text: string): string {
  let out = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code === 0x1d) out += '<GS>';
    else if (code === 0x0d) out += '<CR>';
    else if (code === 0x0a) out += '<LF>';
    else if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
      out += `<${code.toString(16).toUpperCase().padStart(2, '0')}>`;
    } else out += character;
  }
  return out;
}
