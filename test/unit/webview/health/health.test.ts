import assert from "node:assert/strict";
import * as fc from "fast-check";
import { bandOf, ratioBands, verdict } from "../../../../webview/health/bands";
import { runningMedian } from "../../../../webview/health/ratioPicture";
import { sparklinePath } from "../../../../webview/health/sparkline";

describe("bands of the decrease ratio", () => {
  it("cover every value once, and their edges belong to the better one", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (ratio) => {
        const band = bandOf(ratio);
        assert.ok(ratio >= band.from && (ratio < band.to || ratio === Infinity));
        assert.equal(
          ratioBands.filter(({ from, to }) => ratio >= from && ratio < to).length,
          ratio < Infinity ? 1 : 0,
        );
      }),
    );
    const names = [0.95, 0.7, 0.5, 0.2, 0, -1].map((ratio) => bandOf(ratio).name);
    assert.deepEqual(names, ["timid", "good", "good", "overshooting", "overshooting", "rising"]);
  });

  it("are told in a sentence, by what the latest probes do", () => {
    assert.equal(verdict([]), "No step has been looked at yet.");
    assert.match(verdict([-3]), /^The latest probe: rising\. The loss .*too large\.$/);
    // What was long ago no longer counts.
    const then = new Array<number>(50).fill(-1);
    assert.match(
      verdict([...then, ...new Array<number>(15).fill(0.7), ...new Array<number>(5).fill(0.95)]),
      /^15 of the latest 20 probes: good\./,
    );
  });
});

describe("the running median", () => {
  it("is the middle of the latest values, whatever one of them is", () => {
    const y = Float64Array.of(1, 3, 2, -1000, 2, 2);
    const { y: medians } = runningMedian({ x: Float64Array.of(1, 2, 3, 4, 5, 6), y }, 3);
    assert.deepEqual([...medians], [1, 2, 2, 2, 2, 2]);
  });
});

describe("a sparkline", () => {
  it("goes from the left to where its steps are, its lowest value at the bottom", () => {
    const path = sparklinePath({ x: Float64Array.of(0, 50), y: Float64Array.of(4, 2) }, 100);
    assert.equal(path, "M1.0 1.0L36.0 17.0");
  });

  it("is empty for less than two values, and passes over what is not finite", () => {
    assert.equal(sparklinePath({ x: Float64Array.of(3), y: Float64Array.of(1) }, 10), "");
    const gap = sparklinePath({ x: Float64Array.of(0, 5, 10), y: Float64Array.of(1, NaN, 1) }, 10);
    assert.equal(gap, "M1.0 9.0L71.0 9.0");
    const noise = { x: Float64Array.of(0, 10), y: Float64Array.of(0, 1e-9) };
    assert.equal(sparklinePath(noise, 10, 1), "M1.0 9.0L71.0 9.0");
  });
});
