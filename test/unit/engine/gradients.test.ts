/**
 * The gradient and the Hessian-vector product against differences, for every depth, loss and activation, in
 * float64.
 */
import assert from "node:assert/strict";
import type { Activation, EngineSettings, Loss } from "../../../src/engine/engine";
import { createReferenceEngine } from "../../../src/engine/reference";
import { activations, losses, naiveMeanLoss, norm, relativeError, rowsUpTo, smoothProblem } from "./naive";

const depths = [[], [4], [5, 3], [4, 1, 3]];

const weightsOf: Partial<Record<Loss, number[]>> = {
  "binary-cross-entropy": [0.7, 2.5],
  "categorical-cross-entropy": [0.5, 3, 1.25, 0.2],
};

function engineOf(
  hidden: number[],
  activation: Activation,
  loss: Loss,
  { count, classWeights }: { count?: number; classWeights?: number[] } = {},
) {
  const problem = smoothProblem(hidden, activation, loss, count);
  const settings: EngineSettings = {
    network: problem.network,
    loss,
    optimizer: { type: "sgd", learningRate: 0.1, weightDecay: 0 },
    batchSize: 4,
    seed: 1,
    training: problem.training,
    precision: "float64",
    ...(classWeights ? { classWeights } : {}),
  };
  return { ...problem, engine: createReferenceEngine(settings, problem.parameters) };
}

for (const loss of losses) {
  for (const activation of activations) {
    describe(`${loss} after ${activation}`, () => {
      for (const hidden of depths) {
        if (hidden.length > 0 || activation === "identity") checkDerivatives(hidden, activation, loss);
      }
    });
  }
  const classWeights = weightsOf[loss];
  if (!classWeights) continue;
  describe(`${loss} with class weights`, () => {
    for (const hidden of depths) checkDerivatives(hidden, "tanh", loss, classWeights);
  });
}

/** The gradient against central differences of the naive loss, the Hessian against those of the gradient. */
function checkDerivatives(hidden: number[], activation: Activation, loss: Loss, classWeights?: number[]) {
  const weighted = classWeights ? { classWeights } : {};
  const { engine, network, training, parameters, random } = engineOf(hidden, activation, loss, weighted);
  const rows = Uint32Array.of(3, 0, 5, 5, 1, 6, 2);

  it(`gradient, hidden layers [${hidden.join()}]`, () => {
    const { loss: value, gradient } = engine.gradientAt(parameters, rows);
    const lossAt = (theta: ArrayLike<number>) =>
      naiveMeanLoss(network, loss, theta, training, rows, classWeights);
    assert.ok(Math.abs(value - lossAt(parameters)) < 1e-12);
    const h = 1e-5;
    const differences = parameters.map((_, i) => {
      const moved = parameters.slice();
      moved[i] = parameters[i] + h;
      const above = lossAt(moved);
      moved[i] = parameters[i] - h;
      return (above - lossAt(moved)) / (2 * h);
    });
    assert.ok(norm(differences) > 1e-3);
    const error = relativeError(gradient, differences);
    assert.ok(error < 1e-8, `relative error ${error}`);
  });

  it(`Hessian-vector product, hidden layers [${hidden.join()}]`, () => {
    const vector = parameters.map(() => 2 * random.next() - 1);
    const h = 1e-5 / norm(vector);
    const gradientAt = (step: number) =>
      engine.gradientAt(
        parameters.map((value, i) => value + step * vector[i]),
        rows,
      ).gradient;
    const [above, below] = [gradientAt(h), gradientAt(-h)];
    const differences = above.map((value, i) => (value - below[i]) / (2 * h));
    const product = engine.hessianVector(parameters, rows, vector);
    const error = norm(Array.from(product, (value, i) => value - differences[i]));
    assert.ok(error < 1e-7 * (1 + norm(differences)), `error ${error} of ${norm(differences)}`);
  });
}

describe("the Hessian", () => {
  it("is symmetric", () => {
    const { engine, parameters } = engineOf([4, 3], "tanh", "categorical-cross-entropy");
    const unit = (i: number) => parameters.map((_, k) => (k === i ? 1 : 0));
    const columns = Array.from(parameters, (_, i) => engine.hessianVector(parameters, rowsUpTo(7), unit(i)));
    columns.forEach((column, i) =>
      column.forEach((value, j) => assert.ok(Math.abs(value - columns[j][i]) < 1e-14)),
    );
  });

  it("of a linear network with mse is the known one, 2/n · XᵀX", () => {
    const { engine, network, training, parameters } = engineOf([], "identity", "mse");
    const vector = parameters.map((_, i) => Math.sin(i));
    const { inputs, units } = network.layers[0];
    const expected = parameters.map(() => 0);
    for (let row = 0; row < training.count; row++) {
      const x = [...training.inputs.subarray(row * inputs, (row + 1) * inputs)];
      for (let u = 0; u < units; u++) {
        const change = x.reduce(
          (sum, value, k) => sum + value * vector[u * inputs + k],
          vector[units * inputs + u],
        );
        const slope = (2 * change) / (units * training.count);
        x.forEach((value, k) => (expected[u * inputs + k] += slope * value));
        expected[units * inputs + u] += slope;
      }
    }
    assert.ok(
      relativeError(engine.hessianVector(parameters, rowsUpTo(training.count), vector), expected) < 1e-14,
    );
  });
});
