import assert from "node:assert/strict";
import { createEngine } from "../../../src/engine/createEngine";
import type { Activation, Engine, Loss, Optimizer } from "../../../src/engine/engine";
import { epochOrder } from "../../../src/engine/random";
import { PyTorchEngine } from "../../../src/pytorch/pytorchEngine";
import type { StartedPython } from "../../../src/pytorch/startPython";
import { problem, removeScratch, scratch, skipWithoutTorch, startedPython, type Case } from "./support";

const steps = 200;

const optimizers: Optimizer[] = [
  { type: "sgd", learningRate: 0.05, weightDecay: 0 },
  { type: "sgd", learningRate: 0.05, weightDecay: 0.01 },
  { type: "momentum", learningRate: 0.02, momentum: 0.9, weightDecay: 0 },
  { type: "nesterov", learningRate: 0.02, momentum: 0.9, weightDecay: 0.001 },
  { type: "rmsprop", learningRate: 0.002, decay: 0.99, epsilon: 1e-8, weightDecay: 0 },
  { type: "adam", learningRate: 0.005, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
  { type: "adamw", learningRate: 0.005, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 },
  { type: "adagrad", learningRate: 0.05, epsilon: 1e-10, weightDecay: 0.001 },
];

const losses: Loss[] = ["mse", "mae", "binary-cross-entropy", "categorical-cross-entropy"];

const sgd = optimizers[0];
const adam = optimizers[5];
const activations: Activation[] = [
  "identity",
  "relu",
  "leaky-relu",
  "elu",
  "tanh",
  "sigmoid",
  "softplus",
  "silu",
  "gelu",
];

const cases: Record<string, Case> = {
  ...Object.fromEntries(
    losses.flatMap((loss) =>
      optimizers.map((optimizer): [string, Case] => [
        `${loss} with ${optimizer.type}${optimizer.weightDecay > 0 ? " and weight decay" : ""}`,
        { loss, optimizer },
      ]),
    ),
  ),
  ...Object.fromEntries(
    activations.map((activation): [string, Case] => [
      activation,
      {
        loss: "mse",
        optimizer: sgd,
        hidden: [
          { units: 7, activation },
          { units: 5, activation },
        ],
      },
    ]),
  ),
  "clipped gradients": { loss: "mse", optimizer: sgd, gradientClipNorm: 0.1 },
  "weighted classes": { loss: "categorical-cross-entropy", optimizer: sgd, classWeights: [0.5, 1, 3] },
  "two weighted classes": { loss: "binary-cross-entropy", optimizer: adam, classWeights: [0.7, 1.9] },
  "no hidden layer": { loss: "binary-cross-entropy", optimizer: sgd, hidden: [] },
};

/** Losses and gradient norms of the first steps, epoch by epoch in an order of their own. */
function walk(engine: Engine, { rows = 50, batchSize = 16, seed = 1, optimizer }: Case): number[] {
  const told: number[] = [];
  for (let epoch = 1; told.length < 2 * steps; epoch++) {
    const order = epochOrder(seed, epoch, rows, true);
    const rates = new Float64Array(Math.ceil(rows / batchSize)).fill(optimizer.learningRate);
    const { losses: loss, gradientNorms, nonFinite } = engine.runSteps(order, rates);
    assert.equal(nonFinite, undefined);
    loss.forEach((value, i) => told.push(value, gradientNorms[i]));
  }
  return told;
}

function assertClose(given: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  assert.equal(given.length, wanted.length);
  for (let i = 0; i < given.length; i++) {
    const off = Math.abs(given[i] - wanted[i]) / Math.max(Math.abs(wanted[i]), 1e-6);
    assert.ok(off <= tolerance, `number ${i}: ${given[i]} is not ${wanted[i]}`);
  }
}

describe("PyTorch and the built-in engine", () => {
  let one: StartedPython;
  let two: StartedPython;
  before(skipWithoutTorch);
  before(async () => {
    [one, two] = await Promise.all([startedPython(1), startedPython(2)]);
  });
  after(async () => {
    // Without PyTorch they were not started.
    for (const python of [one, two] as (StartedPython | undefined)[]) await python?.process.close();
    removeScratch();
  });

  async function engineOf(python: StartedPython, wanted: Case): Promise<PyTorchEngine> {
    const { settings, initial, training } = problem(wanted);
    const engine = new PyTorchEngine(python, settings, { training, validation: null, test: null }, initial);
    await engine.place(scratch(), () => Promise.resolve());
    return engine;
  }

  for (const [index, [name, wanted]] of Object.entries(cases).entries()) {
    // Two processes take longer, and differ in nothing but who takes which rows.
    const inTwo = index % 5 === 0 || name.includes("weighted");
    it(`agree over ${steps} steps, in one process${inTwo ? " and in two" : ""}: ${name}`, async () => {
      const { settings, initial, training } = problem(wanted);
      const builtin = createEngine(settings, initial);
      const expected = walk(builtin, wanted);
      assert.ok(expected.length >= 2 * steps);
      for (const python of inTwo ? [one, two] : [one]) {
        const engine = await engineOf(python, wanted);
        assertClose(walk(engine, wanted), expected, 1e-4);
        const { lossSum, weightSum, outputs } = engine.evaluate(engine.parameters, training, 3, 47);
        const local = builtin.evaluate(builtin.parameters, training, 3, 47);
        assertClose([lossSum, weightSum], [local.lossSum, local.weightSum], 1e-3);
        assert.equal(outputs.length, local.outputs.length);
      }
    });
  }

  it("two processes compute what one does with a batch that does not divide, and with fewer rows than processes", async () => {
    const wanted: Case = { loss: "mse", optimizer: adam, rows: 16, batchSize: 5 };
    const engines = await Promise.all([one, two].map((python) => engineOf(python, wanted)));
    const [alone, together] = engines.map((engine) => walk(engine, wanted));
    assertClose(together, alone, 1e-4);
  });

  it("drop the same units in one process and in two", async () => {
    const hidden = [{ units: 40, activation: "relu" as const, dropout: 0.5 }];
    const wanted: Case = { loss: "mse", optimizer: sgd, rows: 150, batchSize: 149, hidden };
    const engines = await Promise.all([one, two].map((python) => engineOf(python, wanted)));
    const [alone, together] = engines.map((engine) => walk(engine, wanted));
    assertClose(together, alone, 1e-4);
    const plain = await engineOf(one, { ...wanted, hidden: [{ units: 40, activation: "relu" }] });
    assert.notEqual(walk(plain, wanted)[0], alone[0]);
  });

  it("goes on from a snapshot with the same bits", async () => {
    for (const optimizer of optimizers) {
      const wanted: Case = { loss: "mse", optimizer };
      const engine = await engineOf(one, wanted);
      const order = epochOrder(1, 1, 50, true);
      const rates = new Float64Array(4).fill(optimizer.learningRate);
      engine.runSteps(order, rates);
      const snapshot = engine.snapshot();
      const after = engine.runSteps(order, rates);
      const parameters = engine.parameters.slice();
      const other = await engineOf(one, wanted);
      other.restore(snapshot);
      assert.equal(other.step, 4);
      assert.deepEqual(other.runSteps(order, rates), after);
      assert.deepEqual(other.parameters.slice(), parameters);
    }
  });

  it("leaves no trace of a step that is not finite", async () => {
    for (const python of [one, two]) {
      const wanted: Case = { loss: "mse", optimizer: { ...sgd, learningRate: 3 } };
      const { settings, initial } = problem(wanted);
      const builtin = createEngine(settings, initial);
      const engine = await engineOf(python, wanted);
      const order = epochOrder(1, 1, 50, true);
      const huge = Float64Array.from([0.01, 0.01, 1e38, 0.01]);
      const [local, remote] = [builtin, engine].map((each) => each.runSteps(order, huge));
      assert.equal(remote.completed, local.completed);
      assert.notEqual(remote.nonFinite, undefined);
      assert.equal(engine.step, local.completed);
      assertClose(engine.parameters, builtin.parameters, 1e-3);
    }
  });

  it("leaves a chunk of steps when it is interrupted", async () => {
    for (const python of [one, two]) {
      const wanted: Case = { loss: "mse", optimizer: sgd, rows: 4000, batchSize: 1 };
      const engine = await engineOf(python, wanted);
      const flag = new Int32Array(new SharedArrayBuffer(8));
      flag[0] = 1;
      const rates = new Float64Array(4000).fill(0.001);
      const { completed } = engine.runSteps(epochOrder(1, 1, 4000, true), rates, flag);
      assert.ok(completed < 4000, `${completed} steps were made`);
      assert.equal(engine.step, completed);
      // And what comes next is not interrupted by it.
      assert.equal(engine.runSteps(epochOrder(1, 1, 4, true), new Float64Array(4)).completed, 4);
    }
  });
});
