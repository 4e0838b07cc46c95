import assert from "node:assert/strict";
import fc from "fast-check";
import type { Points } from "../../../webview/series";
import { indexAt, positiveOnly, thinToPixels } from "../../../webview/thin";

function pointsOf(y: readonly number[]): Points {
  return { x: Float64Array.from(y, (_, i) => i), y: Float64Array.from(y) };
}

/** Which rows of one column of pixels a line through the points covers: its lowest and highest value. */
function extents(points: Points, columns: number, end: number): string[] {
  const texts: string[] = [];
  for (let column = 0; column < columns; column++) {
    const values = [...points.y].filter((value, i) => {
      return Math.floor((points.x[i] * columns) / end) === column && !Number.isNaN(value);
    });
    texts.push(
      values.length ? `${Math.min(...values)} ${Math.max(...values)} ${values[0]} ${values.at(-1)}` : "",
    );
  }
  return texts;
}

describe("thinToPixels", () => {
  it("covers the same pixels as all points do, with at most four points a column", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { maxLength: 400 }),
        fc.integer({ min: 1, max: 60 }),
        (y, columns) => {
          const points = pointsOf(y);
          const thinned = thinToPixels(points, 0, y.length, columns);
          assert.deepEqual(extents(thinned, columns, y.length), extents(points, columns, y.length));
          assert.ok(thinned.x.length <= 4 * columns + 4);
          assert.ok(thinned.x.every((x, i) => thinned.y[i] === points.y[x]));
        },
      ),
    );
  });

  it("keeps gaps, once each", () => {
    const y = Array.from({ length: 100 }, (_, i) => (i >= 40 && i < 60 ? NaN : i));
    const thinned = thinToPixels(pointsOf(y), 0, 100, 5);
    assert.equal([...thinned.y].filter(Number.isNaN).length, 1);
    const gap = thinned.y.findIndex(Number.isNaN);
    assert.equal(thinned.y[gap - 1], 39);
    assert.equal(thinned.y[gap + 1], 60);
  });

  it("leaves few points as they are", () => {
    const points = pointsOf([1, NaN, 3]);
    assert.equal(thinToPixels(points, 0, 3, 100), points);
  });
});

describe("positiveOnly", () => {
  it("makes gaps of values that a logarithmic axis cannot show", () => {
    assert.deepEqual([...positiveOnly(pointsOf([1, 0, -1, 2, NaN])).y], [1, NaN, NaN, 2, NaN]);
    const positive = pointsOf([1, 2]);
    assert.equal(positiveOnly(positive), positive);
  });
});

describe("indexAt", () => {
  it("finds the last point at or before a step", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 50 })),
        fc.integer({ min: -5, max: 55 }),
        (steps, step) => {
          const x = Float64Array.from([...new Set(steps)].sort((a, b) => a - b));
          assert.equal(
            indexAt({ x, y: x }, step),
            x.findLastIndex((at) => at <= step),
          );
        },
      ),
    );
  });
});
