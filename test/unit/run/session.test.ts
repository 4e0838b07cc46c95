import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { decodeSafetensors, encodeSafetensors } from "../../../src/formats/safetensors";
import { decodeEvents } from "../../../src/formats/tensorboard";
import type { RunResult } from "../../../src/protocol/run";
import type { RunFile } from "../../../src/run/runFile";
import { listRuns } from "../../../src/run/runStore";
import { removeTemporaryFolders, reportedSteps, smallRun, table, temporaryFolder } from "./support";

const regression = { network: { hidden: [4] }, epochs: 5, batchSize: 7, seed: 3 };
const readRun = (folder: string): RunFile =>
  JSON.parse(readFileSync(path.join(folder, "run.json"), "utf8")) as RunFile;

describe("a run", () => {
  afterEach(removeTemporaryFolders);

  it("tells every step in order, every epoch from the start, and ends with what it reached", async () => {
    const run = smallRun(temporaryFolder(), regression);
    const { result } = await run.run();
    // 48 training rows in batches of 7.
    assert.deepEqual(
      reportedSteps(run.events).step,
      Array.from({ length: 35 }, (_, i) => i + 1),
    );
    const epochs = run.events.flatMap((event) =>
      event.type === "report" && event.epochs ? [event.epochs] : [],
    );
    assert.deepEqual(
      epochs.flatMap(({ epoch, step }) => Array.from(epoch, (each, i) => [each, step[i]])),
      [0, 1, 2, 3, 4, 5].map((epoch) => [epoch, epoch * 7]),
    );
    assert.equal(result.status, "completed");
    assert.equal(result.steps, 35);
    assert.equal(result.epochs, 5);
    assert.ok(result.trainingSeconds > 0 && result.trainingSeconds < 10);
    const { samplesPerSecond } = result;
    assert.ok(Math.abs((samplesPerSecond ?? 0) * result.trainingSeconds - 240) < 1e-6);
    const last = epochs.at(-1);
    assert.equal(last?.metrics["validation.rmse"].at(-1), result.validation?.rmse);
    assert.equal(result.test, null);
    assert.match(result.message, /^Trained for 5 epochs \(35 steps/);
  });

  it("has its folder and run.json before the first step", async () => {
    const folder = temporaryFolder();
    const run = smallRun(folder, regression);
    let atStart: RunFile | null = null;
    await run.run((event) => {
      if (event.type === "start") atStart = readRun(event.description.folder ?? "");
    });
    assert.ok(atStart);
    const { status, result, data, config, configText, kernel, preparation, owner, versions } =
      atStart as RunFile;
    assert.deepEqual([status, result], ["running", null]);
    const bytes = readFileSync(path.join(folder, "t.csv"));
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    assert.deepEqual(data, { file: path.join(folder, "t.csv"), bytes: bytes.length, sha256 });
    assert.equal(config.data.split.validation, 0.2);
    assert.equal(configText, run.start.configText);
    assert.match(kernel, /float32/);
    assert.equal(preparation.inputSize, 5);
    assert.equal(owner.pid, process.pid);
    assert.equal(versions.downhill, "test");
    assert.equal(readFileSync(path.join(folder, ".downhill/.gitignore"), "utf8"), "*\n");
  });

  it("leaves its result, its journal, its path and its weights in the folder", async () => {
    const folder = temporaryFolder();
    const run = smallRun(folder, regression, {
      steps: "thinned",
      weightsFile: path.join(folder, "w.safetensors"),
    });
    const { result } = await run.run();
    const runFolder = path.join(folder, ".downhill/runs", run.start.id);
    assert.deepEqual(readRun(runFolder).result, result);
    assert.equal(readRun(runFolder).status, "completed");
    const names = readdirSync(runFolder).sort();
    const [journal] = names.filter((name) => name.startsWith("events.out.tfevents."));
    assert.deepEqual(names, [
      "checkpoint.safetensors",
      journal,
      "keyframes",
      "path.safetensors",
      "run.json",
      "trajectory.safetensors",
    ]);
    const { events, torn } = decodeEvents(readFileSync(path.join(runFolder, journal)));
    assert.equal(torn, false);
    const tags = new Set(events.flatMap(({ scalars }) => scalars.map(([tag]) => tag)));
    for (const tag of [
      "loss/training",
      "gradient_norm",
      "learning_rate",
      "loss/validation",
      "mae/validation",
      "epoch",
    ]) {
      assert.ok(tags.has(tag), tag);
    }
    const weights = decodeSafetensors(readFileSync(path.join(folder, "w.safetensors")));
    const checkpoint = decodeSafetensors(readFileSync(path.join(runFolder, "checkpoint.safetensors")));
    const named = checkpoint.tensors.filter(({ name }) => name.startsWith("layers."));
    assert.deepEqual(weights.tensors, named);
    assert.deepEqual([checkpoint.metadata.step, checkpoint.metadata.epoch], ["35", "5"]);
    const path36 = decodeSafetensors(readFileSync(path.join(runFolder, "trajectory.safetensors")));
    assert.deepEqual(
      path36.tensors.find(({ name }) => name === "step")?.values,
      Float64Array.from({ length: 36 }, (_, i) => i),
    );
  });

  it("is the same bit for bit a second time, reported or not, followed or not", async () => {
    const config = {
      ...regression,
      network: { hidden: [4], dropout: 0.2 },
      optimizer: { type: "adam", learningRate: 0.01 },
      data: { target: "kind", ignore: ["y"] },
    };
    const weights = async (start: object): Promise<Buffer> => {
      const folder = temporaryFolder();
      const file = path.join(folder, "w.safetensors");
      await smallRun(folder, config, { ...start, weightsFile: file }).run();
      return readFileSync(file);
    };
    const first = await weights({});
    assert.deepEqual(await weights({}), first);
    assert.deepEqual(await weights({ steps: "thinned", trajectory: false, runsFolder: null }), first);
  });

  it("goes on where initialWeights left off", async () => {
    const folder = temporaryFolder();
    const config = { ...regression, shuffle: false, optimizer: { type: "sgd", learningRate: 0.05 } };
    const first = smallRun(folder, config, { weightsFile: path.join(folder, "w.safetensors") });
    await first.run();
    const longer = smallRun(folder, { ...config, epochs: 6 });
    await longer.run();
    const onward = smallRun(folder, {
      ...config,
      epochs: 1,
      network: { hidden: [4], initialWeights: "w.safetensors" },
    });
    await onward.run();
    assert.deepEqual(reportedSteps(onward.events).loss, reportedSteps(longer.events).loss.slice(35));
  });

  it("names both shapes when the initial weights do not fit", async () => {
    const folder = temporaryFolder();
    const tensor = (name: string, shape: number[]) => {
      const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
      return { name, shape, values };
    };
    const tensors = [tensor("layers.0.weight", [4, 9]), tensor("layers.0.bias", [4])];
    writeFileSync(path.join(folder, "w.safetensors"), encodeSafetensors(tensors));
    const config = { ...regression, network: { hidden: [4], initialWeights: "w.safetensors" } };
    const { result } = await smallRun(folder, config).run();
    assert.equal(result.status, "failed");
    assert.match(
      result.message,
      /layers\.0\.weight in w\.safetensors has the shape \[4, 9\], .* needs \[4, 5\]/,
    );
  });

  it("says at which step it diverged and keeps the last good weights", async () => {
    const folder = temporaryFolder();
    const weightsFile = path.join(folder, "w.safetensors");
    const config = {
      ...regression,
      data: { standardize: false },
      optimizer: { type: "sgd", learningRate: 1e6 },
      epochs: 50,
    };
    const run = smallRun(folder, config, { weightsFile });
    const { result } = await run.run();
    assert.equal(result.status, "diverged");
    assert.ok(result.steps > 0 && result.steps < 50);
    assert.match(
      result.message,
      new RegExp(
        `^Diverged at step ${result.steps + 1}, .* the weights of step ${result.steps} are kept: try`,
      ),
    );
    assert.equal(reportedSteps(run.events).step.at(-1), result.steps);
    for (const { values } of decodeSafetensors(readFileSync(weightsFile)).tensors) {
      assert.ok(values.every(Number.isFinite));
    }
  });

  it("stops early and keeps the best weights", async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "t.csv"), table(30));
    const config = {
      ...regression,
      network: { hidden: [32] },
      optimizer: { type: "adam", learningRate: 0.05 },
      epochs: 2000,
      earlyStopping: { patience: 5 },
    };
    const run = smallRun(folder, config, { weightsFile: path.join(folder, "kept.st") });
    const { result } = await run.run();
    assert.equal(result.status, "early-stopped");
    const losses = run.events.flatMap((event) =>
      event.type === "report" && event.epochs ? [...event.epochs.metrics["validation.loss"]] : [],
    );
    const best = losses.indexOf(Math.min(...losses.slice(1)));
    assert.equal(result.epochs, losses.length - 1);
    assert.equal(result.epochs, best + 5);
    assert.equal(result.restoredEpoch, best);
    assert.equal(result.validation?.loss, losses[best]);
    const shorter = { ...config, epochs: best, earlyStopping: undefined };
    await smallRun(folder, shorter, { weightsFile: path.join(folder, "best.st") }).run();
    assert.deepEqual(readFileSync(path.join(folder, "kept.st")), readFileSync(path.join(folder, "best.st")));
  });

  it("says at which epoch it was better than at its end", async () => {
    const folder = temporaryFolder();
    // Nothing to learn but by heart.
    const noise = Array.from(
      { length: 40 },
      (_, i) => `${Math.sin(i * 7)},${Math.sin(i * 5)},${Math.sin(i * 91)}`,
    );
    writeFileSync(path.join(folder, "t.csv"), `a,b,y\n${noise.join("\n")}\n`);
    const run = smallRun(folder, {
      ...regression,
      network: { hidden: [32] },
      optimizer: { type: "adam", learningRate: 0.05 },
      epochs: 300,
    });
    const { result } = await run.run();
    const losses = run.events.flatMap((event) =>
      event.type === "report" && event.epochs ? [...event.epochs.metrics["validation.loss"]] : [],
    );
    const best = losses.indexOf(Math.min(...losses.slice(1)));
    assert.ok(losses[300] > losses[best] + 0.01, "the run is no case of overfitting");
    assert.match(result.message, new RegExp(`the validation loss was lowest after epoch ${best} \\(`));
  });

  it("watches the training loss where there is no validation, and then reports none", async () => {
    const config = {
      ...regression,
      data: { split: { validation: 0 } },
      earlyStopping: { patience: 1, minDelta: 100 },
    };
    const run = smallRun(temporaryFolder(), config);
    const { result } = await run.run();
    // The first epoch always improves on nothing; the second does not by 100.
    assert.deepEqual([result.status, result.epochs, result.restoredEpoch], ["early-stopped", 2, 1]);
    assert.equal(result.validation, null);
    const names = run.events.flatMap((event) =>
      event.type === "report" ? Object.keys(event.epochs?.metrics ?? {}) : [],
    );
    assert.ok(names.includes("training.loss") && !names.some((name) => name.startsWith("validation")));
  });

  it("evaluates the test rows at the end", async () => {
    const { result } = await smallRun(temporaryFolder(), {
      ...regression,
      data: { target: "kind", ignore: ["y"], split: { validation: 0.2, test: 0.2 } },
    }).run();
    assert.ok(
      result.test && typeof result.test.accuracy === "number" && typeof result.test.loss === "number",
    );
    assert.match(result.message, /% on the test rows/);
  });

  it("pauses, steps, goes on and stops as told", async () => {
    const run = smallRun(temporaryFolder(), { ...regression, epochs: 1_000_000 });
    const said: string[] = [];
    let paused = -1;
    const tell = (type: "pause" | "resume" | "step" | "stop"): void => {
      if (type === "pause" || type === "stop") Atomics.add(run.control.flag, 0, 1);
      run.control.receive({ type });
    };
    const { result } = await run.run((event) => {
      if (event.type === "start") {
        setTimeout(() => tell("pause"), 30);
      }
      if (event.type !== "report") return;
      const { status, step } = event.progress;
      if (status === "paused" && said.length === 0) {
        said.push("paused");
        paused = step;
        setTimeout(() => tell("step"), 30);
      } else if (status === "paused" && said.length === 1 && step > paused) {
        said.push("stepped");
        assert.equal(step, paused + 1);
        setTimeout(() => tell("resume"), 30);
      } else if (status === "running" && said.length === 2 && step > paused + 1) {
        said.push("resumed");
        setTimeout(() => tell("stop"), 30);
      }
    });
    assert.deepEqual(said, ["paused", "stepped", "resumed"]);
    assert.equal(result.status, "stopped");
    assert.ok(result.steps > paused + 1);
    const { step } = reportedSteps(run.events);
    assert.deepEqual(
      step,
      Array.from({ length: result.steps }, (_, i) => i + 1),
      "a pause neither loses a step nor makes one twice",
    );
  });

  describe("stopped in the middle of an epoch", () => {
    // Evaluating takes some hundred milliseconds.
    const long = { ...regression, network: { hidden: [256, 256] }, batchSize: 1, epochs: 1000 };
    const stopWithin = async (folder: string, again: boolean): Promise<RunResult> => {
      writeFileSync(path.join(folder, "t.csv"), table(30_000));
      const run = smallRun(folder, long, {
        patientStop: true,
        steps: "thinned",
        weightsFile: path.join(folder, "w.safetensors"),
      });
      const stop = (): void => {
        Atomics.add(run.control.flag, 0, 1);
        run.control.receive({ type: "stop" });
      };
      let asked = 0;
      const { result } = await run.run((event) => {
        if (event.type !== "report") return;
        const { step, status } = event.progress;
        if (asked === 0 && step > 100) {
          stop();
          asked = step;
        } else if (status === "stopped" && again) stop();
      });
      assert.ok(asked > 0);
      assert.deepEqual([result.status, result.steps], ["stopped", asked], "no step is made after the stop");
      return result;
    };

    it("tells the metrics of the weights that it keeps", async () => {
      const folder = temporaryFolder();
      const result = await stopWithin(folder, false);
      const again = smallRun(folder, {
        ...long,
        network: { ...long.network, initialWeights: "w.safetensors" },
        epochs: 1,
        batchSize: "full",
      });
      await again.run();
      const evaluated = again.events.flatMap((event) =>
        event.type === "report" && event.epochs ? [event.epochs.metrics] : [],
      )[0];
      for (const part of ["training", "validation"] as const) {
        for (const [name, value] of Object.entries(result[part] ?? { none: 0 })) {
          assert.equal(value, evaluated[`${part}.${name}`][0], `${part}.${name}`);
        }
      }
    });

    it("tells none when it is stopped again before it could evaluate them", async () => {
      const result = await stopWithin(temporaryFolder(), true);
      assert.deepEqual([result.training, result.validation, result.test], [null, null, null]);
      assert.match(result.message, /of training: nothing was evaluated yet\.$/);
    });
  });

  it("reports at most 20 times a second", async () => {
    const run = smallRun(temporaryFolder(), { ...regression, epochs: 1_000_000 }, { steps: "thinned" });
    const started = performance.now();
    let reports = 0;
    await run.run(({ type }) => {
      if (type === "report" && ++reports === 12) run.control.receive({ type: "stop" });
    });
    const seconds = (performance.now() - started) / 1000;
    // However slow the machine, they may not come faster; a stop is told at once.
    assert.ok(reports <= 20 * seconds + 3, `${reports} in ${seconds} s`);
  });

  it("refuses files outside the workspace, also behind a link", async () => {
    const outside = temporaryFolder();
    writeFileSync(path.join(outside, "secret.csv"), table(10));
    const folder = temporaryFolder();
    symlinkSync(path.join(outside, "secret.csv"), path.join(folder, "link.csv"));
    for (const file of [
      `../${path.basename(outside)}/secret.csv`,
      "../nothing.csv",
      "link.csv",
      "/etc/passwd",
    ]) {
      const { result } = await smallRun(folder, { ...regression, data: { file, format: "csv" } }).run();
      assert.equal(result.cause, "config");
      assert.match(
        result.message,
        /^data\.file is .* lies outside the workspace folder .*; copy the file into it\.$/,
      );
    }
    assert.ok(!existsSync(path.join(folder, ".downhill")), "a refused run leaves no folder");
  });

  it("goes on in memory, with one warning, when its folder cannot be written", async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, ".downhill"), "a file in the way");
    const run = smallRun(folder, regression);
    const { result } = await run.run();
    assert.equal(result.status, "completed");
    const warnings = run.events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0],
      /^The run cannot be kept in .*, as a part of that path is a file; it goes on in memory only, and its history, checkpoints and weights will not be on the disk\.$/,
    );
    const start = run.events.find((event) => event.type === "start");
    assert.equal(start?.description.folder, null);
  });

  it("warns once when the folder vanishes while it runs", async () => {
    const folder = temporaryFolder();
    const run = smallRun(folder, { ...regression, epochs: 200 });
    await run.run((event) => {
      if (event.type === "start") rmSync(event.description.folder ?? "", { recursive: true });
    });
    const warnings = run.events.filter(({ type }) => type === "warning");
    assert.equal(warnings.length, 1);
    assert.equal(run.events.at(-1)?.type, "done");
  });

  it("gives a second run of the same millisecond a folder of its own", async () => {
    const folder = temporaryFolder();
    await smallRun(folder, regression).run();
    await smallRun(folder, regression).run();
    const names = ["2026-01-01-000000-000-small", "2026-01-01-000000-000-small-2"];
    const runs = path.join(folder, ".downhill/runs");
    assert.deepEqual(readdirSync(runs).sort(), names);
    assert.deepEqual((await listRuns(runs)).map(({ id }) => id).sort(), names);
  });
});
