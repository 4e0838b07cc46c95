import assert from "node:assert/strict";
import * as fc from "fast-check";
import { DeadUnits } from "../../../../src/descent/health/deadUnits";
import { angleOf, decreaseRatio, stepHealth } from "../../../../src/descent/health/stepHealth";
import type { Engine, EngineSettings } from "../../../../src/engine/engine";
import { createEngine } from "../../../../src/engine/createEngine";
import { describeNetwork, layerOffsets, parameterViews } from "../../../../src/engine/network";
import { createReferenceEngine } from "../../../../src/engine/reference";
import { naiveForward } from "../../engine/naive";
import { prepareCase, recipes } from "../../engine/wasm/cases";

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);
const norm = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a));

/** Makes a step and looks at it from both ends. */
function walkOne(engine: Engine, rows: Uint32Array, rate: number) {
  const before = engine.parameters.slice();
  const start = engine.stepGradientAt(before, rows, 1);
  engine.runSteps(rows, Float64Array.of(rate));
  const after = engine.parameters.slice();
  const end = engine.stepGradientAt(after, rows, 1);
  assert.ok(start && end);
  return { before, after, gradient: start.gradient, lossBefore: start.loss, lossAfter: end.loss };
}

describe("step health", () => {
  it("is what its definitions say, in plain words", () => {
    fc.assert(
      fc.property(recipes, (recipe) => {
        const { settings, initial } = prepareCase(recipe);
        const engine = createReferenceEngine({ ...settings, precision: "float64" }, initial);
        const rows = Uint32Array.from(
          { length: Math.min(settings.batchSize, settings.training.count) },
          (_, i) => i,
        );
        const seen = walkOne(engine, rows, 0.01);
        const health = stepHealth(engine.network, seen, 0);
        const step = seen.after.map((value, i) => value - seen.before[i]);
        const slope = dot(seen.gradient, step);
        if (slope < 0 && seen.lossBefore !== seen.lossAfter) {
          const ratio = (seen.lossBefore - seen.lossAfter) / -slope;
          assert.ok(Math.abs(health.decreaseRatio - ratio) <= 1e-9 * Math.abs(ratio));
        } else assert.ok(Number.isNaN(health.decreaseRatio));
        const cosine = -slope / (norm(seen.gradient) * norm(step));
        if (norm(seen.gradient) > 0 && norm(step) > 0)
          assert.ok(Math.abs(Math.cos((health.angle * Math.PI) / 180) - cosine) < 1e-9);
        const gradients = parameterViews(engine.network, seen.gradient);
        const weights = parameterViews(engine.network, seen.before);
        const steps = parameterViews(engine.network, Float64Array.from(step));
        health.layers.forEach((layer, l) => {
          const both = [...gradients[2 * l].values, ...gradients[2 * l + 1].values];
          assert.ok(Math.abs(layer.gradientNorm - norm(both)) <= 1e-9 * norm(both));
          const update = norm(steps[2 * l].values) / norm(weights[2 * l].values);
          assert.ok(Math.abs(layer.updateRatio - update) <= 1e-9 * update);
        });
        const squares = health.layers.reduce((sum, layer) => sum + layer.gradientNorm ** 2, 0);
        assert.ok(Math.abs(Math.sqrt(squares) - norm(seen.gradient)) <= 1e-9 * norm(seen.gradient));
      }),
      { numRuns: 60 },
    );
  });

  it("is 1 − t/2 for a plain step t times as long as the one to the lowest point of a parabola", () => {
    // One linear unit without data but x = 1, y = 0: f = (w + b)², of curvature 4 along the gradient.
    const network = describeNetwork(1, [], 1);
    const training = { count: 1, inputs: Float64Array.of(1), targets: Float64Array.of(0) };
    const settings: EngineSettings = {
      network,
      loss: "mse",
      optimizer: { type: "sgd", learningRate: 1, weightDecay: 0 },
      batchSize: 1,
      seed: 1,
      training,
      precision: "float64",
    };
    for (const t of [0.1, 0.5, 1, 1.5, 2, 3]) {
      const engine = createReferenceEngine(settings, Float64Array.of(0.7, 0.2));
      const health = stepHealth(network, walkOne(engine, Uint32Array.of(0), t / 4), 2 ** -50);
      if (t === 2) assert.ok(Number.isNaN(health.decreaseRatio));
      else assert.ok(Math.abs(health.decreaseRatio - (1 - t / 2)) < 1e-12);
      assert.ok(health.angle < 1e-5);
    }
  });

  it("takes for rounding what is no more than that: what it tells in float32 is near float64", () => {
    let told = 0;
    fc.assert(
      fc.property(recipes, fc.constantFrom(1e-5, 1e-3, 0.1), (recipe, rate) => {
        const { settings, initial } = prepareCase({ ...recipe, batchSize: 32 });
        const rows = Uint32Array.from({ length: Math.min(32, settings.training.count) }, (_, i) => i);
        const engine = createEngine(settings, initial);
        const seen = walkOne(engine, rows, rate);
        const exact = createReferenceEngine({ ...settings, precision: "float64" }, initial);
        const lossAt = (at: typeof seen.before): number => exact.stepGradientAt(at, rows, 1)?.loss ?? NaN;
        const { decreaseRatio: ratio } = stepHealth(settings.network, seen);
        if (Number.isNaN(ratio)) return;
        told++;
        const noisy = seen.lossBefore - seen.lossAfter;
        const decrease = lossAt(seen.before) - lossAt(seen.after);
        assert.ok(Math.abs(noisy - decrease) < 0.7 * Math.abs(noisy), `${noisy} for ${decrease}`);
      }),
      { numRuns: 300 },
    );
    assert.ok(told > 100, `only ${told} were told`);
  });

  it("hides the ratio of a step that leads uphill, or of none", () => {
    assert.ok(Number.isNaN(decreaseRatio(1, 0.5, 0.1)));
    assert.ok(Number.isNaN(decreaseRatio(1, 1, -0.1)));
    assert.ok(Number.isNaN(decreaseRatio(1, 1 - 2 ** -24, -0.1)));
    assert.equal(decreaseRatio(1, 1.5, -0.25), -2);
    assert.equal(angleOf(-1, 1, 1), 180);
    assert.ok(Number.isNaN(angleOf(0, 0, 1)));
  });
});

