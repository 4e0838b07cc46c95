import assert from "node:assert/strict";
import fc from "fast-check";
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { RunDescription, StepColumns } from "../../../src/protocol/run";
import type { StartRun } from "../../../src/protocol/worker";
import { BatchPlan } from "../../../src/run/batchPlan";
import { networkOf } from "../../../src/run/material";
import { Replay } from "../../../src/run/replay";
import { readCheckpoint } from "../../../src/run/resumption";
import { readRunFile } from "../../../src/run/runFile";
import { loadRun } from "../../../src/run/runStore";
import { decodeSafetensors } from "../../../src/formats/safetensors";
import {
  removeTemporaryFolders,
  reportedSteps,
  smallRun,
  table,
  temporaryFolder,
  type SmallRun,
} from "./support";

const ids = { run: "2026-01-01-000000-000-small", branch: "2026-01-02-000000-000-small" };
const folderOf = (folder: string, id: keyof typeof ids): string =>
  path.join(folder, ".downhill/runs", ids[id]);
const weightsFile = (folder: string): string => path.join(folder, "w.safetensors");
const loading = { progress: () => undefined, breathe: () => Promise.resolve() };

/** Every state that a run has beside its weights: dropout, early stopping, a schedule with a memory, slots. */
const config = {
  data: { target: "kind", ignore: ["y"] },
  network: { hidden: [6], dropout: 0.2 },
  optimizer: { type: "adam", learningRate: 0.05 },
  schedule: { type: "reduce-on-plateau", factor: 0.5, patience: 1 },
  earlyStopping: { patience: 30, restoreBest: true },
  batchSize: 7,
  epochs: 12,
};

function run(folder: string, changes: object = {}, start: Partial<StartRun> = {}): SmallRun {
  return smallRun(
    folder,
    { ...config, ...changes },
    { id: ids.run, weightsFile: weightsFile(folder), ...start },
  );
}

function branch(folder: string, step: number, changes: object = {}, start: Partial<StartRun> = {}): SmallRun {
  const from = { folder: folderOf(folder, "run"), step };
  return run(folder, changes, { id: ids.branch, branch: from, ...start });
}

const descriptionOf = ({ events }: SmallRun): RunDescription => {
  const start = events.find((event) => event.type === "start");
  return start?.description as RunDescription;
};

/** The steps of the run up to the branch, then the branch's own: thinned on a busy machine, each once, up to the last. */
function assertHistory(
  kept: StepColumns,
  own: { steps: number[]; loss: number[] },
  before: number[],
  from: number,
): void {
  const steps = [...kept.step];
  assert.deepEqual(
    steps.filter((step) => step <= from),
    before,
  );
  assert.ok(steps.every((step, i) => i === 0 || step > steps[i - 1]));
  assert.equal(steps.at(-1), own.steps.at(-1));
  steps.forEach((step, i) => {
    if (step > from) assert.equal(kept.loss[i], Math.fround(own.loss[own.steps.indexOf(step)]));
  });
}

