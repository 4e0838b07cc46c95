import assert from "node:assert/strict";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { RunFile } from "../../../src/run/runFile";
import { listRuns } from "../../../src/run/runStore";
import { downhill, removeWorkspaces, start, workspace } from "./built";

const config = JSON.stringify({
  data: { file: "iris.csv", target: "species" },
  network: { hidden: [8], dropout: 0.1 },
  earlyStopping: { patience: 5, restoreBest: true },
  epochs: 30,
});

describe("downhill reproduce", function () {
  this.timeout(120_000);
  afterEach(removeWorkspaces);

  async function trained(): Promise<{ folder: string; id: string; runFolder: string }> {
    const folder = workspace(["examples/iris.csv"], { "c.train.json": config });
    assert.equal((await downhill(folder, "train", "c.train.json")).status, 0);
    const [run] = await listRuns(path.join(folder, ".downhill/runs"));
    return { folder, id: run.id, runFolder: run.folder };
  }

  it("computes a run once more, bit for bit, also when its config has changed and its folder was moved", async () => {
    const { folder, id } = await trained();
    const first = await downhill(folder, "reproduce", id);
    assert.deepEqual([first.status, first.stderr], [0, ""]);
    assert.match(first.stdout, /^The run .*-c is reproduced bit for bit: \d+ steps, the same weights\.\n$/);
    const moved = `${folder}-moved`;
    renameSync(folder, moved);
    writeFileSync(path.join(moved, "c.train.json"), config.replace("30", "31"));
    const second = await downhill(moved, "reproduce", path.join(".downhill/runs", id));
    renameSync(moved, folder);
    assert.deepEqual([second.status, second.stderr], [0, ""]);
    assert.match(
      second.stdout,
      /the same weights\.\nNote: c\.train\.json has changed since the run; the config that the run kept is used\.\n$/,
    );
  });

  it("says what differs", async () => {
    const { folder, id, runFolder } = await trained();
    const checkpoint = path.join(runFolder, "checkpoint.safetensors");
    const bytes = readFileSync(checkpoint);
    // The last bit of the first weight, which stands behind the header.
    bytes[8 + Number(bytes.readBigUInt64LE(0))] ^= 1;
    writeFileSync(checkpoint, bytes);
    const runFile = path.join(runFolder, "run.json");
    const run = JSON.parse(readFileSync(runFile, "utf8")) as RunFile;
    writeFileSync(runFile, JSON.stringify({ ...run, kernel: "slide-rule-1" }));
    const off = await downhill(folder, "reproduce", id);
    assert.equal(off.status, 4);
    assert.match(off.stdout, /^Note: the kernel wasm-\S+ computes it, where it was slide-rule-1\.\n$/);
    assert.match(
      off.stderr,
      /^downhill: The run .* is not reproduced: the weights differ, by up to \S+ in layers\.\d\.\w+\.\n$/,
    );
    writeFileSync(path.join(folder, "iris.csv"), "a,species\n1,x\n");
    const changed = await downhill(folder, "reproduce", id);
    assert.equal(changed.status, 1);
    assert.match(
      changed.stderr,
      /^downhill: .* cannot be reproduced: iris\.csv has changed since the run\.\n$/,
    );
  });

  it("makes a descent on a function once more", async () => {
    const text = '{ "function": { "expression": "x^2 + y^4", "start": { "x": 1, "y": 2 } }, "steps": 50 }';
    const folder = workspace([], { "f.train.json": text });
    assert.equal((await downhill(folder, "train", "f.train.json")).status, 0);
    const [run] = await listRuns(path.join(folder, ".downhill/runs"));
    const { status, stdout, stderr } = await downhill(folder, "reproduce", run.id);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^The run .*-f is reproduced bit for bit: 50 steps, the same point\.\n$/);
    const checkpoint = path.join(run.folder, "checkpoint.safetensors");
    const bytes = readFileSync(checkpoint);
    bytes[8 + Number(bytes.readBigUInt64LE(0))] ^= 1;
    writeFileSync(checkpoint, bytes);
    const off = await downhill(folder, "reproduce", run.id);
    assert.equal(off.status, 4);
    assert.match(off.stderr, /is not reproduced: the point differs, by up to \S+ in point\.\n$/);
  });

  it("goes as far as a stopped run did", async () => {
    const endless = config.replace("30", "10000000").replace('"patience":5', '"patience":10000000');
    const folder = workspace(["examples/iris.csv"], { "c.train.json": endless });
    const running = start(folder, "train", "c.train.json");
    await new Promise((resolve) => running.child.stdout?.once("data", resolve));
    running.child.kill("SIGINT");
    await running.finished;
    const [run] = await listRuns(path.join(folder, ".downhill/runs"));
    const { status, stdout } = await downhill(folder, "reproduce", run.id);
    assert.equal(status, 0);
    assert.match(stdout, /is reproduced bit for bit/);
  });
});
