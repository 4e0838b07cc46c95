import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { RunResult } from "../../../src/protocol/run";
import { removeTemporaryFolders, smallRun, table, temporaryFolder } from "./support";

const oneEpoch = { network: { hidden: [4] }, epochs: 1 };

async function outcome(folder: string, config: object): Promise<RunResult> {
  return (await smallRun(folder, { ...oneEpoch, ...config }).run()).result;
}

describe("what a run is made from", () => {
  afterEach(removeTemporaryFolders);

  it("is read in the format that the config names, whatever the files are called", async () => {
    const folder = temporaryFolder();
    // As tab-separated text, each of them would have a single column.
    writeFileSync(path.join(folder, "main.tsv"), table(60));
    writeFileSync(path.join(folder, "other.tsv"), table(20));
    const data = { file: "main.tsv", format: "csv", validationFile: "other.tsv" };
    const run = smallRun(folder, { ...oneEpoch, data });
    const { result } = await run.run();
    assert.equal(result.status, "completed", result.message);
    const start = run.events.find((event) => event.type === "start");
    assert.deepEqual(start?.description.rows, { training: 60, validation: 20, test: 0 });
    const { cause } = await outcome(folder, { data: { ...data, format: undefined } });
    assert.equal(cause, "data");
  });

  it("is refused where the network would not fit into any memory", async () => {
    const { cause, message } = await outcome(temporaryFolder(), {
      network: { hidden: [1_000_000, 1_000_000] },
    });
    assert.equal(cause, "config");
    // 5 inputs, 1 output.
    const parameters = 6e6 + 1_000_001e6 + 1_000_001;
    assert.equal(
      message,
      `The network of "network.hidden" would have ${parameters.toLocaleString("en")} parameters, more than 100,000,000; make its layers smaller.`,
    );
  });

  it("must be a file, and not a folder or a pipe that nobody writes into", async function () {
    if (process.platform === "win32") this.skip();
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, "folder.csv"));
    execFileSync("sh", ["-c", 'mkfifo "$0"', path.join(folder, "pipe.csv")]);
    for (const [file, what] of [
      ["folder.csv", "a folder"],
      [".", "a folder"],
      ["pipe.csv", "a device or a pipe"],
    ]) {
      const { cause, message } = await outcome(folder, { data: { file, format: "csv" } });
      assert.equal(cause, "config");
      assert.equal(message, `${path.join(folder, file)} is ${what}, where a file is needed.`);
    }
  });
});
