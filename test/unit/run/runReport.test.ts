import assert from "node:assert/strict";
import type { RunSnapshot } from "../../../src/protocol/webview";
import { runReport } from "../../../src/run/runReport";

function snapshot(steps: number): RunSnapshot {
  const step = Float64Array.from({ length: steps }, (_, i) => i + 1);
  const ratio = Float64Array.of(0.5, NaN, -1, 0.25);
  return {
    id: "r",
    name: "iris",
    status: "running",
    loading: null,
    description: null,
    progress: null,
    steps: {
      step,
      loss: step.map((s) => (s === 1 ? Infinity : 1 / s)),
      gradientNorm: step,
      learningRate: step,
    },
    epochs: { epoch: step, step, metrics: { "training.loss": step, "training.accuracy": step } },
    health: { step: ratio, values: { decreaseRatio: ratio } },
    trajectory: null,
    result: null,
    warnings: ["w"],
    advice: [
      {
        id: "x",
        title: "Learning rate too large",
        evidence: "e",
        why: "w",
        path: [],
        page: "p",
        fixes: [
          {
            label: "l",
            changes: [
              { path: ["optimizer", "learningRate"], value: 0.1 },
              { path: ["a"], value: undefined },
            ],
          },
        ],
      },
    ],
  };
}

describe("The report of a run for an agent", () => {
  it("stays short however long the run is, with its first and last point", () => {
    const { curves } = runReport(snapshot(5000));
    const loss = curves["loss of each step's batch"];
    assert.equal(loss.length, 24);
    assert.deepEqual(
      [loss[0], loss.at(-1)],
      [
        [1, null],
        [5000, 0.0002],
      ],
    );
    assert.deepEqual(Object.keys(curves), ["training.loss", "loss of each step's batch", "gradient norm"]);
    assert.ok(JSON.stringify(runReport(snapshot(5000))).length < 3000);
  });

  it("tells what the probes and the advice say", () => {
    const { health, advice, notes } = runReport(snapshot(3));
    assert.deepEqual(health, { probedSteps: 3, medianDecreaseRatio: 0.25, stepsThatRaisedTheLoss: 1 });
    assert.deepEqual(advice[0].changes, [
      [
        { key: "optimizer.learningRate", value: 0.1 },
        { key: "a", value: null },
      ],
    ]);
    assert.deepEqual(notes, ["w"]);
  });

  it("has nothing to tell of a run that has not begun", () => {
    const { curves, stepsMade, result } = runReport({ ...snapshot(0), status: "loading" });
    assert.deepEqual([stepsMade, result, curves["gradient norm"]], [0, null, []]);
  });
});
