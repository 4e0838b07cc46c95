import assert from "node:assert/strict";
import { describeSlice, lossScale, nearestAlpha } from "../../../../webview/trajectory/sliceChart";
import { describeSlicePlane } from "../../../../webview/trajectory/words";

describe("a slice between two runs", () => {
  it("has a logarithmic scale where the losses ask for one, and leaves out what is not finite", () => {
    assert.deepEqual(lossScale([NaN, Infinity]), { low: 0, high: 1, logarithmic: false });
    const even = lossScale([0.5, 2, Infinity]);
    assert.ok(!even.logarithmic && even.low < 0.5 && even.low >= 0 && even.high > 2 && even.high < 3);
    const wide = lossScale([0.01, 50]);
    assert.ok(wide.logarithmic && wide.low < 0.01 && wide.high > 50);
    assert.ok(lossScale([1, 1]).high > 1);
  });

  it("says the losses at the point that is pointed at", () => {
    const slice = {
      alpha: Float64Array.of(-0.5, 0.5, 1.5),
      training: Float64Array.of(3, 2, 1),
      validation: Float64Array.of(4, Infinity, 5),
      rows: 10,
      step: 3,
    };
    assert.equal(nearestAlpha(slice.alpha, 0.9), 1);
    assert.equal(nearestAlpha(slice.alpha, 9), 2);
    assert.equal(describeSlice(slice, 0), "α = −0.5 · training loss 3.000 · validation loss 4.000");
    assert.equal(describeSlice({ ...slice, validation: null }, 2), "α = 1.5 · training loss 1.000");
    assert.match(
      describeSlicePlane(slice),
      /Solid: training loss; dashed: validation loss\. Training: 10 rows\.$/,
    );
  });
});
