/** The parts of a function's map that need no canvas: levels, views, what is drawn where. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { createFunction } from "../../../../src/descent/functions/differentiable";
import { chooseLevels } from "../../../../webview/surface/levels";
import { projectionOf } from "../../../../webview/function/projection";
import { sampleGrid } from "../../../../webview/function/surface";
import { surfaceColour } from "../../../../webview/surface/contours";
import { around, fromX, fromY, toX, toY, withEqualScales, zoomed } from "../../../../webview/function/view";
import { curveView, mapView } from "../../../../webview/function/wholeView";
import { contrast } from "../../../../webview/colour";

function gridOf(expression: string, limits: [number, number]): Float64Array {
  const projection = projectionOf(createFunction(expression, ["x", "y"]), new Float64Array(2));
  return sampleGrid(projection, { a: limits, b: limits }, 60, 60);
}

describe("The contour lines of a function", () => {
  it("lie at equal distances where the surface is even", () => {
    for (const expression of ["x + y", "x^2 - y^2", "x^2 + y^2"]) {
      const levels = chooseLevels(gridOf(expression, [-2, 2]))!;
      assert.equal(levels.logarithmic, false, expression);
      const steps = levels.values.slice(1).map((value, i) => value - levels.values[i]);
      assert.ok(levels.values.length >= 5 && Math.max(...steps) - Math.min(...steps) < 1e-9, expression);
    }
  });

  it("follow the logarithm where most of the surface lies low", () => {
    const levels = chooseLevels(gridOf("(1-x)^2 + 100*(y-x^2)^2", [-2, 2]))!;
    assert.equal(levels.logarithmic, true);
    assert.ok(
      levels.values.length >= 8 && levels.values[0] < 1 && levels.values.at(-1)! > 500,
      levels.values.join(),
    );
    for (const value of levels.values) assert.match(value.toExponential(), /^[125]e/);
  });

  it("follow it from the lowest value on, where that is not 0", () => {
    const levels = chooseLevels(gridOf("(1-x)^2 + 100*(y-x^2)^2 - 5000", [-2, 2]))!;
    assert.equal(levels.logarithmic, true);
    assert.ok(
      levels.values.every((value, i) => value > levels.low && (i === 0 || value > levels.values[i - 1])),
    );
  });

  it("are there beside a pole and beside gaps", () => {
    const pole = chooseLevels(gridOf("1/(x^2 + y^2) + x", [-2, 2]))!;
    assert.ok(pole.high < 1e3 && pole.values.length >= 5);
    const gaps = gridOf("log(x) + y^2", [-2, 2]);
    assert.ok(gaps.some(Number.isNaN));
    assert.ok(chooseLevels(gaps)!.values.length >= 5);
  });

  it("are none where there is nothing to see", () => {
    assert.equal(chooseLevels(gridOf("log(-1 - x^2 - y^2)", [-2, 2])), null);
    assert.deepEqual(chooseLevels(gridOf("3 + 0*x", [-2, 2]))!.values, []);
    // What differs by rounding, or by less than can be divided, is flat too.
    assert.deepEqual(chooseLevels(Float64Array.of(1, 1, 1, 1 + 2 ** -52))!.values, []);
    assert.equal(chooseLevels(Float64Array.of(0, 0, 0, -5e-324))!.position(0), 0);
  });

  it("ascend, and positions with them, for any surface", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e9, max: 1e9 }), { minLength: 4, maxLength: 300 }),
        (values) => {
          const levels = chooseLevels(Float64Array.from(values));
          if (!levels) return;
          let last = 0;
          for (const value of [levels.low, ...levels.values, levels.high]) {
            const position = levels.position(value);
            assert.ok(position >= last && position <= 1, `${position} after ${last}`);
            last = position;
          }
        },
      ),
    );
  });
});

describe("The colours of a surface", () => {
  it("leave a path in the foreground's colour visible", () => {
    for (const [kind, foreground] of [
      ["dark", [0.8, 0.8, 0.8]],
      ["light", [0.2, 0.2, 0.2]],
    ] as const) {
      for (const highContrast of [false, true]) {
        for (let t = 0; t <= 1; t += 0.1) {
          const needed = highContrast ? 4.5 : 1.5;
          const ink = highContrast
            ? kind === "dark"
              ? ([1, 1, 1] as const)
              : ([0, 0, 0] as const)
            : foreground;
          const ratio = contrast(surfaceColour({ kind, highContrast }, t), ink);
          assert.ok(ratio >= needed, `${kind} ${highContrast} at ${t}: ${ratio}`);
        }
      }
    }
  });
});

describe("The view of a map", () => {
  const box = { left: 50, top: 10, width: 400, height: 200 };

  it("has a pixel for every place and a place for every pixel", () => {
    const view = { a: [-2, 3] as [number, number], b: [10, 20] as [number, number] };
    assert.deepEqual(
      [toX(view, box, -2), toX(view, box, 3), toY(view, box, 10), toY(view, box, 20)],
      [50, 450, 210, 10],
    );
    assert.ok(Math.abs(fromX(view, box, toX(view, box, 1.234)) - 1.234) < 1e-12);
    assert.ok(Math.abs(fromY(view, box, toY(view, box, 12.34)) - 12.34) < 1e-12);
  });

  it("has equal scales, unless one would make the other useless", () => {
    const equal = withEqualScales({ a: [-1, 1], b: [-1, 1] }, box);
    assert.deepEqual(equal, { a: [-2, 2], b: [-1, 1] });
    const unequal = { a: [0, 1] as [number, number], b: [0, 1000] as [number, number] };
    assert.deepEqual(withEqualScales(unequal, box), unequal);
  });

  it("zooms about a place, and not beyond what numbers can tell apart", () => {
    const view = { a: [0, 10] as [number, number], b: [0, 10] as [number, number] };
    assert.deepEqual(zoomed(view, 0.5, 2, 8), { a: [1, 6], b: [4, 9] });
    let near = view;
    for (let i = 0; i < 1000; i++) near = zoomed(near, 0.5, 3, 3);
    assert.ok(near.a[1] > near.a[0] && near.a[1] - near.a[0] < 1e-6);
    let far = view;
    for (let i = 0; i < 1000; i++) far = zoomed(far, 2, 3, 3);
    assert.ok(Number.isFinite(far.a[1]));
  });

  it("shows the domain, and a start outside of it", () => {
    const domain: [number, number][] = [
      [-2, 2],
      [-1, 3],
    ];
    const inside = mapView({ a: Float64Array.of(0, 1), b: Float64Array.of(0, 1) }, domain, {
      ...box,
      width: 200,
    });
    assert.deepEqual(inside, { a: [-2, 2], b: [-1, 3] });
    const outside = mapView({ a: Float64Array.of(9, 1), b: Float64Array.of(0, 1) }, domain, box);
    assert.ok(outside.a[0] <= -2 && outside.a[1] > 9);
  });

  it("does not follow a descent that runs away", () => {
    const a = Float64Array.from({ length: 60 }, (_, i) => 1.5 ** i);
    const view = mapView({ a, b: new Float64Array(60) }, [null, null], box);
    assert.ok(view.a[1] < a[45] && view.a[1] > a[10]);
    const domain: [number, number][] = [
      [-2, 2],
      [-2, 2],
    ];
    assert.ok(mapView({ a, b: new Float64Array(60) }, domain, box).a[1] < 20);
  });

  it("of a curve is as high as its path", () => {
    const projection = projectionOf(createFunction("x^2"), new Float64Array(1));
    const view = curveView(
      projection,
      { a: Float64Array.of(2, 1, 0), b: Float64Array.of(4, 1, 0) },
      [-10, 10],
    );
    assert.deepEqual(view.a, [-10, 10]);
    assert.ok(view.b[0] <= 0 && view.b[1] >= 4 && view.b[1] < 100);
  });

  it("is never without extent", () => {
    for (const values of [[], [3], [3, 3], [NaN], [0, 1e-300]]) {
      const [low, high] = around(values, 0.1);
      assert.ok(high > low && Number.isFinite(high - low), values.join());
    }
  });
});

describe("The projection of a function", () => {
  it("of many variables moves a point along its plane", () => {
    const f = createFunction("x^2 + y^2 + z^2");
    const path = Float64Array.of(1, 2, 3, 0.5, 1, 1.5, 0.1, 0.2, 0.6, 0, 0, 0);
    const projection = projectionOf(f, path);
    const before = projection.place(path.subarray(0, 3), new Float64Array(1));
    const moved = projection.moved([1, 2, 3], 0.5, -0.25);
    const after = projection.place(Float64Array.from(moved), new Float64Array(1));
    assert.ok(
      Math.abs(after.a[0] - before.a[0] - 0.5) < 1e-12 && Math.abs(after.b[0] - before.b[0] + 0.25) < 1e-12,
    );
    assert.match(projection.labels[0], /direction 1 · 9\d\.\d\s% of the path/);
  });

  it("shows f itself where there are two variables", () => {
    const projection = projectionOf(createFunction("x - 2*y"), new Float64Array(2));
    assert.equal(projection.valueAt(3, 1), 1);
    assert.deepEqual(projection.direction(Float64Array.of(1, 2)), [1, 2]);
    assert.deepEqual(projection.moved([1, 1], 2, 3), [3, 4]);
  });
});
