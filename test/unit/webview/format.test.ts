import assert from "node:assert/strict";
import {
  formatCount,
  formatDuration,
  formatNumber,
  formatPercent,
  formatRate,
  formatStepTick,
  formatTick,
} from "../../../webview/format";
import { beats, metricInfo } from "../../../webview/metrics";

describe("formats", () => {
  const cases: [string, (value: number | null) => string, [number | null, string][]][] = [
    [
      "numbers",
      formatNumber,
      [
        [null, "–"],
        [NaN, "–"],
        [Infinity, "∞"],
        [-Infinity, "−∞"],
        [0, "0"],
        [0.05, "0.05000"],
        [1.09861, "1.099"],
        [-2.5, "−2.500"],
        [1234.4, "1,234"],
        [9999.96, "10,000"],
        [34_601.7, "34,602"],
        [1_234_567, "1.235e6"],
        [0.000123, "1.23e−4"],
        [-1e-10, "−1e−10"],
      ],
    ],
    [
      "ticks",
      (value) => formatTick(value ?? NaN),
      [
        [0, "0"],
        [0.30000000000000004, "0.3"],
        [-2, "−2"],
        [20_000, "20000"],
        [5e5, "5e5"],
        [1e-4, "1e−4"],
      ],
    ],
    [
      "steps on an axis",
      (value) => formatStepTick(value ?? NaN),
      [
        [0, "0"],
        [5000, "5000"],
        [20_000, "20k"],
        [1_500_000, "1.5M"],
      ],
    ],
    [
      "percentages",
      formatPercent,
      [
        [null, "–"],
        [1 / 3, "33.3\u00a0%"],
        [1, "100.0\u00a0%"],
        [0.9999, "> 99.9\u00a0%"],
        [0, "0.0\u00a0%"],
        [0.0002, "< 0.1\u00a0%"],
      ],
    ],
    [
      "durations",
      formatDuration,
      [
        [null, "–"],
        [-1, "–"],
        [Infinity, "–"],
        [0, "< 0.1 s"],
        [0.44, "0.4 s"],
        [9.96, "10 s"],
        [59.6, "1 min"],
        [200, "3 min 20 s"],
        [3600, "1 h"],
        [7500, "2 h 5 min"],
        [86_399, "1 d"],
        [273_600, "3 d 4 h"],
      ],
    ],
    [
      "rates",
      formatRate,
      [
        [null, "–"],
        [0.1234, "0.123 samples/s"],
        [1234, "1,230 samples/s"],
        [999_999, "1.00 M samples/s"],
        [1_234_567, "1.23 M samples/s"],
        [4.5e9, "4.50 G samples/s"],
      ],
    ],
    ["counts", (value) => formatCount(value ?? 0), [[1234567, "1,234,567"]]],
    [
      "R²",
      metricInfo("r2").format,
      [
        [-0.0003, "0.000"],
        [0.8765, "0.877"],
        [-1.5, "−1.500"],
        [null, "–"],
      ],
    ],
  ];
  for (const [name, format, examples] of cases) {
    it(`writes ${name} as people read them`, () => {
      assert.deepEqual(
        examples.map(([value]) => format(value)),
        examples.map(([, text]) => text),
      );
    });
  }
});

describe("beats", () => {
  it("knows which way each metric goes, and does not judge what is missing", () => {
    assert.equal(beats("accuracy", 0.9, 0.3), true);
    assert.equal(beats("accuracy", 0.3, 0.3), false);
    assert.equal(beats("rmse", 2, 3), true);
    assert.equal(beats("r2", -0.1, 0), false);
    assert.equal(beats("loss", null, 1), null);
    assert.equal(beats("loss", 1, undefined), null);
    assert.equal(beats("loss", NaN, 1), null);
  });
});
