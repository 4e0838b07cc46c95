/** A run that computes with several threads, as a user starts it: none of them outlives it, however it ends. */
import assert from "node:assert/strict";
import { copyFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunChange } from "../../../src/protocol/changes";
import type { RunResult } from "../../../src/protocol/run";
import type { StartRun } from "../../../src/protocol/worker";
import { startRun } from "../../../src/run/startRun";
import type { Trainer } from "../../../src/run/trainer";
import { built } from "../cli/built";
import { removeTemporaryFolders, smallRun, temporaryFolder } from "./support";

/** Steps long enough to be shared. */
const wide = { network: { hidden: [300, 200] }, batchSize: "full", epochs: 1_000_000_000 };

const threadsHere = (): number => readdirSync("/proc/self/task").length;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

describe("the threads that help a run", function () {
  this.timeout(60_000);
  let trainer: Trainer | null = null;
  before(() => built());
  afterEach(async () => {
    await trainer?.terminate();
    removeTemporaryFolders();
  });

  function begin(
    config: object,
    threads: number,
    weightsFile?: string,
    health: StartRun["health"] = false,
    changes: RunChange[] = [],
  ) {
    const { start } = smallRun(temporaryFolder(), config, {
      steps: "thinned",
      runsFolder: null,
      health,
      changes,
      threads: { threads, beforeConfig: false },
      ...(weightsFile === undefined ? {} : { weightsFile }),
    });
    const begun = startRun(start, built().worker);
    trainer = begun;
    const warnings: string[] = [];
    let steps = 0;
    const done = new Promise<RunResult>((resolve) => {
      begun.onEvent((event) => {
        if (event.type === "warning") warnings.push(event.message);
        if (event.type === "report") steps = event.progress.step;
        if (event.type === "done") resolve(event.result);
      });
    });
    return { trainer: begun, warnings, done, steps: () => steps };
  }

  it("do not change a bit of the weights, whether steps are looked at or not", async () => {
    const folder = temporaryFolder();
    const weights: Buffer[] = [];
    for (const [threads, health] of [
      [1, false],
      [1, "every-step"],
      [2, true],
      [3, false],
    ] as const) {
      const file = path.join(folder, `${threads}.safetensors`);
      const { status } = await begin({ ...wide, epochs: 60 }, threads, file, health).done;
      assert.equal(status, "completed");
      weights.push(readFileSync(file));
    }
    for (const others of weights) assert.ok(weights[0].equals(others));
  });

  it("do not change a bit of a run whose batches and momentum are changed, and do not pile up", async () => {
    const folder = temporaryFolder();
    const config = { ...wide, optimizer: { type: "momentum", learningRate: 0.01 }, epochs: 60 };
    const changes: RunChange[] = [
      { step: 15, key: "batchSize", value: 31 },
      { step: 22, key: "optimizer.momentum", value: 0.5 },
      { step: 30, key: "batchSize", value: "full" },
    ];
    const weights: Buffer[] = [];
    for (const threads of [1, 2]) {
      const file = path.join(folder, `${threads}.safetensors`);
      const run = begin(config, threads, file, true, changes);
      assert.equal((await run.done).status, "completed");
      assert.deepEqual(run.warnings, []);
      weights.push(readFileSync(file));
    }
    assert.ok(weights[0].equals(weights[1]));
  });

  it("end with the run, however it ends", async function () {
    // Where the system does not tell the threads of a process.
    if (!existsSync("/proc/self/task")) this.skip();
    // Node starts threads of its own at the first run.
    await begin({ ...wide, epochs: 3 }, 1).done;
    await sleep(200);
    const before = threadsHere();
    const ends: [string, number, (trainer: Trainer) => unknown][] = [
      ["completed", 30, () => undefined],
      ["stopped", wide.epochs, (run) => run.send({ type: "stop" })],
      ["interrupted", wide.epochs, (run) => run.terminate()],
    ];
    for (const [status, epochs, end] of ends) {
      const run = begin({ ...wide, epochs }, 3);
      if (epochs === wide.epochs) {
        await until(() => run.steps() > 0 && threadsHere() >= before + 3);
        end(run.trainer);
      }
      assert.equal((await run.done).status, status);
      await until(() => threadsHere() <= before);
      assert.deepEqual(run.warnings, []);
    }
  });

  it("are done without where they cannot be started", async () => {
    const { start } = smallRun(temporaryFolder(), { ...wide, epochs: 300 }, { runsFolder: null });
    // Beside this copy of the worker there is no kernelThread.js.
    const folder = temporaryFolder();
    const worker = path.join(folder, "alone.cjs");
    copyFileSync(built().worker, worker);
    const begun = startRun({ ...start, threads: { threads: 2, beforeConfig: true } }, worker);
    trainer = begun;
    const warnings: string[] = [];
    const result = await new Promise<RunResult>((resolve) => {
      begun.onEvent((event) => {
        if (event.type === "warning") warnings.push(event.message);
        if (event.type === "done") resolve(event.result);
      });
    });
    assert.equal(result.status, "completed");
    assert.deepEqual(warnings, ["A thread that helped to compute ended, so the run goes on with one."]);
  });
});
