/**
 * TensorBoard's event files: TFRecord framing (length, masked CRC32C of the length, bytes, masked CRC32C of the
 * bytes) around `Event` messages in protocol-buffer encoding (tensorflow/core/util/event.proto).
 */
import { maskedCrc32c } from "./crc32c";
import { MessageWriter, readFields } from "./protobuf";

/** Numbers logged together. */
export interface ScalarEvent {
  /** Seconds since 1970. */
  wallTime: number;
  /** A whole number, 0 or more. */
  step: number;
  /** Tag and value; stored as float32. */
  scalars: [tag: string, value: number][];
}

/** How the values of a tensor are distributed. */
export interface Histogram {
  tag: string;
  min: number;
  max: number;
  /** Of the values: how many, their sum, the sum of their squares. */
  count: number;
  sum: number;
  sumOfSquares: number;
  /** Upper ends of the buckets, ascending; the first begins at `min`. */
  limits: Float64Array;
  /** Values in each bucket. */
  counts: Float64Array;
}

/** Histograms logged together. */
export interface HistogramEvent {
  /** Seconds since 1970. */
  wallTime: number;
  step: number;
  histograms: Histogram[];
}

export interface EventFile {
  events: ScalarEvent[];
  /** Bytes of whole, intact records; what follows is a torn tail to be cut off before appending. */
  intactBytes: number;
  /** Whether something follows the intact records. */
  torn: boolean;
}

/** The first record of a file, without which TensorBoard refuses it. */
export function encodeFileVersion(wallTime: number): Uint8Array {
  const version = new TextEncoder().encode("brain.Event:2");
  const event = new MessageWriter(16 + version.length);
  event.double(1, wallTime);
  event.bytes(3, version);
  return frame(event.finish());
}

/** One record holding one event. */
export function encodeScalars({ wallTime, step, scalars }: ScalarEvent): Uint8Array {
  const summary = new MessageWriter(scalars.length * 40);
  for (const [tag, value] of scalars) {
    const tagBytes = tagToBytes(tag);
    const scalar = new MessageWriter(tagBytes.length + 8);
    scalar.bytes(1, tagBytes);
    scalar.float(2, value);
    summary.bytes(1, scalar.finish());
  }
  return summaryRecord(wallTime, step, summary.finish());
}

/** One record holding the histograms of one moment (tensorflow/core/framework/histogram.proto). */
export function encodeHistograms({ wallTime, step, histograms }: HistogramEvent): Uint8Array {
  const summary = new MessageWriter(histograms.length * 600);
  for (const { tag, min, max, count, sum, sumOfSquares, limits, counts } of histograms) {
    const histogram = new MessageWriter(64 + 16 * limits.length);
    [min, max, count, sum, sumOfSquares].forEach((value, i) => histogram.double(i + 1, value));
    histogram.bytes(6, packed(limits));
    histogram.bytes(7, packed(counts));
    const value = new MessageWriter(32 + 16 * limits.length);
    value.bytes(1, tagToBytes(tag));
    value.bytes(5, histogram.finish());
    summary.bytes(1, value.finish());
  }
  return summaryRecord(wallTime, step, summary.finish());
}

function summaryRecord(wallTime: number, step: number, summary: Uint8Array): Uint8Array {
  const event = new MessageWriter(summary.length + 32);
  event.double(1, wallTime);
  event.varint(2, step);
  event.bytes(5, summary);
  return frame(event.finish());
}

/** A repeated field of doubles. */
function packed(values: Float64Array): Uint8Array {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setFloat64(8 * i, value, true));
  return bytes;
}

/**
 * Reads every intact record up to the first torn or damaged one. Events without scalars are skipped.
 * Never throws: whatever the bytes are, the records before the damage are returned.
 */
export function decodeEvents(bytes: Uint8Array): EventFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const events: ScalarEvent[] = [];
  let at = 0;
  while (bytes.length - at >= 16) {
    const length = view.getBigUint64(at, true);
    if (maskedCrc32c(bytes.subarray(at, at + 8)) !== view.getUint32(at + 8, true)) break;
    if (length > BigInt(bytes.length - at - 16)) break;
    const end = at + 12 + Number(length);
    const payload = bytes.subarray(at + 12, end);
    if (maskedCrc32c(payload) !== view.getUint32(end, true)) break;
    const event = readEvent(payload);
    if (event && event.scalars.length > 0) events.push(event);
    at = end + 4;
  }
  return { events, intactBytes: at, torn: at < bytes.length };
}

function frame(payload: Uint8Array): Uint8Array {
  const record = new Uint8Array(payload.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(payload.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(payload, 12);
  view.setUint32(12 + payload.length, maskedCrc32c(payload), true);
  return record;
}

const encodedTags = new Map<string, Uint8Array>();

/** A run logs the same few tags over and over. */
function tagToBytes(tag: string): Uint8Array {
  let bytes = encodedTags.get(tag);
  if (!bytes) encodedTags.set(tag, (bytes = new TextEncoder().encode(tag)));
  return bytes;
}

function readEvent(payload: Uint8Array): ScalarEvent | null {
  const fields = readFields(payload);
  if (!fields) return null;
  const event: ScalarEvent = { wallTime: NaN, step: 0, scalars: [] };
  for (const { field, number, bytes } of fields) {
    if (field === 1) event.wallTime = number;
    else if (field === 2) event.step = number;
    else if (field === 5) {
      for (const value of readFields(bytes) ?? []) {
        const scalar = value.field === 1 ? readFields(value.bytes) : null;
        const tag = scalar?.find((part) => part.field === 1);
        const simple = scalar?.find((part) => part.field === 2);
        if (tag && simple) event.scalars.push([new TextDecoder().decode(tag.bytes), simple.number]);
      }
    }
  }
  return event;
}
