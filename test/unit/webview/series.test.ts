import assert from "node:assert/strict";
import fc from "fast-check";
import { ThinnedSeries, type Points } from "../../../webview/series";

const value = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -1e3, max: 1e3, noNaN: true }) },
  // Equal values: of two the earlier one is kept.
  { weight: 4, arbitrary: fc.integer({ min: -2, max: 2 }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity) },
);

function filled(y: readonly number[], capacity: number): ThinnedSeries {
  const series = new ThinnedSeries(capacity);
  y.forEach((one, i) => series.add(i + 1, one));
  return series;
}

/** The slow, obvious way: all points are kept and sorted into buckets at the end. */
function naive(y: readonly number[], capacity: number): Points {
  let stride = 1;
  while (Math.floor(y.length / stride) >= capacity) stride *= 2;
  const kept = new Map<number, number>();
  const buckets = Math.floor(y.length / stride);
  for (let bucket = 0; bucket <= buckets; bucket++) {
    const steps = y.map((_, i) => i + 1).filter((step) => Math.floor(step / stride) === bucket);
    const finite = steps.filter((step) => Number.isFinite(y[step - 1]));
    const first = (test: (a: number, b: number) => boolean): number | undefined =>
      finite.find((step) => finite.every((other) => !test(y[other - 1], y[step - 1])));
    const gap = steps.find((step) => !Number.isFinite(y[step - 1]));
    for (const step of [first((a, b) => a < b), first((a, b) => a > b)])
      if (step) kept.set(step, y[step - 1]);
    if (gap) kept.set(gap, NaN);
  }
  if (y.length) kept.set(y.length, Number.isFinite(y[y.length - 1]) ? y[y.length - 1] : NaN);
  const steps = [...kept.keys()].sort((a, b) => a - b);
  return { x: Float64Array.from(steps), y: Float64Array.from(steps, (step) => kept.get(step) ?? NaN) };
}

describe("ThinnedSeries", () => {
  it("keeps every point while there are few", () => {
    assert.deepEqual([...filled([3, 1, 2], 8).points().y], [3, 1, 2]);
  });

  it("agrees with sorting all points into buckets at the end", () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 300 }), fc.integer({ min: 2, max: 20 }), (y, capacity) => {
        assert.deepEqual(filled(y, capacity).points(), naive(y, capacity));
      }),
    );
  });

  it("keeps a single spike among a million points", () => {
    const series = new ThinnedSeries(1000);
    for (let step = 1; step <= 1_000_000; step++) series.add(step, step === 654_321 ? 99 : Math.sin(step));
    const { x, y } = series.points();
    assert.equal(y[x.indexOf(654_321)], 99);
    assert.ok(x.length <= 3 * 1000 + 1, `${x.length} points are kept`);
  });

  it("is the same curve when it is rebuilt from its own points and then goes on", () => {
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 200 }),
        fc.array(value, { maxLength: 200 }),
        fc.integer({ min: 2, max: 20 }),
        (before, after, capacity) => {
          const whole = filled([...before, ...after], capacity);
          const half = filled(before, capacity).points();
          const rebuilt = new ThinnedSeries(capacity);
          rebuilt.append(half.x, half.y);
          after.forEach((one, i) => rebuilt.add(before.length + i + 1, one));
          assert.deepEqual(rebuilt.points(), whole.points());
        },
      ),
    );
  });

  it("leaves out points that it already has", () => {
    const series = filled([1, 2, 3], 8);
    series.append([2, 3, 4], [20, 30, 40]);
    assert.deepEqual([...series.points().y], [1, 2, 3, 40]);
    series.add(4, 50);
    assert.equal(series.lastY, 40);
  });

  it("turns what is not finite into a gap and remembers the first finite value", () => {
    const series = filled([NaN, 5, Infinity, 4], 8);
    assert.deepEqual([...series.points().y], [NaN, 5, NaN, 4]);
    assert.equal(series.firstY, 5);
  });
});
