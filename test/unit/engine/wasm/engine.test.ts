/** What surrounds the kernels: long batches, data that do not fit, interrupts, failing steps, snapshots. */
import assert from "node:assert/strict";
import type { Engine, EngineSettings, Optimizer } from "../../../../src/engine/engine";
import { createEngine } from "../../../../src/engine/createEngine";
import { initialParameters } from "../../../../src/engine/initializers";
import { describeNetwork } from "../../../../src/engine/network";
import { epochOrder, randomStream } from "../../../../src/engine/random";
import { createReferenceEngine } from "../../../../src/engine/reference";
import { createWasmEngine } from "../../../../src/engine/wasm/wasmEngine";
import { distance, randomSamples } from "./cases";
import { checksum } from "./checksum";

const network = describeNetwork(
  11,
  [
    { units: 19, activation: "tanh", dropout: 0.2 },
    { units: 9, activation: "gelu" },
  ],
  3,
);
const training = randomSamples(3, 700, 11, "categorical-cross-entropy", 3);
const adam: Optimizer = {
  type: "adam",
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
};
const initial = initialParameters(network, "auto", randomStream(5, "weights"));

function settings(changes: Partial<EngineSettings> = {}): EngineSettings {
  return {
    network,
    loss: "categorical-cross-entropy",
    optimizer: adam,
    batchSize: 16,
    seed: 5,
    training,
    ...changes,
  };
}

function rates(steps: number, rate = 0.01): Float64Array {
  return new Float64Array(steps).fill(rate);
}

/** Epochs from 1, each in calls of so many steps. */
function train(engine: Engine, epochs: number, batchSize: number, callSteps: number) {
  const losses: number[] = [];
  const norms: number[] = [];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const order = epochOrder(5, epoch, training.count, true);
    const steps = Math.ceil(training.count / batchSize);
    for (let from = 0; from < steps; from += callSteps) {
      const count = Math.min(callSteps, steps - from);
      const rows = order.subarray(from * batchSize, (from + count) * batchSize);
      const report = engine.runSteps(rows, rates(count));
      losses.push(...report.losses);
      norms.push(...report.gradientNorms);
    }
  }
  return { losses, norms };
}

