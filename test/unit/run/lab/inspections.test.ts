/** The jobs that look at rows and layers, on a small network. */
import assert from "node:assert/strict";
import type { Preparation } from "../../../../src/data/preparation";
import { initialParameters } from "../../../../src/engine/initializers";
import { describeNetwork } from "../../../../src/engine/network";
import { randomStream } from "../../../../src/engine/random";
import { createReferenceEngine } from "../../../../src/engine/reference";
import { LabBench } from "../../../../src/run/lab/bench";
import { evaluate } from "../../../../src/run/lab/evaluate";
import { importance } from "../../../../src/run/lab/importance";
import type { LabMaterial } from "../../../../src/run/lab/look";
import { networkPicture } from "../../../../src/run/lab/networkPicture";
import { predictRow } from "../../../../src/run/lab/predictRow";

const network = describeNetwork(2, [{ units: 5, activation: "tanh" }], 3);
const random = randomStream(6, "split");
const count = 90;
const training = {
  count,
  inputs: Float32Array.from({ length: 2 * count }, () => 2 * random.next() - 1),
  targets: Float32Array.from({ length: count }, () => random.below(3)),
};
const target = { task: "classification" as const, column: "c", classes: ["a", "b", "c"] };
const preparation: Preparation = {
  features: [
    { kind: "number", column: "x", impute: 3, mean: 3, scale: 2 },
    { kind: "number", column: "y", impute: 0, mean: 0, scale: 1 },
  ],
  inputSize: 2,
  inputNames: ["x", "y"],
  target,
};
const all = Uint32Array.from({ length: count }, (_, i) => 2 * i);
const none = new Uint32Array();
const material: LabMaterial = {
  settings: {
    network,
    loss: "categorical-cross-entropy",
    optimizer: { type: "sgd", learningRate: 0.5, weightDecay: 0 },
    batchSize: 10,
    seed: 1,
    training,
  },
  training,
  validation: null,
  test: null,
  scoring: { target, outputs: 3 },
  source: {
    preparation,
    rows: { training: all, validation: none, test: none },
    lines: { training: all.map((row) => row + 2), validation: null, test: null },
    files: { training: "a.csv", validation: "a.csv", test: "a.csv" },
  },
};
const parameters = Float32Array.from(initialParameters(network, "glorot-normal", randomStream(2, "weights")));
const bench = new LabBench({
  material,
  look: () => Promise.resolve({ step: 7, parameters, path: null }),
});
const engine = createReferenceEngine(material.settings, parameters);
const turn = { breathe: () => Promise.resolve() };

async function last<Part>(parts: AsyncGenerator<Part, void>): Promise<Part> {
  let found: Part | undefined;
  for await (const part of parts) found = part;
  assert.ok(found);
  return found;
}

describe("Looking at the rows of a run", () => {
  it("evaluates the part that there is, and names the worst rows by their lines", async () => {
    const found = await last(evaluate(bench, { part: "validation" }, turn));
    assert.equal(found.part, "training");
    assert.deepEqual(found.parts, ["training"]);
    assert.equal(
      found.classification?.confusion.reduce((a, b) => a + b),
      count,
    );
    const { outputs } = engine.evaluate(parameters, training);
    const losses = Array.from({ length: count }, (_, row) => {
      const logits = [...outputs.subarray(3 * row, 3 * row + 3)];
      return Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 0)) - logits[training.targets[row]];
    });
    const worst = losses.indexOf(Math.max(...losses));
    assert.deepEqual(
      [found.worst[0].row, found.worst[0].line, found.worst[0].file, found.worst[0].actual],
      [2 * worst + 1, 2 * worst + 2, "a.csv", target.classes[training.targets[worst]]],
    );
    assert.ok(Math.abs(found.worst[0].loss - losses[worst]) < 1e-5);
  });

  it("draws what the network says over two numeric features, in their own units", async () => {
    const { fit } = await last(evaluate(bench, { part: "training" }, turn));
    assert.ok(fit);
    assert.deepEqual(fit.features, ["x", "y"]);
    const [x, y] = fit.ranges;
    assert.ok(x[0] < 1.2 && x[1] > 4.8 && y[0] < -0.9 && y[1] > 0.9);
    const at = (i: number, k: number): number => {
      const value = [x, y].map(([low, high], axis) => low + ((axis ? k : i) / (fit.size - 1)) * (high - low));
      const inputs = Float32Array.of((value[0] - 3) / 2, value[1]);
      const { outputs } = engine.evaluate(parameters, { count: 1, inputs, targets: new Float32Array(1) });
      return outputs.indexOf(Math.max(...outputs));
    };
    for (const [i, k] of [
      [0, 0],
      [fit.size - 1, 0],
      [10, 40],
    ])
      assert.equal(fit.values[k * fit.size + i], at(i, k));
  });

  it("tells the importance of each feature as it goes", async () => {
    const found = await last(importance(bench, { part: "training" }, turn));
    assert.deepEqual(
      found.features.map(({ name }) => name),
      ["x", "y"],
    );
    const { lossSum } = engine.evaluate(parameters, training);
    assert.ok(Math.abs(found.loss - lossSum / count) < 1e-5);
    assert.ok(found.features.every(({ increase, deviation }) => Number.isFinite(increase) && deviation >= 0));
  });

  it("predicts a typed row, and imputes what is left empty", async () => {
    const form = await last(predictRow(bench, { values: null }, turn));
    assert.equal(form.prediction, null);
    assert.deepEqual(
      form.features.map(({ name, usual }) => [name, usual]),
      [
        ["x", "3"],
        ["y", "0"],
      ],
    );
    const { prediction, notes } = await last(predictRow(bench, { values: { x: "5", y: "" } }, turn));
    assert.ok(prediction);
    const inputs = Float32Array.of(1, 0);
    const { outputs } = engine.evaluate(parameters, { count: 1, inputs, targets: new Float32Array(1) });
    assert.equal(prediction[0].label, target.classes[outputs.indexOf(Math.max(...outputs))]);
    assert.ok(Math.abs(prediction.reduce((sum, { value }) => sum + value, 0) - 1) < 1e-9);
    assert.equal(notes.length, 1);
  });

  it("refuses a typed value that is none, in one sentence", async () => {
    await assert.rejects(last(predictRow(bench, { values: { x: "many", y: "1" } }, turn)), {
      name: "DataError",
    });
  });

  it("shows the layers with the weights that the run has now", async () => {
    const { layers, outputNames, step } = await last(networkPicture(bench, {}, turn));
    assert.equal(step, 7);
    assert.deepEqual(outputNames, ["a", "b", "c"]);
    assert.deepEqual(
      layers.map(({ inputs, units }) => [inputs, units]),
      [
        [2, 5],
        [5, 3],
      ],
    );
    assert.deepEqual([...layers[0].weights], [...parameters.subarray(0, 10)]);
    assert.deepEqual([...layers[0].bias], [...parameters.subarray(10, 15)]);
    const { gradient } = engine.gradientAt(
      parameters,
      Uint32Array.from({ length: count }, (_, i) => i),
    );
    const own = Float64Array.from(gradient.subarray(0, 10));
    const mean = own.reduce((sum, value) => sum + value, 0) / 10;
    assert.ok(Math.abs(layers[0].gradientHistogram.mean - mean) < 1e-5);
  });
});
