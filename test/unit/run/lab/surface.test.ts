import assert from "node:assert/strict";
import { planeThrough, randomPlane } from "../../../../src/descent/parameterPlane";
import { PathRecorder } from "../../../../src/descent/path";
import { PrincipalPlane } from "../../../../src/descent/plane";
import type { FloatArray } from "../../../../src/engine/engine";
import { initialParameters } from "../../../../src/engine/initializers";
import { describeNetwork } from "../../../../src/engine/network";
import { randomStream } from "../../../../src/engine/random";
import { createReferenceEngine } from "../../../../src/engine/reference";
import type { SurfacePart, SurfaceRequest } from "../../../../src/protocol/surface";
import { LabBench } from "../../../../src/run/lab/bench";
import type { LabMaterial, Look } from "../../../../src/run/lab/look";
import { chosenRows } from "../../../../src/run/lab/planeLosses";
import { regionAround, surface } from "../../../../src/run/lab/surface";

const network = describeNetwork(3, [{ units: 6, activation: "tanh" }], 4);
const random = randomStream(5, "weights");
const count = 1300;
const training = {
  count,
  inputs: Float32Array.from({ length: 3 * count }, () => 2 * random.next() - 1),
  targets: Float32Array.from({ length: count }, () => random.below(4)),
};
const material: LabMaterial = {
  settings: {
    network,
    loss: "categorical-cross-entropy",
    optimizer: { type: "sgd", learningRate: 0.5, weightDecay: 0 },
    batchSize: 32,
    classWeights: [1, 2, 1, 0.5],
    seed: 1,
    training,
  },
  training,
  validation: null,
  test: null,
  scoring: {
    target: { task: "classification", column: "c", classes: ["a", "b", "c", "d"] },
    outputs: 4,
  },
};
const reference = createReferenceEngine(
  { ...material.settings, precision: "float64" },
  initialParameters(network, "glorot-normal", randomStream(2, "weights"), "float64"),
);
const turn = { breathe: () => Promise.resolve() };

async function partsOf(look: Look, request: SurfaceRequest): Promise<SurfacePart[]> {
  const bench = new LabBench({ material, look: () => Promise.resolve(look) });
  const parts: SurfacePart[] = [];
  for await (const part of surface(bench, request, turn)) parts.push(part);
  return parts;
}

/** The loss at a place, the slow and obvious way. */
function naiveLoss(
  plane: { center: FloatArray; u: FloatArray; v: FloatArray },
  a: number,
  b: number,
): number {
  const theta = Float64Array.from(plane.center, (value, i) => value + a * plane.u[i] + b * plane.v[i]);
  const { lossSum, weightSum } = reference.evaluate(theta, chosenRows(training, 1000));
  return lossSum / weightSum;
}

function expectNaive(part: SurfacePart, plane: { center: FloatArray; u: FloatArray; v: FloatArray }): void {
  const { region, size, stride, losses } = part;
  const side = size / stride;
  assert.equal(losses.length, side * side);
  losses.forEach((loss, k) => {
    const at = ([low, high]: [number, number], i: number): number =>
      low + ((stride * i + 0.5) / size) * (high - low);
    const expected = naiveLoss(plane, at(region.a, k % side), at(region.b, Math.floor(k / side)));
    assert.ok(Math.abs(loss - expected) < 1e-4 * expected, `${loss} instead of ${expected}`);
  });
}

describe("a loss surface", () => {
  const center = Float32Array.from(reference.parameters);

  it("is the mean loss of the rows at every point, from a coarse grid to a fine one", async () => {
    const look = { step: 12, parameters: center, path: null };
    const region = { a: [-1, 2] as [number, number], b: [-0.5, 0.5] as [number, number] };
    const parts = await partsOf(look, { plane: { type: "random", seed: 4, region }, size: 16 });
    assert.deepEqual(
      parts.map(({ stride, step, rows, allRows }) => [stride, step, rows, allRows]),
      [
        [4, 12, 1000, 1300],
        [2, 12, 1000, 1300],
        [1, 12, 1000, 1300],
      ],
    );
    for (const part of parts) expectNaive(part, randomPlane(network, center, 4));
  });

  it("lies under the path, and tells the true loss of each of its points", async () => {
    const recorder = new PathRecorder(center.length);
    for (let step = 0; step < 12; step++) {
      const order = Uint32Array.from({ length: 32 }, (_, i) => (step * 32 + i) % count);
      recorder.record(step, reference.parameters, NaN);
      reference.runSteps(order, Float64Array.of(0.5));
    }
    const points = recorder.lend();
    const path = new PrincipalPlane(recorder).refresh();
    const look = { step: 11, parameters: points[11], path: { trajectory: path, points, plane: null } };
    const parts = await partsOf(look, { plane: { type: "path", aspect: 2 }, size: 8 });
    const last = parts[parts.length - 1];
    expectNaive(last, planeThrough(points, path.a, path.b));
    assert.deepEqual(last.trajectory, path);
    const rows = chosenRows(training, 1000);
    points.forEach((values, i) => {
      const { lossSum, weightSum } = reference.evaluate(values, rows);
      assert.ok(Math.abs((last.pathLosses?.[i] ?? NaN) - lossSum / weightSum) < 1e-4);
    });
    const { region } = last;
    assert.ok(
      path.a.every((a) => a > region.a[0] && a < region.a[1]),
      "the path leaves the surface",
    );
    assert.ok(
      path.b.every((b) => b > region.b[0] && b < region.b[1]),
      "the path leaves the surface",
    );
  });

  it("has points without a finite loss where the network overflows, and goes on", async () => {
    const region = { a: [-1e39, 1e39] as [number, number], b: [-1e39, 1e39] as [number, number] };
    const look = { step: 0, parameters: center, path: null };
    const parts = await partsOf(look, { plane: { type: "random", seed: 1, region }, size: 8 });
    const last = parts[parts.length - 1];
    assert.equal(last.stride, 1);
    assert.ok(last.losses.some((loss) => !Number.isFinite(loss)));
  });

  it("says where no plane of the path is known", async () => {
    const look = { step: 0, parameters: center, path: null };
    await assert.rejects(
      partsOf(look, { plane: { type: "path", aspect: 1 }, size: 8 }),
      /^LabError: The plane of this run's path is not known; look along random directions instead\.$/,
    );
  });
});

describe("the region around a path", () => {
  it("has the shape of the picture and holds the path in its middle", () => {
    const { a, b } = regionAround({ a: Float64Array.of(0, 10), b: Float64Array.of(-1, 1) }, 2);
    assert.ok(Math.abs((a[1] - a[0]) / (b[1] - b[0]) - 2) < 1e-9);
    assert.ok(a[0] < 0 && a[1] > 10 && Math.abs(a[0] + a[1] - 10) < 1e-9 && Math.abs(b[0] + b[1]) < 1e-9);
  });

  it("is not empty where the path has no extent", () => {
    const { a, b } = regionAround({ a: Float64Array.of(3, 3), b: Float64Array.of(0, 0) }, 1);
    assert.ok(a[1] > a[0] && b[1] > b[0]);
  });
});