describe("a branch of a run", function () {
  this.timeout(60_000);
  afterEach(removeTemporaryFolders);

  it("makes the very steps of its run when nothing is changed, from wherever it begins", async () => {
    const folder = temporaryFolder();
    await run(folder, {}, { lastStep: 10 }).run();
    const whole = temporaryFolder();
    const first = run(whole);
    const { result } = await first.run();
    await run(folder, {}, { resume: true }).run();
    const weights = readFileSync(weightsFile(folder));
    assert.deepEqual(weights, readFileSync(weightsFile(whole)));
    const { step: steps, loss } = reportedSteps(first.events);
    const { stepsPerEpoch } = descriptionOf(first);
    for (const step of [0, 3, stepsPerEpoch, 10, 2 * stepsPerEpoch + 1, result.steps - 1]) {
      rmSync(weightsFile(folder));
      const second = branch(folder, step);
      const { result: end } = await second.run();
      const { message: _, trainingSeconds: __, samplesPerSecond: ___, ...outcome } = end;
      assert.deepEqual({ ...result, ...outcome }, { ...result, weightsFile: weightsFile(folder) });
      assert.deepEqual(readFileSync(weightsFile(folder)), weights);
      const told = reportedSteps(second.events);
      assert.deepEqual([told.step, told.loss], [steps.slice(step), loss.slice(step)]);
      // Its history begins where that of the run does.
      const { steps: kept, epochs } = await loadRun(folderOf(folder, "branch"));
      const before = [...(await loadRun(folderOf(folder, "run"))).steps.step].filter((each) => each <= step);
      assertHistory(kept, { steps, loss }, before, step);
      const ends = [...epochs.epoch];
      assert.deepEqual([ends[0], ends.at(-1)], [0, 12]);
      assert.ok(ends.every((epoch, i) => i === 0 || epoch > ends[i - 1]));
      const start = second.events.find((event) => event.type === "start");
      assert.deepEqual([...(start?.resumed?.steps.step ?? [])], before);
      rmSync(folderOf(folder, "branch"), { recursive: true });
    }
  });

  it("says in its folder where it began, and can be resumed, replayed and branched without the run", async () => {
    const folder = temporaryFolder();
    await run(folder).run();
    const changes = { optimizer: { type: "rmsprop", learningRate: 0.01 }, batchSize: 11, shuffle: false };
    const whole = branch(folder, 10, changes);
    const { result } = await whole.run();
    const weights = readFileSync(weightsFile(folder));
    const before = [...(await loadRun(folderOf(folder, "run"))).steps.step].filter((step) => step <= 10);
    const steps = reportedSteps(whole.events);
    assert.equal(steps.step[0], 11);
    assert.deepEqual((await readRunFile(folderOf(folder, "branch"))).branchedFrom, {
      run: ids.run,
      step: 10,
    });
    assert.deepEqual(descriptionOf(whole).branchedFrom, { run: ids.run, step: 10 });
    rmSync(folderOf(folder, "branch"), { recursive: true });

    for (const lastStep of [11, 14, 20]) {
      await branch(folder, 10, changes, { lastStep }).run();
      renameSync(folderOf(folder, "run"), `${folder}/away`);
      // With its last checkpoint, and with nothing but its beginning.
      const own = folderOf(folder, "branch");
      if (lastStep === 14) {
        rmSync(path.join(own, "checkpoint.safetensors"));
        rmSync(path.join(own, "keyframes"), { recursive: true });
      }
      const second = run(folder, changes, { id: ids.branch, resume: true });
      assert.deepEqual((await second.run()).result.steps, result.steps);
      assert.deepEqual(readFileSync(weightsFile(folder)), weights);
      assert.equal(reportedSteps(second.events).step[0], lastStep === 14 ? 11 : lastStep + 1);
      const history = await loadRun(own);
      assertHistory(history.steps, { steps: steps.step, loss: steps.loss }, before, 10);

      const replay = await Replay.open(own, loading);
      const file = await readRunFile(own);
      const network = networkOf(file.config, file.description.loss, file.preparation);
      const begun = await readCheckpoint(path.join(own, "start.safetensors"), network);
      assert.deepEqual((await replay.at(10)).snapshot, begun?.snapshot);
      await assert.rejects(replay.at(9), /it began at step 10, as a branch of 2026-01-01/);
      const kept = await readCheckpoint(path.join(own, "checkpoint.safetensors"), network);
      if (kept?.restoredEpoch === undefined)
        assert.deepEqual((await replay.at(result.steps)).snapshot, kept?.snapshot);

      const twig = { folder: own, step: 16 };
      const third = run(folder, changes, {
        id: "2026-01-03-000000-000-small",
        branch: twig,
        runsFolder: null,
      });
      await third.run();
      assert.deepEqual(readFileSync(weightsFile(folder)), weights);
      renameSync(`${folder}/away`, folderOf(folder, "run"));
      rmSync(own, { recursive: true });
    }
  });

  it("trains on as the new config says: the rest of the epoch in other batches, another optimiser from its step 1", async () => {
    const folder = temporaryFolder();
    await run(folder).run();
    const plain = {
      optimizer: { type: "sgd", learningRate: 0.3 },
      schedule: { type: "constant" },
      batchSize: 13,
    };
    const second = branch(folder, 10, plain, { steps: 1 });
    await second.run();
    // 48 training rows: 7 steps of 7 make an epoch; after step 10 rows 21 … 47 are left of the second one.
    const description = descriptionOf(second);
    assert.deepEqual([description.rows.training, description.stepsPerEpoch], [48, 4]);
    assert.deepEqual(description.batchOrigin, { step: 10, epoch: 1, row: 21 });
    assert.equal(description.totalSteps, 10 + 3 + 10 * 4);
    const rates = second.events.flatMap((event) =>
      event.type === "report" && event.steps ? [...event.steps.learningRate] : [],
    );
    assert.deepEqual(new Set(rates), new Set([0.3]));
    const epochs = second.events.flatMap((event) =>
      event.type === "report" && event.epochs ? [...event.epochs.step] : [],
    );
    assert.deepEqual(epochs.slice(0, 3), [13, 17, 21]);
    // Adam's first step moves each weight by the learning rate, whatever the gradient: it counts from 1.
    const adam = { optimizer: { type: "adam", learningRate: 0.001 }, network: { hidden: [6], dropout: 0 } };
    const before = temporaryFolder();
    await run(before, { optimizer: { type: "sgd", learningRate: 0.1 } }).run();
    await branch(before, 10, adam, { lastStep: 11 }).run();
    const weightsIn = (file: string): number[] =>
      decodeSafetensors(readFileSync(file))
        .tensors.filter(({ name }) => name.startsWith("layers."))
        .flatMap(({ values }) => [...values]);
    const start = weightsIn(path.join(folderOf(before, "branch"), "start.safetensors"));
    const moved = weightsIn(weightsFile(before)).map((weight, i) => Math.abs(weight - start[i]));
    assert.ok(Math.max(...moved) < 0.001_01 && Math.max(...moved) > 0.000_99, String(Math.max(...moved)));
  });

  it("says in one sentence what a branch cannot change", async () => {
    const folder = temporaryFolder();
    const { result } = await run(folder).run();
    const refused = async (step: number, changes: object, message: RegExp): Promise<void> => {
      const { result: end } = await branch(folder, step, changes).run();
      assert.deepEqual([end.status, end.cause], ["failed", "config"]);
      assert.match(end.message, message);
      assert.deepEqual(readdirSync(path.join(folder, ".downhill/runs")), [ids.run]);
    };
    await refused(10, { network: { hidden: [5] } }, /^small\.train\.json differs in "network\.hidden" from/);
    await refused(
      10,
      { seed: 2 },
      /differs in "seed" .* which a branch cannot change; write it as it was, or/,
    );
    await refused(10, { data: { target: "kind", ignore: ["y", "b"] } }, /differs in "data\.ignore"/);
    await refused(10, { epochs: 1 }, /^"epochs" is 1, but the branch begins after epoch 1 of the run/);
    await refused(result.steps + 1, {}, /cannot be branched from at step \d+: the run ended at step \d+/);
    writeFileSync(path.join(folder, "t.csv"), table(61));
    const { result: changed } = await branch(folder, 10).run();
    assert.match(changed.message, /^t\.csv has changed since .* put it back as it was to branch from it, or/);
  });
});

