import assert from "node:assert/strict";
import fc from "fast-check";
import { cos, sin, tan } from "../../../../src/descent/functions/trigonometry";

describe("Sine, cosine and tangent", () => {
  const near = (actual: number, expected: number): boolean =>
    Math.abs(actual - expected) <= 4e-16 * Math.max(1, Math.abs(expected)) || actual === expected;

  it("are those of the machine, to rounding", () => {
    const angle = fc.oneof(
      fc.double({ min: -10, max: 10, noNaN: true }),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(angle, (x) => {
        assert.ok(near(sin(x), Math.sin(x)), `sin ${x}: ${sin(x)}`);
        assert.ok(near(cos(x), Math.cos(x)), `cos ${x}: ${cos(x)}`);
      }),
      { numRuns: 20_000 },
    );
  });

  it("keep the digits of small results", () => {
    for (const k of [1, 2, 3, 100, 31415]) {
      const x = k * Math.PI;
      assert.ok(Math.abs(sin(x) / Math.sin(x) - 1) < 1e-12, `${k} π`);
    }
    assert.ok(Math.abs(tan(0.3) - Math.tan(0.3)) < 1e-15);
  });

  it("are not numbers where there is no angle", () => {
    for (const x of [NaN, Infinity, -Infinity]) assert.ok(Number.isNaN(sin(x)) && Number.isNaN(cos(x)));
  });
});
