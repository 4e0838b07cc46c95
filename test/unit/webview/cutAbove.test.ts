import assert from "node:assert/strict";
import { cutAbove, highest } from "../../../webview/charts/cutAbove";

const points = (...y: number[]) => ({ x: Float64Array.from(y, (_, i) => i), y: Float64Array.from(y) });

describe("A line beside others", () => {
  it("ends on the limit where it leaves the picture, and begins there where it comes back", () => {
    assert.deepEqual([...cutAbove(points(1, 2, 30, 400, 50, 3), 10).y], [1, 2, 10, NaN, 10, 3]);
    assert.deepEqual([...cutAbove(points(1, Infinity, NaN), 10).y], [1, 10, NaN]);
  });

  it("is whole where there is nothing to compare with", () => {
    assert.deepEqual([...cutAbove(points(1, 2e9), highest([])).y], [1, 2e9]);
  });

  it("is measured by the highest finite value", () => {
    assert.equal(highest([points(1, Infinity, 3).y, points(2, NaN).y]), 3);
  });
});
