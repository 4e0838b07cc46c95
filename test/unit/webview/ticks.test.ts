import assert from "node:assert/strict";
import fc from "fast-check";
import { linearLimits, linearTicks, logLimits, logTicks } from "../../../webview/ticks";

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });

describe("linear axes", () => {
  it("are labelled at round numbers", () => {
    assert.deepEqual(linearTicks(0, 1.2, 6), [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2]);
    assert.deepEqual(linearTicks(-3.4, 2.2, 5), [-2, 0, 2]);
    assert.deepEqual(linearTicks(5, 5, 5), [5]);
  });

  it("have ticks within their limits, and not many more than asked for", () => {
    fc.assert(
      fc.property(finite, finite, fc.integer({ min: 2, max: 12 }), (p, q, count) => {
        fc.pre(Math.abs(p - q) > 1e-6);
        const [low, high] = [Math.min(p, q), Math.max(p, q)];
        const ticks = linearTicks(low, high, count);
        const slack = (high - low) * 1e-6;
        assert.ok(ticks.every((tick) => tick >= low - slack && tick <= high + slack));
        assert.ok(ticks.length <= count + 1);
      }),
    );
  });

  it("contain their values with air, and zero when it is near", () => {
    assert.deepEqual(linearLimits(0.1, 1), [0, 1.045]);
    assert.deepEqual(linearLimits(5, 5), [2.5, 7.5]);
    assert.deepEqual(linearLimits(0, 0), [0, 1]);
    assert.deepEqual(linearLimits(Infinity, -Infinity), [0, 1]);
    const [low, high] = linearLimits(90, 100);
    assert.ok(low > 80 && low < 90 && high > 100);
  });
});

describe("logarithmic axes", () => {
  it("are labelled at powers of ten, or finer when there are few", () => {
    assert.deepEqual(logTicks(0.0005, 20, 6), [0.001, 0.01, 0.1, 1, 10]);
    assert.deepEqual(logTicks(0.04, 1.2, 6), [0.05, 0.1, 0.2, 0.5, 1]);
    assert.deepEqual(logTicks(1.02, 1.08, 3), [1.02, 1.04, 1.06, 1.08]);
    assert.ok(logTicks(1e-300, 1e300, 5).length <= 6);
  });

  it("have positive limits whatever the values", () => {
    for (const [low, high] of [
      [1, 10],
      [3, 3],
      [Infinity, -Infinity],
      [1e-308, 1e308],
    ]) {
      const [from, to] = logLimits(low, high);
      assert.ok(from > 0 && to > from && Number.isFinite(to), `${from} … ${to}`);
    }
  });
});
