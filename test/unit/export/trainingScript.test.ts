import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { downhill, eventsIn, removeWorkspaces, workspace } from "../cli/built";
import { pythonWith } from "./python";

const configs: Record<string, object> = {
  "two classes": {
    data: { file: "breast-cancer.csv", target: "diagnosis", classWeights: "balanced" },
    network: { hidden: [8, 4], activation: "gelu" },
    optimizer: { type: "rmsprop", learningRate: 0.002 },
    schedule: { type: "cosine", warmupSteps: 20 },
    epochs: 6,
  },
  "several classes, a test and no shuffle": {
    data: { file: "iris.csv", target: "species", split: { test: 0.1 } },
    network: { hidden: [5], activation: "identity" },
    optimizer: { type: "adamw", learningRate: 0.01 },
    schedule: { type: "step", every: 3, factor: 0.5 },
    shuffle: false,
    batchSize: 25,
    epochs: 8,
  },
  "a regression that stops early": {
    data: { file: "penguins.csv", target: "body_mass_g" },
    network: { hidden: [6], activation: "tanh" },
    optimizer: { type: "nesterov", learningRate: 0.02, weightDecay: 0.001 },
    schedule: { type: "reduce-on-plateau", factor: 0.5, patience: 1 },
    gradientClipNorm: 0.5,
    epochs: 40,
    earlyStopping: { patience: 3, minDelta: 0.002 },
  },
};

describe("the PyTorch script", () => {
  const python = pythonWith("torch");
  before(function () {
    if (python === null) this.skip();
  });
  after(removeWorkspaces);

  for (const [name, config] of Object.entries(configs)) {
    it(`makes the same curve: ${name}`, async () => {
      const examples = ["breast-cancer.csv", "iris.csv", "penguins.csv"].map((file) => `examples/${file}`);
      const folder = workspace(examples, { "r.train.json": JSON.stringify(config) });
      const trained = await downhill(folder, "train", "r.train.json", "--events", "r.jsonl");
      assert.equal(trained.status, 0, trained.stderr);
      const [run] = readdirSync(path.join(folder, ".downhill", "runs"));
      const exported = await downhill(
        folder,
        "export",
        run,
        "--format",
        "pytorch-script",
        "--output",
        "again.py",
      );
      assert.equal(exported.status, 0, exported.stderr);
      const { status, stdout, stderr } = spawnSync(python ?? "", [path.join(folder, "again.py")], {
        encoding: "utf8",
      });
      assert.equal(status, 0, stderr);
      const lines = stdout
        .trim()
        .split("\n")
        .filter((line) => line.startsWith("epoch"));
      const epochs = eventsIn(path.join(folder, "r.jsonl")).filter(
        (event) => event.type === "epoch" && Number(event.epoch) > 0,
      );
      assert.equal(lines.length, epochs.length);
      for (const [i, line] of lines.entries()) {
        const told = [...line.matchAll(/(\w+) loss (\S+) (?:accuracy|error) (\S+)/g)];
        assert.equal(told.length, 2);
        for (const [, set, loss, metric] of told) {
          const wanted = epochs[i][set] as { loss: number; accuracy?: number; mae?: number };
          const close = (given: number, expected: number): void =>
            assert.ok(Math.abs(given - expected) <= 2e-4 * Math.abs(expected) + 1e-6, `${line}: ${expected}`);
          close(Number(loss), wanted.loss);
          close(Number(metric), wanted.accuracy ?? wanted.mae ?? NaN);
        }
      }
      assert.ok(!/downhill/i.test(readFileSync(path.join(folder, "again.py"), "utf8").split('"""')[2]));
    });
  }
});
