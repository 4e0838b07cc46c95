import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { WallClock } from "../../../src/run/wallClock";
import { resolveInWorkspace, workspaceFolderFor } from "../../../src/run/workspace";
import { removeTemporaryFolders, temporaryFolder } from "./support";

describe("the workspace folder", () => {
  afterEach(removeTemporaryFolders);

  it("is the current directory when the config lies under it, else the config's own folder", () => {
    assert.equal(workspaceFolderFor("/a/b/c.train.json", "/a"), "/a");
    assert.equal(workspaceFolderFor("/a/b/c.train.json", "/a/b"), "/a/b");
    assert.equal(workspaceFolderFor("/a/b/c.train.json", "/a/bc"), "/a/b");
    assert.equal(workspaceFolderFor("/a/b/c.train.json", "/a/b/d"), "/a/b");
    assert.equal(workspaceFolderFor("/a/..b/c.train.json", "/a"), "/a");
    assert.equal(workspaceFolderFor("/a/b/c.train.json", "/"), "/");
  });

  it("holds the files of a run, also when it is reached by a link", async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, "real/configs"), { recursive: true });
    writeFileSync(path.join(folder, "real/..data.csv"), "");
    symlinkSync(path.join(folder, "real"), path.join(folder, "link"));
    const real = path.join(folder, "real/..data.csv");
    for (const workspace of ["real", "link"]) {
      const config = path.join(folder, workspace, "configs/x.train.json");
      assert.equal(
        await resolveInWorkspace("../..data.csv", "data.file", config, path.join(folder, workspace)),
        real,
      );
      assert.equal(await resolveInWorkspace(real, "data.file", config, path.join(folder, workspace)), real);
    }
    await assert.rejects(
      resolveInWorkspace("none.csv", "data.file", path.join(folder, "x.train.json"), folder),
      {
        message: `data.file is none.csv, but there is no file ${path.join(folder, "none.csv")}.`,
      },
    );
  });
});

describe("the time left", () => {
  it("is told from the speed of the last seconds, pauses left out", () => {
    let now = 0;
    const clock = new WallClock(() => now);
    clock.start(0);
    assert.equal(clock.secondsFor(100), null);
    for (let step = 1; step <= 100; step++) {
      now += 10;
      clock.at(step);
    }
    assert.equal(clock.secondsFor(0), 0);
    assert.ok(Math.abs((clock.secondsFor(100) ?? 0) - 1) < 0.05);
    clock.stop();
    now += 60_000;
    clock.start(100);
    assert.equal(clock.secondsFor(100), null);
    for (let step = 101; step <= 1000; step++) {
      now += 50;
      clock.at(step);
    }
    assert.ok(Math.abs((clock.secondsFor(100) ?? 0) - 5) < 0.1);
    // Ten times faster now: the old speed is forgotten after some ten seconds.
    for (let step = 1001; step <= 4000; step++) {
      now += 5;
      clock.at(step);
    }
    assert.ok(Math.abs((clock.secondsFor(100) ?? 0) - 0.5) < 0.02);
  });
});
