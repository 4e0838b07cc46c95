/** Messages in protocol-buffer encoding (https://protobuf.dev/programming-guides/encoding). */

const enum Wire {
  Varint = 0,
  Fixed64 = 1,
  Bytes = 2,
  Fixed32 = 5,
}

/** The fields of a message, written one after the other. */
export class MessageWriter {
  private buffer: Uint8Array;
  private view: DataView;
  private length = 0;

  constructor(expectedBytes: number) {
    this.buffer = new Uint8Array(Math.max(expectedBytes, 16));
    this.view = new DataView(this.buffer.buffer);
  }

  varint(field: number, value: number): void {
    this.reserve(20);
    this.rawVarint(field * 8 + Wire.Varint);
    this.rawVarint(value);
  }

  double(field: number, value: number): void {
    this.reserve(18);
    this.rawVarint(field * 8 + Wire.Fixed64);
    this.view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  float(field: number, value: number): void {
    this.reserve(14);
    this.rawVarint(field * 8 + Wire.Fixed32);
    this.view.setFloat32(this.length, value, true);
    this.length += 4;
  }

  bytes(field: number, value: Uint8Array): void {
    this.reserve(20 + value.length);
    this.rawVarint(field * 8 + Wire.Bytes);
    this.rawVarint(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
  }

  finish(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  /** Division instead of shifts, which would cut at 32 bits: steps may be larger. */
  private rawVarint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.buffer[this.length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.length++] = rest;
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = new Uint8Array((this.length + bytes) * 2);
    larger.set(this.buffer);
    this.buffer = larger;
    this.view = new DataView(larger.buffer);
  }
}

export interface Field {
  field: number;
  /** Of a varint, a double or a float; else NaN. */
  number: number;
  /** Of a string, bytes or a message; else empty. */
  bytes: Uint8Array;
}

/** The fields of a message; null when its bytes are not a message. */
export function readFields(bytes: Uint8Array): Field[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    let scale = 1;
    while (at < bytes.length) {
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      scale *= 128;
      if (byte < 128) return value;
    }
    return NaN;
  };
  while (at < bytes.length) {
    const key = varint();
    const field: Field = { field: Math.floor(key / 8), number: NaN, bytes: new Uint8Array(0) };
    const wire = key % 8;
    if (wire === Wire.Varint) field.number = varint();
    else if (wire === Wire.Fixed64 && at + 8 <= bytes.length) {
      field.number = view.getFloat64(at, true);
      at += 8;
    } else if (wire === Wire.Fixed32 && at + 4 <= bytes.length) {
      field.number = view.getFloat32(at, true);
      at += 4;
    } else if (wire === Wire.Bytes) {
      const length = varint();
      if (!(at + length <= bytes.length)) return null;
      field.bytes = bytes.subarray(at, (at += length));
    } else return null;
    fields.push(field);
  }
  return fields;
}
