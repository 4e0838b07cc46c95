import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { listRuns } from "../../../src/run/runStore";
import { downhill, eventsIn, removeWorkspaces, workspace } from "./built";

const config = {
  data: { file: "iris.csv", target: "species" },
  network: { hidden: [8] },
  optimizer: { type: "adam", learningRate: 0.01 },
  epochs: 30,
};

describe("downhill train --branch", function () {
  this.timeout(60_000);
  afterEach(removeWorkspaces);

  it("begins where another run stood, and comes out the same when it is reproduced", async () => {
    const slower = { ...config, optimizer: { type: "adam", learningRate: 0.001 } };
    const folder = workspace(["examples/iris.csv"], {
      "c.train.json": JSON.stringify(config),
      "d.train.json": JSON.stringify(slower),
    });
    assert.equal((await downhill(folder, "train", "c.train.json")).status, 0);
    const runs = path.join(folder, ".downhill/runs");
    const [first] = readdirSync(runs);
    const args = ["--branch", first, "--step", "50", "--events", "e.jsonl", "--log-every", "1"];
    const { status, stdout, stderr } = await downhill(folder, "train", "d.train.json", ...args);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /, from step 50 of 120 on\n/);
    const [start, ...events] = eventsIn(path.join(folder, "e.jsonl"));
    assert.deepEqual(start.branchedFrom, { run: first, step: 50 });
    const steps = events.filter(({ type }) => type === "step");
    assert.deepEqual([steps[0].step, steps[0].epoch, steps[0].learningRate], [51, 13, 0.001]);
    const [branch] = await listRuns(runs);
    assert.equal(branch.name, "d");
    rmSync(path.join(runs, first), { recursive: true });
    const again = await downhill(folder, "reproduce", branch.id);
    assert.deepEqual([again.status, again.stderr], [0, ""]);
    assert.match(again.stdout, /is reproduced bit for bit: 120 steps, the same weights\.\n$/);
    // The state it began with counts.
    const file = path.join(branch.folder, "start.safetensors");
    const bytes = readFileSync(file);
    bytes[8 + Number(bytes.readBigUInt64LE(0)) + 2] ^= 64;
    writeFileSync(file, bytes);
    const other = await downhill(folder, "reproduce", branch.id);
    assert.equal(other.status, 4);
    assert.match(other.stderr, /is not reproduced: the weights differ/);
  });

  it("says in one line what is wrong", async () => {
    const folder = workspace(["examples/iris.csv"], {
      "c.train.json": JSON.stringify(config),
      "f.train.json": '{ "function": { "expression": "x^2", "start": { "x": 1 } } }',
    });
    assert.equal((await downhill(folder, "train", "c.train.json")).status, 0);
    const [run] = readdirSync(path.join(folder, ".downhill/runs"));
    for (const [args, expected, message] of [
      [["c.train.json", "--branch", run], 2, /--branch RUN and --step N belong together;/],
      [["c.train.json", "--step", "3"], 2, /--branch RUN and --step N belong together;/],
      [["c.train.json", "--branch", run, "--step", "x"], 2, /--step takes a whole number from 0, not x;/],
      [
        ["c.train.json", "--branch", run, "--step", "3", "--resume", run],
        2,
        /resumed or branched from, not both/,
      ],
      [["c.train.json", "--branch", "none", "--step", "3"], 1, /There is no run none: /],
      [["c.train.json", "--branch", run, "--step", "121"], 1, /at step 121: the run ended at step 120/],
      [["f.train.json", "--branch", run, "--step", "3"], 1, /^downhill: f\.train\.json minimises a function/],
    ] as const) {
      const { status, stdout, stderr } = await downhill(folder, "train", ...args);
      assert.deepEqual([status, stdout], [expected, ""], stderr);
      assert.match(stderr, message);
      assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
    }
    assert.deepEqual(readdirSync(path.join(folder, ".downhill/runs")), [run]);
  });
});
