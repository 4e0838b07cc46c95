/** The kernels' own exp, log(1 + x), tanh, σ and Φ against float64, over their whole range. */
import assert from "node:assert/strict";
import { erf, exp, log, log1p, sigmoid, tanh } from "../../../../src/engine/elementary";
import { instantiateKernel } from "../../../../src/engine/wasm/kernel";

const bits = new DataView(new ArrayBuffer(4));

/** A unit in the last place of x as float32. */
function ulp(x: number): number {
  bits.setFloat32(0, Math.abs(x));
  const exponent = Math.max(1, bits.getUint32(0) >>> 23);
  return 2 ** (exponent - 127 - 23);
}

/** Every float32 of [from, to] whose bits are a multiple of `stride` apart, on both sides of 0 where that is within. */
function* floats(from: number, to: number, stride: number): Generator<number> {
  for (const sign of [1, -1]) {
    for (let pattern = 0; pattern < 0x7f800000; pattern += stride) {
      bits.setUint32(0, pattern);
      const x = sign * bits.getFloat32(0);
      if (x >= from && x <= to) yield x;
    }
  }
}

const functions = [
  { name: "exp", which: 0, exact: exp, from: -87.33, to: 88.72, limit: 2 },
  {
    name: "log1p",
    which: 1,
    exact: (x: number) => (x <= 1 ? log1p(x) : log(1 + x)),
    from: 0,
    to: 1e30,
    limit: 2,
  },
  { name: "tanh", which: 2, exact: tanh, from: -1e30, to: 1e30, limit: 2 },
  { name: "sigmoid", which: 3, exact: sigmoid, from: -87.33, to: 1e30, limit: 4 },
] as const;

describe("The kernels' elementary functions", () => {
  const memory = new WebAssembly.Memory({ initial: 512, maximum: 512 });
  const kernel = instantiateKernel(memory);
  const apply = (which: 0 | 1 | 2 | 3 | 4, values: number[]) => {
    const array = new Float32Array(memory.buffer, 0, 4 * Math.ceil(values.length / 4));
    array.set(values);
    kernel.elementary(which, 0, array.byteLength);
    return array;
  };

  for (const { name, which, exact, from, to, limit } of functions) {
    it(`${name} is within ${limit} units in the last place`, function () {
      const points = [...floats(from, to, 7919)];
      const actual = apply(which, points);
      let worst = 0;
      let at = 0;
      points.forEach((x, i) => {
        const expected = exact(x);
        const error = Math.abs(actual[i] - expected) / ulp(expected);
        if (!(error <= worst)) [worst, at] = [error, x];
      });
      if (this.test) this.test.title += ` (worst ${worst.toFixed(2)}, at ${at}, of ${points.length} points)`;
      assert.ok(worst <= limit, `${worst} units at ${at}`);
    });
  }

  it("Φ is within 2e-6 of its value, relatively, down to −6", () => {
    const points = Array.from({ length: 100_000 }, (_, i) => Math.fround(-6 + (12 * i) / 100_000));
    const actual = apply(4, points);
    points.forEach((x, i) => {
      // Below 0 by the tail itself, where 1 + erf would cancel: compared in absolute size there.
      const expected = 0.5 * (1 + erf(x * Math.SQRT1_2));
      assert.ok(Math.abs(actual[i] - expected) <= 2e-6 * expected + 1e-16, `Φ(${x}) is ${actual[i]}`);
    });
  });

  it("pass NaN on, and end in 0, 1 or infinity far out", () => {
    const far = [NaN, -1e30, 1e30, Infinity, -Infinity, 0];
    assert.deepEqual([...apply(0, far).subarray(0, 6)], [NaN, 0, Infinity, Infinity, 0, 1]);
    assert.deepEqual([...apply(2, far).subarray(0, 6)], [NaN, -1, 1, 1, -1, 0]);
    assert.deepEqual([...apply(3, far).subarray(0, 6)], [NaN, 0, 1, 1, 0, 0.5]);
    assert.ok(Number.isNaN(apply(1, [NaN])[0]));
  });
});