describe("BatchPlan", () => {
  /** The obvious twin: walks every batch, and takes the new size where it is told. */
  function walk(
    rows: number,
    sizes: [before: number, after: number],
    change: number,
    epochs: number,
  ): number[][] {
    const batches: number[][] = [];
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (let row = 0; row < rows;) {
        batches.push([epoch, row]);
        row += batches.length <= change ? sizes[0] : sizes[1];
      }
    }
    return batches;
  }

  it("gives each step its rows and its epoch, also where the size of the batches changes", () => {
    const small = fc.integer({ min: 1, max: 9 });
    const positive = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(
        positive,
        small,
        small,
        fc.nat(40),
        fc.integer({ min: 1, max: 5 }),
        (rows, before, after, at, epochs) => {
          const even = new BatchPlan(rows, before);
          const change = Math.min(at, even.totalSteps(epochs) - 1);
          const batches = walk(rows, [before, after], change, epochs);
          const [epoch] = batches[change];
          const plan = even.from(change, epoch, after);
          assert.equal(plan.totalSteps(epochs), batches.length);
          for (let step = change; step < batches.length; step++) {
            assert.equal(plan.rowAfter(step, batches[step][0]), batches[step][1]);
            assert.equal(plan.epochOf(step + 1), batches[step][0] + 1);
            if (before === after) assert.equal(plan.evenStep(step + 1), step + 1);
          }
          // Epochs begin at the step that they would begin at with even batches.
          const whole = batches.findIndex(([each, row], step) => step >= change && row === 0 && each > epoch);
          if (whole >= 0) assert.equal((plan.evenStep(whole + 1) - 1) % plan.stepsPerEpoch, 0);
        },
      ),
    );
  });
});
