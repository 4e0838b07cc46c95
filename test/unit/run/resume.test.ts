import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { RunDescription, RunResult } from "../../../src/protocol/run";
import type { StartRun } from "../../../src/protocol/worker";
import { keyframeSteps } from "../../../src/run/keyframes";
import { markLive } from "../../../src/run/owner";
import { networkOf } from "../../../src/run/material";
import { Replay } from "../../../src/run/replay";
import { readCheckpoint } from "../../../src/run/resumption";
import { lockRun } from "../../../src/run/runLock";
import type { RunFile } from "../../../src/run/runFile";
import { loadRun } from "../../../src/run/runStore";
import {
  assertTold,
  journalOf,
  removeTemporaryFolders,
  reportedSteps,
  smallRun,
  table,
  temporaryFolder,
  type SmallRun,
} from "./support";

const id = "2026-01-01-000000-000-small";
const runFolder = (folder: string): string => path.join(folder, ".downhill/runs", id);
const weightsFile = (folder: string): string => path.join(folder, "w.safetensors");
const readRun = (folder: string): RunFile =>
  JSON.parse(readFileSync(path.join(runFolder(folder), "run.json"), "utf8")) as RunFile;

/** Every state that a run has beside its weights: dropout, early stopping, a schedule with a memory, slots. */
const configs: Record<string, object> = {
  "with early stopping, dropout and Adam": {
    data: { target: "kind", ignore: ["y"] },
    network: { hidden: [6], dropout: 0.2 },
    optimizer: { type: "adam", learningRate: 0.1 },
    earlyStopping: { patience: 3, restoreBest: true },
    batchSize: 7,
    epochs: 40,
  },
  "with reduce-on-plateau and momentum": {
    network: { hidden: [5] },
    optimizer: { type: "momentum", learningRate: 0.2 },
    schedule: { type: "reduce-on-plateau", factor: 0.5, patience: 1 },
    batchSize: 5,
    epochs: 15,
  },
  "with one-cycle, clipping and RMSProp, without validation rows": {
    data: { split: { validation: 0, test: 0.2 } },
    network: { hidden: [4, 4] },
    optimizer: { type: "rmsprop", learningRate: 0.01 },
    schedule: { type: "one-cycle", peak: 0.05, warmupSteps: 3 },
    gradientClipNorm: 0.5,
    batchSize: 11,
    epochs: 9,
  },
  "with plain descent on all rows": { network: { hidden: [3] }, batchSize: "full", epochs: 40 },
};

/** What does not depend on how long anything took. */
function timeless({
  trainingSeconds,
  samplesPerSecond,
  message,
  weightsFile: _,
  ...rest
}: RunResult): object {
  assert.ok(trainingSeconds > 0 && (samplesPerSecond ?? 0) > 0);
  return { ...rest, message: message.replaceAll(/[\d.]+ s of training/g, "of training") };
}

function run(folder: string, config: object, start: Partial<StartRun> = {}): SmallRun {
  return smallRun(folder, config, { id, weightsFile: weightsFile(folder), ...start });
}

