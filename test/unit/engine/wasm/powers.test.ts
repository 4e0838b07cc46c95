import assert from "node:assert/strict";
import { integerPower } from "../../../../src/engine/elementary";
import { complementsOfPowers } from "../../../../src/engine/wasm/powers";

describe("1 less a power", () => {
  it("has the bits of 1 − integerPower", () => {
    for (const base of [0.9, 0.999, 0.999999, 0.5, 0, 1]) {
      const complement = complementsOfPowers(base);
      for (const exponent of [
        0,
        1,
        2,
        3,
        7,
        500,
        511,
        512,
        1000,
        1024,
        30_001,
        65_536,
        123_457,
        2 ** 33 + 5,
      ]) {
        assert.equal(complement(exponent), 1 - integerPower(base, exponent), `${base}^${exponent}`);
      }
    }
  });
});
