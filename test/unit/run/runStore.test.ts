import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { RunDescription } from "../../../src/protocol/run";
import { encodeScalars } from "../../../src/formats/tensorboard";
import { LiveRun } from "../../../src/run/liveRun";
import { markLive, thisProcess, type Owner } from "../../../src/run/owner";
import type { RunFile } from "../../../src/run/runFile";
import { createRunId } from "../../../src/run/runId";
import { listRuns, loadRun } from "../../../src/run/runStore";
import type { EventListener } from "../../../src/run/trainer";
import { removeTemporaryFolders, reportedSteps, smallRun, temporaryFolder } from "./support";

const config = { network: { hidden: [4] }, epochs: 5, batchSize: 7 };

/** A finished run whose run.json is made to look unfinished. */
async function unfinished(owner: Partial<Owner> = {}): Promise<{ runs: string; folder: string; id: string }> {
  const workspace = temporaryFolder();
  const { start, run } = smallRun(workspace, config);
  await run();
  const runs = path.join(workspace, ".downhill/runs");
  const folder = path.join(runs, start.id);
  const file = JSON.parse(await readFile(path.join(folder, "run.json"), "utf8")) as RunFile;
  const changed = { ...file, status: "running", result: null, owner: { ...file.owner, ...owner } };
  writeFileSync(path.join(folder, "run.json"), JSON.stringify(changed));
  return { runs, folder, id: start.id };
}

describe("the runs of a folder", () => {
  afterEach(removeTemporaryFolders);

  it("are listed newest first, and what is no run is passed over", async () => {
    const workspace = temporaryFolder();
    const runs = path.join(workspace, ".downhill/runs");
    assert.deepEqual(await listRuns(runs), []);
    for (const id of ["b", "a", "c"]) await smallRun(workspace, config, { id }).run();
    mkdirSync(path.join(runs, "empty"));
    mkdirSync(path.join(runs, ".hidden"));
    mkdirSync(path.join(runs, "broken"));
    writeFileSync(path.join(runs, "broken/run.json"), '{"format": 1, "id": "x"');
    writeFileSync(path.join(runs, "file"), "");
    const listed = await listRuns(runs);
    assert.deepEqual(
      listed.map(({ id }) => id),
      ["c", "a", "b"],
    );
    const [{ name, status, configFile, folder, result }] = listed;
    assert.deepEqual([name, status], ["small", "completed"]);
    assert.equal(configFile, path.join(workspace, "small.train.json"));
    assert.equal(folder, path.join(runs, "c"));
    assert.equal(result?.steps, 35);
  });

  it("are loaded with their charts", async () => {
    const workspace = temporaryFolder();
    const run = smallRun(workspace, config);
    const { result } = await run.run();
    const snapshot = await loadRun(path.join(workspace, ".downhill/runs", run.start.id));
    assert.equal(snapshot.status, "completed");
    assert.deepEqual(snapshot.result, result);
    assert.deepEqual([...snapshot.steps.step], reportedSteps(run.events).step);
    assert.deepEqual([...snapshot.steps.loss], reportedSteps(run.events).loss.map(Math.fround));
    assert.deepEqual([...snapshot.epochs.epoch], [0, 1, 2, 3, 4, 5]);
    assert.equal(snapshot.trajectory?.step.length, 36);
    assert.equal(snapshot.progress?.step, 35);
    assert.equal(snapshot.description?.totalSteps, 35);
  });

  it("are running while their process lives, and interrupted when it is dead", async () => {
    const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
    const { runs } = await unfinished({ pid: child.pid ?? 0, started: null });
    const start = process.platform === "linux" ? "interrupted" : "running";
    // On Linux a process that says when it began must say the same as the system does.
    assert.equal((await listRuns(runs))[0].status, start);
    child.kill("SIGKILL");
    await once(child, "exit");
    assert.equal((await listRuns(runs))[0].status, "interrupted");
  });

  it("of this process are running only while it works on them", async () => {
    const { runs, id } = await unfinished(thisProcess());
    assert.equal((await listRuns(runs))[0].status, "interrupted");
    markLive(id, true);
    assert.equal((await listRuns(runs))[0].status, "running");
    markLive(id, false);
    assert.equal((await listRuns(runs))[0].status, "interrupted");
  });

  it("of a process number that now belongs to another process are interrupted", async function () {
    if (process.platform !== "linux") this.skip();
    const { runs } = await unfinished({ pid: process.ppid, started: "another boot:1" });
    assert.equal((await listRuns(runs))[0].status, "interrupted");
  });

  it("of another machine are running while they are written", async () => {
    const { runs, folder } = await unfinished({ host: "elsewhere", pid: 1 });
    assert.equal((await listRuns(runs))[0].status, "running");
    const past = new Date(Date.now() - 3_600_000);
    for (const name of readdirSync(folder)) utimesSync(path.join(folder, name), past, past);
    assert.equal((await listRuns(runs))[0].status, "interrupted");
  });

  it("show what an interrupted one had reached, also with a torn journal and no path", async () => {
    const { folder } = await unfinished({ pid: 2 ** 22 + 1 });
    const journal = readdirSync(folder).find((name) => name.startsWith("events")) ?? "";
    truncateSync(path.join(folder, journal), readFileSync(path.join(folder, journal)).length - 3);
    writeFileSync(path.join(folder, "trajectory.safetensors"), "torn");
    const snapshot = await loadRun(folder);
    assert.equal(snapshot.status, "interrupted");
    assert.equal(snapshot.trajectory, null);
    // The last record, which was torn, was that of the last epoch.
    assert.equal(snapshot.epochs.epoch.at(-1), 4);
    assert.equal(snapshot.steps.step.at(-1), 35);
    assert.equal(snapshot.result?.status, "interrupted");
    assert.equal(snapshot.result.steps, 35);
    assert.match(
      snapshot.result.message,
      /^Cut off after step 35 of 35, .* ended; last evaluated after epoch 4: a mean absolute error of y/,
    );
    rmSync(path.join(folder, journal));
    assert.equal((await loadRun(folder)).steps.step.length, 0);
  });
});

