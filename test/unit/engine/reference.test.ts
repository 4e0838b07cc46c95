import assert from "node:assert/strict";
import { Worker } from "node:worker_threads";
import type { Activation, Engine, EngineSettings, Loss, Optimizer } from "../../../src/engine/engine";
import { initialParameters } from "../../../src/engine/initializers";
import { describeNetwork, type HiddenLayer } from "../../../src/engine/network";
import { epochOrder, randomStream } from "../../../src/engine/random";
import { createReferenceEngine } from "../../../src/engine/reference";
import {
  losses,
  naiveForward,
  naiveMeanLoss,
  outputsOf,
  randomSamples,
  relativeError,
  rowOf,
  rowsUpTo,
  smoothProblem,
} from "./naive";

const sgd: Optimizer = { type: "sgd", learningRate: 0.1, weightDecay: 0 };
const adam: Optimizer = {
  type: "adam",
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
};
const optimizers: Optimizer[] = [
  sgd,
  { type: "momentum", learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 },
  { type: "nesterov", learningRate: 0.1, momentum: 0.9, weightDecay: 0 },
  { type: "rmsprop", learningRate: 0.01, decay: 0.99, epsilon: 1e-8, weightDecay: 0 },
  adam,
  { ...adam, type: "adamw", weightDecay: 0.1 },
  { type: "adagrad", learningRate: 0.1, epsilon: 1e-10, weightDecay: 0 },
];

interface Problem {
  hidden?: HiddenLayer[];
  loss?: Loss;
  count?: number;
  inputs?: number;
}

/** A float32 engine unless asked otherwise, with its settings. */
function create(problem: Problem = {}, overrides: Partial<EngineSettings> = {}) {
  const { hidden = [{ units: 6, activation: "tanh" }], count = 23, inputs = 4 } = problem;
  const loss = problem.loss ?? "categorical-cross-entropy";
  const network = describeNetwork(inputs, hidden, outputsOf(loss));
  const training = randomSamples(randomStream(1, "split"), count, inputs, loss, outputsOf(loss));
  const settings: EngineSettings = {
    network,
    loss,
    optimizer: sgd,
    batchSize: 5,
    seed: 1,
    training,
    ...overrides,
  };
  const initial = initialParameters(network, "auto", randomStream(1, "weights"), settings.precision);
  return {
    engine: createReferenceEngine(settings, initial),
    settings,
    initial,
    network,
    training,
    loss,
    count,
  };
}

const rates = (steps: number, rate = 0.1) => new Float64Array(steps).fill(rate);

/** Whole shuffled epochs, as a run makes them. */
function runEpochs(
  engine: Engine,
  settings: EngineSettings,
  from: number,
  to: number,
  rate = 0.05,
): number[] {
  const { count } = settings.training;
  const all: number[] = [];
  for (let epoch = from; epoch <= to; epoch++) {
    const report = engine.runSteps(
      epochOrder(settings.seed, epoch, count, true),
      rates(Math.ceil(count / settings.batchSize), rate),
    );
    all.push(...report.losses, ...report.gradientNorms);
  }
  return all;
}

/** FNV-1a of the bytes. */
function checksum(values: Float32Array | Float64Array): string {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(values.buffer, values.byteOffset, values.byteLength)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}

