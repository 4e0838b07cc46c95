import assert from "node:assert/strict";
import fc from "fast-check";
import type { Histogram } from "../../../src/data/description";
import { dateHistogramOf, histogramOf, mostBins } from "../../../src/data/histogram";

function rangeOf(values: readonly number[]): { min: number; max: number; integers: boolean } {
  const finite = values.filter(Number.isFinite);
  return {
    min: Math.min(...finite),
    max: Math.max(...finite),
    integers: finite.every((value) => Number.isInteger(value)),
  };
}

/** The obvious way: for each bin, look at every value. */
function recount({ edges }: Histogram, values: readonly number[]): number[] {
  return edges.slice(1).map((to, bin) => {
    const last = bin === edges.length - 2;
    return values.filter((value) => value >= edges[bin] && (value < to || (last && value === to))).length;
  });
}

function check(histogram: Histogram | null, values: readonly number[]): void {
  assert.ok(histogram);
  const { edges, counts } = histogram;
  assert.ok(counts.length >= 1 && counts.length <= mostBins, `${counts.length} bins`);
  assert.equal(edges.length, counts.length + 1);
  for (let bin = 0; bin < counts.length; bin++)
    assert.ok(edges[bin] < edges[bin + 1] || counts.length === 1, edges.join());
  assert.deepEqual(counts, recount(histogram, values));
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    values.filter(Number.isFinite).length,
    "every finite value is in a bin",
  );
}

describe("A histogram", () => {
  const finite = fc.double({ noNaN: true, min: -1e300, max: 1e300 });
  const modest = fc.double({ noNaN: true, min: -1000, max: 1000 });
  const narrow = fc.double({ noNaN: true, min: 1e9, max: 1e9 + 1e-6 });
  const special = fc.constantFrom(NaN, Infinity, -Infinity);

  it("has every finite value in one of at most 24 bins", () => {
    const value = fc.oneof(finite, special);
    for (const kind of [value, fc.oneof(modest, special), fc.oneof(narrow, special)])
      fc.assert(
        fc.property(fc.array(kind, { minLength: 1, maxLength: 100 }), (values) => {
          fc.pre(values.some(Number.isFinite));
          check(histogramOf(Float64Array.from(values), rangeOf(values)), values);
        }),
        { numRuns: 300 },
      );
  });

  it("of integers has bins of whole width", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 1, maxLength: 100 }),
        (values) => {
          const histogram = histogramOf(Float64Array.from(values), rangeOf(values));
          check(histogram, values);
          const widths = histogram!.edges.slice(1, -1).map((edge, at) => edge - histogram!.edges[at]);
          for (const width of widths) assert.ok(Number.isInteger(width), histogram!.edges.join());
        },
      ),
      { numRuns: 300 },
    );
  });

  it("has one bin for each of a few integers", () => {
    const values = [1, 1, 2, 4];
    assert.deepEqual(histogramOf(Float64Array.from(values), rangeOf(values)), {
      edges: [0.5, 1.5, 2.5, 3.5, 4.5],
      counts: [2, 1, 0, 1],
    });
  });

  it("has round edges", () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => 0.013 + (i * 9.91) / 1000);
    const { edges } = histogramOf(values, { min: 0.013, max: values[999], integers: false })!;
    assert.deepEqual(edges.slice(0, 4), [0, 0.5, 1, 1.5]);
  });

  it("of one value, or none, is not empty or not there", () => {
    assert.deepEqual(histogramOf(Float64Array.of(1.5, 1.5), { min: 1.5, max: 1.5, integers: false }), {
      edges: [1.5, 1.5],
      counts: [2],
    });
    assert.equal(histogramOf(Float64Array.of(NaN), { min: NaN, max: NaN, integers: true }), null);
  });
});

describe("A histogram of dates", () => {
  it("has every date in one of at most 24 bins", () => {
    const days = fc.oneof(
      fc.integer({ min: -40_000, max: 40_000 }),
      fc.double({ noNaN: true, min: 18_000, max: 18_030 }),
      fc.double({ noNaN: true, min: -700_000, max: 3_000_000 }),
    );
    fc.assert(
      fc.property(fc.array(days, { minLength: 1, maxLength: 60 }), (values) => {
        check(dateHistogramOf(Float64Array.from(values), rangeOf(values)), values);
      }),
      { numRuns: 500 },
    );
  });

  it("begins its bins with months where they span years", () => {
    const from = Date.UTC(2012, 0, 1) / 86_400_000;
    const values = Float64Array.from({ length: 1461 }, (_, day) => from + day);
    const { edges } = dateHistogramOf(values, { min: from, max: from + 1460 })!;
    for (const edge of edges) assert.match(new Date(edge * 86_400_000).toISOString(), /-01T00:00:00/);
  });
});
