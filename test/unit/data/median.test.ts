import assert from "node:assert/strict";
import fc from "fast-check";
import { medianInPlace } from "../../../src/data/median";

/** The obvious way. */
function sortedMedian(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]
    : sorted[middle - 1] + (sorted[middle] - sorted[middle - 1]) / 2;
}

describe("The median", () => {
  it("is that of the sorted numbers, also with many equal ones", () => {
    const number = fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 200 }), (values) => {
        const expected = sortedMedian(values);
        // Adding zero makes 0 of −0, which sorting does not tell apart.
        assert.equal(medianInPlace(Float64Array.from(values)) + 0, expected + 0);
      }),
      { numRuns: 500 },
    );
  });

  it("takes no square time on sorted, reversed and constant numbers", () => {
    const length = 300_000;
    const sorted = Float64Array.from({ length }, (_, i) => i);
    assert.equal(medianInPlace(sorted.slice()), (length - 1) / 2);
    assert.equal(medianInPlace(sorted.slice().reverse()), (length - 1) / 2);
    assert.equal(medianInPlace(new Float64Array(length).fill(7)), 7);
  });

  it("of nothing is NaN", () => assert.equal(medianInPlace(new Float64Array(0)), NaN));
});