describe("a step of the reference engine", () => {
  it("is θ − η g, with the loss and the norm of before", () => {
    const { engine, settings, initial, network, training, loss } = create({}, { precision: "float64" });
    const rows = Uint32Array.of(4, 0, 9, 9, 2);
    const { loss: expected, gradient } = createReferenceEngine(settings, initial).gradientAt(initial, rows);
    const report = engine.runSteps(rows, rates(1, 0.3));
    assert.equal(report.completed, 1);
    assert.equal(report.nonFinite, undefined);
    assert.ok(Math.abs(report.losses[0] - naiveMeanLoss(network, loss, initial, training, rows)) < 1e-12);
    assert.equal(report.losses[0], expected);
    assert.ok(Math.abs(report.gradientNorms[0] - Math.hypot(...gradient)) < 1e-12);
    assert.deepEqual([...engine.parameters], [...initial.map((value, i) => value - 0.3 * gradient[i])]);
    assert.equal(engine.step, 1);
  });

  it("takes a last short batch for what it is", () => {
    const { engine, settings, initial } = create({ count: 7 }, { precision: "float64" });
    const { losses: actual } = engine.runSteps(rowsUpTo(7), Float64Array.of(0, 0));
    const alone = createReferenceEngine({ ...settings, batchSize: 2 }, initial);
    assert.equal(actual.length, 2);
    assert.equal(actual[1], alone.runSteps(Uint32Array.of(5, 6), Float64Array.of(0)).losses[0]);
  });

  it("follows the batches of its order, in one call or in several", () => {
    const { settings, initial } = create();
    const order = epochOrder(1, 1, 23, true);
    const whole = createReferenceEngine(settings, initial);
    const { losses: expected } = whole.runSteps(order, rates(5));
    const pieces = createReferenceEngine(settings, initial);
    const actual = [0, 1, 2, 3, 4].map(
      (i) => pieces.runSteps(order.subarray(i * 5, i * 5 + 5), rates(1)).losses[0],
    );
    assert.deepEqual(actual, [...expected]);
    assert.deepEqual(pieces.parameters, whole.parameters);
  });

  it("uses the learning rate of its own step", () => {
    const { settings, initial } = create();
    const engine = createReferenceEngine(settings, initial);
    engine.runSteps(rowsUpTo(23), Float64Array.of(0, 0, 0));
    assert.deepEqual(engine.parameters, initial);
    engine.runSteps(rowsUpTo(23), Float64Array.of(0, 0.1));
    assert.notDeepEqual(engine.parameters, initial);
  });

  it("clips before it adds weight decay", () => {
    const optimizer: Optimizer = { ...sgd, weightDecay: 0.5 };
    const { engine, settings, initial } = create(
      {},
      { precision: "float64", optimizer, gradientClipNorm: 0.01 },
    );
    const { gradient } = createReferenceEngine(settings, initial).gradientAt(initial, rowsUpTo(5));
    const { gradientNorms } = engine.runSteps(rowsUpTo(5), rates(1));
    const norm = Math.hypot(...gradient);
    assert.ok(norm > 0.01);
    assert.ok(Math.abs(gradientNorms[0] - norm) < 1e-14, "the reported norm is that of before");
    const expected = initial.map(
      (value, i) => value - 0.1 * (gradient[i] * (0.01 / (norm + 1e-6)) + 0.5 * value),
    );
    assert.ok(relativeError(engine.parameters, expected) < 1e-14);
  });

  it("learns: every optimiser lowers the loss of every kind of problem", () => {
    for (const optimizer of optimizers) {
      for (const loss of losses) {
        const { engine, settings, initial, training, count } = create({ loss }, { optimizer });
        const before = engine.evaluate(initial, training).lossSum / count;
        runEpochs(engine, settings, 1, 60, optimizer.learningRate / 2);
        const after = engine.evaluate(engine.parameters, training).lossSum / count;
        assert.ok(after < 0.97 * before, `${optimizer.type}, ${loss}: from ${before} to ${after}`);
      }
    }
  });
});

describe("networks and batches of any size", () => {
  const shapes: [string, Problem, number][] = [
    ["no hidden layer", { hidden: [] }, 5],
    ["one unit", { hidden: [{ units: 1, activation: "relu" }] }, 5],
    ["one input", { inputs: 1 }, 5],
    ["one row", { count: 1 }, 1],
    ["batches of one row", {}, 1],
    ["all rows in a batch", {}, 23],
    ["more rows than a block holds", { count: 1030 }, 1030],
    ["five hidden layers", { hidden: [3, 2, 5, 1, 4].map((units) => ({ units, activation: "gelu" })) }, 7],
  ];
  for (const [name, problem, batchSize] of shapes) {
    it(name, () => {
      const { engine, settings, initial, network, training, loss, count } = create(problem, { batchSize });
      const rows = rowsUpTo(count);
      const expected = naiveMeanLoss(network, loss, initial, training, rows.subarray(0, batchSize));
      const report = engine.runSteps(rows, rates(Math.ceil(count / batchSize)));
      assert.equal(report.completed, Math.ceil(count / batchSize));
      assert.ok(Math.abs(report.losses[0] - expected) < 1e-6);
      assert.ok(report.losses.every(Number.isFinite) && engine.parameters.every(Number.isFinite));
      assert.equal(engine.step, settings.batchSize === 1 ? count : Math.ceil(count / batchSize));
    });
  }

  it("adds up blocks to the gradient and Hessian of all rows", () => {
    const { network, training, parameters } = smoothProblem([4, 3], "tanh", "mse", 700);
    const settings: EngineSettings = {
      network,
      loss: "mse",
      optimizer: sgd,
      batchSize: 700,
      seed: 1,
      training,
      precision: "float64",
    };
    const engine = createReferenceEngine(settings, parameters);
    const vector = parameters.map((_, i) => Math.cos(i));
    const gradient = parameters.map(() => 0);
    const product = parameters.map(() => 0);
    for (let row = 0; row < 700; row++) {
      engine
        .gradientAt(parameters, Uint32Array.of(row))
        .gradient.forEach((value, i) => (gradient[i] += value / 700));
      engine
        .hessianVector(parameters, Uint32Array.of(row), vector)
        .forEach((value, i) => (product[i] += value / 700));
    }
    assert.ok(relativeError(engine.gradientAt(parameters, rowsUpTo(700)).gradient, gradient) < 1e-12);
    assert.ok(relativeError(engine.hessianVector(parameters, rowsUpTo(700), vector), product) < 1e-12);
  });
});

