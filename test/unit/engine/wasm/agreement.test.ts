/** The SIMD kernels against the reference, on random networks, data and settings. */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Engine, FloatArray, ParameterPlane } from "../../../../src/engine/engine";
import { parameterViews } from "../../../../src/engine/network";
import { epochOrder } from "../../../../src/engine/random";
import { createReferenceEngine } from "../../../../src/engine/reference";
import { createWasmEngine } from "../../../../src/engine/wasm/wasmEngine";
import { type Case, distance, prepareCase, randomSamples, recipes } from "./cases";

/** The same cases every time; other seeds give others. */
const runs = Number(process.env["DOWNHILL_CASES"] ?? 2000);
const seed = Number(process.env["DOWNHILL_SEED"] ?? 1);

function epoch(engine: Engine, { settings }: Case, number: number, steps?: number) {
  const { training, batchSize, optimizer, seed } = settings;
  const order = epochOrder(seed, number, training.count, true);
  const all = Math.ceil(training.count / batchSize);
  const rates = new Float64Array(Math.min(steps ?? all, all)).fill(optimizer.learningRate);
  return engine.runSteps(order, rates);
}

function assertClose(what: string, actual: ArrayLike<number>, expected: ArrayLike<number>) {
  const error = distance(actual, expected);
  assert.ok(error <= 1e-5, `${what} differ by ${error}`);
}

/**
 * Differences are measured against the numbers that were added up, start and steps: their sum may be near 0 by
 * chance, above all where a tensor is a single bias.
 */
function assertSameParameters(actual: Engine, expected: Engine, initial: FloatArray) {
  const { network } = expected;
  const theta = parameterViews(network, expected.parameters);
  const start = parameterViews(network, initial);
  parameterViews(network, actual.parameters).forEach(({ name, values }, i) => {
    const scale = Math.max(Math.hypot(...theta[i].values), Math.hypot(...start[i].values));
    const error = Math.hypot(...values.map((value, k) => value - theta[i].values[k])) / scale;
    assert.ok(error <= 1e-5, `${name} differs by ${error}`);
  });
}

