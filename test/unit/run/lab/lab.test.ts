import assert from "node:assert/strict";
import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { RunEvent } from "../../../../src/protocol/worker";
import type { SlicePart, SurfacePart } from "../../../../src/protocol/surface";
import { Lab } from "../../../../src/run/lab";
import { startRun } from "../../../../src/run/startRun";
import type { Trainer } from "../../../../src/run/trainer";
import { built } from "../../cli/built";
import { removeTemporaryFolders, smallRun, table, temporaryFolder } from "../support";

const endless = { network: { hidden: [8] }, epochs: 100_000_000, batchSize: 8 };
const request = { plane: { type: "path" as const, aspect: 1.5 }, size: 16 };

describe("a lab in its worker thread", function () {
  this.timeout(60_000);
  const trainers: Trainer[] = [];
  const labs: Lab[] = [];
  const logged: string[] = [];
  before(() => built());
  afterEach(async () => {
    for (const lab of labs.splice(0)) lab.dispose();
    await Promise.all(trainers.splice(0).map((trainer) => trainer.terminate()));
    logged.length = 0;
    removeTemporaryFolders();
  });

  function labOf(run: ConstructorParameters<typeof Lab>[0], patience?: number): Lab {
    const options = { workerFile: built().worker, log: (message: string) => void logged.push(message) };
    const lab = new Lab(run, patience === undefined ? options : { ...options, patience });
    labs.push(lab);
    return lab;
  }

  function begin(config: object): {
    trainer: Trainer;
    folder: string;
    done: Promise<RunEvent>;
    begun: Promise<void>;
  } {
    const folder = temporaryFolder();
    const { start } = smallRun(folder, config, { steps: "thinned" });
    const trainer = startRun(start, built().worker);
    trainers.push(trainer);
    let begin: () => void;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const done = new Promise<RunEvent>((resolve) => {
      trainer.onEvent((event) => {
        if (event.type === "report" && event.progress.step > 20) begin();
        if (event.type === "done") resolve(event);
      });
    });
    return { trainer, folder: path.join(folder, ".downhill/runs", start.id), done, begun };
  }

  async function surfaceOf(lab: Lab): Promise<SurfacePart[]> {
    const parts: SurfacePart[] = [];
    for await (const part of lab.request("surface", request)) parts.push(part);
    return parts;
  }

  it("shows the surface under the path of a run that goes on, and later that of its end", async () => {
    const { trainer, folder, done, begun } = begin(endless);
    const lab = labOf({ name: "small", folder, connect: () => trainer.connect?.() ?? null });
    await begun;
    const live = await surfaceOf(lab);
    assert.deepEqual(
      live.map(({ stride }) => stride),
      [4, 2, 1],
    );
    assert.ok(live[2].trajectory && live[2].losses.every(Number.isFinite));
    const later = await surfaceOf(lab);
    assert.ok(later[2].step > live[2].step, "the run stood still while it was looked at");
    trainer.send({ type: "stop" });
    await done;
    const end = await surfaceOf(lab);
    // Another lab, which knows the run from its folder only, sees the same.
    const stored = await surfaceOf(labOf({ name: "small", folder }));
    assert.equal(stored[2].step, end[2].step);
    assert.deepEqual(stored[2].losses, end[2].losses);
    assert.deepEqual(logged, []);
  });

  it("shows a run that completed, from what its folder keeps", async () => {
    const { done, folder } = begin({ network: { hidden: [6] }, epochs: 8, batchSize: 5 });
    const event = await done;
    assert.ok(event.type === "done" && event.result.status === "completed");
    const parts = await surfaceOf(labOf({ name: "small", folder }));
    const last = parts[parts.length - 1];
    assert.equal(last.step, 80);
    // The true loss of each point too: that of the end is the run's own.
    const loss = event.result.training?.loss ?? NaN;
    assert.ok(Math.abs((last.pathLosses?.at(-1) ?? NaN) - loss) < 1e-5);
    // Near the end of the path the surface is as low as the path itself.
    const lowest = Math.min(...last.losses);
    assert.ok(lowest < (last.trajectory?.loss.at(-1) ?? 0) * 1.5);
  });

  it("shows the path through the keyframes where no other is kept", async () => {
    const { trainer, folder, done, begun } = begin(endless);
    await begun;
    while (
      !existsSync(path.join(folder, "keyframes")) ||
      readdirSync(path.join(folder, "keyframes")).length < 4
    )
      await new Promise((resolve) => setTimeout(resolve, 20));
    trainer.send({ type: "stop" });
    await done;
    for (const name of ["path.safetensors", "trajectory.safetensors"]) rmSync(path.join(folder, name));
    const parts = await surfaceOf(labOf({ name: "small", folder }));
    const { trajectory, pathLosses } = parts[2];
    assert.ok(trajectory && trajectory.step.length >= 3 && pathLosses?.length === trajectory.step.length);
    assert.ok(pathLosses.every((loss) => loss > 0));
  });

  it("walks on the straight line to another run of the same network, coarse to fine", async () => {
    const here = begin({ network: { hidden: [6] }, epochs: 8, batchSize: 5 });
    const there = begin({ network: { hidden: [6] }, epochs: 3, batchSize: 5 });
    const ends = [await here.done, await there.done].map((event) =>
      event.type === "done" ? event.result : null,
    );
    const lab = labOf({ name: "small", folder: here.folder });
    const parts: SlicePart[] = [];
    for await (const part of lab.request("slice", { folder: there.folder, points: 33 })) parts.push(part);
    assert.deepEqual(
      parts.map(({ alpha }) => alpha.length),
      [5, 9, 17, 33],
    );
    const { alpha, training, validation } = parts[3];
    assert.deepEqual([alpha[0], alpha[8], alpha[24], alpha[32]], [-0.5, 0, 1, 1.5]);
    // At either end it is the loss that the run itself told of.
    for (const [at, end] of [
      [8, ends[0]],
      [24, ends[1]],
    ] as const) {
      assert.ok(Math.abs(training[at] - (end?.training?.loss ?? NaN)) < 1e-5);
      assert.ok(Math.abs((validation?.[at] ?? NaN) - (end?.validation?.loss ?? NaN)) < 1e-5);
    }
    const other = begin({ network: { hidden: [7] }, epochs: 1 });
    await other.done;
    await assert.rejects(async () => {
      for await (const _ of lab.request("slice", { folder: other.folder, points: 33 })) continue;
    }, /^LabRequestError: The run small has a network of another shape, so there is no straight line between the two\.$/);
  });

  it("says in one sentence when the data are no longer there", async () => {
    const { done, folder } = begin({ network: { hidden: [6] }, epochs: 2 });
    await done;
    writeFileSync(path.join(folder, "../../../t.csv"), table(80));
    await assert.rejects(
      surfaceOf(labOf({ name: "small", folder })),
      /^LabRequestError: t\.csv has changed since the run .* began; put it back as it was to see the losses around it\.$/,
    );
    assert.deepEqual(logged, []);
  });

  it("is not held up by a request that was cancelled", async () => {
    const { trainer, folder, begun } = begin(endless);
    const lab = labOf({ name: "small", folder, connect: () => trainer.connect?.() ?? null });
    await begun;
    const huge = lab.request("surface", { ...request, size: 4096 });
    const parts: unknown[] = [];
    const read = (async () => {
      for await (const part of huge) parts.push(part);
    })();
    const wanted = surfaceOf(lab);
    huge.cancel();
    await read;
    assert.deepEqual(parts, []);
    assert.equal((await wanted).length, 3);
  });

  it("ends when nobody asks, and begins anew when somebody does", async () => {
    const { trainer, folder, begun } = begin(endless);
    const lab = labOf({ name: "small", folder, connect: () => trainer.connect?.() ?? null }, 20);
    await begun;
    await surfaceOf(lab);
    while (lab.isOpen) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal((await surfaceOf(lab)).length, 3);
    assert.deepEqual(logged, []);
  });

  it("costs the run nothing but a line in the log when it dies", async () => {
    const { trainer, folder, begun } = begin(endless);
    const broken = path.join(temporaryFolder(), "broken.js");
    writeFileSync(broken, "setTimeout(() => { throw new Error('no memory left'); }, 20)");
    const options = { workerFile: broken, log: (message: string) => void logged.push(message) };
    const lab = new Lab({ name: "small", folder, connect: () => trainer.connect?.() ?? null }, options);
    labs.push(lab);
    await begun;
    await assert.rejects(
      surfaceOf(lab),
      /^LabRequestError: The thread that looks at small ended unexpectedly\.$/,
    );
    assert.deepEqual(logged, [
      "The thread that looks at small ended unexpectedly (no memory left); the run is not touched by it.",
    ]);
    // The run goes on, and another lab sees it.
    const working = labOf({ name: "small", folder, connect: () => trainer.connect?.() ?? null });
    assert.equal((await surfaceOf(working)).length, 3);
  });
});
