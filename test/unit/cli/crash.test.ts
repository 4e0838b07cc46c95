/** Runs whose process is killed, at any moment and in the middle of writes too, and what becomes of them. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { randomStream } from "../../../src/engine/random";
import type { RunResult } from "../../../src/protocol/run";
import type { RunEvent } from "../../../src/protocol/worker";
import { Control, createFlags } from "../../../src/run/control";
import { listRuns, loadRun } from "../../../src/run/runStore";
import { runSession } from "../../../src/run/session";
import { assertTold, journalOf, reportedSteps } from "../run/support";
import { built, removeWorkspaces, workspace } from "./built";

const kills = 50;
const atOnce = 2;

const configs = [
  {
    data: { file: "iris.csv", target: "species" },
    network: { hidden: [8], dropout: 0.1 },
    optimizer: { type: "adam", learningRate: 0.01 },
    batchSize: 8,
    epochs: 2000,
    earlyStopping: { patience: 2000, restoreBest: true },
  },
  {
    data: { file: "breast-cancer.csv", target: "diagnosis" },
    network: { hidden: [32, 32] },
    optimizer: { type: "momentum", learningRate: 0.01 },
    schedule: { type: "reduce-on-plateau", factor: 0.5, patience: 2 },
    batchSize: 8,
    epochs: 150,
  },
];

/** Loaded before the program: everything is written in pieces, and slowly, so that most kills come within a write. */
const slowWrites = `
const files = require("node:fs/promises");
const { writeFile, open, rename, link, rm } = files;
const pause = () => new Promise((resolve) => setTimeout(resolve, 3 * Math.random()));
const gather = async (data) => {
  if (typeof data === "string" || ArrayBuffer.isView(data)) return Buffer.from(data);
  const parts = [];
  for await (const part of data) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
};
const inPieces = async (data, write) => {
  const bytes = await gather(data);
  const piece = Math.ceil(bytes.length / 6) || 1;
  for (let at = 0; at < bytes.length; at += piece) {
    await write(bytes.subarray(at, at + piece));
    await pause();
  }
};
files.open = async (...args) => {
  const handle = await open(...args);
  const append = handle.appendFile.bind(handle);
  handle.appendFile = (data) => inPieces(data, append);
  return handle;
};
files.writeFile = (file, data, ...rest) =>
  typeof file === "string" ? writeFile(file, data, ...rest) : inPieces(data, (piece) => writeFile(file, piece));
for (const [name, real] of Object.entries({ rename, link, rm })) {
  files[name] = async (...args) => {
    await pause();
    const result = await real(...args);
    await pause();
    return result;
  };
}
`;

interface Whole {
  weights: Buffer;
  result: RunResult;
  steps: { step: number[]; loss: number[] };
  /** Milliseconds of the process, and of those until it told of its start. */
  took: number;
  begun: number;
}

