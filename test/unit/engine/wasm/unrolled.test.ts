/** The steps that are generated for networks of few parameters, against the general kernels: every bit, and against the reference. */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Engine, EngineSettings } from "../../../../src/engine/engine";
import { epochOrder, randomStream } from "../../../../src/engine/random";
import { createReferenceEngine } from "../../../../src/engine/reference";
import { initialParameters } from "../../../../src/engine/initializers";
import { describeNetwork } from "../../../../src/engine/network";
import { arenaLimits } from "../../../../src/engine/wasm/arena";
import { canUnroll } from "../../../../src/engine/wasm/unrolled/steps";
import { createWasmEngine } from "../../../../src/engine/wasm/wasmEngine";
import { activations, losses } from "../naive";
import { distance, optimizers, prepareCase, randomSamples, type Recipe } from "./cases";

const runs = Number(process.env["DOWNHILL_CASES"] ?? 2000);
const seed = Number(process.env["DOWNHILL_SEED"] ?? 1);

const few = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 5 }) },
  fc.integer({ min: 6, max: 9 }),
);

/** Networks of up to some hundred parameters: the code is the same, whoever serves. */
const tiny: fc.Arbitrary<Recipe> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  inputs: few,
  hidden: fc.array(
    fc.record({
      units: few,
      activation: fc.constantFrom(...activations),
      dropout: fc.constantFrom(0, 0, 0, 0.3),
    }),
    { maxLength: 2 },
  ),
  outputs: few,
  loss: fc.constantFrom(...losses),
  optimizer: optimizers,
  count: fc.integer({ min: 1, max: 25 }),
  batchSize: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(1000)),
  gradientClipNorm: fc.constantFrom(undefined, undefined, 0.5),
  weighted: fc.constantFrom(false, false, true),
});

function train(engine: Engine, { training, batchSize, optimizer, seed: shuffling }: EngineSettings) {
  return [1, 2, 3].map((number) => {
    const order = epochOrder(shuffling, number, training.count, true);
    const rates = new Float64Array(Math.ceil(training.count / batchSize)).fill(optimizer.learningRate);
    return engine.runSteps(order, rates);
  });
}

describe("Generated steps", () => {
  it(`have the bits of the general kernels in ${runs} random cases`, () => {
    fc.assert(
      fc.property(tiny, (recipe) => {
        const { settings, initial } = prepareCase(recipe);
        const unrolled = createWasmEngine(settings, initial, { unrolledParameters: 1000 });
        const general = createWasmEngine(settings, initial, { unrolledParameters: 0 });
        const reports = train(unrolled, settings);
        assert.deepEqual(reports, train(general, settings));
        assert.deepEqual(unrolled.snapshot(), general.snapshot());
        const rows = Uint32Array.of(0, settings.training.count - 1);
        assert.deepEqual(
          unrolled.gradientAt(unrolled.parameters, rows),
          general.gradientAt(general.parameters, rows),
        );

        const reference = createReferenceEngine(settings, initial);
        const expected = train(reference, settings);
        const all = (values: { losses: Float64Array }[]) => values.flatMap((report) => [...report.losses]);
        assert.ok(distance(all(reports), all(expected)) <= 1e-5, "the reference's losses");
        assert.ok(distance(unrolled.parameters, reference.parameters) <= 1e-4, "the reference's parameters");
      }),
      { numRuns: runs, seed },
    );
  });

  const network = describeNetwork(2, [{ units: 4, activation: "tanh" }], 1);
  const settings: EngineSettings = {
    network,
    loss: "binary-cross-entropy",
    optimizer: { type: "momentum", learningRate: 0.05, momentum: 0.9, weightDecay: 0.001 },
    batchSize: 10,
    seed: 1,
    training: randomSamples(1, 105, 2, "binary-cross-entropy", 1),
  };
  const initial = initialParameters(network, "auto", randomStream(1, "weights"));
  const inOrder = Uint32Array.from({ length: 105 }, (_, i) => i);
  const rates = new Float64Array(11).fill(0.05);

  it("compute the same bits on every machine", () => {
    const engine = createWasmEngine(settings, initial);
    for (let epoch = 1; epoch <= 20; epoch++) engine.runSteps(epochOrder(1, epoch, 105, true), rates);
    const { buffer } = engine.parameters as Float32Array;
    let hash = 0x811c9dc5;
    for (const byte of new Uint8Array(buffer)) hash = Math.imul(hash ^ byte, 0x01000193);
    assert.equal((hash >>> 0).toString(16), "7fbc5cb2");
  });

  it("serve networks of few parameters, where they can", () => {
    assert.ok(canUnroll(settings, arenaLimits.unrolledParameters));
    assert.ok(!canUnroll(settings, 16));
    const adagrad = { type: "adagrad" as const, learningRate: 1, epsilon: 0, weightDecay: 0 };
    assert.ok(!canUnroll({ ...settings, optimizer: adagrad }, 1000));
    assert.ok(!canUnroll({ ...settings, loss: "categorical-cross-entropy" }, 1000));
    const general = createWasmEngine(settings, initial, { unrolledParameters: 0 });
    // What cannot be compiled is no failure: the general kernels serve.
    const original = WebAssembly.Module;
    WebAssembly.Module = function () {
      throw new WebAssembly.CompileError("no");
    } as unknown as typeof WebAssembly.Module;
    try {
      const refused = createWasmEngine(settings, initial);
      assert.deepEqual(refused.runSteps(inOrder, rates), general.runSteps(inOrder, rates));
      assert.deepEqual(refused.snapshot(), general.snapshot());
    } finally {
      WebAssembly.Module = original;
    }
  });

  it("stop before a step that is not finite, with the last good parameters", () => {
    for (const gradientClipNorm of [undefined, 1e30]) {
      const clipping = gradientClipNorm === undefined ? {} : { gradientClipNorm };
      const changes = { loss: "mse" as const, ...clipping };
      const engine = createWasmEngine({ ...settings, ...changes }, initial);
      const reference = createReferenceEngine({ ...settings, ...changes }, initial);
      const huge = new Float64Array(11).fill(1e12);
      const report = engine.runSteps(inOrder, huge);
      const expected = reference.runSteps(inOrder, huge);
      assert.ok(report.nonFinite && report.completed > 0);
      assert.equal(report.completed, expected.completed);
      assert.ok(engine.parameters.every(Number.isFinite));
      assert.ok(distance(engine.parameters, reference.parameters) < 1e-3);
    }
  });

  it("are left to the reference when they trap", () => {
    const engine = createWasmEngine(settings, initial);
    engine.runSteps(inOrder, rates);
    const before = engine.snapshot();
    const broken = inOrder.slice();
    broken[45] = 2 ** 26;
    engine.runSteps(broken, rates);
    assert.equal(engine.kernel, "reference-float32-1");
    const reference = createReferenceEngine(settings, initial);
    reference.restore(before);
    reference.runSteps(broken, rates);
    assert.deepEqual(engine.snapshot(), reference.snapshot());
  });

  it("are left by an interrupt, and go on with the same bits", () => {
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const engine = createWasmEngine(settings, initial);
    flag[0] = 1;
    assert.equal(engine.runSteps(inOrder, rates, flag).completed, 0);
    flag[0] = 0;
    const whole = createWasmEngine(settings, initial);
    assert.deepEqual(engine.runSteps(inOrder, rates, flag), whole.runSteps(inOrder, rates));
  });
});
