import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { RunDescription, RunResult } from "../../../src/protocol/run";
import { readRunFile } from "../../../src/run/runFile";
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
    assert.deepEqual((start?.description as RunDescription).rows, { training: 60, validation: 20, test: 0 });
    const { cause } = await outcome(folder, { data: { ...data, format: undefined } });
    assert.equal(cause, "data");
  });

  it("includes a test file, whose fingerprint is kept", async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "test.csv"), table(25));
    const data = { testFile: "test.csv", target: "kind", ignore: ["y"] };
    const run = smallRun(folder, { ...oneEpoch, data });
    const { result } = await run.run();
    assert.equal(result.status, "completed", result.message);
    assert.match(result.message, / on the test rows/);
    const start = run.events.find((event) => event.type === "start");
    assert.deepEqual((start?.description as RunDescription).rows, { training: 48, validation: 12, test: 25 });
    const stored = await readRunFile(path.join(folder, ".downhill", "runs", run.start.id));
    assert.equal(stored.testData?.file, path.join(folder, "test.csv"));
    const missing = await outcome(folder, { data: { ...data, testFile: "tset.csv" } });
    assert.equal(missing.cause, "config");
    assert.match(missing.message, /data\.testFile/);
  });

  it("weighs the classes in training and in what is reported", async () => {
    const folder = temporaryFolder();
    const lines = table(200).trim().split("\n");
    // All "up" but only every fifth "flat" and every twentieth "down".
    const kept = lines.filter(
      (line, i) => i === 0 || line.endsWith("up") || i % (line.endsWith("flat") ? 5 : 20) === 0,
    );
    writeFileSync(path.join(folder, "t.csv"), `${kept.join("\n")}\n`);
    const firstStep = async (classWeights: string): Promise<{ gradientNorm: number; baseline: number }> => {
      const data = { target: "kind", ignore: ["y"], split: { validation: 0 }, classWeights };
      const network = { hidden: [4], initializer: "zeros" };
      const run = smallRun(folder, { data, network, epochs: 1, batchSize: "full" });
      await run.run();
      const report = run.events.find((event) => event.type === "report" && event.steps);
      const start = run.events.find((event) => event.type === "start");
      assert(report?.type === "report" && start);
      return {
        gradientNorm: report.steps?.gradientNorm[0] ?? NaN,
        baseline: (start.description as RunDescription).baseline.training.loss ?? NaN,
      };
    };
    // All weights zero: every class has probability 1/3, which is right where all classes count the same. The best constant
    // answer is right as well.
    const balanced = await firstStep("balanced");
    assert(balanced.gradientNorm < 1e-6, String(balanced.gradientNorm));
    assert(Math.abs(balanced.baseline - Math.log(3)) < 1e-6);
    const plain = await firstStep("none");
    assert(plain.gradientNorm > 0.3, String(plain.gradientNorm));
    assert(plain.baseline < 0.8, String(plain.baseline));
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
