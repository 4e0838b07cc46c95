/** Event files as another reader of protocol buffers sees them, by TensorFlow's own description of the messages. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { parse } from "protobufjs";
import {
  encodeFileVersion,
  encodeHistograms,
  encodeScalars,
  type Histogram,
  type ScalarEvent,
} from "../../../src/formats/tensorboard";

const description = readFileSync(path.join(DOWNHILL_ROOT, "test/fixtures/tensorboard.proto"), "utf8");
const Event = parse(description).root.lookupType("tensorflow.Event");

/** The payload of a record, without its length and checksums. */
function read(record: Uint8Array): Record<string, unknown> {
  const length = Number(new DataView(record.buffer, record.byteOffset).getBigUint64(0, true));
  assert.equal(record.length, length + 16);
  return Event.toObject(Event.decode(record.subarray(12, 12 + length)), { longs: Number });
}

describe("TensorBoard event files, read by protobufjs", () => {
  it("begin with their version", () => {
    assert.deepEqual(read(encodeFileVersion(1.5)), { wallTime: 1.5, fileVersion: "brain.Event:2" });
  });

  it("hold the scalars that were written, whatever they are", () => {
    const number = fc.oneof(fc.float(), fc.constantFrom(NaN, Infinity, -Infinity));
    const scalars = fc.array(fc.tuple(fc.string({ unit: "grapheme", minLength: 1 }), number), {
      minLength: 1,
      maxLength: 5,
    });
    const event = fc.record({
      wallTime: fc.double({ noNaN: true }),
      step: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
      scalars,
    });
    fc.assert(
      fc.property(event, (written: ScalarEvent) => {
        const given = read(encodeScalars(written)) as {
          wallTime?: number;
          step?: number;
          summary: { value: { tag: string; simpleValue: number }[] };
        };
        assert.equal(given.wallTime ?? 0, written.wallTime);
        assert.equal(given.step ?? 0, written.step);
        assert.deepEqual(
          given.summary.value.map(({ tag, simpleValue }) => [tag, simpleValue]),
          written.scalars,
        );
      }),
    );
  });

  it("hold the histograms that were written", () => {
    const histograms: Histogram[] = [
      {
        tag: "weights/layers.0.weight",
        min: -1,
        max: 2,
        count: 7,
        sum: 3.5,
        sumOfSquares: 9.25,
        limits: Float64Array.of(0, 1, 2),
        counts: Float64Array.of(3, 0, 4),
      },
      {
        tag: "weights/layers.0.bias",
        min: 0.5,
        max: 0.5,
        count: 2,
        sum: 1,
        sumOfSquares: 0.5,
        limits: Float64Array.of(0.5),
        counts: Float64Array.of(2),
      },
    ];
    const given = read(encodeHistograms({ wallTime: 2.5, step: 300, histograms }));
    const value = histograms.map(({ tag, min, max, count, sum, sumOfSquares, limits, counts }) => ({
      tag,
      histo: {
        min,
        max,
        num: count,
        sum,
        sumSquares: sumOfSquares,
        bucketLimit: [...limits],
        bucket: [...counts],
      },
    }));
    assert.deepEqual(given, { wallTime: 2.5, step: 300, summary: { value } });
  });
});
