/**
 * The checksum duty of Checkout-Dialog 06. After power-on, an error or fifty weighings the scale
 * wants proof that the till's software is an approved one: a 16-bit checksum of the till's choice
 * (CS) and its check word (KW), the remainder of CS by the maker's generator polynomial. The scale
 * sends a random byte; CS is rotated left by its high nibble, KW right by its low one.
 *
 * The polynomial is licensed by the maker and comes in as a secret setting; it is not part of this
 * project. Example with the public CCITT polynomial 1021: CS 0001 gives KW 1021; with the random
 * number 47 the record holds 0010 and 4220.
 *
 * Source: METTLER TOLEDO DIVA Service Manual p.53-55.
 */

const bits = 16;

function hex(word: number): string {
  return word.toString(16).toUpperCase().padStart(4, '0');
}

/** The low 16 bits of a generator polynomial of degree 16, given as 4 or 5 hexadecimal digits. */
export function parsePolynomial(text: string): number {
  if (!/^1?[0-9A-Fa-f]{4}$/.test(text)) {
    throw new RangeError('a generator polynomial has four hexadecimal digits');
  }
  return Number.parseInt(text.slice(-4), 16);
}

/** Remainder of the checksum, shifted up by 16 bits, divided by the polynomial. */
export function checkWord(checksum: number, polynomial: number): number {
  let rest = checksum & 0xffff;
  for (let bit = 0; bit < bits; bit += 1) {
    const carry = (rest & 0x8000) !== 0;
    rest = (rest << 1) & 0xffff;
    rest = carry ? rest ^ polynomial : rest;
  }
  return rest;
}

function rotateLeft(word: number, count: number): number {
  const by = count % bits;
  return ((word << by) | (word >> (bits - by))) & 0xffff;
}

/** Members of the `checksums` command that answers a checksum request. */
export function answerChecksums(
  checksum: number,
  random: string,
  polynomial: number,
): { checksum: string; check: string } {
  const number = Number.parseInt(random, 16);
  const word = checkWord(checksum, polynomial);
  return {
    checksum: hex(rotateLeft(checksum & 0xffff, number >> 4)),
    check: hex(rotateLeft(word, bits - (number & 15))),
  };
}
