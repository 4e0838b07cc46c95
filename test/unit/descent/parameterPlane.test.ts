import assert from "node:assert/strict";
import { planeThrough, randomPlane } from "../../../src/descent/parameterPlane";
import { PathRecorder } from "../../../src/descent/path";
import { PrincipalPlane } from "../../../src/descent/plane";
import { initialParameters } from "../../../src/engine/initializers";
import { describeNetwork, layerOffsets, parameterCount } from "../../../src/engine/network";
import { randomStream } from "../../../src/engine/random";

const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, i) => sum + value * y[i], 0);

describe("the plane of a path in all parameters", () => {
  const random = randomStream(3, "weights");
  const recorder = new PathRecorder(40);
  const theta = new Float32Array(40).map(() => 5 * random.next());
  for (let step = 0; step <= 30; step++) {
    for (let i = 0; i < 40; i++)
      theta[i] += (i % 7) * Math.cos(step / 9) + Math.sin(step / 4 + i) + random.next();
    recorder.record(step, theta, 1);
  }
  const path = new PrincipalPlane(recorder).refresh();
  const { center, u, v } = planeThrough(recorder.lend(), path.a, path.b);

  it("has directions of length 1 at a right angle", () => {
    assert.ok(Math.abs(dot(u, u) - 1) < 1e-5 && Math.abs(dot(v, v) - 1) < 1e-5);
    assert.ok(Math.abs(dot(u, v)) < 1e-5);
  });

  it("gives each point the coordinates that the path has there, and its distance", () => {
    recorder.points.forEach(({ values }, t) => {
      const rest = Float32Array.from(values, (value, i) => value - center[i]);
      const [a, b] = [dot(rest, u), dot(rest, v)];
      assert.ok(Math.abs(a - path.a[t]) < 1e-3 && Math.abs(b - path.b[t]) < 1e-3);
      const off = Math.hypot(...rest.map((value, i) => value - a * u[i] - b * v[i]));
      assert.ok(Math.abs(off - path.offPlane[t]) < 1e-3);
    });
  });
});

describe("a path that is lent", () => {
  it("is not written again when it is thinned", () => {
    const recorder = new PathRecorder(3);
    const record = (from: number, to: number): void => {
      for (let step = from; step <= to; step++) recorder.record(step, Float32Array.of(step, step, step), 0);
    };
    record(0, 255);
    const lent = recorder.lend();
    assert.ok(lent[0].buffer instanceof SharedArrayBuffer, "other threads cannot read it");
    record(256, 2000);
    lent.forEach((values, step) => assert.deepEqual([...values], [step, step, step]));
  });
});

describe("random directions", () => {
  const network = describeNetwork(5, [{ units: 4, activation: "tanh" }], 3);
  const center = initialParameters(network, "he-normal", randomStream(1, "weights"));
  center.set([9, 9, 9, 9], 20);

  it("are as long as the weights of each unit, and leave biases alone", () => {
    const { u, v } = randomPlane(network, center, 7);
    layerOffsets(network).forEach(({ weight, bias }, layer) => {
      const { inputs, units } = network.layers[layer];
      for (let unit = 0; unit < units; unit++) {
        const [from, to] = [weight + unit * inputs, weight + (unit + 1) * inputs];
        const lengths = [center, u, v].map((values) => Math.hypot(...values.subarray(from, to)));
        assert.ok(Math.abs(lengths[1] - lengths[0]) < 1e-5 && Math.abs(lengths[2] - lengths[0]) < 1e-5);
        assert.equal(u[bias + unit], 0);
      }
    });
  });

  it("depend on the seed alone, and differ from each other", () => {
    const first = randomPlane(network, center, 7);
    assert.deepEqual(randomPlane(network, center, 7), first);
    assert.notDeepEqual(randomPlane(network, center, 8).u, first.u);
    assert.notDeepEqual(first.u, first.v);
    assert.equal(first.u.length, parameterCount(network));
  });
});
