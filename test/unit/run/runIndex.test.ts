import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { RunIndex } from "../../../src/run/runIndex";
import { changeMarks } from "../../../src/run/runMarks";
import type { RunFile } from "../../../src/run/runFile";
import { listRuns, type StoredRun } from "../../../src/run/runStore";
import { removeTemporaryFolders, smallRun, temporaryFolder } from "./support";

const config = { network: { hidden: [4] }, epochs: 2, batchSize: 7 };

/** A runs folder with copies of one short run. @returns the folder */
async function runsFolder(count: number): Promise<string> {
  const workspace = temporaryFolder();
  const { start, run } = smallRun(workspace, config);
  await run();
  const runs = path.join(workspace, ".downhill/runs");
  const original = path.join(runs, start.id);
  for (let i = 1; i < count; i++) {
    const folder = path.join(runs, `run-${i}`);
    mkdirSync(folder);
    changeRunFile(original, folder, (file) => ({ ...file, id: `run-${i}`, startedAt: 1000 * i }));
  }
  return runs;
}

/** Writes run.json as a run does: beside, then renamed. */
function changeRunFile(from: string, to: string, change: (file: RunFile) => RunFile): void {
  const file = JSON.parse(readFileSync(path.join(from, "run.json"), "utf8")) as RunFile;
  writeFileSync(path.join(to, "run.json.new"), JSON.stringify(change(file)));
  renameSync(path.join(to, "run.json.new"), path.join(to, "run.json"));
}

const ids = (runs: StoredRun[]): string[] => runs.map(({ id }) => id);

describe("the index of a runs folder", () => {
  afterEach(removeTemporaryFolders);

  it("lists what reading every run anew lists", async () => {
    const runs = await runsFolder(40);
    const index = new RunIndex(runs);
    assert.deepEqual(await index.list(), await listRuns(runs));
    await index.save();
    assert.deepEqual(await new RunIndex(runs).list(), await listRuns(runs));
  });

  it("reads no run again that it knows", async () => {
    const runs = await runsFolder(3);
    const index = new RunIndex(runs);
    await index.list();
    await index.save();
    // Not as a run writes: the folder's date stays, so that nobody could know.
    const file = path.join(runs, "run-1/run.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"small"', '"other"'));
    const known = new RunIndex(runs);
    assert.deepEqual(new Set((await known.list()).map(({ name }) => name)), new Set(["small"]));
    known.suspect("run-1");
    assert.equal((await known.list()).filter(({ name }) => name === "other").length, 1);
  });

  it("holds 5,000 runs", async function () {
    this.timeout(120_000);
    const runs = await runsFolder(5000);
    const index = new RunIndex(runs);
    await index.list();
    await index.save();
    const listed = await new RunIndex(runs).list();
    assert.equal(listed.length, 5000);
    assert.deepEqual(listed, await listRuns(runs));
  });

  it("notices what changed behind its back", async () => {
    const runs = await runsFolder(4);
    const before = new RunIndex(runs);
    await before.list();
    await before.save();
    await changeMarks(path.join(runs, "run-1"), { title: "best so far", pinned: true });
    rmSync(path.join(runs, "run-2"), { recursive: true });
    cpSync(path.join(runs, "run-3"), path.join(runs, "run-3-copy"), { recursive: true });
    const after = new RunIndex(runs);
    assert.equal((await after.list()).length, 4);
    assert.equal(await after.verify(), true);
    assert.deepEqual(await after.list(), await listRuns(runs));
    assert.equal((await after.list()).find(({ id }) => id === "run-1")?.title, "best so far");
    assert.equal(await after.verify(), false);
  });

  it("asks again about runs that had not ended", async () => {
    const runs = await runsFolder(2);
    const folder = path.join(runs, "run-1");
    changeRunFile(folder, folder, (file) => ({ ...file, status: "running", result: null }));
    const index = new RunIndex(runs);
    const status = async (): Promise<unknown> =>
      (await index.list()).find(({ id }) => id === "run-1")?.status;
    const first = await status();
    changeRunFile(folder, folder, (file) => ({ ...file, status: "stopped" }));
    assert.notEqual(first, "stopped");
    assert.equal(await status(), "stopped");
  });

  it("is made anew when it is damaged, of another version or of a folder that was moved", async () => {
    const runs = await runsFolder(2);
    const file = path.join(runs, ".index.json");
    for (const text of ["", "{", "[]", '{"version": 99, "entries": {"x": null}}']) {
      writeFileSync(file, text);
      assert.deepEqual(ids(await new RunIndex(runs).list()), ids(await listRuns(runs)), text);
    }
    const index = new RunIndex(runs);
    await index.list();
    await index.save();
    const moved = path.join(path.dirname(runs), "moved");
    renameSync(runs, moved);
    assert.deepEqual(await new RunIndex(moved).list(), await listRuns(moved));
  });

  it("of a folder that is not there is empty", async () => {
    const index = new RunIndex(path.join(temporaryFolder(), "none"));
    assert.deepEqual(await index.list(), []);
    assert.equal(await index.verify(), false);
    await index.save();
  });
});