describe("evaluation", () => {
  it("gives the outputs and the loss sum of any rows, in any pieces", () => {
    for (const loss of losses) {
      const { engine, initial, network, training, count } = create(
        { loss, count: 600 },
        { precision: "float64" },
      );
      const whole = engine.evaluate(initial, training);
      const width = outputsOf(loss);
      assert.equal(whole.count, 600);
      for (const row of [0, 299, 599]) {
        const { outputs } = naiveForward(network, initial, rowOf(training.inputs, row, 4));
        outputs.forEach((value, k) => assert.ok(Math.abs(whole.outputs[row * width + k] - value) < 1e-12));
      }
      const expected = naiveMeanLoss(network, loss, initial, training, rowsUpTo(count));
      assert.ok(Math.abs(whole.lossSum / count - expected) < 1e-12);
      const [head, tail] = [
        engine.evaluate(initial, training, 0, 101),
        engine.evaluate(initial, training, 101),
      ];
      assert.deepEqual([head.count, tail.count], [101, 499]);
      assert.deepEqual([...head.outputs, ...tail.outputs], [...whole.outputs]);
      assert.ok(Math.abs(head.lossSum + tail.lossSum - whole.lossSum) < 1e-10);
    }
  });

  it("of no rows is empty", () => {
    const { engine, initial, training } = create();
    const { count, lossSum, outputs } = engine.evaluate(initial, training, 5, 5);
    assert.deepEqual([count, lossSum, outputs.length], [0, 0, 0]);
  });

  it("takes parameters of the other precision", () => {
    const { engine, initial, training } = create();
    assert.deepEqual(
      engine.evaluate(Float64Array.from(initial), training),
      engine.evaluate(initial, training),
    );
  });
});

describe("bits", () => {
  const hidden: HiddenLayer[] = [
    { units: 6, activation: "tanh", dropout: 0.2 },
    { units: 5, activation: "gelu" },
  ];

  it("are the same for the same seed", () => {
    const run = (seed: number) => {
      const { engine, settings } = create({ hidden }, { optimizer: adam, seed });
      return [runEpochs(engine, settings, 1, 3), engine.snapshot()];
    };
    assert.deepEqual(run(1), run(1));
    assert.notDeepEqual(run(1), run(2));
  });

  it("are not changed by looking: evaluations, gradients, Hessians and snapshots in between", () => {
    const quiet = create({ hidden }, { optimizer: adam });
    const watched = create({ hidden }, { optimizer: adam });
    const expected = runEpochs(quiet.engine, quiet.settings, 1, 4);
    const actual: number[] = [];
    for (let epoch = 1; epoch <= 4; epoch++) {
      const { engine, training, initial } = watched;
      engine.evaluate(engine.parameters, training);
      engine.gradientAt(initial, rowsUpTo(23));
      engine.hessianVector(engine.parameters, rowsUpTo(9), initial);
      engine.snapshot();
      actual.push(...runEpochs(engine, watched.settings, epoch, epoch));
    }
    assert.deepEqual(actual, expected);
    assert.deepEqual(watched.engine.snapshot(), quiet.engine.snapshot());
  });

  for (const optimizer of optimizers) {
    it(`continue from a snapshot as if never interrupted (${optimizer.type})`, () => {
      const { engine, settings, initial } = create({ hidden }, { optimizer });
      runEpochs(engine, settings, 1, 2, 0.01);
      const snapshot = engine.snapshot();
      const expected = runEpochs(engine, settings, 3, 4, 0.01);
      const resumed = createReferenceEngine(settings, initial);
      resumed.restore(snapshot);
      assert.equal(resumed.step, 10);
      assert.deepEqual(runEpochs(resumed, settings, 3, 4, 0.01), expected);
      assert.deepEqual(resumed.snapshot(), engine.snapshot());
      const { parameters } = engine;
      engine.restore(snapshot);
      assert.equal(engine.parameters, parameters, "the live view stays the same array");
      assert.deepEqual(runEpochs(engine, settings, 3, 4, 0.01), expected);
    });
  }

  it("stay what they were in earlier versions, on every machine", () => {
    const run = (activation: Activation, optimizer: Optimizer, loss: Loss) => {
      const layers = [
        { units: 6, activation, dropout: 0.2 },
        { units: 5, activation },
      ];
      const { engine, settings } = create({ hidden: layers, loss }, { optimizer, gradientClipNorm: 0.5 });
      runEpochs(engine, settings, 1, 5, optimizer.learningRate);
      return checksum(engine.parameters);
    };
    assert.deepEqual(
      [
        run("relu", optimizers[0], "mse"),
        run("leaky-relu", optimizers[1], "mae"),
        run("elu", optimizers[2], "binary-cross-entropy"),
        run("tanh", optimizers[3], "categorical-cross-entropy"),
        run("sigmoid", optimizers[4], "mse"),
        run("softplus", optimizers[5], "binary-cross-entropy"),
        run("silu", optimizers[6], "categorical-cross-entropy"),
        run("gelu", optimizers[4], "categorical-cross-entropy"),
      ],
      ["c56e8b65", "9572bf8c", "f0d515fb", "6b33825c", "5a7bf0df", "6f220496", "0be2201a", "1b1d9e59"],
    );
  });
});

