import assert from "node:assert/strict";
import type { Comparison } from "../../../../src/protocol/comparison";
import { meanCurve, seedGroups } from "../../../../webview/compare/seedGroups";

function compared(keys: string[], settings: (string | null)[][]): Comparison {
  const runs = settings.map((own) => ({ label: "", settings: own, snapshot: { name: "iris" } }));
  return { keys, runs } as unknown as Comparison;
}

describe("Runs that differ in their seed alone", () => {
  it("are one group", () => {
    assert.deepEqual(seedGroups(compared(["seed"], [["1"], ["2"], ["3"]])), [[0, 1, 2]]);
    const mixed = compared(
      ["optimizer.type", "seed"],
      [
        ["sgd", "1"],
        ["adam", "1"],
        ["sgd", "2"],
      ],
    );
    assert.deepEqual(seedGroups(mixed), [[0, 2], [1]]);
  });

  it("are not grouped by anything else", () => {
    assert.deepEqual(seedGroups(compared(["epochs"], [["1"], ["2"]])), [[0], [1]]);
  });

  it("have a mean and a deviation where all have a value", () => {
    const curve = (x: number[], y: number[]) => ({ x: Float64Array.from(x), y: Float64Array.from(y) });
    const { points, band } = meanCurve([curve([0, 1, 2, 3], [1, 2, 3, 4]), curve([0, 1, 2], [3, 2, NaN])]);
    assert.deepEqual([...points.x], [0, 1]);
    assert.deepEqual([...points.y], [2, 2]);
    assert.ok(Math.abs(band.high[0] - (2 + Math.SQRT2)) < 1e-12 && band.low[1] === 2);
  });
});
