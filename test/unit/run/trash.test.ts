import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { changeMarks, readMarks } from "../../../src/run/runMarks";
import { deleteRun, emptyTrash, listTrash, restoreRun, trashOf } from "../../../src/run/trash";
import { listRuns } from "../../../src/run/runStore";
import { removeTemporaryFolders, smallRun, temporaryFolder } from "./support";

const config = { network: { hidden: [4] }, epochs: 2, batchSize: 7 };

async function finishedRun(): Promise<{ runs: string; folder: string }> {
  const workspace = temporaryFolder();
  const { start, run } = smallRun(workspace, config);
  await run();
  const runs = path.join(workspace, ".downhill/runs");
  return { runs, folder: path.join(runs, start.id) };
}

describe("a deleted run", () => {
  afterEach(removeTemporaryFolders);

  it("lies whole in the trash and comes back as it was", async () => {
    const { runs, folder } = await finishedRun();
    await changeMarks(folder, { title: "the good one" });
    const files = readdirSync(folder).sort();
    const before = await listRuns(runs);
    const trashed = await deleteRun(folder);
    assert.equal(path.dirname(trashed), trashOf(runs));
    assert.deepEqual(await listRuns(runs), []);
    const [deleted] = await listTrash(trashOf(runs));
    assert.equal(deleted.title, "the good one");
    assert.equal(deleted.name, "small");
    assert.ok(Math.abs(deleted.deletedAt - Date.now()) < 60_000);
    assert.equal(await restoreRun(trashed), folder);
    assert.deepEqual(readdirSync(folder).sort(), files);
    assert.deepEqual(await listRuns(runs), before);
    assert.deepEqual(await listTrash(trashOf(runs)), []);
  });

  it("replaces no other one of the same name, neither there nor here", async () => {
    const { runs, folder } = await finishedRun();
    mkdirSync(path.join(trashOf(runs), path.basename(folder)), { recursive: true });
    const trashed = await deleteRun(folder);
    assert.notEqual(path.basename(trashed), path.basename(folder));
    mkdirSync(folder);
    writeFileSync(path.join(folder, "mine"), "mine");
    assert.notEqual(await restoreRun(trashed), folder);
    assert.equal(readFileSync(path.join(folder, "mine"), "utf8"), "mine");
  });

  it("is gone for good after 30 days, and not before", async () => {
    const { runs, folder } = await finishedRun();
    const day = 24 * 3600 * 1000;
    // A run of long ago: its age in the trash counts from the deletion.
    utimesSync(folder, new Date(0), new Date(0));
    const trashed = await deleteRun(folder);
    await emptyTrash(trashOf(runs), Date.now() + 29 * day);
    assert.ok(existsSync(trashed));
    await emptyTrash(trashOf(runs), Date.now() + 31 * day);
    assert.ok(!existsSync(trashed));
    await emptyTrash(path.join(runs, "nothing"));
  });
});

describe("what a user notes about a run", () => {
  afterEach(removeTemporaryFolders);

  it("is kept, and leaves no file when it is taken back", async () => {
    const folder = temporaryFolder();
    assert.deepEqual(await readMarks(folder), {});
    await changeMarks(folder, { title: "  baseline " });
    await changeMarks(folder, { pinned: true });
    assert.deepEqual(await readMarks(folder), { title: "baseline", pinned: true });
    await changeMarks(folder, { title: "" });
    assert.deepEqual(await readMarks(folder), { pinned: true });
    await changeMarks(folder, { pinned: false });
    assert.deepEqual(readdirSync(folder), []);
  });

  it("is nothing where the file is damaged", async () => {
    const folder = temporaryFolder();
    for (const text of ["", "null", "[1", '{"title": 3, "pinned": "yes"}']) {
      writeFileSync(path.join(folder, "marks.json"), text);
      assert.deepEqual(await readMarks(folder), {}, text);
    }
  });
});
