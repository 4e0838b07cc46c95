/** Bad luck: where the kernels cannot run, or stop running, the reference serves. */
import assert from "node:assert/strict";
import { createEngine } from "../../../../src/engine/createEngine";
import type { EngineSettings } from "../../../../src/engine/engine";
import { initialParameters } from "../../../../src/engine/initializers";
import { describeNetwork } from "../../../../src/engine/network";
import { randomStream } from "../../../../src/engine/random";
import { createReferenceEngine } from "../../../../src/engine/reference";
import { createWasmEngine } from "../../../../src/engine/wasm/wasmEngine";
import { distance, randomSamples } from "./cases";

const network = describeNetwork(8, [{ units: 5, activation: "silu" }], 2);
const settings: EngineSettings = {
  network,
  loss: "mse",
  optimizer: { type: "momentum", learningRate: 0.01, momentum: 0.9, weightDecay: 0 },
  batchSize: 4,
  seed: 1,
  training: randomSamples(1, 40, 8, "mse", 2),
};
const initial = initialParameters(network, "auto", randomStream(1, "weights"));
const rates = new Float64Array(10).fill(0.01);
const inOrder = Uint32Array.from({ length: 40 }, (_, i) => i);

/** Puts a function in the place of a host's one while `body` runs. */
function without<K extends "validate" | "Memory">(name: K, stub: (typeof WebAssembly)[K], body: () => void) {
  const original = WebAssembly[name];
  WebAssembly[name] = stub;
  try {
    body();
  } finally {
    WebAssembly[name] = original;
  }
}

describe("Without the kernels", () => {
  it("the reference serves where there is no SIMD, and one line says so", () => {
    const log: string[] = [];
    without(
      "validate",
      () => false,
      () => {
        const engine = createEngine(settings, initial, { log: (message) => log.push(message) });
        assert.equal(engine.kernel, "reference-float32-1");
      },
    );
    assert.equal(log.length, 1);
    assert.match(log[0], /no WebAssembly SIMD/);
  });

  it("the reference serves where memory is refused, and one line says so", () => {
    const log: string[] = [];
    function refuse() {
      throw new RangeError("could not allocate memory");
    }
    without("Memory", refuse as unknown as typeof WebAssembly.Memory, () => {
      const engine = createEngine(settings, initial, { log: (message) => log.push(message) });
      assert.equal(engine.kernel, "reference-float32-1");
    });
    assert.deepEqual(log.length, 1);
    assert.match(log[0], /could not allocate memory/);
  });

  it("after a trap the reference goes on from where the call began", () => {
    const engine = createWasmEngine(settings, initial);
    engine.runSteps(inOrder, rates);
    const before = engine.snapshot();
    // A row far outside the memory, in the fifth of the steps.
    const broken = inOrder.slice();
    broken[17] = 2 ** 26;
    const report = engine.runSteps(broken, rates);
    assert.equal(engine.kernel, "reference-float32-1");
    assert.equal(report.completed, 4);
    assert.ok(report.nonFinite);
    assert.equal(engine.step, 14);

    const reference = createReferenceEngine(settings, initial);
    reference.restore(before);
    reference.runSteps(broken, rates);
    assert.deepEqual(engine.snapshot(), reference.snapshot());
    engine.runSteps(inOrder, rates);
    const { outputs } = engine.evaluate(engine.parameters, settings.training);
    const expected = reference.evaluate(engine.parameters, settings.training);
    assert.ok(distance(outputs, expected.outputs) === 0);
  });
});
