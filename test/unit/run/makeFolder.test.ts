import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { makeFolder } from "../../../src/run/diskWrites";

describe("a folder that several runs need", () => {
  const home = mkdtempSync(path.join(tmpdir(), "downhill-folder-"));
  after(() => rmSync(home, { recursive: true, force: true }));

  it("is made by whoever comes first, parents included", async () => {
    for (let round = 0; round < 20; round++) {
      const folder = path.join(home, String(round), "a", "b", "c");
      await Promise.all(Array.from({ length: 12 }, () => makeFolder(folder)));
      assert.ok(statSync(folder).isDirectory());
    }
  });

  it("is refused where something else bears its parent's name", async () => {
    symlinkSync(path.join(home, "nowhere"), path.join(home, "dangling"));
    await assert.rejects(makeFolder(path.join(home, "dangling", "runs")), { code: "EEXIST" });
  });
});
