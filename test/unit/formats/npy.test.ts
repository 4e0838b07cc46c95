import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { npyParts } from "../../../src/formats/npy";
import { pythonWith } from "../export/python";

describe("the .npy format", () => {
  it("has its numbers at a multiple of 64 bytes", () => {
    const [head, data] = npyParts([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6));
    assert.equal(head.length % 64, 0);
    assert.equal(data.length, 24);
    const text = Buffer.from(head).toString("latin1");
    assert.equal(text.slice(1, 6), "NUMPY");
    assert.match(text.slice(10), /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(2, 3\), \} *\n$/);
    assert.equal(new DataView(head.buffer).getUint16(8, true), head.length - 10);
  });

  it("refuses values that do not fill the shape", () => {
    assert.throws(() => npyParts([2, 2], new Float32Array(3)), RangeError);
  });

  it("is read by NumPy", function () {
    const python = pythonWith("numpy");
    if (python === null) return this.skip();
    for (const shape of [[4], [2, 3], [5, 1]]) {
      const count = shape.reduce((total, size) => total * size, 1);
      const parts = npyParts(
        shape,
        Float32Array.from({ length: count }, (_, i) => i / 7),
      );
      const script =
        "import sys,io,json,numpy as n;a=n.load(io.BytesIO(sys.stdin.buffer.read()));print(json.dumps([a.shape,a.ravel().tolist()]))";
      const { stdout }: { stdout: string } = spawnSync(python, ["-c", script], {
        input: Buffer.concat(parts),
        encoding: "utf8",
      });
      assert.deepEqual(JSON.parse(stdout), [
        shape,
        Array.from({ length: count }, (_, i) => Math.fround(i / 7)),
      ]);
    }
  });
});
