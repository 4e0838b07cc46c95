import assert from "node:assert/strict";
import fc from "fast-check";
import { isMissing, parseNumber, parsePlainDecimal } from "../../../src/data/readers/cells";

describe("what a cell means", () => {
  it("reads plain decimals exactly as Number does", () => {
    const decimal = fc
      .tuple(
        fc.constantFrom("", "-"),
        fc.stringMatching(/^\d{0,9}$/),
        fc.constantFrom("", "."),
        fc.stringMatching(/^\d{0,9}$/),
      )
      .map((parts) => parts.join(""))
      .filter((text) => /\d/.test(text));
    fc.assert(
      fc.property(decimal, (text) => {
        const value = parsePlainDecimal(text);
        // More digits than fit, and what may be a code, are left to the slow way.
        if (/^0\d+$/.test(text)) assert(Number.isNaN(value), text);
        else if (Number.isNaN(value)) assert(text.replace(/\D/g, "").length > 15 || text.length > 16, text);
        else assert(Object.is(value, Number(text)), text);
      }),
      { numRuns: 2000 },
    );
  });

  it("leaves everything else to the slow way", () => {
    for (const text of ["", "-", ".", "-.", "1-", "1.2.3", "1e5", "+1", " 1", "abc", "0x1", "١"]) {
      assert(Number.isNaN(parsePlainDecimal(text)), text);
    }
  });

  it("knows numbers from text", () => {
    const numbers: [string, number][] = [
      ["1e5", 1e5],
      ["+1.5", 1.5],
      ["-1.5E-3", -0.0015],
      [".097", 0.097],
      ["0.30000000000000004", 0.1 + 0.2],
      ["9007199254740993", 2 ** 53],
      ["inf", Infinity],
      ["-Inf", -Infinity],
      ["Infinity", Infinity],
      ["1e999", Infinity],
    ];
    for (const [text, value] of numbers) assert.equal(parseNumber(text), value, text);
    for (const text of ["0x10", "0b1", "0o7", "1,234", "1_000", "12%", "5 kg", "--1", "infinite", "e5"]) {
      assert(Number.isNaN(parseNumber(text)), text);
    }
  });

  it("knows the markers of missing values", () => {
    for (const text of ["", "NA", "N/A", "NaN", "null", "?", ".", "-"]) assert(isMissing(text), text);
    for (const text of ["0", "none", "no", "Na", "--", "..", "x"]) assert(!isMissing(text), text);
  });
});
