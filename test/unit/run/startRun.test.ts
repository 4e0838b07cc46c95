import assert from "node:assert/strict";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunResult } from "../../../src/protocol/run";
import type { RunEvent } from "../../../src/protocol/worker";
import { mostUnread } from "../../../src/run/control";
import type { RunFile } from "../../../src/run/runFile";
import { listRuns } from "../../../src/run/runStore";
import { startRun } from "../../../src/run/startRun";
import type { Trainer } from "../../../src/run/trainer";
import { built } from "../cli/built";
import { removeTemporaryFolders, reportedSteps, smallRun, table, temporaryFolder } from "./support";

const endless = { network: { hidden: [8] }, epochs: 100_000_000, batchSize: 8 };

interface Followed {
  trainer: Trainer;
  events: RunEvent[];
  done: Promise<RunResult>;
  /** Resolves at the first event that fits. */
  seen(fits: (event: RunEvent) => boolean): Promise<void>;
}

const started: Trainer[] = [];

function follow(trainer: Trainer): Followed {
  started.push(trainer);
  const events: RunEvent[] = [];
  const waiting: { fits: (event: RunEvent) => boolean; resolve: () => void }[] = [];
  const done = new Promise<RunResult>((resolve) => {
    trainer.onEvent((event) => {
      events.push(event);
      for (const { fits, resolve: go } of waiting) if (fits(event)) go();
      if (event.type === "done") resolve(event.result);
    });
  });
  const seen = (fits: (event: RunEvent) => boolean): Promise<void> =>
    new Promise((resolve) => waiting.push({ fits, resolve }));
  return { trainer, events, done, seen };
}

const training = (event: RunEvent): boolean => event.type === "report" && event.progress.step > 20;