describe("The SIMD kernels and the reference", () => {
  it(`train alike in ${runs} random cases`, () => {
    fc.assert(
      fc.property(recipes, (recipe) => {
        const sample = prepareCase(recipe);
        const reference = createReferenceEngine(sample.settings, sample.initial);
        const wasm = createWasmEngine(sample.settings, sample.initial);
        for (const number of [1, 2]) {
          const expected = epoch(reference, sample, number, 6);
          const actual = epoch(wasm, sample, number, 6);
          assert.equal(actual.completed, expected.completed);
          assertClose("losses", actual.losses, expected.losses);
          assertClose("norms", actual.gradientNorms, expected.gradientNorms);
        }
        assertSameParameters(wasm, reference, sample.initial);
        assert.equal(wasm.step, reference.step);
      }),
      { numRuns: runs, seed },
    );
  });

  it("agree on gradients, outputs and losses anywhere", () => {
    fc.assert(
      fc.property(recipes, fc.integer({ min: 2, max: 600 }), (recipe, testCount) => {
        const sample = prepareCase(recipe);
        const { settings, initial } = sample;
        const reference = createReferenceEngine(settings, initial);
        const wasm = createWasmEngine(settings, initial);
        epoch(reference, sample, 1, 3);
        wasm.restore(reference.snapshot());
        const { training, network, loss } = settings;
        const elsewhere = initial.map((value, i) => value * (1 + 0.3 * Math.sin(i)));
        const rows = Uint32Array.from({ length: training.count }, (_, i) => (7 * i) % training.count);
        for (const [a, b] of [
          [wasm.parameters, reference.parameters],
          [elsewhere, elsewhere],
        ]) {
          const actual = wasm.gradientAt(a, rows);
          const expected = reference.gradientAt(b, rows);
          assert.ok(Math.abs(actual.loss - expected.loss) <= 1e-5 * Math.abs(expected.loss));
          const views = parameterViews(network, expected.gradient);
          parameterViews(network, actual.gradient).forEach(({ name, values }, i) => {
            assert.ok(distance(values, views[i].values) <= 2e-5, `gradient of ${name}`);
          });
        }
        const outputs = network.layers[network.layers.length - 1].units;
        const test = randomSamples(1, testCount, network.layers[0].inputs, loss, outputs);
        const actual = wasm.evaluate(elsewhere, test, 1, test.count);
        const expected = reference.evaluate(elsewhere, test, 1, test.count);
        assert.equal(actual.count, expected.count);
        assert.ok(Math.abs(actual.lossSum - expected.lossSum) <= 1e-5 * Math.abs(expected.lossSum));
        assert.ok(Math.abs(actual.weightSum - expected.weightSum) <= 1e-6 * expected.weightSum);
        assert.ok(distance(actual.outputs, expected.outputs) <= 1e-5, "outputs");

        const z = wasm.firstPreActivations(elsewhere, test, 1, test.count);
        assert.ok(distance(z, reference.firstPreActivations(elsewhere, test, 1, test.count)) <= 1e-5, "z");
        assert.deepEqual(wasm.evaluateFrom(z, elsewhere, test, 1, test.count), actual);
        const again = reference.evaluateFrom(z, elsewhere, test, 1, test.count);
        assert.ok(distance(again.outputs, expected.outputs) <= 1e-5, "outputs from z");
      }),
      { numRuns: Math.ceil(runs / 10), seed },
    );
  });

  it("agree on losses on a plane, and with evaluations of its points", () => {
    fc.assert(
      fc.property(recipes, fc.integer({ min: 2, max: 600 }), (recipe, testCount) => {
        const { settings, initial } = prepareCase(recipe);
        const { network, loss } = settings;
        const reference = createReferenceEngine(settings, initial);
        const wasm = createWasmEngine(settings, initial);
        const [u, v] = [1, 2].map((k) => initial.map((_, i) => 0.3 * Math.sin(k * (i + 1))));
        const outputs = network.layers[network.layers.length - 1].units;
        const test = randomSamples(1, testCount, network.layers[0].inputs, loss, outputs);
        const z = (parameters: FloatArray) => reference.firstPreActivations(parameters, test, 1, test.count);
        const plane: ParameterPlane = { center: initial, u, v, preActivations: [z(initial), z(u), z(v)] };
        const a = Float64Array.of(0, 1, -0.5, 0.25);
        const b = Float64Array.of(0, -1, 0.75, 2);
        const before = wasm.snapshot();
        const actual = wasm.lossesOnPlane(plane, a, b, test, 1, test.count);
        assert.deepEqual(wasm.snapshot(), before);
        assertClose("losses", actual, reference.lossesOnPlane(plane, a, b, test, 1, test.count));
        a.forEach((along, point) => {
          const theta = initial.map((value, i) => value + along * u[i] + b[point] * v[i]);
          const { lossSum } = reference.evaluate(theta, test, 1, test.count);
          assert.ok(Math.abs(actual[point] - lossSum) <= 1e-5 * Math.abs(lossSum), `loss at point ${point}`);
        });
      }),
      { numRuns: Math.ceil(runs / 10), seed },
    );
  });

  it("give the gradient that float64 differences of the loss give", () => {
    fc.assert(
      fc.property(recipes, (recipe) => {
        // Kinks would lie between the two ends of a difference.
        const smooth = recipe.hidden.map((layer) => ({ ...layer, activation: "tanh" as const }));
        const loss = recipe.loss === "mae" ? "mse" : recipe.loss;
        const { settings, initial } = prepareCase({ ...recipe, hidden: smooth, loss });
        const exact = createReferenceEngine({ ...settings, precision: "float64" }, initial);
        const { training } = settings;
        const rows = Uint32Array.from({ length: training.count }, (_, i) => i);
        const { gradient } = createWasmEngine(settings, initial).gradientAt(initial, rows);
        const size = Math.hypot(...gradient);
        for (let n = 0; n < 5; n++) {
          const at = (n * 7919) % initial.length;
          const lossAt = (change: number) => {
            const theta = Float64Array.from(initial);
            theta[at] += change;
            const { lossSum, weightSum } = exact.evaluate(theta, training);
            return lossSum / weightSum;
          };
          const h = 1e-4;
          const difference = (lossAt(h) - lossAt(-h)) / (2 * h);
          assert.ok(Math.abs(difference - gradient[at]) <= 1e-5 * size + 1e-8, `parameter ${at}`);
        }
      }),
      { numRuns: Math.ceil(runs / 20), seed },
    );
  });
});
