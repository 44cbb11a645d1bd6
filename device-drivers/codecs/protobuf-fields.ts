/**
 * A protobuf message as the plain list of its fields, each checked against the wire type that its
 * reader expects. Generated code would take a text for a number's bytes in silence; a device's
 * message whose fields have other types than the specification says is refused.
 */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { Refusal, refuse } from './refusal.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class WireField {
  readonly number: number;
  readonly #wireType: WireType;
  readonly #value: bigint | Uint8Array;

  constructor(number: number, wireType: WireType, value: bigint | Uint8Array) {
    this.number = number;
    this.#wireType = wireType;
    this.#value = value;
  }

  #mismatch(expected: string): never {
    return refuse(
      'bad-protobuf',
      `field ${this.number} has wire type ${this.#wireType}, ${expected}`,
    );
  }

  get uint64(): bigint {
    return typeof this.#value === 'bigint' ? this.#value : this.#mismatch('a varint expected');
  }

  /** Encoders that sign-extend a negative int32 to ten bytes are understood. */
  get uint32(): number {
    const value = this.uint64;
    const isSignExtended = value >= 0xffff_ffff_8000_0000n;
    if (value > 0xffff_ffffn && !isSignExtended) {
      refuse('bad-protobuf', `field ${this.number}: ${value} does not fit into 32 bits`);
    }
    return Number(BigInt.asUintN(32, value));
  }

  get bool(): boolean {
    return this.uint64 !== 0n;
  }

  #sized(wireType: WireType, expected: string): Uint8Array {
    if (typeof this.#value === 'bigint' || this.#wireType !== wireType) this.#mismatch(expected);
    return this.#value;
  }

  get bytes(): Uint8Array {
    return this.#sized(WireType.LengthDelimited, 'bytes expected');
  }

  get text(): string {
    try {
      return utf8.decode(this.bytes);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      return refuse('bad-charset', `field ${this.number} is not UTF-8`);
    }
  }

  get float(): number {
    const bytes = this.#sized(WireType.Bit32, 'a float expected');
    return new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true);
  }

  get double(): number {
    const bytes = this.#sized(WireType.Bit64, 'a double expected');
    return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true);
  }
}

function fieldValue(reader: BinaryReader, wireType: WireType): bigint | Uint8Array {
  switch (wireType) {
    case WireType.Varint:
      return BigInt(reader.uint64());
    case WireType.LengthDelimited:
      return reader.bytes();
    case WireType.Bit32:
    case WireType.Bit64:
      return reader.skip(wireType);
    default:
      return refuse('bad-protobuf', 'a group; they are not in use');
  }
}

/** All fields of a message in their order. Refuses what is no protobuf or ends too early. */
export function wireFields(bytes: Uint8Array): WireField[] {
  const reader = new BinaryReader(bytes);
  const fields: WireField[] = [];
  try {
    while (reader.pos < reader.len) {
      const [number, wireType] = reader.tag();
      fields.push(new WireField(number, wireType, fieldValue(reader, wireType)));
      // A varint that runs over the end is not noticed by every reading method.
      if (reader.pos > reader.len) refuse('bad-protobuf', 'the message ends within a field');
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    // The reader throws Error and RangeError for whatever it cannot follow.
    refuse('bad-protobuf', error instanceof Error ? error.message : String(error));
  }
  return fields;
}
