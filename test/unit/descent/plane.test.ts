import assert from "node:assert/strict";
import { PathRecorder } from "../../../src/descent/path";
import { type PathOnPlane, PrincipalPlane } from "../../../src/descent/plane";
import { randomStream } from "../../../src/engine/random";

type Vector = number[];

function pathOf(points: Vector[]): PathRecorder {
  const path = new PathRecorder(points[0]?.length ?? 1);
  points.forEach((point, step) => path.record(step, Float64Array.from(point), step));
  return path;
}

const planeOf = (points: Vector[]): PathOnPlane => new PrincipalPlane(pathOf(points)).refresh();

const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
  Array.from(x).reduce((sum, value, i) => sum + value * y[i], 0);

/** PCA as the textbook has it: the covariance matrix in parameter space, power iteration, deflation. */
function naivePlane(points: Vector[]) {
  const size = points[0].length;
  const mean = points[0].map((_, k) => points.reduce((sum, p) => sum + p[k], 0) / points.length);
  const centred = points.map((p) => p.map((value, k) => value - mean[k]));
  const covariance = mean.map((_, i) =>
    mean.map((__, j) => centred.reduce((sum, p) => sum + p[i] * p[j], 0)),
  );
  const trace = covariance.reduce((sum, row, i) => sum + row[i], 0);
  const directions: Vector[] = [];
  const values: number[] = [];
  for (let k = 0; k < 2; k++) {
    let v: Vector = Array.from({ length: size }, (_, i) => Math.sin(i + 1 + k));
    for (let i = 0; i < 20_000; i++) {
      v = covariance.map((row) => dot(row, v));
      for (const d of directions) {
        const overlap = dot(v, d);
        v = v.map((value, j) => value - overlap * d[j]);
      }
      const norm = Math.sqrt(dot(v, v));
      v = v.map((value) => value / norm);
    }
    directions.push(v);
    values.push(
      dot(
        v,
        covariance.map((row) => dot(row, v)),
      ),
    );
  }
  const coordinates = directions.map((d) => centred.map((p) => dot(p, d)));
  const offPlane = centred.map((p) => {
    const rest = p.map(
      (value, k) =>
        value - dot(p, directions[0]) * directions[0][k] - dot(p, directions[1]) * directions[1][k],
    );
    return Math.sqrt(dot(rest, rest));
  });
  return { coordinates, offPlane, explained: values.map((value) => value / trace) };
}

/** A curved descent in `size` dimensions with a little noise; float32 values, as parameters are. */
function curvedPath(length: number, size: number, noise = 0.01): Vector[] {
  const random = randomStream(3, "weights");
  return Array.from({ length }, (_, t) =>
    Array.from({ length: size }, (_, k) =>
      Math.fround(
        5 + Math.cos(k) * Math.exp(-t / 10) + Math.sin(3 * k) * 0.3 * Math.sin(t / 5) + noise * random.next(),
      ),
    ),
  );
}

function assertSameUpToSign(actual: Float64Array, expected: number[], tolerance: number) {
  const sign = Math.sign(dot(actual, expected));
  expected.forEach((value, i) => assert.ok(Math.abs(sign * actual[i] - value) < tolerance, `point ${i}`));
}

