/**
 * Seeded chance for the virtual world. Each concern draws from a stream of its own, named by what it
 * decides: a policy that walks differently then meets the very same shoppers.
 *
 * Generator: sfc32 (Chris Doty-Humphrey, PractRand), seeded through the FNV-1a hash of its name.
 */

export interface RandomStream {
  /** Uniform in [0, 1), 32 bits. */
  fraction(): number;
  /** Whole number from 0 to `below` - 1. */
  integer(below: number): number;
  /** A stream of its own for a part of this concern. */
  stream(name: string): RandomStream;
}

function hash32(text: string, basis: number): number {
  let hash = basis >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}

export function randomStream(name: string): RandomStream {
  let a = hash32(name, 0x811c9dc5);
  let b = hash32(name, 0x9e3779b9);
  let c = hash32(name, 0x85ebca6b);
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // The first outputs still show the seed.
  for (let round = 0; round < 15; round += 1) next();
  const fraction = () => next() / 0x1_0000_0000;
  return {
    fraction,
    integer: (below) => Math.floor(fraction() * below),
    stream: (part) => randomStream(`${name}/${part}`),
  };
}
