/** Deeper than anything that Parquet describes. */
const mostNested = 32;
const mostVarintBytes = 10;

const BYTE = 3;
const I16 = 4;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/**
 * Walks over a struct of Thrift's compact protocol, in which Parquet writes down what a file holds, and sees to it
 * that no length in it is longer than what is there: the library makes room for as many items as it is told.
 *
 * @returns where the struct ends
 */
export function endOfStruct(bytes: Uint8Array, at: number): number {
  return new Walk(bytes, at).struct(0);
}

class Walk {
  constructor(
    private readonly bytes: Uint8Array,
    private at: number,
  ) {}

  struct(depth: number): number {
    if (depth > mostNested) throw new Error("a description is nested too deeply");
    for (;;) {
      const head = this.byte();
      const type = head & 15;
      if (type === 0) return this.at;
      if (head >> 4 === 0) this.varint();
      // The value of a truth is its type.
      if (type > 2) this.value(type, depth);
    }
  }

  private value(type: number, depth: number): void {
    if (type <= BYTE) this.skip(1);
    else if (type >= I16 && type <= I64) this.varint();
    else if (type === DOUBLE) this.skip(8);
    else if (type === BINARY) this.skip(this.varint());
    else if (type === LIST) this.list(depth);
    else if (type === STRUCT) this.struct(depth + 1);
    else throw new Error("a description has a value of an unknown type");
  }

  private list(depth: number): void {
    if (depth > mostNested) throw new Error("a description is nested too deeply");
    const head = this.byte();
    const short = head >> 4;
    const length = short === 15 ? this.varint() : short;
    // No item is shorter than a byte.
    if (length > this.bytes.length - this.at) throw new Error("a list is longer than what is left");
    for (let item = 0; item < length; item++) this.value(head & 15, depth + 1);
  }

  private byte(): number {
    if (this.at >= this.bytes.length) throw new Error("a description ends too early");
    return this.bytes[this.at++];
  }

  private skip(count: number): void {
    if (count > this.bytes.length - this.at) throw new Error("a description ends too early");
    this.at += count;
  }

  private varint(): number {
    let value = 0;
    for (let index = 0; index < mostVarintBytes; index++) {
      const byte = this.byte();
      value += (byte & 127) * 128 ** index;
      if (byte < 128) return value;
    }
    throw new Error("a number is too long");
  }
}
