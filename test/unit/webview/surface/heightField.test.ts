import assert from "node:assert/strict";
import type { SurfacePart } from "../../../../src/protocol/surface";
import { contoursOf } from "../../../../webview/surface/contours";
import { HeightField } from "../../../../webview/surface/heightField";
import { chooseLevels } from "../../../../webview/surface/levels";

/** A surface that is known at every `stride`-th point. */
function partOf(loss: (a: number, b: number) => number, stride: number, size = 64): SurfacePart {
  const region = { a: [-2, 2] as [number, number], b: [-1, 1] as [number, number] };
  const side = size / stride;
  const at = ([low, high]: [number, number], i: number): number =>
    low + ((stride * i + 0.5) / size) * (high - low);
  const losses = Float64Array.from({ length: side * side }, (_, k) =>
    loss(at(region.a, k % side), at(region.b, Math.floor(k / side))),
  );
  return { region, size, stride, losses, rows: 10, allRows: 10, step: 1 };
}

const bowl = (a: number, b: number): number => 0.1 + a * a + 3 * b * b;

describe("the heights of a surface", () => {
  it("are those of the known points, and smooth between them", () => {
    const field = new HeightField(partOf(bowl, 1));
    for (let i = 0; i < 200; i++) {
      const [a, b] = [1.9 * Math.sin(i), 0.95 * Math.cos(1.7 * i)];
      assert.ok(Math.abs(field.valueAt(a, b) - bowl(a, b)) < 0.01, `at ${a}, ${b}`);
    }
    assert.ok(Number.isNaN(field.valueAt(2.1, 0)) && Number.isNaN(field.valueAt(0, -1.1)));
  });

  it("lie in the right places while only a coarse grid is known", () => {
    const field = new HeightField(partOf((a, b) => 5 + a + 2 * b, 4));
    for (const [a, b] of [
      [0, 0],
      [1, 0.5],
      [-1.5, -0.8],
    ]) {
      assert.ok(Math.abs(field.valueAt(a, b) - (5 + a + 2 * b)) < 0.06, `at ${a}, ${b}`);
    }
  });

  it("never become negative where losses fall by powers of ten", () => {
    const field = new HeightField(partOf((a) => (a < 0 ? 1e6 : 1e-6), 1));
    assert.ok(field.grid(160).values.every((value) => value > 0));
  });

  it("have gaps where the loss is not finite, and contours around them", () => {
    const corner = (a: number, b: number): number => (a > 1 && b > 0.5 ? Infinity : bowl(a, b));
    const field = new HeightField(partOf(corner, 1));
    assert.ok(Number.isNaN(field.valueAt(1.5, 0.8)));
    assert.ok(Math.abs(field.valueAt(0.5, 0.8) - bowl(0.5, 0.8)) < 0.01);
    const grid = field.grid(160);
    const missing = grid.values.filter(Number.isNaN).length;
    assert.ok(Math.abs(missing / grid.values.length - 1 / 16) < 0.01, `${missing} cells are missing`);
    const levels = chooseLevels(field.part.losses)!;
    const contours = contoursOf(grid, levels);
    assert.ok(contours.length >= 5);
    assert.deepEqual(
      contours.map(({ whole }) => whole),
      contours.map((_, i) => i === 0),
    );
    // No point of any contour lies within the gap.
    for (const { rings } of contours) {
      for (const [x, y] of rings.flat()) assert.ok(!(x > 123 && x < 159 && y > 123 && y < 159));
    }
    // The lowest area reaches everywhere but into the gap.
    assert.ok(contours[0].rings.flat().some(([x, y]) => x < 1 && y < 1));
  });

  it("are none of a surface without a finite loss", () => {
    const field = new HeightField(partOf(() => NaN, 2));
    assert.equal(chooseLevels(field.part.losses), null);
    assert.ok(Number.isNaN(field.valueAt(0, 0)));
  });
});
