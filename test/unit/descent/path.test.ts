import assert from "node:assert/strict";
import fc from "fast-check";
import { PathRecorder } from "../../../src/descent/path";
import { sketch, SKETCH_SIZE } from "../../../src/descent/sketch";
import { randomStream } from "../../../src/engine/random";

/** A recorder that was offered every step up to `last`. */
function followed(last: number, parameters = 3): PathRecorder {
  const path = new PathRecorder(parameters);
  for (let step = 0; step <= last; step++) {
    if (path.wants(step)) path.record(step, new Float32Array(parameters).fill(step), 1 / (step + 1));
  }
  return path;
}

describe("the recorded path", () => {
  it("keeps every step of a short run", () => {
    const { points } = followed(255);
    assert.deepEqual(
      points.map(({ step }) => step),
      Array.from({ length: 256 }, (_, i) => i),
    );
    assert.ok(
      points.every(({ step, values, loss }) => values.every((v) => v === step) && loss === 1 / (step + 1)),
    );
  });

  it("drops every second point when it is full", () => {
    assert.deepEqual(
      followed(256).points.map(({ step }) => step),
      Array.from({ length: 129 }, (_, i) => 2 * i),
    );
  });

  it("keeps evenly spaced steps of a run of any length, and the values that belong to them", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), (last) => {
        const { points } = followed(last, 1);
        const stride = points.length > 1 ? points[1].step : 1;
        assert.ok(points.length <= 256);
        assert.ok(last < 256 ? stride === 1 : points.length > 128);
        assert.ok(Number.isInteger(Math.log2(stride)));
        points.forEach(({ step, values }, i) => {
          assert.equal(step, i * stride);
          assert.equal(values[0], step);
        });
        assert.ok(last - points[points.length - 1].step < stride);
      }),
      { numRuns: 40 },
    );
  });

  it("says beforehand which step it wants next", () => {
    const stepping = followed(1000);
    const skipping = new PathRecorder(3);
    for (let step = 0; step <= 1000; step = skipping.nextStep) {
      assert.ok(skipping.wants(step));
      skipping.record(step, new Float32Array(3).fill(step), 1 / (step + 1));
    }
    assert.deepEqual(skipping.points, stepping.points);
  });

  it("takes an unwanted last step, until it is thinned", () => {
    const path = followed(300);
    path.record(301, new Float32Array(3), 0);
    assert.equal(path.points.at(-1)?.step, 301);
    assert.equal(path.nextStep, 302);
    for (let step = 302; step <= 600; step++) {
      if (path.wants(step)) path.record(step, new Float32Array(3), 0);
    }
    assert.ok(path.points.every(({ step }) => step % 4 === 0));
  });

  it("starts where a resumed run starts", () => {
    const path = new PathRecorder(1);
    for (let step = 777; step < 2000; step++) {
      if (path.wants(step)) path.record(step, Float32Array.of(step), 0);
    }
    assert.equal(path.points[0].step, 777);
    assert.ok(path.points.every(({ step }) => (step - 777) % 8 === 0));
  });

  it("replaces the loss of a step that is recorded again", () => {
    const path = followed(5);
    path.record(5, new Float32Array(3).fill(5), 42);
    assert.equal(path.points.length, 6);
    assert.equal(path.points[5].loss, 42);
  });

  it("refuses a step that lies behind", () => {
    assert.throws(() => followed(5).record(4, new Float32Array(3), 0), RangeError);
  });

  it("copies the parameters", () => {
    const path = new PathRecorder(2);
    const parameters = Float32Array.of(1, 2);
    path.record(0, parameters, 0);
    parameters[0] = 9;
    assert.deepEqual([...path.points[0].values], [1, 2]);
  });

  it("leaves out parameters that are not finite", () => {
    const path = followed(3);
    path.record(4, Float32Array.of(1, NaN, 2), 0);
    path.record(5, Float32Array.of(1, Infinity, 2), 0);
    assert.equal(path.points.length, 4);
  });

  it("keeps within its memory: fewer points for larger networks, and sketches for the largest", () => {
    for (const parameters of [1, 1000, 32768, 32769, 100_000, 131_072, 131_073]) {
      const path = new PathRecorder(parameters);
      const values = new Float32Array(parameters);
      for (let step = 0; step < 300; step++) if (path.wants(step)) path.record(step, values, 0);
      const arrays = new Set(path.points.map((point) => point.values));
      const bytes = [...arrays].reduce((sum, array) => sum + array.byteLength, 0);
      assert.ok(bytes <= 2 ** 25, `${bytes} bytes for ${parameters} parameters`);
      assert.ok(path.points.length >= 32);
      assert.equal(path.sketched, parameters > 131_072);
    }
  });
});

describe("the sketch", () => {
  const random = randomStream(7, "weights");
  const vector = (size: number) => Float32Array.from({ length: size }, () => random.next() - 0.5);
  const sketched = (values: Float32Array) => sketch(values, new Float64Array(SKETCH_SIZE));
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Array.from(x).reduce((sum, value, i) => sum + value * y[i], 0);

  it("is linear", () => {
    const x = vector(50_000);
    const y = vector(50_000);
    const sum = sketched(x.map((value, i) => Math.fround(value + y[i])));
    const [sx, sy] = [sketched(x), sketched(y)];
    for (let i = 0; i < SKETCH_SIZE; i++) assert.ok(Math.abs(sum[i] - sx[i] - sy[i]) < 1e-5);
  });

  it("keeps lengths and angles to a few percent", () => {
    for (let round = 0; round < 4; round++) {
      const x = vector(100_000);
      const y = vector(100_000).map((value, i) => value + x[i]);
      const [sx, sy] = [sketched(x), sketched(y)];
      const length = Math.sqrt(dot(x, x) * dot(y, y));
      assert.ok(Math.abs(dot(sx, sx) / dot(x, x) - 1) < 0.04);
      assert.ok(Math.abs(dot(sx, sy) - dot(x, y)) < 0.04 * length);
    }
  });

  it("spreads parameters evenly, with as many signs of either kind", () => {
    const entries = sketched(new Float32Array(SKETCH_SIZE * 16).fill(1));
    const sum = entries.reduce((total, entry) => total + entry, 0);
    const squares = entries.reduce((total, entry) => total + entry * entry, 0);
    assert.ok(Math.abs(sum) < 4 * Math.sqrt(SKETCH_SIZE * 16));
    assert.ok(Math.abs(squares / (SKETCH_SIZE * 16) - 1) < 0.05);
  });
});
