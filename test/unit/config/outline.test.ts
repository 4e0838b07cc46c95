import assert from "node:assert/strict";
import fc from "fast-check";
import { outlineOf, type OutlineSymbol } from "../../../src/config/outline";

describe("the outline of a run config", () => {
  const text =
    "data:\n  file: iris.csv\n  ignore: [id, name]\nnetwork:\n  hidden:\n    - 8\n    - units: 4\n      activation: tanh\nseed:\n";

  const names = (symbols: readonly OutlineSymbol[]): unknown[] =>
    symbols.map(({ name, detail, children }) => [
      detail === "" ? name : `${name}: ${detail}`,
      ...names(children),
    ]);

  it("has a symbol for every key, and short values beside", () => {
    assert.deepEqual(names(outlineOf(text, "yaml")), [
      ["data", ["file: iris.csv"], ["ignore: id, name"]],
      ["network", ["hidden", ["1", ["units: 4"], ["activation: tanh"]]]],
      ["seed: null"],
    ]);
  });

  it("keeps keys within their symbols and symbols within their parents, whatever is typed", () => {
    const check = (symbols: readonly OutlineSymbol[], within: { start: number; end: number }): void => {
      for (const { name, key, whole, children } of symbols) {
        assert.notEqual(name, "");
        assert(
          within.start <= whole.start &&
            whole.start <= key.start &&
            key.end <= whole.end &&
            whole.end <= within.end,
        );
        check(children, whole);
      }
    };
    const cuts = fc.tuple(fc.nat(text.length), fc.nat(20), fc.string({ maxLength: 6 }));
    fc.assert(
      fc.property(cuts, ([at, length, insert]) => {
        const typed = text.slice(0, at) + insert + text.slice(at + length);
        check(outlineOf(typed, "yaml"), { start: 0, end: typed.length });
      }),
    );
  });
});