describe("dead units", () => {
  it("are those of relu layers that answer 0 to every row, once enough rows were seen", () => {
    fc.assert(
      fc.property(recipes, (recipe) => {
        const hidden = [
          { units: 9, activation: "relu", dropout: 0 } as const,
          { units: 5, activation: "relu", dropout: 0 } as const,
        ];
        const { settings, initial } = prepareCase({
          ...recipe,
          hidden,
          loss: "mse",
          count: 40,
          batchSize: 8,
        });
        const { network, training } = settings;
        // Some of the first layer's units are held down.
        const { bias } = layerOffsets(network)[0];
        for (let u = 0; u < 4; u++) initial[bias + u] = -100 * u;
        const engine = createReferenceEngine(settings, initial);
        const dead = new DeadUnits(network, training.count);
        for (let from = 0; from < 40; from += 8) {
          assert.ok(dead.fractions().every(Number.isNaN));
          const rows = Uint32Array.from({ length: 8 }, (_, i) => from + i);
          dead.observe(engine.gradientAt(initial, rows).gradient, 8);
        }
        const inputs = network.layers[0].inputs;
        const silent = new Array<boolean>(14).fill(true);
        for (let r = 0; r < 40; r++) {
          const row = Array.from(training.inputs.subarray(r * inputs, (r + 1) * inputs));
          const { preactivations } = naiveForward(network, initial, row);
          for (let u = 0; u < 14; u++) if (preactivations[u] > 0) silent[u] = false;
        }
        const count = (from: number, to: number): number => silent.slice(from, to).filter(Boolean).length;
        // Where the layer after it is dead altogether, nothing comes through to a unit that answers.
        if (count(9, 14) === 5) return;
        const fractions = dead.fractions();
        assert.ok(fractions[0] >= 3 / 9);
        assert.deepEqual(fractions.slice(0, 2), [count(0, 9) / 9, count(9, 14) / 5]);
        assert.ok(Number.isNaN(fractions[2]));
      }),
      { numRuns: 40 },
    );
  });

  it("live again when a row reaches them", () => {
    const network = describeNetwork(1, [{ units: 2, activation: "relu" }], 1);
    const dead = new DeadUnits(network, 10);
    const gradient = Float32Array.of(0, 1, 0, 1, 1, 1, 1);
    dead.observe(gradient, 10);
    assert.equal(dead.fractions()[0], 0.5);
    gradient[2] = 0.1;
    dead.observe(gradient, 5);
    assert.equal(dead.fractions()[0], 0);
  });
});
