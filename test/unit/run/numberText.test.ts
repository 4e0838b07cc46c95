import assert from "node:assert/strict";
import { fixed, formatNumber, percentText } from "../../../src/run/numberText";

describe("numbers in sentences", () => {
  it("have four digits, and commas between thousands", () => {
    const texts: [number, string][] = [
      [0, "0"],
      [0.25, "0.25"],
      [1 / 3, "0.3333"],
      [999.96, "1,000"],
      [1000, "1,000"],
      [4201.6, "4,202"],
      [-4201.6, "\u22124,202"],
      [1_234_567, "1,234,567"],
      [12_345_678, "1.23e7"],
      [0.0000123, "1.23e\u22125"],
      [-0.5, "\u22120.5"],
      [Infinity, "Infinity"],
    ];
    for (const [value, text] of texts) assert.equal(formatNumber(value), text);
  });

  it("have a real minus and no negative zero where decimals are fixed", () => {
    assert.deepEqual(
      [fixed(0.8724, 3), fixed(-0.1312, 3), fixed(-0.0001, 3)],
      ["0.872", "\u22120.131", "0.000"],
    );
  });

  it("are never rounded to a perfect or an empty share", () => {
    assert.deepEqual([1, 0.9999, 0.967, 0.0001, 0].map(percentText), [
      "100.0\u00a0%",
      "> 99.9\u00a0%",
      "96.7\u00a0%",
      "< 0.1\u00a0%",
      "0.0\u00a0%",
    ]);
  });
});
