/**
 * The safetensors format: an 8-byte little-endian header length, a JSON header, the tensors' bytes.
 * https://huggingface.co/docs/safetensors, section "Format".
 */
import { FormatError } from "./formatError";

export interface Tensor {
  name: string;
  shape: number[];
  /** Row-major; as many values as the product of the shape. */
  values: Float32Array | Float64Array;
}

export interface SafetensorsFile {
  /** In the order of their bytes. Half-precision tensors are widened to float32. */
  tensors: Tensor[];
  metadata: Record<string, string>;
}

interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const bytesPerValue: Record<string, number> = { F64: 8, F32: 4, F16: 2, BF16: 2 };

/** The format's own limit: a longer header is taken for a damaged file. */
const maxHeaderBytes = 100_000_000;

/**
 * Bytes of a safetensors file. Wider types come first, so that every tensor is aligned to its own width.
 * Throws a RangeError when a shape does not match its values.
 */
export function encodeSafetensors(
  tensors: readonly Tensor[],
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const parts = safetensorsParts(tensors, metadata);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** As encodeSafetensors, in parts to be written one after the other: the values are not copied, but views of the tensors'. */
export function safetensorsParts(
  tensors: readonly Tensor[],
  metadata?: Readonly<Record<string, string>>,
): Uint8Array[] {
  const ordered = [...tensors].sort((a, b) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT);
  const header = new Map<string, HeaderEntry | Readonly<Record<string, string>>>();
  if (metadata) header.set("__metadata__", metadata);
  let offset = 0;
  for (const { name, shape, values } of ordered) {
    if (product(shape) !== values.length || name === "__metadata__" || header.has(name)) {
      throw new RangeError(
        `Tensor ${name} of shape [${shape.join(", ")}] cannot hold ${values.length} values`,
      );
    }
    const dtype = values instanceof Float64Array ? "F64" : "F32";
    header.set(name, { dtype, shape: [...shape], data_offsets: [offset, offset + values.byteLength] });
    offset += values.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  // Padded with spaces, which JSON ignores, so that the tensors begin at a multiple of eight.
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const head = new Uint8Array(8 + headerBytes).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(headerBytes), true);
  head.set(json, 8);
  return [head, ...ordered.map(({ values }) => littleEndianBytes(values))];
}

/** Reads a safetensors file. Throws a FormatError that says what is wrong with it. */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 10) throw new FormatError("is too short to be a safetensors file");
  const headerBytes = view.getBigUint64(0, true);
  if (headerBytes > BigInt(maxHeaderBytes) || headerBytes > BigInt(bytes.length - 8)) {
    throw new FormatError("is not a safetensors file, or is cut off");
  }
  const dataStart = 8 + Number(headerBytes);
  const header = parseHeader(bytes.subarray(8, dataStart));
  let metadata: Record<string, string> = {};
  const tensors: (Tensor & { start: number })[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") {
      // Not by assignment: "__proto__" may be a key.
      if (isRecord(entry)) {
        metadata = Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, String(value)]));
      }
      continue;
    }
    if (!isHeaderEntry(entry)) throw new FormatError(`has a damaged entry for the tensor ${name}`);
    const width = bytesPerValue[entry.dtype];
    if (!width) {
      throw new FormatError(`holds ${name} as ${entry.dtype}, where F32, F64, F16 or BF16 is needed`);
    }
    const [start, end] = entry.data_offsets;
    if (end - start !== product(entry.shape) * width) {
      throw new FormatError(`has a damaged entry for the tensor ${name}`);
    }
    if (start < 0 || dataStart + end > bytes.length) {
      throw new FormatError(`is cut off within the tensor ${name}`);
    }
    const values = readValues(view, dataStart + start, entry.dtype, product(entry.shape));
    tensors.push({ name, shape: entry.shape, values, start });
  }
  tensors.sort((a, b) => a.start - b.start);
  return { tensors: tensors.map(({ name, shape, values }) => ({ name, shape, values })), metadata };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    header = null;
  }
  if (!isRecord(header)) throw new FormatError("is not a safetensors file: its header is not JSON");
  return header;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isHeaderEntry(entry: unknown): entry is HeaderEntry {
  if (!isRecord(entry)) return false;
  const { dtype, shape, data_offsets: offsets } = entry;
  return typeof dtype === "string" && isCounts(shape) && isCounts(offsets) && offsets.length === 2;
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function product(shape: readonly number[]): number {
  return shape.reduce((total, size) => total * size, 1);
}

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function littleEndianBytes(values: Float32Array | Float64Array): Uint8Array {
  if (littleEndian) return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const bytes = new Uint8Array(values.byteLength);
  const view = new DataView(bytes.buffer);
  const width = values.BYTES_PER_ELEMENT;
  for (let i = 0; i < values.length; i++) {
    if (width === 8) view.setFloat64(i * 8, values[i], true);
    else view.setFloat32(i * 4, values[i], true);
  }
  return bytes;
}

function readValues(view: DataView, at: number, dtype: string, count: number): Float32Array | Float64Array {
  const values = dtype === "F64" ? new Float64Array(count) : new Float32Array(count);
  for (let i = 0; i < count; i++) {
    if (dtype === "F64") values[i] = view.getFloat64(at + i * 8, true);
    else if (dtype === "F32") values[i] = view.getFloat32(at + i * 4, true);
    else values[i] = widen(view.getUint16(at + i * 2, true), dtype === "F16");
  }
  return values;
}

/** IEEE 754 half precision (`half`) or bfloat16, the upper half of a float32. */
function widen(bits: number, half: boolean): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponentBits = half ? 5 : 8;
  const fractionBits = 15 - exponentBits;
  const largest = 2 ** exponentBits - 1;
  const exponent = (bits & 0x7fff) >> fractionBits;
  const fraction = (bits & (2 ** fractionBits - 1)) / 2 ** fractionBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  if (exponent === largest) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
}
