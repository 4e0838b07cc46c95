import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { decodeSafetensors, encodeSafetensors } from "../../../src/formats/safetensors";

/** A file put together by hand from its header's text and its data. */
function file(header: string, data: number[] = []): Uint8Array {
  const json = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.from(data)]);
}

describe("safetensors", () => {
  it("reads the files of another writer", () => {
    const folder = path.join(DOWNHILL_ROOT, "test/reference/regression-mse-sgd");
    const { tensors } = decodeSafetensors(readFileSync(path.join(folder, "initial.safetensors")));
    assert.deepEqual(
      tensors.map(({ name, shape }) => [name, shape]),
      [
        ["layers.0.weight", [8, 3]],
        ["layers.0.bias", [8]],
        ["layers.1.weight", [1, 8]],
        ["layers.1.bias", [1]],
      ],
    );
    // As Python's struct module reads them.
    const first = [-0.8889226913452148, 0.3572886884212494, -0.20484624803066254];
    assert.deepEqual([...tensors[0].values.slice(0, 3)], first);
    assert.deepEqual([...tensors[3].values], [0.019929850473999977]);
  });

  it("writes the bytes that the format's page describes", () => {
    const bytes = encodeSafetensors([{ name: "w", shape: [1, 2], values: Float32Array.of(1, -2) }]);
    const header = '{"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}} '.trimEnd();
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    assert.deepEqual(Buffer.from(bytes), file(padded, [0, 0, 128, 63, 0, 0, 0, 192]));
  });

  it("gives back what was written, in whatever order and precision", () => {
    const values = fc.oneof(fc.float32Array(), fc.float64Array());
    const named = { noNullPrototype: true };
    const anyTensors = fc.dictionary(fc.string(), values, named);
    const anyMetadata = fc.dictionary(fc.string(), fc.string(), named);
    fc.assert(
      fc.property(anyTensors, anyMetadata, (all, metadata) => {
        const tensors = Object.entries(all)
          .filter(([name]) => name !== "__metadata__" && name !== "__proto__")
          .map(([name, array]) => ({ name, shape: [array.length], values: array }));
        const read = decodeSafetensors(encodeSafetensors(tensors, metadata));
        assert.equal(read.tensors.length, tensors.length);
        assert.deepEqual(read.metadata, metadata);
        for (const tensor of tensors) {
          assert.deepEqual(
            read.tensors.find(({ name }) => name === tensor.name),
            tensor,
          );
        }
      }),
    );
  });

  it("widens half precision", () => {
    const half = file(
      '{"h":{"dtype":"F16","shape":[5],"data_offsets":[0,10]}}',
      [0x00, 0x3c, 0x00, 0xc0, 0xff, 0x7b, 0x01, 0x00, 0x00, 0x7c],
    );
    assert.deepEqual([...decodeSafetensors(half).tensors[0].values], [1, -2, 65504, 2 ** -24, Infinity]);
    const brain = file('{"b":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}', [0x80, 0x3f, 0x20, 0xc0]);
    assert.deepEqual([...decodeSafetensors(brain).tensors[0].values], [1, -2.5]);
  });

  it("says what is wrong with a damaged file", () => {
    const whole = encodeSafetensors([{ name: "w", shape: [2], values: Float32Array.of(1, 2) }]);
    const entry = (json: string): Uint8Array => file(`{"w":${json}}`, [0, 0, 0, 0]);
    const cases: [Uint8Array, RegExp][] = [
      [new Uint8Array(3), /too short/],
      [Buffer.from("species,petal_width\nsetosa,0.2\n"), /not a safetensors file/],
      [file("[1,2]"), /header is not JSON/],
      [whole.slice(0, 20), /cut off/],
      [whole.slice(0, -1), /cut off within the tensor w/],
      [entry('{"dtype":"I64","shape":[],"data_offsets":[0,8]}'), /holds w as I64/],
      [entry('{"dtype":"F32","shape":[2],"data_offsets":[0,4]}'), /damaged entry for the tensor w/],
      [entry('{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}'), /damaged entry/],
      [entry("null"), /damaged entry/],
    ];
    for (const [bytes, message] of cases) {
      assert.throws(() => decodeSafetensors(bytes), { name: "FormatError", message });
    }
  });

  it("refuses a shape that does not fit its values", () => {
    assert.throws(
      () => encodeSafetensors([{ name: "w", shape: [3], values: new Float32Array(2) }]),
      RangeError,
    );
  });
});