describe("the principal plane", () => {
  for (const [length, size] of [
    [3, 2],
    [5, 9],
    [20, 7],
    [60, 30],
    [9, 40],
  ]) {
    it(`of ${length} points in ${size} dimensions is that of the covariance matrix`, () => {
      const points = curvedPath(length, size);
      const plane = planeOf(points);
      const naive = naivePlane(points);
      assertSameUpToSign(plane.a, naive.coordinates[0], 1e-7);
      assertSameUpToSign(plane.b, naive.coordinates[1], 1e-7);
      naive.offPlane.forEach((value, i) => assert.ok(Math.abs(plane.offPlane[i] - value) < 1e-6));
      naive.explained.forEach((value, i) => assert.ok(Math.abs(plane.explained[i] - value) < 1e-9));
    });
  }

  it("finds a zig-zag, which is at right angles to every smooth curve", () => {
    const plane = planeOf(Array.from({ length: 40 }, (_, t) => [t % 2, 0.001 * t, 3]));
    assert.ok(plane.explained[0] > 0.99);
    plane.a.forEach((value, t) => assert.ok(Math.abs(Math.abs(value) - 0.5) < 1e-3, `point ${t}: ${value}`));
  });

  it("keeps distances between points that lie in a plane, and centres them", () => {
    const points = Array.from({ length: 25 }, (_, t) => [Math.cos(t), 2 * Math.sin(t), 7, 7]);
    const { a, b, offPlane } = planeOf(points);
    for (let i = 0; i < 25; i++) {
      assert.ok(offPlane[i] < 1e-6);
      for (let j = 0; j < i; j++) {
        const true_ = Math.hypot(
          ...points[i].map((value, k) => Math.fround(value) - Math.fround(points[j][k])),
        );
        assert.ok(Math.abs(Math.hypot(a[i] - a[j], b[i] - b[j]) - true_) < 1e-9);
      }
    }
    assert.ok(Math.abs(a.reduce((s, x) => s + x, 0)) < 1e-9 && Math.abs(b.reduce((s, x) => s + x, 0)) < 1e-9);
  });

  it("is sharp also for a tiny path far from the origin", () => {
    const points = Array.from({ length: 12 }, (_, t) => [
      1000 + t * 2 ** -13,
      -500 + (t % 3) * 2 ** -14,
      800,
    ]);
    const { a, b, explained } = planeOf(points);
    assert.ok(Math.abs(explained[0] + explained[1] - 1) < 1e-9);
    assert.ok(Math.abs(Math.hypot(a[11] - a[0], b[11] - b[0]) - Math.hypot(11, 1) * 2 ** -13) < 1e-8);
  });

  it("of no point is empty", () => {
    const plane = new PrincipalPlane(new PathRecorder(4)).refresh();
    assert.deepEqual(
      [plane.step.length, plane.a.length, plane.b.length, plane.offPlane.length],
      [0, 0, 0, 0],
    );
    assert.deepEqual(plane.explained, [0, 0]);
  });

  it("of one point, or of a path that never moves, is its origin", () => {
    for (const length of [1, 2, 10]) {
      const { a, b, offPlane, explained } = planeOf(Array.from({ length }, () => [1, 2, 3]));
      for (const values of [a, b, offPlane]) assert.deepEqual([...values], new Array(length).fill(0));
      assert.deepEqual(explained, [0, 0]);
    }
  });

  it("of two points, and of motion along a line, has one direction, travelled to the right", () => {
    const two = planeOf([
      [0, 0],
      [3, 4],
    ]);
    assert.ok(Math.abs(two.a[0] + 2.5) < 1e-12 && Math.abs(two.a[1] - 2.5) < 1e-12);
    assert.deepEqual([...two.b], [0, 0]);
    assert.ok(Math.abs(two.explained[0] - 1) < 1e-12);
    assert.equal(two.explained[1], 0);
    const line = planeOf(Array.from({ length: 9 }, (_, t) => [t, -2 * t, 0.5 * t]));
    assert.ok(line.a.every((value, i) => i === 0 || value > line.a[i - 1]));
    assert.ok(line.b.every((value) => Math.abs(value) < 1e-6));
    assert.ok(line.offPlane.every((value) => value < 1e-6));
  });

  it("of a network with one parameter is a line", () => {
    const { a, explained } = planeOf([[4], [2], [1], [0.5]]);
    assert.ok(Math.abs(Math.abs(a[0] - a[3]) - 3.5) < 1e-12);
    assert.equal(explained[1], 0);
  });

  it("carries steps and losses", () => {
    const { step, loss, sketched } = planeOf(curvedPath(6, 3));
    assert.deepEqual([...step], [0, 1, 2, 3, 4, 5]);
    assert.deepEqual([...loss], [0, 1, 2, 3, 4, 5]);
    assert.equal(sketched, false);
  });

  it("refreshes to what it would be from scratch, and no direction flips, while the path grows and is thinned", () => {
    const points = curvedPath(700, 12, 0.001);
    const path = new PathRecorder(12);
    const plane = new PrincipalPlane(path);
    let before: PathOnPlane | null = null;
    points.forEach((point, step) => {
      if (!path.wants(step)) return;
      path.record(step, Float64Array.from(point), step);
      if (step % 7 !== 0 && step !== 256) return;
      const now = plane.refresh();
      const fresh = new PrincipalPlane(path).refresh();
      assertSameUpToSign(now.a, [...fresh.a], 1e-12);
      if (step > 5) assertSameUpToSign(now.b, [...fresh.b], 1e-9);
      if (before !== null && step > 7) {
        for (const axis of ["a", "b"] as const) {
          const old = new Map(Array.from(before.step, (s, i) => [s, before?.[axis][i] ?? 0]));
          const agreement = now[axis].reduce((sum, value, i) => sum + value * (old.get(now.step[i]) ?? 0), 0);
          assert.ok(agreement > 0, `${axis} flipped at step ${step}`);
        }
      }
      before = now;
    });
  });

  it("of a sketched path is nearly the plane of the path itself", () => {
    const size = 140_000;
    const random = randomStream(5, "weights");
    const [u, v] = [0, 1].map(() => Float32Array.from({ length: size }, () => random.next() - 0.5));
    const path = new PathRecorder(size);
    for (let t = 0; t < 30; t++) {
      path.record(
        t,
        u.map((value, k) => 1 + value * t + v[k] * 5 * Math.sin(t / 3)),
        t,
      );
    }
    const plane = new PrincipalPlane(path).refresh();
    assert.equal(plane.sketched, true);
    const length = Math.hypot(plane.a[29] - plane.a[0], plane.b[29] - plane.b[0]);
    const trueLength = Math.sqrt(dot(u, u) * 29 ** 2 + dot(v, v) * (5 * Math.sin(29 / 3)) ** 2);
    assert.ok(Math.abs(length / trueLength - 1) < 0.05);
    assert.ok(plane.explained[0] + plane.explained[1] > 0.999);
  });

  it("takes little time for the longest path", () => {
    const path = pathOf(curvedPath(256, 1000));
    const before = process.cpuUsage();
    new PrincipalPlane(path).refresh();
    // No measurement, and blind to what else the machine does: all eigenvectors instead of two would take many times
    // as long.
    assert.ok(process.cpuUsage(before).user < 2e6);
  });
});
