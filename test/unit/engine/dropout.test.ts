import assert from "node:assert/strict";
import { drawMasks } from "../../../src/engine/dropout";
import type { EngineSettings } from "../../../src/engine/engine";
import { describeNetwork } from "../../../src/engine/network";
import { randomStream } from "../../../src/engine/random";
import { createReferenceEngine } from "../../../src/engine/reference";
import { norm, randomSamples, relativeError, rowsUpTo } from "./naive";

const network = describeNetwork(
  3,
  [
    { units: 5, activation: "tanh", dropout: 0.4 },
    { units: 4, activation: "identity" },
    { units: 6, activation: "tanh", dropout: 0.25 },
  ],
  2,
);
const size = 5 * 4 + 4 * 6 + 6 * 5 + 2 * 7;

const settings = (overrides: Partial<EngineSettings> = {}): EngineSettings => ({
  network,
  loss: "mse",
  optimizer: { type: "sgd", learningRate: 0.1, weightDecay: 0 },
  batchSize: 8,
  seed: 3,
  training: randomSamples(randomStream(1, "split"), 40, 3, "mse", 2),
  precision: "float64",
  ...overrides,
});

const random = randomStream(2, "weights");
const initial = Float64Array.from({ length: size }, () => 2 * random.next() - 1);

describe("dropout masks", () => {
  const masksFor = (rows: number) => [new Float64Array(rows * 5), null, new Float64Array(rows * 6), null];

  it("drop the given fraction and scale up the rest, so that the mean is 1", () => {
    const masks = masksFor(10_000);
    drawMasks(network, randomStream(1, "dropout", 1), masks, 10_000);
    for (const [mask, p] of [
      [masks[0], 0.4],
      [masks[2], 0.25],
    ] as const) {
      assert.ok(mask);
      assert.ok(mask.every((factor) => factor === 0 || factor === 1 / (1 - p)));
      const dropped = mask.filter((factor) => factor === 0).length / mask.length;
      assert.ok(Math.abs(dropped - p) < 0.01, `${dropped} instead of ${p}`);
    }
  });

  it("are the documented reading of the step's stream, however the batch is cut into blocks", () => {
    const whole = masksFor(7);
    drawMasks(network, randomStream(1, "dropout", 9), whole, 7);
    const stream = randomStream(1, "dropout", 9);
    const cut = [3, 4].map((rows) => {
      const masks = masksFor(rows);
      drawMasks(network, stream, masks, rows);
      return masks;
    });
    for (const l of [0, 2]) {
      assert.deepEqual([...(cut[0][l] ?? []), ...(cut[1][l] ?? [])], [...(whole[l] ?? [])]);
    }
    const draws = randomStream(1, "dropout", 9);
    const row = Array.from({ length: 11 }, (_, i) =>
      draws.uint32() < (i < 5 ? 0.4 : 0.25) * 2 ** 32 ? 0 : 1,
    );
    assert.deepEqual(
      [...(whole[0] ?? []).slice(0, 5), ...(whole[2] ?? []).slice(0, 6)].map((factor) =>
        factor > 0 ? 1 : 0,
      ),
      row,
    );
  });
});

describe("training with dropout", () => {
  const run = (seed: number, steps = 5) => {
    const engine = createReferenceEngine(settings({ seed }), initial);
    const report = engine.runSteps(rowsUpTo(40), new Float64Array(steps).fill(0.1));
    return { losses: [...report.losses], parameters: [...engine.parameters] };
  };

  it("repeats with the seed, and differs without", () => {
    assert.deepEqual(run(3), run(3));
    assert.notDeepEqual(run(3).losses, run(4).losses);
  });

  it("draws a new mask for each step", () => {
    const engine = createReferenceEngine(settings(), initial);
    const order = Uint32Array.from({ length: 24 }, (_, i) => i % 8);
    const { losses } = engine.runSteps(order, new Float64Array(3));
    assert.equal(new Set(losses).size, 3);
  });

  it("has the gradient that differences of the step's loss show, with the same mask", () => {
    const lossFrom = (theta: Float64Array) =>
      createReferenceEngine(settings(), theta).runSteps(rowsUpTo(8), Float64Array.of(0)).losses[0];
    const engine = createReferenceEngine(settings(), initial);
    const { gradientNorms } = engine.runSteps(rowsUpTo(8), Float64Array.of(1));
    const gradient = initial.map((value, i) => value - engine.parameters[i]);
    const differences = initial.map((_, i) => {
      const moved = initial.slice();
      moved[i] += 1e-5;
      const above = lossFrom(moved);
      moved[i] -= 2e-5;
      return (above - lossFrom(moved)) / 2e-5;
    });
    assert.ok(relativeError(gradient, differences) < 1e-8);
    assert.ok(Math.abs(gradientNorms[0] - norm(differences)) < 1e-8);
  });

  it("keeps the expectation of the outputs", () => {
    // With targets far below, mae is linear in the outputs, and so is a network without bends.
    const linear = describeNetwork(3, [{ units: 8, activation: "identity", dropout: 0.5 }], 1);
    const training = {
      ...randomSamples(randomStream(1, "split"), 50, 3, "mae", 1),
      targets: new Float64Array(50).fill(-9),
    };
    const start = Float64Array.from({ length: 41 }, () => 2 * random.next() - 1);
    const engine = createReferenceEngine(
      settings({ network: linear, loss: "mae", training, batchSize: 50 }),
      start,
    );
    let sum = 0;
    const steps = 3000;
    for (let i = 0; i < steps; i++) sum += engine.runSteps(rowsUpTo(50), Float64Array.of(0)).losses[0];
    const { lossSum } = engine.evaluate(start, training);
    assert.ok(Math.abs(sum / steps - lossSum / 50) < 0.02, `${sum / steps} and ${lossSum / 50}`);
  });

  it("is left out of evaluations, gradients at a point and Hessian-vector products", () => {
    const plain = { layers: network.layers.map((layer) => ({ ...layer, dropout: 0 })) };
    const [dropping, keeping] = [network, plain].map((n) =>
      createReferenceEngine(settings({ network: n }), initial),
    );
    const { training } = settings();
    dropping.runSteps(rowsUpTo(40), new Float64Array(5));
    assert.deepEqual(dropping.evaluate(initial, training), keeping.evaluate(initial, training));
    assert.deepEqual(dropping.gradientAt(initial, rowsUpTo(40)), keeping.gradientAt(initial, rowsUpTo(40)));
    assert.deepEqual(
      dropping.hessianVector(initial, rowsUpTo(40), initial),
      keeping.hessianVector(initial, rowsUpTo(40), initial),
    );
  });
});
