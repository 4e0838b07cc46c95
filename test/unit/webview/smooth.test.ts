import assert from "node:assert/strict";
import fc from "fast-check";
import type { Points } from "../../../webview/series";
import { meanWindow, runningMean } from "../../../webview/smooth";

const steps = (values: number[]): Points => ({
  x: Float64Array.from(values, (_, i) => i + 1),
  y: Float64Array.from(values),
});

/** The definition, without any bookkeeping. */
function slowMean({ x, y }: Points, window: number): [number, number][] {
  const result: [number, number][] = [];
  for (let i = 0; i < x.length; i++) {
    const gap = y.subarray(0, i + 1).findLastIndex((value) => Number.isNaN(value));
    if (gap === i) {
      result.push([x[i], NaN]);
      continue;
    }
    if (x[i] - x[gap + 1] + 1 < window / 2) continue;
    const inside = [...y.keys()].filter((j) => j > gap && j <= i && x[j] > x[i] - window);
    result.push([x[i], inside.reduce((sum, j) => sum + y[j], 0) / inside.length]);
  }
  return result;
}

describe("the running mean", () => {
  it("averages round numbers of steps, and none in a short run", () => {
    const cases: [number, number | null][] = [
      [0, null],
      [199, null],
      [200, 5],
      [399, 5],
      [400, 10],
      [1500, 20],
      [2000, 50],
      [40_000, 1000],
    ];
    for (const [lastStep, window] of cases) assert.equal(meanWindow(lastStep), window, String(lastStep));
  });

  it("is the mean of the last steps, starting with half a window", () => {
    const { x, y } = runningMean(steps([1, 2, 3, 4, 5, 6]), 4);
    assert.deepEqual([...x], [2, 3, 4, 5, 6]);
    assert.deepEqual([...y], [1.5, 2, 2.5, 3.5, 4.5]);
  });

  it("agrees with its definition, gaps and spikes included", () => {
    const value = fc.oneof(
      { weight: 8, arbitrary: fc.double({ min: 0, max: 10, noNaN: true }) },
      { weight: 1, arbitrary: fc.constant(NaN) },
      { weight: 1, arbitrary: fc.constant(1e200) },
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 60 }), fc.integer({ min: 1, max: 12 }), (values, window) => {
        const points = steps(values);
        const fast = runningMean(points, window);
        const slow = slowMean(points, window);
        assert.deepEqual(
          [...fast.x],
          slow.map(([at]) => at),
        );
        for (const [i, [, mean]] of slow.entries()) {
          if (Number.isNaN(mean)) assert.ok(Number.isNaN(fast.y[i]));
          else
            assert.ok(
              Math.abs(fast.y[i] - mean) <= 1e-5 * Math.max(1e-3, Math.abs(mean)),
              `${fast.y[i]} ${mean}`,
            );
        }
      }),
    );
  });

  it("has no points where there are none", () => {
    assert.equal(runningMean(steps([]), 5).x.length, 0);
  });
});
