import assert from "node:assert/strict";
import fc from "fast-check";
import type { EpochColumns, Progress, RunResult, StepColumns } from "../../../src/protocol/run";
import type { RunSnapshot } from "../../../src/protocol/webview";
import { RunStore, type RunState } from "../../../webview/store";

function snapshot(steps: StepColumns, epochs: EpochColumns): RunSnapshot {
  return {
    id: "r",
    name: "iris",
    status: "running",
    loading: null,
    description: null,
    progress: null,
    steps,
    epochs,
    trajectory: null,
    result: null,
    warnings: [],
  };
}

/** Steps from + 1 … to of an invented run. */
function stepColumns(from: number, to: number): StepColumns {
  const step = Float64Array.from({ length: to - from }, (_, i) => from + i + 1);
  return {
    step,
    loss: step.map((s) => (s % 97 === 0 ? NaN : Math.sin(s * s) + 2)),
    gradientNorm: step.map((s) => Math.cos(s * s) + 3),
    learningRate: step.map(() => 0.1),
  };
}

/** The epochs of ten steps that end within the steps. */
function epochColumns(from: number, to: number): EpochColumns {
  const epochs: number[] = [];
  for (let epoch = Math.floor(from / 10) + 1; epoch * 10 <= to; epoch++) epochs.push(epoch);
  const epoch = Float64Array.from(epochs);
  return {
    epoch,
    step: epoch.map((e) => e * 10),
    metrics: { "training.loss": epoch.map((e) => 1 / e), "validation.loss": epoch.map((e) => 2 / e) },
  };
}

function shown(store: RunStore): RunState {
  assert.ok(store.run);
  return store.run;
}

function picture(store: RunStore): unknown {
  const run = shown(store);
  return {
    loss: run.loss.points(),
    gradientNorm: run.gradientNorm.points(),
    epochs: [...run.epochs].map(([metric, series]) => [metric, series.points()]),
  };
}

const progress: Progress = {
  status: "paused",
  step: 5,
  epoch: 0,
  trainingSeconds: 1,
  samplesPerSecond: 10,
  secondsLeft: null,
  training: null,
  validation: null,
};

const result: RunResult = {
  status: "stopped",
  steps: 5,
  epochs: 0,
  trainingSeconds: 1,
  samplesPerSecond: null,
  training: null,
  validation: null,
  test: null,
  message: "Stopped.",
};

describe("RunStore", () => {
  it("shows the same from a snapshot as from deltas, however they are cut", () => {
    const total = 20_000;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: total - 1 }), { maxLength: 12 }), (cuts) => {
        const whole = new RunStore();
        whole.load(snapshot(stepColumns(0, total), epochColumns(0, total)));
        const edges = [...new Set([0, ...cuts, total])].sort((a, b) => a - b);
        const parts = new RunStore();
        parts.load(snapshot(stepColumns(0, edges[1]), epochColumns(0, edges[1])));
        for (let i = 2; i < edges.length; i++) {
          const [from, to] = [edges[i - 1], edges[i]];
          parts.apply({ id: "r", steps: stepColumns(from, to), epochs: epochColumns(from, to) });
        }
        assert.deepEqual(picture(parts), picture(whole));
      }),
      { numRuns: 12 },
    );
  });

  it("takes over what a delta brings and keeps the rest", () => {
    const store = new RunStore();
    store.load(snapshot(stepColumns(0, 5), epochColumns(0, 5)));
    store.apply({ id: "r", progress });
    assert.equal(shown(store).status, "paused");
    store.apply({ id: "r", warnings: ["One."] });
    store.apply({ id: "r", warnings: ["Two."], result });
    const run = shown(store);
    assert.deepEqual(run.warnings, ["One.", "Two."]);
    assert.equal(run.status, "stopped");
    assert.equal(run.progress, progress);
  });

  it("ignores late deltas of another run, and any before the first snapshot", () => {
    const store = new RunStore();
    assert.equal(store.apply({ id: "r", status: "running" }), false);
    store.load(snapshot(stepColumns(0, 5), epochColumns(0, 5)));
    assert.equal(store.apply({ id: "other", status: "failed" }), false);
    assert.equal(shown(store).status, "running");
    store.load(null);
    assert.equal(store.run, null);
  });
});

describe("Advice in the store", () => {
  it("is what was told last, and another run beside is kept as it was", () => {
    const none = new Float64Array();
    const empty = { step: none, loss: none, gradientNorm: none, learningRate: none };
    const epochs = { epoch: none, step: none, metrics: {} };
    const item = { id: "plateau", title: "t", evidence: "e", why: "w", path: [], fixes: [], page: "p" };
    const store = new RunStore();
    store.load({ ...snapshot(empty, epochs), beside: { ...snapshot(stepColumns(0, 3), epochs), id: "old" } });
    assert.deepEqual(shown(store).advice, []);
    assert.equal(shown(store).beside?.loss.lastX, 3);
    store.apply({ id: "r", advice: [item] });
    assert.deepEqual(shown(store).advice, [item]);
    store.apply({ id: "r", status: "completed" });
    assert.deepEqual(shown(store).advice, [item]);
    store.apply({ id: "r", advice: [] });
    assert.deepEqual(shown(store).advice, []);
  });
});