describe("a step that fails", () => {
  it("leaves the parameters of the last good step, and says what it met", () => {
    const { engine, settings } = create(
      { loss: "mse", hidden: [{ units: 6, activation: "relu" }] },
      { optimizer: optimizers[1] },
    );
    const before: Float32Array[] = [];
    for (let i = 0; i < 1000; i++) {
      before.push(engine.parameters.slice() as Float32Array);
      const report = engine.runSteps(rowsUpTo(5), rates(1, 1e6));
      if (report.completed === 1) continue;
      assert.ok(report.nonFinite);
      const { loss, gradientNorm } = report.nonFinite;
      assert.ok(!Number.isFinite(loss) || !Number.isFinite(gradientNorm));
      assert.equal(engine.step, i);
      assert.deepEqual(engine.parameters, before[i]);
      assert.ok(engine.parameters.every(Number.isFinite));
      assert.ok(engine.snapshot().slots[0].every(Number.isFinite));
      assert.equal(settings.batchSize, 5);
      return;
    }
    assert.fail("it did not diverge");
  });

  it("may have a finite loss and a gradient that is not", () => {
    const { settings, training } = create({ loss: "mse", hidden: [], inputs: 1 });
    const steep = { ...training, inputs: training.inputs.map(() => 1e30) };
    const initial = new Float32Array(4).fill(1e-15);
    const engine = createReferenceEngine({ ...settings, training: steep }, initial);
    const { completed, nonFinite } = engine.runSteps(rowsUpTo(5), rates(1));
    assert.equal(completed, 0);
    assert.ok(Number.isFinite(nonFinite?.loss));
    assert.equal(nonFinite?.gradientNorm, Infinity);
    assert.deepEqual(engine.parameters, initial);
  });

  it("is undone when it would make a parameter infinite, whatever the optimiser", () => {
    for (const optimizer of optimizers) {
      const { engine } = create({ loss: "mse" }, { optimizer });
      assert.equal(engine.runSteps(rowsUpTo(5), rates(1)).completed, 1);
      const before = engine.snapshot();
      const report = engine.runSteps(rowsUpTo(10), rates(2, 1e300));
      assert.equal(report.completed, 0, optimizer.type);
      assert.ok(Number.isFinite(report.nonFinite?.loss) && Number.isFinite(report.nonFinite?.gradientNorm));
      assert.deepEqual(engine.snapshot(), before, optimizer.type);
      // As if nothing had been.
      const { engine: other } = create({ loss: "mse" }, { optimizer });
      other.runSteps(rowsUpTo(5), rates(1));
      assert.deepEqual(engine.runSteps(rowsUpTo(5), rates(1)), other.runSteps(rowsUpTo(5), rates(1)));
      assert.deepEqual(engine.snapshot(), other.snapshot());
    }
  });

  it("ends the call, with the steps before it reported", () => {
    const { settings, initial, training } = create({ loss: "mse", count: 15 });
    const inputs = training.inputs.slice();
    inputs[4 * 12] = NaN; // row 12, in the third batch
    const engine = createReferenceEngine({ ...settings, training: { ...training, inputs } }, initial);
    const report = engine.runSteps(rowsUpTo(15), rates(3));
    assert.deepEqual(
      [report.completed, report.losses.length, report.gradientNorms.length, engine.step],
      [2, 2, 2, 2],
    );
    assert.ok(Number.isNaN(report.nonFinite?.loss));
  });
});

