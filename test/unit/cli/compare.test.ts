/** Run configs that stand for several runs, from the command line. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { decodeSafetensors } from "../../../src/formats/safetensors";
import { listRuns } from "../../../src/run/runStore";
import { downhill, eventsIn, removeWorkspaces, workspace } from "./built";

const iris = {
  data: { file: "iris.csv", target: "species" },
  network: { hidden: [4] },
  epochs: 2,
  compare: [
    { name: "slow", optimizer: { type: "sgd", learningRate: 0.001 } },
    { name: "wild", optimizer: { type: "sgd", learningRate: 1e30 } },
    { name: "adam" },
  ],
};

function folderWith(config: object): string {
  const folder = workspace(["examples/iris.csv"]);
  writeFileSync(path.join(folder, "c.train.json"), JSON.stringify(config));
  return folder;
}

const train = (folder: string, ...options: string[]) =>
  downhill(folder, "train", "c.train.json", "--events", "e.jsonl", "--log-every", "1", ...options);

describe("downhill train of several runs", function () {
  this.timeout(120_000);
  afterEach(removeWorkspaces);

  it("makes each with the same start and the same batches, and tells of which every event is", async () => {
    const folder = folderWith(iris);
    const { status, stdout, stderr } = await train(folder);
    assert.equal(status, 0, stderr);
    const events = eventsIn(path.join(folder, "e.jsonl"));
    assert.ok(events.every(({ run }) => iris.compare.some(({ name }) => name === run)));
    for (const { name } of iris.compare) {
      const own = events.filter(({ run }) => run === name);
      assert.equal(own[0].type, "start", JSON.stringify(own[0]));
      assert.equal(own.at(-1)?.type, "done");
      assert.equal(own.filter(({ type }) => type === "done").length, 1);
    }
    const firstLosses = events
      .filter(({ type, step }) => type === "step" && step === 1)
      .map(({ loss }) => loss);
    assert.equal(firstLosses.length, 3);
    assert.equal(new Set(firstLosses).size, 1);
    // One that diverges is part of what is compared.
    assert.deepEqual(
      Object.fromEntries(
        events.filter(({ type }) => type === "done").map(({ run, status: end }) => [run, end]),
      ),
      { slow: "completed", wild: "diverged", adam: "completed" },
    );
    assert.match(stdout, /^Comparing 3 runs of c: slow; wild; adam$/m);
    assert.match(stdout, /^wild +diverged/m);
    const runs = await listRuns(path.join(folder, ".downhill/runs"));
    assert.deepEqual(runs.map(({ name }) => name).sort(), ["c: adam", "c: slow", "c: wild"]);
    assert.equal(new Set(runs.map(({ comparison }) => comparison?.id)).size, 1);
  });

  it("makes one of them alone with --only, to the same bits as in the comparison and as on its own", async () => {
    const folder = folderWith(iris);
    const weights = async (config: object, ...options: string[]) => {
      writeFileSync(path.join(folder, "c.train.json"), JSON.stringify(config));
      const { status, stderr } = await train(folder, "--weights", "w.safetensors", ...options);
      assert.equal(status, 0, stderr);
      return decodeSafetensors(readFileSync(path.join(folder, "w.safetensors"))).tensors;
    };
    const only = await weights(iris, "--only", "slow");
    const { compare, ...rest } = iris;
    assert.deepEqual(only, await weights({ ...rest, optimizer: compare[0].optimizer }));
    assert.deepEqual((await train(folderWith(iris), "--only", "fast")).status, 2);
  });

  it("resumes and reproduces a run of a comparison", async () => {
    const folder = folderWith(iris);
    await train(folder, "--only", "adam");
    const [{ id }] = await listRuns(path.join(folder, ".downhill/runs"));
    const resumed = await train(folder, "--resume", id);
    assert.equal(resumed.status, 0, resumed.stderr);
    const reproduced = await downhill(folder, "reproduce", id);
    assert.equal(reproduced.status, 0, reproduced.stderr);
    assert.doesNotMatch(reproduced.stdout + reproduced.stderr, /has changed since the run/);
    // Another entry changes nothing about it; its own does.
    const changed = { ...iris, compare: [iris.compare[0], { name: "adam", epochs: 3 }] };
    writeFileSync(path.join(folder, "c.train.json"), JSON.stringify(changed));
    assert.match((await train(folder, "--resume", id)).stderr, /differs in "epochs"/);
  });

  it("takes the starts of networks and functions from seeds of their own", async () => {
    const { compare: _compare, ...one } = iris;
    const folder = folderWith({ ...one, starts: 3 });
    assert.equal((await train(folder)).status, 0);
    const events = eventsIn(path.join(folder, "e.jsonl"));
    const first = events.filter(({ type, step }) => type === "step" && step === 1);
    assert.equal(new Set(first.map(({ loss }) => loss)).size, 3);
    const alone = folderWith(one);
    await train(alone);
    const loss = eventsIn(path.join(alone, "e.jsonl")).find(({ step }) => step === 1)?.loss;
    assert.equal(first.find(({ run }) => run === "start 1")?.loss, loss);

    const onFunction = folderWith({
      function: { expression: "x^4 - x^2 + x*y + y^2" },
      starts: 4,
      steps: 50,
    });
    assert.equal((await train(onFunction)).status, 0);
    const points = eventsIn(path.join(onFunction, "e.jsonl")).filter(
      ({ type, step }) => type === "step" && step === 1,
    );
    assert.equal(new Set(points.map(({ point }) => String(point))).size, 4);
  });

  it("refuses one file for the weights of several, and what is wrong in one entry", async () => {
    const folder = folderWith(iris);
    const several = await train(folder, "--weights", "w.safetensors");
    assert.equal(several.status, 2);
    assert.match(several.stderr, /--weights takes one run, but c\.train\.json makes 3/);
    const wrong = folderWith({
      function: { expression: "x^2" },
      compare: [{ name: "a" }, { name: "b", function: { expression: "x +" } }],
    });
    const { status, stderr } = await train(wrong);
    assert.equal(status, 1);
    assert.match(stderr, /With "b": /);
  });
});
