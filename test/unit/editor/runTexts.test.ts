import assert from "node:assert/strict";
import type { Metrics, Progress, RunResult, RunStatus } from "../../../src/protocol/run";
import { lensesFor } from "../../../src/editor/lenses";
import { isFinished, mergeRuns, type RunEntry } from "../../../src/editor/runSource";
import {
  age,
  duration,
  headline,
  lastResult,
  runIcon,
  runItemDescription,
  runItemTexts,
  runTooltip,
  significant,
  statusBarText,
} from "../../../src/editor/runTexts";

const minute = 60_000;
const result = (status: RunResult["status"], validation: Metrics | null): RunResult => ({
  status,
  steps: 800,
  epochs: 100,
  trainingSeconds: 75,
  samplesPerSecond: 1000,
  training: validation,
  validation,
  test: null,
  message: "Trained for 100 epochs.",
});
const entry = (status: RunStatus, part: Partial<RunEntry> = {}): RunEntry => ({
  id: "1-iris",
  name: "iris",
  configFile: "/w/iris.train.json",
  folder: "/w/.downhill/runs/1-iris",
  status,
  startedAt: 0,
  result: null,
  resumable: false,
  ...part,
});

describe("A branch in the list of runs", () => {
  it("says where it began", () => {
    const branch = entry("completed", { branchedFrom: { run: "0-iris", step: 1200 } });
    assert.match(runItemTexts(branch, null, 0, null, null).description, /branch at step 1,200/);
    assert.match(
      runTooltip(branch, null, "now", (text) => text),
      /Branched from 0-iris at step 1,200/,
    );
    assert.doesNotMatch(runItemTexts(entry("completed"), null, 0, null, null).description, /branch/);
  });
});

const progress: Progress = {
  status: "running",
  step: 84,
  epoch: 12,
  trainingSeconds: 1,
  samplesPerSecond: 100,
  secondsLeft: 3,
  training: { loss: 0.5 },
  validation: { loss: 0.4, accuracy: 0.9567 },
};

describe("The texts of a run", () => {
  it("show the figure that tells most", () => {
    assert.equal(headline({ loss: 1 }, { loss: 0.1, accuracy: 0.9667 }), "accuracy 96.7\u00a0%");
    assert.equal(headline(null, { loss: 0.1, mae: 2, rmse: 3, r2: 0.8123 }), "R² 0.812");
    assert.equal(headline({ loss: 0.123456 }, null), "loss 0.123");
    assert.equal(headline({ loss: null, r2: null }, null), null);
    assert.equal(headline(null, null), null);
  });

  it("tell what a finished run reached and how long ago", () => {
    const completed = entry("completed", { result: result("completed", { loss: 0.1, accuracy: 1 }) });
    assert.equal(runItemDescription(completed, 5 * minute, null, null), "accuracy 100.0\u00a0% · 5 min ago");
    const stopped = entry("stopped", { result: result("stopped", { loss: 0.1, accuracy: 0.5 }) });
    assert.equal(runItemDescription(stopped, 0, null, null), "stopped · accuracy 50.0\u00a0% · just now");
    assert.equal(runItemDescription(entry("failed"), 0, null, null), "failed · just now");
    assert.equal(
      runItemDescription(entry("interrupted"), 30 * 60 * minute, null, null),
      "interrupted · yesterday",
    );
  });

  it("tell where a run is that goes on", () => {
    assert.equal(
      runItemDescription(entry("running"), 0, progress, 100),
      "epoch 12/100 · accuracy 95.7\u00a0%",
    );
    assert.equal(
      runItemDescription(entry("paused"), 0, progress, 100),
      "paused · epoch 12/100 · accuracy 95.7\u00a0%",
    );
    assert.equal(runItemDescription(entry("loading"), 0, null, null), "reading data");
  });

  it("say ages and durations as one would", () => {
    assert.equal(age(59 * minute), "59 min ago");
    assert.equal(age(60 * minute), "1 h ago");
    assert.equal(age(47 * 60 * minute), "yesterday");
    assert.equal(age(48 * 60 * minute), "2 days ago");
    assert.equal(age(31 * 24 * 60 * minute), "1 month ago");
    assert.equal(age(800 * 24 * 60 * minute), "2 y ago");
    // A clock that was set back makes no run start in the future.
    assert.equal(age(-5 * minute), "just now");
    assert.equal(duration(0.4), "under 1 s");
    assert.equal(duration(59.6), "1 min");
    assert.equal(duration(200), "3 min 20 s");
    assert.equal(duration(3900), "1 h 5 min");
  });

  it("write numbers short", () => {
    assert.deepEqual([0, 0.12345, 123456, 1e-7, -2].map(significant), [
      "0",
      "0.123",
      "1.23e+5",
      "1.00e-7",
      "-2",
    ]);
  });

  it("escape names in the tooltip", () => {
    const run = entry("completed", { name: "a*b", settings: { "data.file": "*.csv" } });
    const text = runTooltip(run, entry("completed", { settings: { "data.file": "x" } }), "today", (part) =>
      part.replaceAll("*", "\\*"),
    );
    assert.match(text, /^\*\*a\\\*b\*\*/);
    assert.match(text, /Changed since the run before:\n- data\.file: x → \\\*\.csv\n/);
  });

  it("tell in the list of a config what a run reached, how long it took and what was changed for it", () => {
    const before = entry("completed", {
      settings: { "optimizer.learningRate": "0.01", epochs: "5", seed: "1" },
    });
    const run = entry("completed", {
      result: result("completed", { loss: 0.1, accuracy: 0.973 }),
      settings: { "optimizer.learningRate": "0.1", epochs: "5", seed: "1" },
    });
    assert.deepEqual(runItemTexts(run, before, 5 * minute, null, null), {
      label: "accuracy 97.3\u00a0%",
      description: "1 min 15 s · learningRate 0.1 · 5 min ago",
    });
    const named = { ...run, title: "baseline", settings: { ...run.settings, epochs: "9", seed: "2" } };
    assert.deepEqual(runItemTexts(named, before, 0, null, null), {
      label: "baseline",
      description: "accuracy 97.3\u00a0% · 1 min 15 s · learningRate 0.1 · epochs 9 · 1 more · just now",
    });
    // Without a run before there is nothing to compare with.
    assert.equal(runItemTexts(run, null, 0, null, null).description, "1 min 15 s · just now");
    assert.deepEqual(runItemTexts(entry("running"), before, 0, progress, 100), {
      label: "epoch 12/100 · accuracy 95.7\u00a0%",
      description: "",
    });
  });

  it("have an icon for every status", () => {
    const statuses: RunStatus[] = ["loading", "running", "paused", "completed", "early-stopped", "stopped"];
    for (const status of [...statuses, "diverged", "failed", "interrupted"] as RunStatus[])
      assert.match(runIcon(status).icon, /^[a-z~-]+$/);
  });

  it("fill the status bar: name, percent, figure; a failure stands out", () => {
    const description = { totalSteps: 800, epochs: 100 } as Parameters<typeof statusBarText>[2];
    const running = statusBarText(entry("running"), null, description, progress);
    assert.equal(running.text, "$(sync~spin) iris 10\u00a0% · accuracy 95.7\u00a0%");
    assert.match(running.tooltip, /Epoch 12 of 100/);
    const loading = statusBarText(entry("loading"), "Reading iris.csv", null, null);
    assert.deepEqual([loading.text, loading.severity], ["$(sync~spin) iris", "none"]);
    assert.match(loading.tooltip, /^Reading iris\.csv/);
    const failed = statusBarText(entry("failed", { result: result("failed", null) }), null, null, null);
    assert.deepEqual([failed.text, failed.severity], ["$(error) iris failed", "error"]);
    const done = entry("completed", { result: result("completed", { loss: 0, accuracy: 1 }) });
    assert.equal(statusBarText(done, null, description, null).text, "$(pass) iris · accuracy 100.0\u00a0%");
  });
});