describe("a run in its worker thread", function () {
  this.timeout(60_000);
  before(() => built());
  afterEach(async () => {
    // A run that failed its test must not outlive it.
    await Promise.all(started.splice(0).map((trainer) => trainer.terminate()));
    removeTemporaryFolders();
  });

  // That pause and stop are obeyed within 100 ms is measured by test/bench/latency.mjs: here the machine may be busy.

  it("pauses, resumes and stops in the middle of an epoch", async () => {
    const { start } = smallRun(temporaryFolder(), endless, { steps: "thinned" });
    const run = follow(startRun(start, built().worker));
    await run.seen(training);
    for (const [type, status] of [
      ["pause", "paused"],
      ["resume", "running"],
      ["stop", "stopped"],
    ] as const) {
      run.trainer.send({ type });
      await run.seen((event) => event.type === "report" && event.progress.status === status);
    }
    const result = await run.done;
    assert.equal(result.status, "stopped");
    assert.equal(run.events.at(-1)?.type, "done");
  });

  it("stops in the middle of a step, or an evaluation, of seconds", async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "t.csv"), table(10_000));
    const heavy = { network: { hidden: [400, 400] }, epochs: 3, batchSize: "full" };
    const evaluated = (event: RunEvent): boolean => event.type === "report" && event.epochs !== undefined;
    // The start is evaluated first; the first step follows.
    for (const [begun, epochs] of [
      [(event: RunEvent) => event.type === "start", 0],
      [evaluated, 1],
    ] as const) {
      const { start } = smallRun(folder, heavy, { steps: "thinned", trajectory: false, runsFolder: null });
      const run = follow(startRun(start, built().worker));
      await run.seen(begun);
      await sleep(50);
      run.trainer.send({ type: "stop" });
      const result = await run.done;
      // Neither the evaluation nor the step was waited for.
      assert.deepEqual([result.status, result.steps], ["stopped", 0]);
      assert.equal(run.events.filter(evaluated).length, epochs);
    }
  });

  it("can be stopped while the data are being read", async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "t.csv"), table(200_000));
    const { start } = smallRun(folder, endless);
    const run = follow(startRun(start, built().worker));
    await run.seen((event) => event.type === "loading" && (event.fraction ?? 0) > 0);
    run.trainer.send({ type: "stop" });
    const result = await run.done;
    assert.ok(!run.events.some(({ type }) => type === "start"), "the data were not read to their end");
    assert.deepEqual([result.status, result.steps], ["stopped", 0]);
    assert.match(result.message, /^Stopped while the data were being read\.$/);
  });

  it("is interrupted when it is terminated, in its folder too", async () => {
    const folder = temporaryFolder();
    const { start } = smallRun(folder, endless, { steps: "thinned" });
    const run = follow(startRun(start, built().worker));
    await run.seen(training);
    await run.trainer.terminate();
    const result = await run.done;
    assert.equal(result.status, "interrupted");
    assert.ok(result.steps > 20);
    const [kept] = await listRuns(start.runsFolder ?? "");
    assert.deepEqual([kept.status, kept.result?.message], ["interrupted", result.message]);
  });

  it("is a failed run with a message when its thread dies", async () => {
    const folder = temporaryFolder();
    // The real worker, with a fault that strikes once it has told of a step.
    const doomed = path.join(folder, "worker.js");
    copyFileSync(built().workerStart, path.join(folder, "workerStart.js"));
    const faults = {
      'throw new Error("cosmic ray\\nsecond line")':
        /^The thread that trains ended unexpectedly after step \d+: cosmic ray\.$/,
      "process.exit(7)": /exit code 7\.$/,
    };
    for (const [fault, message] of Object.entries(faults)) {
      writeFileSync(
        doomed,
        `const { parentPort } = require("node:worker_threads");
        const post = parentPort.postMessage.bind(parentPort);
        parentPort.postMessage = (event) => {
          post(event);
          if (event.progress?.step > 0) setTimeout(() => { ${fault} }, 50);
        };
        require(${JSON.stringify(built().worker)});`,
      );
      const { start } = smallRun(folder, endless, { id: fault.slice(0, 7), steps: "thinned" });
      const run = follow(startRun(start, doomed));
      const result = await run.done;
      assert.deepEqual([result.status, result.cause], ["failed", "internal"]);
      assert.match(result.message, message);
      assert.ok(result.steps > 0);
      const runFolder = path.join(start.runsFolder ?? "", start.id);
      const stored = JSON.parse(readFileSync(path.join(runFolder, "run.json"), "utf8")) as RunFile;
      assert.deepEqual([stored.status, stored.result?.message], ["failed", result.message]);
    }
  });

  it("is a failed run when there is no worker at all", async () => {
    const { start } = smallRun(temporaryFolder(), endless);
    const result = await follow(startRun(start, path.join(start.workspaceFolder, "none.js"))).done;
    assert.equal(result.status, "failed");
    assert.match(result.message, /before the first step/);
    assert.doesNotMatch(result.message, /\n/);
  });

  it("waits for a listener that cannot keep up, and then has lost nothing", async () => {
    const { start } = smallRun(temporaryFolder(), endless, { steps: 1, trajectory: false, runsFolder: null });
    const trainer = startRun(start, built().worker);
    const events: RunEvent[] = [];
    let hold: Promise<void> | undefined;
    let release = (): void => undefined;
    const done = new Promise<RunResult>((resolve) => {
      trainer.onEvent((event) => {
        events.push(event);
        if (event.type === "start") hold = new Promise((go) => (release = go));
        if (event.type === "done") resolve(event.result);
        return hold;
      });
    });
    started.push(trainer);
    const reports = (): number => events.filter(({ type }) => type === "report").length;
    const steps = (): number => reportedSteps(events).step.length;
    // The clock only says when to look: a run that did not wait would have sent some 30 reports by then.
    while (reports() < mostUnread) await sleep(20);
    await sleep(1000);
    assert.equal(reports(), mostUnread);
    const before = steps();
    hold = undefined;
    release();
    while (steps() < 2 * before + 10_000) await sleep(20);
    trainer.send({ type: "stop" });
    const result = await done;
    assert.deepEqual(
      reportedSteps(events).step,
      Array.from({ length: result.steps }, (_, i) => i + 1),
    );
  });

  it("keeps the events for whoever listens late", async () => {
    const { start } = smallRun(temporaryFolder(), { ...endless, epochs: 2 });
    const trainer = startRun(start, built().worker);
    await sleep(500);
    const run = follow(trainer);
    assert.equal((await run.done).status, "completed");
    assert.ok(run.events.some(({ type }) => type === "start"));
  });
});
