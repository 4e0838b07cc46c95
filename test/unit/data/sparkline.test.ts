import assert from "node:assert/strict";
import { sparkline } from "../../../src/data/sparkline";

describe("A sparkline", () => {
  it("draws blank for none, the lowest block for few, the highest for most", () => {
    assert.equal(sparkline([0, 1, 400, 800], 12), " ▁▄█");
    assert.equal(sparkline([], 12), "");
  });

  it("puts neighbours together where there is too little room", () => {
    assert.equal(sparkline([1, 1, 0, 0, 4, 0], 3), "▄ █");
    assert.equal(
      sparkline(
        Array.from({ length: 24 }, () => 5),
        12,
      ),
      "█".repeat(12),
    );
  });
});
