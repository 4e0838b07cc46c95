import assert from "node:assert/strict";
import { backwardProduct, forwardProduct, gradientProduct } from "../../../src/engine/products";
import { randomStream } from "../../../src/engine/random";
import { relativeError } from "./naive";

const sizes = [1, 2, 3, 4, 5, 8, 9];
const random = randomStream(1, "weights");
const draw = (count: number) => Float64Array.from({ length: count }, () => 2 * random.next() - 1);

/** Every combination of rows, inputs and units, so that every remainder of four is met. */
function eachShape(check: (rows: number, inputs: number, units: number) => void) {
  for (const rows of sizes) for (const inputs of sizes) for (const units of sizes) check(rows, inputs, units);
}

const indices = (count: number) => Array.from({ length: count }, (_, i) => i);
const sumOver = (count: number, term: (i: number) => number) =>
  indices(count).reduce((sum, i) => sum + term(i), 0);

describe("the products of a layer agree with triple loops", () => {
  it("forward, from the bias and onto what is there", () => {
    eachShape((rows, inputs, units) => {
      const x = draw(rows * inputs);
      const parameters = draw(3 + units * inputs + units);
      const bias = 3 + units * inputs;
      const z = draw(rows * units);
      const product = indices(rows * units).map((i) =>
        sumOver(
          inputs,
          (k) => x[Math.floor(i / units) * inputs + k] * parameters[3 + (i % units) * inputs + k],
        ),
      );
      const added = z.slice();
      forwardProduct(x, parameters, 3, -1, added, rows, inputs, units);
      assert.ok(
        relativeError(
          added,
          product.map((value, i) => value + z[i]),
        ) < 1e-14,
      );
      forwardProduct(x, parameters, 3, bias, z, rows, inputs, units);
      assert.ok(
        relativeError(
          z,
          product.map((value, i) => value + parameters[bias + (i % units)]),
        ) < 1e-14,
      );
    });
  });

  it("back to the inputs", () => {
    eachShape((rows, inputs, units) => {
      const delta = draw(rows * units);
      const parameters = draw(3 + units * inputs);
      const dx = draw(rows * inputs);
      const expected = indices(rows * inputs).map((i) => {
        const row = Math.floor(i / inputs);
        return (
          dx[i] + sumOver(units, (u) => delta[row * units + u] * parameters[3 + u * inputs + (i % inputs)])
        );
      });
      backwardProduct(delta, parameters, 3, dx, rows, inputs, units);
      assert.ok(relativeError(dx, expected) < 1e-14);
    });
  });

  it("to the parameters, with and without the bias", () => {
    eachShape((rows, inputs, units) => {
      const delta = draw(rows * units);
      const x = draw(rows * inputs);
      const bias = 3 + units * inputs;
      const gradient = draw(bias + units);
      const expected = gradient.map((value, i) => {
        if (i < 3) return value;
        if (i >= bias) return value + sumOver(rows, (r) => delta[r * units + i - bias]);
        const unit = Math.floor((i - 3) / inputs);
        return value + sumOver(rows, (r) => delta[r * units + unit] * x[r * inputs + ((i - 3) % inputs)]);
      });
      const withoutBias = gradient.slice();
      gradientProduct(delta, x, gradient, 3, bias, rows, inputs, units);
      assert.ok(relativeError(gradient, expected) < 1e-14);
      gradientProduct(delta, x, withoutBias, 3, -1, rows, inputs, units);
      assert.ok(relativeError(withoutBias.subarray(0, bias), expected.subarray(0, bias)) < 1e-14);
    });
  });
});
