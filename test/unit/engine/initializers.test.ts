import assert from "node:assert/strict";
import type { Activation, Initializer } from "../../../src/engine/engine";
import { initialParameters, normalSource } from "../../../src/engine/initializers";
import { describeNetwork, parameterViews } from "../../../src/engine/network";
import { randomStream } from "../../../src/engine/random";

const inputs = 300;
const units = 200;

/** Weights and biases of a hidden layer of 300 × 200, and the output layer of 200 × 50. */
function drawn(initializer: Initializer, activation: Activation = "relu") {
  const network = describeNetwork(inputs, [{ units, activation }], 50);
  const parameters = initialParameters(network, initializer, randomStream(1, "weights"));
  const views = parameterViews(network, parameters);
  return {
    hidden: views[0].values,
    output: views[2].values,
    biases: [...views[1].values, ...views[3].values],
  };
}

const variance = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value * value, 0) / values.length;
const largest = (values: ArrayLike<number>) =>
  Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 0);

function assertNear(actual: number, expected: number, relative = 0.03) {
  assert.ok(Math.abs(actual / expected - 1) < relative, `${actual} instead of about ${expected}`);
}

describe("initial parameters", () => {
  it("have He's variance 2 / inputs", () => {
    for (const initializer of ["he-normal", "he-uniform"] as const) {
      assertNear(variance(drawn(initializer).hidden), 2 / inputs);
      assertNear(variance(drawn(initializer).output), 2 / units);
    }
  });

  it("have Glorot's variance 2 / (inputs + units)", () => {
    for (const initializer of ["glorot-normal", "glorot-uniform"] as const) {
      assertNear(variance(drawn(initializer).hidden), 2 / (inputs + units));
      assertNear(variance(drawn(initializer).output), 2 / (units + 50));
    }
  });

  it("are bounded when uniform, and not when normal", () => {
    assert.ok(largest(drawn("he-uniform").hidden) <= Math.fround(Math.sqrt(6 / inputs)));
    assertNear(largest(drawn("he-uniform").hidden), Math.sqrt(6 / inputs), 0.001);
    assert.ok(largest(drawn("he-normal").hidden) > 3 * Math.sqrt(2 / inputs));
  });

  it("auto is He for the relu family and Glorot otherwise, outputs included", () => {
    for (const activation of ["relu", "leaky-relu", "elu", "silu", "gelu", "softplus"] as const) {
      assertNear(variance(drawn("auto", activation).hidden), 2 / inputs);
    }
    for (const activation of ["tanh", "sigmoid", "identity"] as const) {
      assertNear(variance(drawn("auto", activation).hidden), 2 / (inputs + units));
    }
    assertNear(variance(drawn("auto").output), 2 / (units + 50));
  });

  it("have biases of zero, and zero weights when asked", () => {
    for (const initializer of ["auto", "he-normal", "glorot-uniform", "zeros"] as const) {
      assert.ok(drawn(initializer).biases.every((bias) => bias === 0));
    }
    assert.equal(largest(drawn("zeros").hidden), 0);
  });

  it("come from the seed, the same in both precisions but for rounding", () => {
    const network = describeNetwork(3, [{ units: 4, activation: "tanh" }], 2);
    const draw = (seed: number, precision: "float32" | "float64") =>
      initialParameters(network, "he-normal", randomStream(seed, "weights"), precision);
    assert.deepEqual(draw(1, "float32"), draw(1, "float32"));
    assert.notDeepEqual(draw(1, "float32"), draw(2, "float32"));
    assert.deepEqual(draw(1, "float32"), Float32Array.from(draw(1, "float64")));
    assert.ok(draw(1, "float64") instanceof Float64Array);
  });
});

describe("normal numbers", () => {
  it("have the moments and tails of the normal distribution", () => {
    const normal = normalSource(randomStream(11, "weights"));
    const count = 200_000;
    const draws = Array.from({ length: count }, normal);
    const moment = (k: number) => draws.reduce((sum, x) => sum + x ** k, 0) / count;
    assert.ok(Math.abs(moment(1)) < 0.01);
    assert.ok(Math.abs(moment(2) - 1) < 0.02);
    assert.ok(Math.abs(moment(3)) < 0.05);
    assert.ok(Math.abs(moment(4) - 3) < 0.1);
    const within = (limit: number) => draws.filter((x) => Math.abs(x) < limit).length / count;
    assert.ok(Math.abs(within(1) - 0.6827) < 0.005 && Math.abs(within(2) - 0.9545) < 0.003);
    const neighbours = draws.slice(1).reduce((sum, x, i) => sum + x * draws[i], 0) / count;
    assert.ok(Math.abs(neighbours) < 0.01);
  });
});
