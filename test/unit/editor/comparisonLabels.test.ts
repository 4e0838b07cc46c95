import assert from "node:assert/strict";
import { comparisonLabels } from "../../../src/editor/comparisonLabels";

const run = (settings: Record<string, string>, part = {}) => ({ name: "iris", settings, ...part });

describe("The labels of compared runs", () => {
  it("name only what differs", () => {
    const runs = [
      run({ "optimizer.learningRate": "0.1", epochs: "5" }),
      run({ "optimizer.learningRate": "0.2", epochs: "5" }),
    ];
    assert.deepEqual(comparisonLabels(runs, ["optimizer.learningRate"]), [
      "learningRate 0.1",
      "learningRate 0.2",
    ]);
  });

  it("are the user's own names where there are some, and numbers where nothing differs", () => {
    const runs = [run({}), run({}, { title: "best" }), run({})];
    assert.deepEqual(comparisonLabels(runs, []), ["iris (1)", "best", "iris (2)"]);
  });

  it("begin with the config's name where there are several, and do not grow without end", () => {
    const runs = [run({ a: "1", b: "2", c: "3", d: "4" }), run({ a: "5" }, { name: "wine" })];
    assert.deepEqual(comparisonLabels(runs, ["a", "b", "c", "d"]), [
      "iris, a 1, b 2, c 3, …",
      "wine, a 5, b default, c default, …",
    ]);
  });
});