describe("a run that is resumed", function () {
  this.timeout(60_000);
  afterEach(removeTemporaryFolders);

  for (const [name, config] of Object.entries(configs)) {
    it(`ends as if it had not been stopped, wherever it was: ${name}`, async () => {
      const whole = temporaryFolder();
      const uninterrupted = run(whole, config);
      const { result } = await uninterrupted.run();
      const steps = reportedSteps(uninterrupted.events);
      const weights = readFileSync(weightsFile(whole));
      const trajectory = (await loadRun(runFolder(whole))).trajectory;
      const begun = uninterrupted.events.find((event) => event.type === "start");
      const { stepsPerEpoch } = begun?.description as RunDescription;
      for (const lastStep of [1, stepsPerEpoch - 1, stepsPerEpoch, stepsPerEpoch + 1, result.steps - 1]) {
        if (lastStep < 1 || lastStep >= result.steps) continue;
        const folder = temporaryFolder();
        const { result: stopped } = await run(folder, config, { lastStep }).run();
        assert.deepEqual([stopped.status, stopped.steps], ["stopped", lastStep]);
        const second = run(folder, config, { resume: true });
        const { result: end } = await second.run();
        assert.deepEqual(timeless(end), timeless(result));
        assert.deepEqual(readFileSync(weightsFile(folder)), weights);
        const later = reportedSteps(second.events);
        assert.deepEqual(later.step, steps.step.slice(lastStep));
        assert.deepEqual(later.loss, steps.loss.slice(lastStep));
        assertTold(journalOf(runFolder(folder)), steps, result);
        const path = (await loadRun(runFolder(folder))).trajectory;
        assert.deepEqual([path?.step, path?.loss], [trajectory?.step, trajectory?.loss]);
        // Sides are arbitrary.
        assert.deepEqual(path?.a.map(Math.abs), trajectory?.a.map(Math.abs));
      }
    });
  }

  const config = {
    network: { hidden: [4] },
    optimizer: { type: "adam", learningRate: 0.01 },
    epochs: 5,
    batchSize: 7,
  };

  it("tells where it goes on, and what it knows of the way there", async () => {
    const folder = temporaryFolder();
    await run(folder, config, { lastStep: 17 }).run();
    const second = run(folder, config, { resume: true });
    await second.run();
    const start = second.events.find((event) => event.type === "start");
    assert.equal(start?.resumed?.step, 17);
    assert.equal(start.resumed.epoch, 2);
    assert.deepEqual(
      [...start.resumed.steps.step],
      Array.from({ length: 17 }, (_, i) => i + 1),
    );
    assert.deepEqual([...start.resumed.epochs.epoch], [0, 1, 2]);
    assert.equal(start.resumed.trajectory?.step.at(-1), 17);
    assert.deepEqual([start.description.id, start.description.folder], [id, runFolder(folder)]);
    const { resumptions, changes, status } = readRun(folder);
    assert.deepEqual([resumptions.map(({ step }) => step), changes, status], [[17], [], "completed"]);
  });

  it("begins anew without a checkpoint", async () => {
    const folder = temporaryFolder();
    const first = await run(folder, config, { lastStep: 17 }).run();
    assert.equal(first.result.status, "stopped");
    rmSync(path.join(runFolder(folder), "checkpoint.safetensors"));
    rmSync(path.join(runFolder(folder), "keyframes"), { recursive: true });
    const second = run(folder, config, { resume: true });
    assert.equal((await second.run()).result.steps, 35);
    assert.equal(reportedSteps(second.events).step[0], 1);
    const steps = journalOf(runFolder(folder)).filter(({ scalars }) => scalars[0][0] === "loss/training");
    assert.deepEqual(
      steps.map(({ step }) => step),
      Array.from({ length: 35 }, (_, i) => i + 1),
    );
  });

  it("goes on from the last keyframe when its checkpoint is damaged, and does without a path", async () => {
    const folder = temporaryFolder();
    await run(folder, config, { lastStep: 17 }).run();
    const checkpoint = path.join(runFolder(folder), "checkpoint.safetensors");
    const bytes = readFileSync(checkpoint);
    rmSync(checkpoint);
    writeFileSync(checkpoint, bytes.subarray(0, bytes.length - 7));
    writeFileSync(path.join(runFolder(folder), "path.safetensors"), "torn");
    const second = run(folder, config, { resume: true });
    assert.equal((await second.run()).result.status, "completed");
    assert.equal(reportedSteps(second.events).step[0], 18);
  });

  it("makes no step when it has ended, and writes what was asked", async () => {
    const folder = temporaryFolder();
    const { result } = await run(folder, config).run();
    const weights = readFileSync(weightsFile(folder));
    const before = readFileSync(path.join(runFolder(folder), "run.json"));
    rmSync(weightsFile(folder));
    const second = run(folder, config, { resume: true });
    const again = await second.run();
    assert.deepEqual(again.result, result);
    assert.deepEqual(readFileSync(weightsFile(folder)), weights);
    assert.deepEqual(
      second.events.map(({ type }) => type),
      ["start", "done"],
    );
    assert.deepEqual(readFileSync(path.join(runFolder(folder), "run.json")), before);
  });

  it("is refused when its data or its config have changed, and may be resumed when they are back", async () => {
    const folder = temporaryFolder();
    await run(folder, config, { lastStep: 17 }).run();
    const files = (): string[] => readdirSync(runFolder(folder)).sort();
    const before = [files(), readFileSync(path.join(runFolder(folder), "run.json"), "utf8")];
    const data = readFileSync(path.join(folder, "t.csv"));
    writeFileSync(path.join(folder, "t.csv"), table(61));
    const changed = await run(folder, config, { resume: true }).run();
    assert.deepEqual([changed.result.status, changed.result.cause], ["failed", "data"]);
    assert.match(
      changed.result.message,
      /^t\.csv has changed since the run 2026-01-01-000000-000-small began; put it back/,
    );
    writeFileSync(path.join(folder, "t.csv"), data);
    const optimizer = { type: "adam", learningRate: 0.02 };
    const other = await run(folder, { ...config, optimizer }, { resume: true }).run();
    assert.deepEqual([other.result.status, other.result.cause], ["failed", "config"]);
    assert.match(
      other.result.message,
      /^small\.train\.json differs in "optimizer\.learningRate" from the config that/,
    );
    assert.deepEqual([files(), readFileSync(path.join(runFolder(folder), "run.json"), "utf8")], before);
    // The same meaning in other words.
    const same = await run(folder, { ...config, shuffle: true }, { resume: true }).run();
    assert.equal(same.result.status, "completed");
  });

  it("is refused while another process has it", async () => {
    const folder = temporaryFolder();
    await run(folder, config, { lastStep: 17 }).run();
    const lock = path.join(runFolder(folder), ".lock-7");
    // The process that started this one lives; on Linux its start must be told too.
    const owner = { pid: process.ppid, host: readRun(folder).owner.host, started: startOf(process.ppid) };
    writeFileSync(lock, JSON.stringify(owner));
    const { result } = await run(folder, config, { resume: true }).run();
    assert.equal(result.status, "failed");
    assert.match(
      result.message,
      /^The run 2026-01-01-000000-000-small is being trained by another window or command line \(process \d+\); stop it there first\.$/,
    );
    assert.ok(existsSync(lock));
    writeFileSync(lock, JSON.stringify({ ...owner, pid: 2 ** 22 + 1, started: null }));
    assert.equal((await run(folder, config, { resume: true }).run()).result.status, "completed");
    assert.deepEqual(
      readdirSync(runFolder(folder)).filter((name) => name.startsWith(".")),
      [],
    );
  });

  it("leaves at most 64 keyframes, which reach from its beginning to its end", async () => {
    const folder = temporaryFolder();
    // As many checkpoints as there are stops.
    for (let lastStep = 1; lastStep <= 80; lastStep++) {
      const long = { ...config, epochs: 20 };
      await run(folder, long, { lastStep, resume: lastStep > 1, trajectory: false }).run();
    }
    const steps = await keyframeSteps(runFolder(folder));
    assert.equal(steps.length, 64);
    assert.deepEqual([steps[0], steps.at(-1)], [1, 80]);
    const gaps = steps.slice(1).map((step, i) => step - steps[i]);
    assert.ok(Math.max(...gaps) <= 2);
  });
});

