import assert from "node:assert/strict";
import { activate, multiplyByDerivative, multiplyBySecondDerivative } from "../../../src/engine/activations";
import type { Activation } from "../../../src/engine/engine";
import { activations, naiveActivation } from "./naive";

const value = (activation: Activation, z: number): number => {
  const a = new Float64Array(1);
  activate(activation, Float64Array.of(z), a, 1);
  return a[0];
};

const derivative = (activation: Activation, z: number, factor = 1): number => {
  const d = Float64Array.of(factor);
  multiplyByDerivative(activation, Float64Array.of(z), Float64Array.of(value(activation, z)), d, 1);
  return d[0];
};

const secondDerivative = (activation: Activation, z: number, factor = 1): number => {
  const d = Float64Array.of(factor);
  multiplyBySecondDerivative(activation, Float64Array.of(z), Float64Array.of(value(activation, z)), d, 1);
  return d[0];
};

const points = [-6, -2.5, -1, -0.3, -1e-3, 1e-3, 0.2, 0.9, 1.7, 4, 6];

for (const activation of activations) {
  describe(`the activation ${activation}`, () => {
    it("agrees with its formula", () => {
      for (const z of points) {
        if (activation === "gelu" && Math.abs(z) > 3.5) continue; // where the slow erf fails
        const expected = naiveActivation[activation](z);
        assert.ok(Math.abs(value(activation, z) - expected) <= 1e-13 * (1 + Math.abs(expected)), `at ${z}`);
      }
    });

    it("has the derivatives that differences show", () => {
      const h = 1e-5;
      for (const z of points) {
        const slope = (value(activation, z + h) - value(activation, z - h)) / (2 * h);
        assert.ok(Math.abs(derivative(activation, z) - slope) < 1e-9, `first, at ${z}`);
        const bend = (derivative(activation, z + h) - derivative(activation, z - h)) / (2 * h);
        assert.ok(Math.abs(secondDerivative(activation, z) - bend) < 1e-9, `second, at ${z}`);
      }
    });

    it("multiplies what comes back from the layers after it", () => {
      assert.ok(Math.abs(derivative(activation, 0.7, -3) + 3 * derivative(activation, 0.7)) < 1e-15);
      assert.ok(
        Math.abs(secondDerivative(activation, 0.7, -3) + 3 * secondDerivative(activation, 0.7)) < 1e-15,
      );
    });

    it("is finite for huge arguments, and passes NaN on", () => {
      for (const z of [-1e30, -1e4, -800, 800, 1e4, 1e30]) {
        for (const f of [value, derivative, secondDerivative])
          assert.ok(Number.isFinite(f(activation, z)), `at ${z}`);
      }
      assert.ok(Number.isNaN(value(activation, NaN)));
    });

    it("touches no more than it is told to", () => {
      const z = Float64Array.of(1, 2, 3);
      const a = Float64Array.of(9, 9, 9);
      const d = Float64Array.of(9, 9, 9);
      activate(activation, z, a, 2);
      multiplyByDerivative(activation, z, a, d, 2);
      multiplyBySecondDerivative(activation, z, a, d, 2);
      assert.deepEqual([a[2], d[2]], [9, 9]);
    });
  });
}

describe("the conventions at kinks and constants", () => {
  it("relu′(0) = 0, and leaky-relu and elu have their left slope's or common limit", () => {
    assert.deepEqual(
      [derivative("relu", 0), derivative("leaky-relu", 0), derivative("elu", 0)],
      [0, 0.01, 1],
    );
  });

  it("leaky-relu's slope is 0.01, elu's α is 1, softplus' β is 1", () => {
    assert.equal(value("leaky-relu", -2), -0.02);
    assert.ok(Math.abs(value("elu", -30) + 1) < 1e-12);
    assert.ok(Math.abs(value("softplus", 0) - Math.LN2) < 1e-15);
  });

  it("gelu is the exact one, not the approximation by tanh", () => {
    assert.ok(Math.abs(value("gelu", 1) - 0.8413447460685429) < 1e-15);
  });
});
