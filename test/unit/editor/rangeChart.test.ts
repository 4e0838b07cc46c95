import assert from "node:assert/strict";
import { rangeChart, rangeChartPage } from "../../../src/editor/rangeChart";
import type { RangeTest } from "../../../src/protocol/rangeTest";

const test: RangeTest = {
  learningRates: Float64Array.of(1e-4, 1e-3, 1e-2, 1e-1),
  losses: Float64Array.of(1, 0.8, 0.4, 30),
  smoothed: Float64Array.of(1, 0.9, 0.5, 9),
  lowest: 0.01,
  suggestion: 0.001,
  current: 0.01,
  optimizer: "sgd",
  ended: "rose",
};

describe("The chart of a range test", () => {
  it("has equal distances between powers of ten, and keeps what runs away inside", () => {
    const [each, mean] = [...rangeChart(test).matchAll(/<polyline class="\w+" points="([^"]*)"/g)].map(
      ([, points]) => points.split(" ").map((point) => point.split(",").map(Number)),
    );
    const gaps = mean.slice(1).map(([x], i) => x - mean[i][0]);
    assert.ok(
      gaps.every((gap) => Math.abs(gap - gaps[0]) < 0.2),
      String(gaps),
    );
    // Lower on the page is a lower loss.
    assert.ok(mean[0][1] < mean[1][1] && mean[1][1] < mean[2][1]);
    assert.ok([...each, ...mean].every(([x, y]) => x >= 0 && x <= 760 && y >= 0 && y <= 420));
  });

  it("allows no script, and no markup from a name", () => {
    const page = rangeChartPage("<b>iris</b>", test, "A sentence.", "abc");
    assert.match(page, /default-src 'none'; style-src 'nonce-abc'/);
    assert.doesNotMatch(page, /<b>|<script/);
    assert.match(page, /suggested 0\.001/);
  });
});
