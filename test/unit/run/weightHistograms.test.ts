import assert from "node:assert/strict";
import fc from "fast-check";
import { describeNetwork } from "../../../src/engine/network";
import { HistogramPace, weightHistograms } from "../../../src/run/weightHistograms";

const network = describeNetwork(4, [{ units: 5, activation: "relu", dropout: 0 }], 2);
const count = 4 * 5 + 5 + 5 * 2 + 2;

describe("histograms of the weights", () => {
  it("count every value once, in the bucket that it lies in", () => {
    const values = fc.array(fc.float({ min: -10, max: 10, noNaN: true }), {
      minLength: count,
      maxLength: count,
    });
    fc.assert(
      fc.property(values, (parameters) => {
        const histograms = weightHistograms(network, Float32Array.from(parameters));
        assert.deepEqual(
          histograms.map(({ tag }) => tag),
          [
            "weights/layers.0.weight",
            "weights/layers.0.bias",
            "weights/layers.1.weight",
            "weights/layers.1.bias",
          ],
        );
        let from = 0;
        for (const { min, max, count: size, sum, sumOfSquares, limits, counts } of histograms) {
          const those = [...Float32Array.from(parameters.slice(from, (from += size)))];
          assert.deepEqual([min, max], [Math.min(...those), Math.max(...those)]);
          assert.ok(Math.abs(sum - those.reduce((a, b) => a + b)) < 1e-9);
          assert.ok(Math.abs(sumOfSquares - those.reduce((a, b) => a + b * b, 0)) < 1e-9);
          assert.equal(limits.at(-1), max);
          assert.equal(
            counts.reduce((a, b) => a + b),
            size,
          );
          // The slow way, up to values that lie on an edge but for rounding.
          const width = (max - min) / limits.length;
          limits.forEach((limit, i) => {
            const below = counts.slice(0, i + 1).reduce((a, b) => a + b);
            assert.ok(below >= those.filter((value) => value < limit - 1e-6 * width).length);
            assert.ok(below <= those.filter((value) => value <= limit + 1e-6 * width).length);
          });
        }
      }),
    );
  });

  it("are taken once a second at most, and a thousand times in a day", () => {
    const pace = new HistogramPace(0);
    const day = 24 * 3600 * 1000;
    const times: number[] = [];
    for (let now = 0; now < day; now += 100) {
      if (!pace.due(now)) continue;
      times.push(now);
      pace.looked(now, 1);
    }
    assert.equal(times[0], 0);
    assert.ok(times.slice(1).every((time, i) => time - times[i] >= 1000));
    assert.ok(times.length > 500 && times.length < 1500, String(times.length));
  });
});