describe("the replay of a run", function () {
  this.timeout(60_000);
  afterEach(removeTemporaryFolders);
  const loading = { progress: () => undefined, breathe: () => Promise.resolve() };

  for (const [name, config] of Object.entries(configs)) {
    it(`gives the state at any step that the run passed: ${name}`, async () => {
      const folder = temporaryFolder();
      // Two keyframes, not at the ends of epochs.
      await run(folder, config, { lastStep: 4 }).run();
      await run(folder, config, { lastStep: 11, resume: true }).run();
      const { result } = await run(folder, config, { resume: true }).run();
      const replay = await Replay.open(runFolder(folder), loading);
      assert.equal(replay.exact, true);
      for (const step of [11, 3, 0, 4, 17, result.steps - 1]) {
        const { snapshot, state } = await replay.at(step);
        assert.deepEqual([snapshot.step, state.step], [step, step]);
        if (step === 0) continue;
        const other = temporaryFolder();
        await run(other, config, { lastStep: step }).run();
        const there = path.join(runFolder(other), "checkpoint.safetensors");
        const network = networkOf(
          readRun(other).config,
          readRun(other).description.loss,
          readRun(other).preparation,
        );
        const expected = await readCheckpoint(there, network);
        assert.deepEqual(snapshot, expected?.snapshot);
        assert.deepEqual(state.schedule, expected?.state.schedule);
        assert.deepEqual(state.earlyStopping, expected?.state.earlyStopping);
        assert.deepEqual(
          [state.epoch, state.epochsTold],
          [expected?.state.epoch, expected?.state.epochsTold],
        );
      }
      await assert.rejects(replay.at(result.steps + 1), /the run ended at step \d+/);
    });
  }
});

describe("the lock of a run", () => {
  afterEach(removeTemporaryFolders);

  it("goes to one of many that want it at once", async () => {
    const folder = temporaryFolder();
    writeFileSync(
      path.join(folder, ".lock-3"),
      JSON.stringify({ pid: 2 ** 22 + 1, host: "", started: null }),
    );
    writeFileSync(path.join(folder, ".lock-4"), "{ torn");
    const unlock = await lockRun(folder);
    assert.deepEqual(readdirSync(folder), [".lock-5"]);
    await unlock();
    assert.deepEqual(readdirSync(folder), []);
    // Whoever has it lives.
    markLive(path.basename(folder), true);
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockRun(folder)));
    markLive(path.basename(folder), false);
    assert.equal(tries.filter(({ status }) => status === "fulfilled").length, 1);
    assert.equal(readdirSync(folder).length, 1);
  });
});

function startOf(pid: number): string | null {
  if (process.platform !== "linux") return null;
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return `${boot}:${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}`;
}
