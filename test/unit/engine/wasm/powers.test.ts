import assert from "node:assert/strict";
import { integerPower } from "../../../../src/engine/elementary";
import { powersOf } from "../../../../src/engine/wasm/powers";

describe("powers of one base", () => {
  it("have the bits of integerPower", () => {
    for (const base of [0.9, 0.999, 0.5, 0]) {
      const power = powersOf(base);
      for (const exponent of [0, 1, 2, 3, 7, 1000, 123_457, 2 ** 33 + 5]) {
        assert.equal(power(exponent), integerPower(base, exponent));
      }
    }
  });
});
