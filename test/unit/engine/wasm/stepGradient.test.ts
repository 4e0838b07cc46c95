/** The gradient of a step, masks and all, asked for without making the step. */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Engine } from "../../../../src/engine/engine";
import { createReferenceEngine } from "../../../../src/engine/reference";
import { createWasmEngine } from "../../../../src/engine/wasm/wasmEngine";
import { distance, prepareCase, recipes, type Case } from "./cases";

const makers = { reference: createReferenceEngine, wasm: createWasmEngine };

/** Momentum without memory: after a step of rate 0, its slot is the gradient. */
function twinOf({ settings, initial }: Case, make: (typeof makers)["reference"]): Engine {
  const { gradientClipNorm: _, ...rest } = settings;
  const optimizer = { type: "momentum", momentum: 0, learningRate: 0, weightDecay: 0 } as const;
  return make({ ...rest, optimizer }, initial);
}

describe("the gradient of a step", () => {
  for (const [name, make] of Object.entries(makers)) {
    it(`is that of the step, with its dropout masks (${name})`, () => {
      fc.assert(
        fc.property(recipes, (recipe) => {
          const one = prepareCase(recipe);
          const { training, batchSize } = one.settings;
          const engine = make(one.settings, one.initial);
          const rows = Uint32Array.from({ length: Math.min(batchSize, training.count) }, (_, i) => i);
          for (const step of [1, 2]) {
            const at = engine.stepGradientAt(engine.parameters, rows, step);
            const twin = twinOf(one, make);
            twin.restore({ step: step - 1, parameters: engine.parameters, slots: twin.snapshot().slots });
            const { losses, completed } = twin.runSteps(rows, Float64Array.of(0));
            assert.equal(completed, 1);
            const report = engine.runSteps(rows, Float64Array.of(0.001));
            assert.ok(at);
            assert.ok(Math.abs(at.loss - losses[0]) <= 1e-12 * Math.abs(losses[0]));
            assert.equal(report.losses[0], losses[0]);
            assert.ok(distance(at.gradient, twin.snapshot().slots[0]) < 1e-6);
          }
        }),
        { numRuns: 60 },
      );
    });
  }

  it("is given up at an interrupt, and changes nothing of the run", () => {
    for (const make of Object.values(makers)) {
      const one = prepareCase({
        seed: 7,
        inputs: 5,
        hidden: [{ units: 6, activation: "relu", dropout: 0.3 }],
        outputs: 3,
        loss: "categorical-cross-entropy",
        optimizer: { type: "momentum", learningRate: 0.01, momentum: 0.9, weightDecay: 0.1 },
        count: 50,
        batchSize: 8,
        gradientClipNorm: undefined,
        weighted: true,
      });
      const rows = Uint32Array.from({ length: 40 }, (_, i) => i);
      const walk = (probed: boolean): ReturnType<Engine["snapshot"]> => {
        const engine = make(one.settings, one.initial);
        for (let step = 1; step <= 5; step++) {
          if (probed) {
            engine.stepGradientAt(engine.parameters, rows.subarray(0, 8), step);
            engine.stepGradientAt(engine.parameters.slice(), rows, step + 40);
            assert.equal(engine.stepGradientAt(engine.parameters, rows, step, Int32Array.of(1)), null);
          }
          engine.runSteps(rows.subarray(8 * step - 8, 8 * step), Float64Array.of(0.01));
        }
        return engine.snapshot();
      };
      assert.deepEqual(walk(true), walk(false));
    }
  });
});
