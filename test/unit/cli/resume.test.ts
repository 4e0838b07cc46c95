import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { listRuns } from "../../../src/run/runStore";
import {
  downhill,
  eventsIn,
  removeWorkspaces,
  start,
  workspace,
  type EventLine,
  type Running,
} from "./built";

const config = JSON.stringify({
  data: { file: "iris.csv", target: "species" },
  network: { hidden: [8], dropout: 0.1 },
  optimizer: { type: "adam", learningRate: 0.01 },
  batchSize: 4,
  epochs: 1500,
});

const files = { "c.train.json": config };
const whole = [
  "train",
  "c.train.json",
  "--weights",
  "w.safetensors",
  "--events",
  "e.jsonl",
  "--log-every",
  "1",
];
const weightsIn = (folder: string): Buffer => readFileSync(path.join(folder, "w.safetensors"));
const stepsOf = (events: EventLine[]): EventLine[] => events.filter(({ type }) => type === "step");

describe("downhill train --resume", function () {
  this.timeout(120_000);
  const started: Running[] = [];
  afterEach(() => {
    // None outlives a test that failed.
    for (const { child } of started.splice(0)) child.kill("SIGKILL");
    removeWorkspaces();
  });

  it("goes on with a stopped run to the end of an uninterrupted one, by its folder or its name", async () => {
    const other = workspace(["examples/iris.csv"], files);
    assert.equal((await downhill(other, ...whole)).status, 0);
    const folder = workspace(["examples/iris.csv"], files);
    const running = start(folder, "train", "c.train.json", "--events", "first.jsonl", "--log-every", "1");
    started.push(running);
    await new Promise((resolve) => running.child.stdout?.once("data", resolve));
    await new Promise((resolve) => setTimeout(resolve, 20));
    running.child.kill("SIGINT");
    assert.equal((await running.finished).status, 130);
    const [run] = await listRuns(path.join(folder, ".downhill/runs"));
    assert.equal(run.status, "stopped");
    const { status, stderr, stdout } = await downhill(folder, ...whole, "--resume", run.id);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /batches of 4, from step [\d,]+ of 45,000 on\n/);
    assert.deepEqual(weightsIn(folder), weightsIn(other));
    const first = stepsOf(eventsIn(path.join(folder, "first.jsonl")));
    const events = eventsIn(path.join(folder, "e.jsonl"));
    assert.deepEqual([...first, ...stepsOf(events)], stepsOf(eventsIn(path.join(other, "e.jsonl"))));
    assert.equal((events[0].resumed as { step: number }).step, first.length);
    // Once more: there is nothing left to do but to write what is asked.
    writeFileSync(path.join(folder, "w.safetensors"), "");
    const again = await downhill(folder, ...whole, "--resume", path.join(".downhill/runs", run.id));
    assert.deepEqual([again.status, again.stderr], [0, ""]);
    assert.deepEqual(weightsIn(folder), weightsIn(other));
    assert.deepEqual(
      eventsIn(path.join(folder, "e.jsonl")).map(({ type }) => type),
      ["start", "done"],
    );
    assert.equal(readdirSync(path.join(folder, ".downhill/runs")).length, 1);
  });

  it("says in one sentence what is in its way", async () => {
    const endless = config.replace("1500", "10000000");
    const folder = workspace(["examples/iris.csv"], { "c.train.json": endless });
    const none = await downhill(folder, "train", "c.train.json", "--resume", "2026-nothing");
    assert.equal(none.status, 1);
    assert.match(
      none.stderr,
      /^downhill: There is no run 2026-nothing: give a run folder, or the name of one in .*\n$/,
    );
    const running = start(folder, "train", "c.train.json", "--runs", "kept");
    started.push(running);
    await new Promise((resolve) => running.child.stdout?.once("data", resolve));
    const [run] = await listRuns(path.join(folder, "kept"));
    const second = await downhill(folder, "train", "c.train.json", "--resume", run.folder);
    assert.equal(second.status, 4);
    assert.match(
      second.stderr,
      /^downhill: The run .* is being trained by another window or command line .*\n$/,
    );
    running.child.kill("SIGINT");
    await running.finished;
    writeFileSync(path.join(folder, "iris.csv"), "species,a\nx,1\ny,2\nx,3\ny,4\n");
    const changed = await downhill(folder, "train", "c.train.json", "--resume", run.folder);
    assert.equal(changed.status, 1);
    assert.match(changed.stderr, /^downhill: iris\.csv has changed since the run .* began; .*\n$/);
  });
});
