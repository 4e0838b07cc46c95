import assert from "node:assert/strict";
import { createFunction } from "../../../../src/descent/functions/differentiable";
import { BasinMaker, CELLS } from "../../../../webview/compare/basins";
import { spreadSentence, stacked } from "../../../../webview/compare/spread";
import type { View } from "../../../../webview/function/view";

describe("The basins of a function", () => {
  const f = createFunction("(x^2-1)^2 + y^2", ["x", "y"]);
  const settings = {
    optimizer: { type: "sgd", learningRate: 0.05, weightDecay: 0 },
    schedule: { type: "constant", warmupSteps: 0 },
    steps: 500,
    gradientTolerance: 1e-6,
  } as const;
  const view: View = { a: [-1.5, 1.5], b: [-1, 1] };

  it("are told by the minimum that each start reaches", () => {
    const maker = new BasinMaker(f, settings, view);
    let rounds = 0;
    while (!maker.done) {
      maker.work(5);
      rounds++;
    }
    assert.ok(rounds > 1);
    const { minima, reached } = maker.basins;
    assert.equal(minima.length, 2);
    assert.ok(minima.every(([x, y]) => Math.abs(Math.abs(x) - 1) < 1e-3 && Math.abs(y) < 1e-3));
    for (let row = 0; row < CELLS; row += 7) {
      for (let column = 0; column < CELLS; column++) {
        const [x] = minima[reached[row * CELLS + column]];
        assert.equal(x > 0, column >= CELLS / 2, `row ${row}, column ${column}`);
      }
    }
  });

  it("are nobody's where a descent does not arrive", () => {
    const maker = new BasinMaker(f, { ...settings, steps: 2 }, view);
    while (!maker.done) maker.work(50);
    assert.ok(maker.basins.reached.every((minimum) => minimum === -1));
  });

  it("come coarse to fine", () => {
    const maker = new BasinMaker(f, settings, view);
    while (maker.basins.coarseness === 8) maker.work(0.01);
    const known = maker.basins.reached.filter((minimum) => minimum >= 0).length;
    assert.ok(known >= (CELLS / 8) ** 2 && known < CELLS ** 2 / 4, String(known));
  });
});

describe("The spread of several ends", () => {
  it("is told in a sentence", () => {
    const ended = [0.3, 0.1, 0.2, 0.4].map((value, place) => ({ label: `start ${place + 1}`, value, place }));
    assert.equal(
      spreadSentence("Validation loss", ended),
      "Validation loss at the end of 4 runs: lowest 0.1000 (start 2), median 0.2500, highest 0.4000 (start 4).",
    );
  });

  it("stacks marks that would lie on each other", () => {
    assert.deepEqual(stacked([10, 12, 40, 15, 41], 9), [0, 1, 0, 2, 1]);
  });
});