describe("The engine on SIMD kernels", () => {
  it("is the one that is chosen, and says so", () => {
    assert.equal(createEngine(settings(), initial).kernel, "wasm-simd-float32-2");
    assert.equal(createEngine(settings({ precision: "float64" }), initial).kernel, "reference-float64-1");
  });

  it("computes the same bits on every machine", () => {
    const engine = createEngine(settings(), initial);
    assert.equal(checksum(engine, train(engine, 3, 16, 1000)), "ad666a5e");
  });

  it("computes the same bits however the steps are cut into calls", () => {
    const whole = createWasmEngine(settings(), initial);
    const expected = checksum(whole, train(whole, 2, 16, 1000));
    for (const callSteps of [1, 3, 5, 7]) {
      const engine = createWasmEngine(settings(), initial, { callSteps: 2 });
      assert.equal(checksum(engine, train(engine, 2, 16, callSteps)), expected);
    }
  });

  it("computes the same bits when resumed", () => {
    const whole = createWasmEngine(settings(), initial);
    train(whole, 1, 16, 1000);
    const saved = whole.snapshot();
    const resumed = createWasmEngine(settings(), initial);
    resumed.restore(saved);
    const expected = checksum(whole, train(whole, 1, 16, 1000));
    assert.equal(checksum(resumed, train(resumed, 1, 16, 13)), expected);
    assert.equal(resumed.step, whole.step);
  });

  it("computes the same bits whether the data lie in its memory or are brought in", () => {
    const inside = createWasmEngine(settings(), initial);
    const outside = createWasmEngine(settings(), initial, { residentBytes: 0, stagingBytes: 4096 });
    const expected = checksum(inside, train(inside, 2, 16, 10));
    assert.equal(checksum(outside, train(outside, 2, 16, 10)), expected);
    const rows = Uint32Array.from([5, 600, 2, 2]);
    assert.deepEqual(outside.gradientAt(initial, rows), inside.gradientAt(initial, rows));
  });

  it("takes long batches in blocks", () => {
    for (const batchSize of [700, 300, 64]) {
      const changes = { batchSize, classWeights: [0.4, 3, 1.1] };
      const expected = createReferenceEngine(settings(changes), initial);
      const actual = createWasmEngine(settings(changes), initial, {
        wholeBatchRows: 50,
        longBatchRows: 37,
      });
      const a = train(actual, 2, batchSize, 100);
      const b = train(expected, 2, batchSize, 100);
      assert.ok(distance(a.losses, b.losses) < 1e-5);
      assert.ok(distance(a.norms, b.norms) < 1e-5);
      assert.ok(distance(actual.parameters, expected.parameters) < 1e-4);
    }
  });

  it("probes without changing a bit", () => {
    const probed = createWasmEngine(settings(), initial);
    const plain = createWasmEngine(settings(), initial);
    const losses = { probed: [] as number[], plain: [] as number[] };
    const order = epochOrder(5, 1, training.count, true);
    for (let from = 0; from < 640; from += 64) {
      losses.plain.push(...plain.runSteps(order.subarray(from, from + 64), rates(4)).losses);
      losses.probed.push(...probed.runSteps(order.subarray(from, from + 64), rates(4)).losses);
      probed.gradientAt(initial, order.subarray(0, 100));
      probed.gradientAt(probed.parameters, order);
      probed.evaluate(initial, training);
      probed.evaluate(probed.parameters, training);
      probed.hessianVector(probed.parameters, order.subarray(0, 20), initial);
    }
    assert.deepEqual(losses.probed, losses.plain);
    assert.deepEqual(probed.snapshot(), plain.snapshot());
  });

  it("gives the same output for a row wherever it stands", () => {
    const engine = createWasmEngine(settings(), initial);
    const { outputs } = engine.evaluate(initial, training);
    for (const [from, to] of [
      [0, 1],
      [255, 258],
      [699, 700],
    ]) {
      assert.deepEqual(engine.evaluate(initial, training, from, to).outputs, outputs.slice(3 * from, 3 * to));
    }
  });

  it("answers NaN to a class that the network does not have", () => {
    const engine = createWasmEngine(settings(), initial);
    for (const target of [3, -1, 1e9]) {
      const targets = training.targets.slice();
      targets[9] = target;
      assert.ok(Number.isNaN(engine.evaluate(initial, { ...training, targets }).lossSum));
    }
    assert.ok(Number.isFinite(engine.evaluate(initial, training).lossSum));
  });

  it("leaves a step when it is interrupted", () => {
    const engine = createWasmEngine(settings(), initial);
    const flag = new Int32Array(new SharedArrayBuffer(4));
    flag[0] = 1;
    const before = engine.snapshot();
    const order = epochOrder(5, 1, training.count, true);
    assert.deepEqual(engine.runSteps(order, rates(40), flag), {
      completed: 0,
      losses: new Float64Array(0),
      gradientNorms: new Float64Array(0),
    });
    assert.deepEqual(engine.snapshot(), before);
  });

  for (const [way, changes] of [
    ["fused", {}],
    ["clipped", { gradientClipNorm: 1e9 }],
  ] as const) {
    it(`ends at the last good step when one is not finite (${way})`, () => {
      const broken = { ...training, inputs: training.inputs.slice() };
      broken.inputs[11 * 16 * 5 + 4] = NaN;
      const order = Uint32Array.from({ length: training.count }, (_, i) => i);
      const engine = createWasmEngine(settings({ training: broken, ...changes }), initial);
      const report = engine.runSteps(order, rates(20));
      assert.equal(report.completed, 5);
      assert.equal(report.losses.length, 5);
      assert.ok(report.nonFinite && Number.isNaN(report.nonFinite.loss));
      assert.equal(engine.step, 5);
      const good = createWasmEngine(settings(changes), initial);
      good.runSteps(order, rates(5));
      assert.deepEqual(engine.snapshot(), good.snapshot());
    });
  }

  it("goes on where only the square of the gradient leaves float32", () => {
    const linear = describeNetwork(2, [], 1);
    const samples = {
      count: 8,
      inputs: new Float32Array(16).fill(1e12),
      targets: new Float32Array(8).fill(1e12),
    };
    const huge = settings({
      network: linear,
      loss: "mse",
      batchSize: 1,
      optimizer: { type: "sgd", learningRate: 1e-30, weightDecay: 0 },
      training: samples,
    });
    const order = Uint32Array.from({ length: 8 }, (_, i) => i);
    const start = Float32Array.from([0.5, 0.25, 0]);
    const expected = createReferenceEngine(huge, start).runSteps(order, rates(8, 1e-30));
    const actual = createWasmEngine(huge, start).runSteps(order, rates(8, 1e-30));
    assert.equal(actual.nonFinite, undefined);
    assert.ok(distance(actual.gradientNorms, expected.gradientNorms) < 1e-6);
  });

  for (const gradientClipNorm of [undefined, 1e30]) {
    it(`undoes a step that makes a parameter infinite${gradientClipNorm ? " (clipped)" : ""}`, () => {
      const order = Uint32Array.from({ length: training.count }, (_, i) => i);
      const sgd: Optimizer = { type: "sgd", learningRate: 1, weightDecay: 0 };
      const changed = settings({ optimizer: sgd, gradientClipNorm });
      // The fourth step leaves float32 with a gradient that is finite.
      const steep = Float64Array.of(0.1, 0.1, 0.1, 1e300, 0.1);
      const expected = createReferenceEngine(changed, initial).runSteps(order, steep);
      const engine = createWasmEngine(changed, initial);
      const report = engine.runSteps(order, steep);
      assert.equal(report.completed, 3);
      assert.equal(expected.completed, 3);
      assert.ok(report.nonFinite && Number.isFinite(report.nonFinite.gradientNorm));
      assert.equal(engine.step, 3);
      const good = createWasmEngine(changed, initial);
      good.runSteps(order, steep.subarray(0, 3));
      assert.deepEqual(engine.snapshot(), good.snapshot());
      // The last step of a call as well.
      const last = createWasmEngine(changed, initial).runSteps(order, steep.subarray(0, 4));
      assert.equal(last.completed, 3);
      assert.ok(last.nonFinite);
    });
  }

  it("refuses what does not fit, in the reference's words", () => {
    assert.throws(() => createEngine(settings(), initial.subarray(1)), /initial parameters: \d+ numbers/);
    for (const classWeights of [
      [1, 1],
      [1, 1, 0],
      [1, NaN, 1],
    ]) {
      assert.throws(() => createEngine(settings({ classWeights }), initial), /class weight/);
    }
    const engine = createEngine(settings(), initial);
    assert.throws(() => engine.runSteps(new Uint32Array(16), rates(2)), RangeError);
    assert.throws(() => engine.restore({ ...engine.snapshot(), slots: [] }), /slots/);
  });
});
