import assert from "node:assert/strict";
import fc from "fast-check";
import { fitPath, nearestPoint } from "../../../webview/trajectory/fit";

const box = { left: 40, top: 10, width: 300, height: 200 };
const coordinate = fc.double({ min: -1e4, max: 1e4, noNaN: true });
const path = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 30 });

describe("fitPath", () => {
  it("puts every point into the box", () => {
    fc.assert(
      fc.property(path, (points) => {
        const a = points.map((point) => point[0]);
        const b = points.map((point) => point[1]);
        const fit = fitPath(a, b, box);
        for (let i = 0; i < a.length; i++) {
          const [x, y] = [fit.toX(a[i]), fit.toY(b[i])];
          assert.ok(x >= box.left && x <= box.left + box.width, `x ${x}`);
          assert.ok(y >= box.top && y <= box.top + box.height, `y ${y}`);
        }
      }),
    );
  });

  it("has the same scale along both axes, b upwards", () => {
    const fit = fitPath([0, 10], [0, 1], box);
    assert.ok(Math.abs(fit.toX(3) - fit.toX(2) - (fit.toY(2) - fit.toY(3))) < 1e-9);
    assert.ok(fit.toY(1) < fit.toY(0));
    // Filled up to the margins in the direction that is tight.
    assert.ok(Math.abs(fit.toX(10) - fit.toX(0) - 0.84 * box.width) < 1e-9);
    assert.ok(Math.abs(fit.toX(fit.a[0]) - box.left) < 1e-9);
    assert.ok(Math.abs(fit.toY(fit.b[1]) - box.top) < 1e-9);
  });

  it("puts a single point, or none, in the middle", () => {
    for (const points of [[5], [], [NaN]]) {
      const fit = fitPath(points, points, box);
      const at = points[0] === 5 ? 5 : 0;
      assert.deepEqual([fit.toX(at), fit.toY(at)], [190, 110]);
      assert.ok(fit.scale > 0 && Number.isFinite(fit.scale));
    }
  });

  it("ignores points that are not finite", () => {
    const fit = fitPath([0, NaN, 1, Infinity], [0, 1, 1, 0], box);
    assert.equal(fit.scale, fitPath([0, 1], [0, 1], box).scale);
  });
});

describe("nearestPoint", () => {
  it("finds the nearest within reach, and none beyond", () => {
    const a = [0, 1, 2, NaN];
    const b = [0, 0, 0, NaN];
    const fit = fitPath(a, b, box);
    assert.equal(nearestPoint(fit, a, b, fit.toX(1) + 3, fit.toY(0), 10), 1);
    assert.equal(nearestPoint(fit, a, b, fit.toX(1), fit.toY(0) + 40, 10), -1);
  });
});