describe("an interrupt", () => {
  it("before a step lets none happen", () => {
    const { engine, initial } = create({}, { optimizer: adam });
    const interrupt = new Int32Array(new SharedArrayBuffer(4));
    const before = engine.snapshot();
    interrupt[0] = 1;
    const report = engine.runSteps(rowsUpTo(23), rates(5), interrupt);
    assert.deepEqual([report.completed, report.losses.length, report.nonFinite], [0, 0, undefined]);
    assert.deepEqual(engine.snapshot(), before);
    assert.deepEqual(engine.parameters, initial);
    interrupt[0] = 0;
    assert.equal(engine.runSteps(rowsUpTo(23), rates(5), interrupt).completed, 5);
  });

  it("within a long step abandons it, without a trace", async () => {
    const inputs = 784;
    const count = 8000;
    const network = describeNetwork(inputs, [{ units: 256, activation: "relu" }], 10);
    const training = {
      count,
      inputs: new Float32Array(count * inputs).fill(0.5),
      targets: new Float32Array(count).fill(3),
    };
    const settings: EngineSettings = {
      network,
      loss: "categorical-cross-entropy",
      optimizer: adam,
      batchSize: count,
      seed: 1,
      training,
    };
    const engine = createReferenceEngine(
      settings,
      initialParameters(network, "auto", randomStream(1, "weights")),
    );
    engine.runSteps(rowsUpTo(64), rates(1));
    const before = engine.snapshot();
    const interrupt = new Int32Array(new SharedArrayBuffer(4));
    const begun = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(
      `const { interrupt, begun } = require("node:worker_threads").workerData;
       Atomics.wait(begun, 0, 0);
       setTimeout(() => Atomics.store(interrupt, 0, 1), 50);`,
      { eval: true, workerData: { interrupt, begun } },
    );
    await new Promise((resolve) => worker.once("online", resolve));
    Atomics.store(begun, 0, 1);
    Atomics.notify(begun, 0);
    // The step takes seconds. How soon it ends is measured by test/bench/latency.mjs; that it is not completed
    // shows that the interrupt was seen within it.
    const report = engine.runSteps(rowsUpTo(count), rates(1), interrupt);
    await worker.terminate();
    assert.equal(report.completed, 0);
    assert.deepEqual(engine.snapshot(), before);
  });
});

describe("sizes that do not fit", () => {
  const { engine, settings, initial, training } = create();

  it("are refused when the engine is made", () => {
    assert.throws(
      () => createReferenceEngine(settings, initial.subarray(1)),
      /initial parameters: 57 numbers/,
    );
    for (const wrong of [
      { ...training, inputs: training.inputs.subarray(1) },
      { ...training, targets: training.targets.subarray(1) },
      { ...training, targets: training.targets.map(() => 4) },
      { ...training, targets: training.targets.map(() => -1) },
      { ...training, targets: training.targets.map(() => 0.5) },
    ]) {
      assert.throws(() => createReferenceEngine({ ...settings, training: wrong }, initial), RangeError);
    }
  });

  it("are refused in calls", () => {
    assert.throws(() => engine.runSteps(rowsUpTo(20), rates(5)), RangeError);
    assert.throws(() => engine.gradientAt(initial.subarray(1), rowsUpTo(5)), RangeError);
    assert.throws(() => engine.evaluate(initial.subarray(1), training), RangeError);
    assert.throws(() => engine.hessianVector(initial, rowsUpTo(5), initial.subarray(1)), RangeError);
    const { engine: other } = create({}, { optimizer: adam });
    assert.throws(() => engine.restore(other.snapshot()), RangeError);
    assert.throws(() => other.restore({ ...other.snapshot(), parameters: new Float32Array(3) }), RangeError);
  });

  it("has no step for no learning rate", () => {
    assert.equal(engine.runSteps(new Uint32Array(0), new Float64Array(0)).completed, 0);
  });
});