describe("the journal of a stored run", () => {
  afterEach(removeTemporaryFolders);

  async function storedRun(): Promise<{ folder: string; journal: string }> {
    const workspace = temporaryFolder();
    const { start, run } = smallRun(workspace, config);
    await run();
    const folder = path.join(workspace, ".downhill/runs", start.id);
    const name = readdirSync(folder).find((each) => each.startsWith("events")) ?? "";
    return { folder, journal: path.join(folder, name) };
  }

  it("may be long: it is read in pieces, and no record is lost at their edges", async () => {
    const { folder, journal } = await storedRun();
    const records = 50_000;
    const bytes = Array.from({ length: records }, (_, i) =>
      encodeScalars({ wallTime: i, step: 36 + i, scalars: [["loss/training", i === 31_234 ? 1e6 : 1]] }),
    );
    appendFileSync(journal, Buffer.concat(bytes));
    const { steps } = await loadRun(folder);
    assert.equal(steps.step[0], 1);
    assert.equal(steps.step.at(-1), 35 + records);
    assert.equal(steps.step[steps.loss.indexOf(1e6)], 36 + 31_234);
    assert.ok(steps.step.length > 4000 && steps.step.length <= 8192);
  });

  it("is shown up to where it is damaged, and may be no file at all", async () => {
    const { folder, journal } = await storedRun();
    const whole = readFileSync(journal);
    const damaged = Buffer.concat([whole, Buffer.alloc(5 << 20, 7), whole]);
    writeFileSync(journal, damaged);
    assert.equal((await loadRun(folder)).steps.step.length, 35);
    damaged[Math.floor(whole.length / 2)] ^= 1;
    writeFileSync(journal, damaged);
    const { length } = (await loadRun(folder)).steps.step;
    assert.ok(length > 0 && length < 35);
    rmSync(journal);
    mkdirSync(journal);
    assert.equal((await loadRun(folder)).steps.step.length, 0);
  });
});

describe("run ids", () => {
  it("sort by time and are fit for a folder", () => {
    const earlier = createRunId("iris", new Date(2026, 0, 2, 3, 4, 5, 6));
    assert.equal(earlier, "2026-01-02-030405-006-iris");
    assert.ok(createRunId("a", new Date(2026, 0, 2, 3, 4, 5, 7)) > earlier);
    const id = (name: string): string => createRunId(name, new Date()).slice(22);
    assert.equal(id("../../etc/pass wd"), "etc-pass-wd");
    assert.equal(id("Größe 温度"), "Größe-温度");
    assert.equal(id("..."), "run");
    assert.equal(id("x".repeat(500)).length, 55);
    assert.equal(id(`${"x".repeat(54)}.y`), "x".repeat(54));
    assert.ok(Buffer.byteLength(createRunId("\u{20BB7}".repeat(100), new Date())) < 250);
  });
});

describe("a live run", () => {
  it("gives a view that opens late the same as one that followed from the start", async () => {
    const workspace = temporaryFolder();
    const small = smallRun(workspace, config);
    let send: EventListener | undefined;
    const commands: string[] = [];
    const run = new LiveRun(
      {
        onEvent(listener) {
          send = listener;
        },
        send: ({ type }) => void commands.push(type),
        terminate: () => Promise.resolve(),
      },
      { id: "i", name: "small", configFile: "/c" },
    );
    assert.deepEqual([run.status, run.description, run.result], ["loading", null, null]);
    const statuses = new Set<string>();
    const steps: number[] = [];
    const unsubscribe = run.onDelta((delta) => {
      assert.equal(delta.id, "i");
      if (delta.status) statuses.add(delta.status);
      if (delta.steps) steps.push(...delta.steps.step);
    });
    await small.run((event) => void send?.(event));
    const snapshot = run.snapshot();
    assert.deepEqual([...snapshot.steps.step], steps);
    assert.deepEqual([...statuses], ["running", "completed"]);
    assert.equal(snapshot.status, "completed");
    assert.equal((snapshot.description as RunDescription).rows.training, 48);
    assert.equal(snapshot.trajectory?.step.at(-1), 35);
    assert.equal(snapshot.loading, null);
    assert.equal(run.result?.status, "completed");
    run.send({ type: "stop" });
    assert.deepEqual(commands, ["stop"]);
    unsubscribe();
    void send?.({ type: "warning", message: "w" });
    assert.deepEqual(run.snapshot().warnings, ["w"]);
    removeTemporaryFolders();
  });
});
