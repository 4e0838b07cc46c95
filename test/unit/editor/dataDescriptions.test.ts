import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DataDescriptions } from "../../../src/editor/dataDescriptions";
import { removeTemporaryFolders, temporaryFolder } from "../run/support";

describe("A glance at a data file", () => {
  afterEach(removeTemporaryFolders);

  /** How often a worker is asked when there are two glances one after the other. */
  async function workersAsked(answer: string): Promise<number> {
    const folder = temporaryFolder();
    const [file, worker, log] = ["a.csv", "worker.js", "log"].map((name) => path.join(folder, name));
    writeFileSync(file, "x\n1\n");
    writeFileSync(log, "");
    writeFileSync(
      worker,
      `require("node:fs").appendFileSync(${JSON.stringify(log)}, "."); const { parentPort } = require("node:worker_threads"); ${answer}`,
    );
    const descriptions = new DataDescriptions(worker);
    for (let time = 0; time < 2; time++) {
      const glance = descriptions.glance(file, { format: null, rows: null, badRows: "error" });
      await assert.rejects(glance);
    }
    return readFileSync(log, "utf8").length;
  }

  it("is taken again when it went wrong, but not when the file is what is wrong", async () => {
    assert.equal(await workersAsked("process.exit(3);"), 2);
    const refused = '{ type: "failed", fault: false, message: "a.csv is empty." }';
    assert.equal(await workersAsked(`parentPort.postMessage(${refused});`), 1);
  });
});