describe("a run whose process is killed", function () {
  this.timeout(300_000);
  const random = randomStream(20, "shuffle");
  after(removeWorkspaces);

  /** Kills it so many milliseconds after it told of its start, or after its process began. */
  async function train(
    folder: string,
    killAfter: number,
    since: "start" | "process",
  ): Promise<{ took: number; begun: number }> {
    const args = ["--require", path.join(folder, "slow.cjs"), built().cli, "train", "c.train.json"];
    const started = performance.now();
    let begun = Infinity;
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
    const told = once(child.stdout, "data").then(() => (begun = performance.now() - started));
    const ended = once(child, "exit");
    if (since === "start") await Promise.race([ended, told]);
    await Promise.race([ended, sleep(killAfter)]);
    child.kill("SIGKILL");
    await ended;
    return { took: performance.now() - started, begun };
  }

  function prepared(config: object): string {
    const file = (config as { data: { file: string } }).data.file;
    return workspace([path.join("examples", file)], {
      "c.train.json": JSON.stringify(config),
      "slow.cjs": slowWrites,
    });
  }

  async function inThisProcess(folder: string, resume: string | null): Promise<RunEvent[]> {
    const configFile = path.join(folder, "c.train.json");
    const start = {
      id: resume ?? "whole",
      configFile,
      configText: readFileSync(configFile, "utf8"),
      workspaceFolder: folder,
      runsFolder: path.join(folder, ".downhill/runs"),
      steps: 1,
      trajectory: false,
      weightsFile: path.join(folder, "w.safetensors"),
      ...(resume === null ? {} : { resume: true }),
    };
    const events: RunEvent[] = [];
    await runSession(start, new Control(createFlags()), (event) => events.push(event));
    return events;
  }

  function resultOf(events: readonly RunEvent[]): RunResult {
    const last = events.at(-1);
    assert.ok(last?.type === "done");
    return last.result;
  }

  it(`opens and goes on to the very end of an uninterrupted one, ${kills} times of ${kills}`, async () => {
    const whole: Whole[] = [];
    for (const config of configs) {
      const folder = prepared(config);
      const times = await train(folder, 60_000, "start");
      const events = await inThisProcess(folder, null);
      const weights = readFileSync(path.join(folder, "w.safetensors"));
      whole.push({ weights, result: resultOf(events), steps: reportedSteps(events), ...times });
    }
    let done = 0;
    const seen = { noFolder: 0, noCheckpoint: 0, checkpoint: 0, ended: 0, tornWrite: 0 };

    const one = async (which: number): Promise<void> => {
      const expected = whole[which];
      const folder = prepared(configs[which]);
      // Now and then before it has begun.
      if (random.next() < 0.1) await train(folder, random.next() * expected.begun, "process");
      // Beyond the whole run's time: two at once, on a busy machine, take longer than one alone.
      else await train(folder, 2.5 * random.next() * (expected.took - expected.begun), "start");
      const runs = path.join(folder, ".downhill/runs");
      const [run] = await listRuns(runs);
      // Killed before there was a run: nothing of it is to be seen.
      if (!(run as typeof run | undefined)) {
        const names = existsSync(runs) ? readdirSync(runs) : [];
        assert.ok(
          names.every((name) => name.startsWith(".")),
          names.join(),
        );
        seen.noFolder++;
        return;
      }
      const names = readdirSync(run.folder);
      if (run.status === "completed") seen.ended++;
      else if (names.includes("checkpoint.safetensors")) seen.checkpoint++;
      else seen.noCheckpoint++;
      if (names.some((name) => name.endsWith(".new"))) seen.tornWrite++;
      assert.ok(["interrupted", "completed"].includes(run.status));
      const opened = await loadRun(run.folder);
      assert.equal(opened.status, run.status);
      assert.ok(opened.steps.step.every((step, i, all) => i === 0 || step > all[i - 1]));
      const events = await inThisProcess(folder, run.id);
      const result = resultOf(events);
      assert.deepEqual(
        [result.status, result.steps, result.training, result.validation, result.restoredEpoch],
        [
          expected.result.status,
          expected.result.steps,
          expected.result.training,
          expected.result.validation,
          expected.result.restoredEpoch,
        ],
      );
      assert.deepEqual(readFileSync(path.join(folder, "w.safetensors")), expected.weights);
      assertTold(journalOf(run.folder), expected.steps, expected.result);
      const left = readdirSync(run.folder).filter((name) => name.endsWith(".new") || name.startsWith("."));
      assert.deepEqual(
        left.filter(() => run.status !== "completed"),
        [],
      );
    };
    const killer = async (): Promise<void> => {
      while (done < kills) await one(done++ % configs.length);
    };
    await Promise.all(Array.from({ length: atOnce }, killer));
    // Else the kills did not hit what they are for.
    assert.ok(seen.checkpoint > 0 && seen.tornWrite > 0, JSON.stringify(seen));
  });
});
