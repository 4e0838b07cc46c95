import assert from "node:assert/strict";
import type { EpochColumns, StepColumns } from "../../../src/protocol/run";
import type { RunSnapshot } from "../../../src/protocol/webview";
import { branchSettings, textAt, withSetting } from "../../../src/editor/branchChange";
import { stepItems } from "../../../src/editor/branchSteps";
import { parseRunConfig } from "../../../src/config/parse";

function snapshot(losses: number[], stepsPerEpoch: number, last: number, branchedAt?: number): RunSnapshot {
  const columns = (length: number, value: (i: number) => number): Float64Array =>
    Float64Array.from({ length }, (_, i) => value(i));
  const epochs: EpochColumns = {
    epoch: columns(losses.length, (i) => i),
    step: columns(losses.length, (i) => i * stepsPerEpoch),
    metrics: {
      "training.loss": columns(losses.length, () => 1),
      "validation.loss": Float64Array.from(losses),
    },
  };
  const steps = { step: columns(last, (i) => i + 1) } as StepColumns;
  const description = branchedAt === undefined ? null : { branchedFrom: { run: "r", step: branchedAt } };
  return { epochs, steps, progress: null, result: null, description } as RunSnapshot;
}

describe("the steps at which a branch may begin", () => {
  it("are the end, the best epoch and the ends of epochs from the last one back", () => {
    const items = stepItems(snapshot([3, 2, 0.5, NaN, 1], 100, 420));
    assert.deepEqual(
      items.map(({ label, description }) => `${label} ${description}`),
      [
        "Step 420 the end",
        "Step 200 the best epoch · epoch 2 · validation loss 0.5",
        "Step 400 epoch 4 · validation loss 1",
        "Step 300 epoch 3 · validation loss NaN",
        "Step 100 epoch 1 · validation loss 2",
        "Step 0 the starting weights · validation loss 3",
      ],
    );
    const [first] = stepItems(snapshot([3, 2], 1000, 1000));
    assert.equal(first.description, "the end, the best epoch · epoch 1 · validation loss 2");
  });

  it("are any that is typed, within the run", () => {
    const run = snapshot([3, 2, 1], 1000, 2000);
    assert.equal(stepItems(run, "1,234")[0].step, 1234);
    for (const typed of ["2001", "-1", "1.5", "x", ""])
      assert.equal(stepItems(run, typed)[0].step, 2000, typed);
  });

  it("begin, in a branch, where it began", () => {
    const items = stepItems(snapshot([3, 2, 1], 10, 20, 10), "5");
    assert.deepEqual(
      items.map(({ step }) => step),
      [20, 10],
    );
  });
});

describe("what a branch changes", () => {
  const text = `{
  // mine
  "data": { "file": "iris.csv", "target": "species" },
  "optimizer": { "type": "sgd", "learningRate": 0.1 }
}`;

  it("is offered with its value, and written into the config's text", () => {
    const { config } = parseRunConfig(text, "json");
    assert.ok(config);
    const settings = branchSettings(config);
    assert.deepEqual(
      settings.map(({ label, value }) => `${label} ${value}`),
      ["Learning Rate 0.1", "Batch Size 32", "Epochs 100"],
    );
    assert.equal(
      withSetting(text, "json", settings[0].path, " 0.01 ").text,
      text.replace('"learningRate": 0.1', '"learningRate": 0.01'),
    );
    const full = withSetting(text, "json", settings[1].path, "full").text ?? "";
    assert.equal(parseRunConfig(full, "json").config?.batchSize, "full");
    assert.match(full, /\/\/ mine/);
    const yaml = "data: { file: iris.csv, target: species }\n";
    const faster = withSetting(yaml, "yaml", settings[0].path, "0.5").text ?? "";
    assert.equal(parseRunConfig(faster, "yaml").config?.optimizer.learningRate, 0.5);
  });

  it("begins with the config as it was by then, with what was changed while the run went on", () => {
    const changes = [
      { key: "optimizer.learningRate", value: 0.5, step: 10 },
      { key: "batchSize", value: "full", step: 20 },
    ] as const;
    const at = (step: number): unknown => {
      const { config } = parseRunConfig(textAt(text, "json", changes, step), "json");
      return config && [config.optimizer.learningRate, config.batchSize];
    };
    assert.deepEqual(
      [at(10), at(11), at(21)],
      [
        [0.1, 32],
        [0.5, 32],
        [0.5, "full"],
      ],
    );
  });

  it("is refused with the reason while it is typed", () => {
    for (const [path, typed] of [
      [["optimizer", "learningRate"], "-1"],
      [["optimizer", "learningRate"], "fast"],
      [["batchSize"], "0"],
      [["epochs"], ""],
    ] as const) {
      const { problem } = withSetting(text, "json", [...path], typed);
      assert.ok(problem !== undefined && problem.endsWith("."), String(problem));
    }
  });
});