describe("The list of runs", () => {
  it("is newest first, and shows a run that is live and stored as it lives", () => {
    const live = entry("running", { id: "b", startedAt: 2 });
    const stored = [
      entry("completed", { id: "c", startedAt: 3 }),
      entry("interrupted", { id: "b", startedAt: 2 }),
      entry("stopped", { id: "a", startedAt: 1 }),
    ];
    const merged = mergeRuns([live], stored);
    assert.deepEqual(
      merged.map(({ id, status }) => [id, status]),
      [
        ["c", "completed"],
        ["b", "running"],
        ["a", "stopped"],
      ],
    );
  });

  it("tells runs that go on from those that have ended", () => {
    const going: RunStatus[] = ["loading", "running", "paused"];
    const ended: RunStatus[] = ["completed", "early-stopped", "stopped", "diverged", "failed", "interrupted"];
    assert.ok(going.every((status) => !isFinished({ status })));
    assert.ok(ended.every((status) => isFinished({ status })));
  });
});

describe("What the latest run came to", () => {
  const last = (status: RunResult["status"], validation: Metrics | null, seconds = 1.23) =>
    lastResult(entry(status, { result: { ...result(status, validation), trainingSeconds: seconds } }));

  it("is its figure and its time", () => {
    assert.equal(last("completed", { loss: 0.1, accuracy: 0.973 }), "97.3\u00a0% in 1.2 s");
    assert.equal(last("early-stopped", { loss: 0.1, mae: 1, r2: 0.8721 }, 75), "R² 0.872 in 1 min 15 s");
    assert.equal(last("stopped", { loss: 0.1, accuracy: 0.5 }), "stopped, 50.0\u00a0% in 1.2 s");
  });

  it("is what went wrong", () => {
    assert.equal(last("diverged", { loss: null, accuracy: 0.3 }), "diverged at step 801");
    assert.equal(last("failed", null), "failed");
    assert.equal(lastResult(entry("running")), null);
  });
});

describe("The links above a run config", () => {
  const titles = (state: Parameters<typeof lensesFor>[0]) => lensesFor(state).map(({ title }) => title);
  const last = "97.3\u00a0% in 1.2 s";
  it("follow the config's runs", () => {
    assert.deepEqual(titles({ running: false, hasRun: false, last: null }), ["▷ Train Network"]);
    assert.deepEqual(titles({ running: false, hasRun: true, last }), [
      `▷ Train Network · last: ${last}`,
      "Show Charts",
    ]);
    assert.deepEqual(titles({ running: true, hasRun: true, last }), [
      "▷ Train Network",
      "Stop",
      "Show Charts",
    ]);
  });
});
