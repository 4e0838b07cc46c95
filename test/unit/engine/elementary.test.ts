import assert from "node:assert/strict";
import fc from "fast-check";
import {
  cosPi,
  erf,
  exp,
  integerPower,
  log,
  log1p,
  sigmoid,
  softplus,
  tanh,
} from "../../../src/engine/elementary";
import { slowErf } from "./naive";

const inRange = (min: number, max: number) => fc.double({ min, max, noNaN: true });

function assertAccurate(
  f: (x: number) => number,
  twin: (x: number) => number,
  min: number,
  max: number,
  ulps: number,
) {
  fc.assert(
    fc.property(inRange(min, max), (x) => {
      const expected = twin(x);
      const tolerance = ulps * 2 ** -52 * Math.abs(expected) + Number.MIN_VALUE;
      assert.ok(Math.abs(f(x) - expected) <= tolerance, `at ${x}: ${f(x)} instead of ${expected}`);
    }),
    { numRuns: 3000 },
  );
}

describe("elementary functions", () => {
  it("exp agrees with Math.exp to the last digits", () => assertAccurate(exp, Math.exp, -707.9, 709.7, 4));
  it("log agrees with Math.log", () => assertAccurate(log, Math.log, 1e-300, 1e300, 4));
  it("log agrees with Math.log near 1", () => assertAccurate(log, Math.log, 0.5, 2, 4));
  it("log1p agrees with Math.log1p", () => assertAccurate(log1p, Math.log1p, 0, 1, 4));
  it("tanh agrees with Math.tanh", () => assertAccurate(tanh, Math.tanh, -25, 25, 6));
  it("tanh keeps its digits near 0", () => assertAccurate(tanh, Math.tanh, -1e-3, 1e-3, 4));
  it("sigmoid agrees with its formula", () =>
    assertAccurate(sigmoid, (x) => 1 / (1 + Math.exp(-x)), -700, 700, 4));
  it("softplus agrees with log(1 + e^x)", () =>
    assertAccurate(softplus, (x) => Math.log1p(Math.exp(x)), -700, 30, 6));

  it("cosPi agrees with the cosine", () => {
    fc.assert(fc.property(inRange(0, 1), (t) => Math.abs(cosPi(t) - Math.cos(Math.PI * t)) < 1e-15));
    assert.deepEqual([cosPi(0), cosPi(1)], [1, -1]);
    assert.ok(Math.abs(cosPi(0.5)) < 1e-15);
  });

  it("erf agrees with its series, across all three of its formulas", () => {
    fc.assert(
      fc.property(inRange(-2.5, 2.5), (x) => Math.abs(erf(x) - slowErf(x)) < 1e-13),
      { numRuns: 2000 },
    );
    // Abramowitz and Stegun, table 7.1; erfc(4.5) and erfc(5) from its continued fraction.
    assert.ok(Math.abs(erf(0.5) - 0.5204998778130465) < 1e-15);
    assert.ok(Math.abs(erf(1) - 0.8427007929497149) < 1e-15);
    assert.ok(Math.abs(erf(2) - 0.9953222650189527) < 1e-15);
    assert.ok(Math.abs(1 - erf(4.5) - 1.966160441542887e-10) < 2e-16);
    assert.ok(Math.abs(1 - erf(5) - 1.5374597944280349e-12) < 2e-16);
    for (const seam of [0.46875, 4]) assert.ok(Math.abs(erf(seam) - erf(seam + 1e-12)) < 2e-12);
  });

  it("erf, tanh and sigmoid rise everywhere and stay within their limits", () => {
    for (const f of [erf, tanh, sigmoid]) {
      let before = -Infinity;
      for (let x = -30; x <= 30; x += 1 / 64) {
        const value = f(x);
        assert.ok(value >= before - 2e-16 && Math.abs(value) <= 1);
        before = value;
      }
    }
  });

  it("handles the ends of the number line", () => {
    assert.deepEqual(
      [exp(0), exp(-Infinity), exp(Infinity), exp(-708.1), exp(710)],
      [1, 0, Infinity, 0, Infinity],
    );
    assert.deepEqual([log(0), log(1), log(Infinity)], [-Infinity, 0, Infinity]);
    assert.deepEqual([tanh(Infinity), tanh(-Infinity), tanh(0)], [1, -1, 0]);
    assert.deepEqual([sigmoid(Infinity), sigmoid(-Infinity), sigmoid(0)], [1, 0, 0.5]);
    assert.deepEqual([softplus(Infinity), softplus(-Infinity), softplus(1000)], [Infinity, 0, 1000]);
    assert.deepEqual([erf(Infinity), erf(-Infinity), erf(0)], [1, -1, 0]);
    for (const f of [exp, log, log1p, tanh, sigmoid, softplus, erf]) assert.ok(Number.isNaN(f(NaN)), f.name);
    assert.ok(Number.isNaN(log(-1)));
  });

  it("integerPower agrees with repeated multiplication", () => {
    for (const base of [0.9, 0.999, 2, 0]) {
      for (let exponent = 0, product = 1; exponent < 60; exponent++, product *= base) {
        assert.ok(Math.abs(integerPower(base, exponent) - product) <= 1e-14 * product);
      }
    }
    assert.equal(integerPower(0.999, 1e9), 0);
  });
});
