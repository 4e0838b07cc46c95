/** Settings that are changed while a run goes: the run comes out the same whenever it is computed once more. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { RunConfig } from "../../../src/config/runConfig";
import {
  changeFault,
  parseChangeValue,
  type RunChange,
  type SettingChange,
} from "../../../src/protocol/changes";
import type { RunDescription } from "../../../src/protocol/run";
import type { RunEvent, StartRun } from "../../../src/protocol/worker";
import { decodeSafetensors } from "../../../src/formats/safetensors";
import { configAt, LiveChanges, withChange } from "../../../src/run/changes";
import { Replay } from "../../../src/run/replay";
import { differenceFrom, rerunOf } from "../../../src/run/reproduction";
import { readRunFile } from "../../../src/run/runFile";
import { loadRun } from "../../../src/run/runStore";
import { runSession } from "../../../src/run/session";
import { Control, createFlags } from "../../../src/run/control";
import { removeTemporaryFolders, reportedSteps, smallRun, temporaryFolder, type SmallRun } from "./support";

const id = "2026-01-01-000000-000-small";
const runFolder = (folder: string): string => path.join(folder, ".downhill/runs", id);

/** 48 training rows in batches of 7: seven steps an epoch. */
const config = {
  data: { target: "kind", ignore: ["y"] },
  network: { hidden: [6], dropout: 0.2 },
  optimizer: { type: "momentum", learningRate: 0.05 },
  schedule: { type: "cosine", final: 0.001 },
  earlyStopping: { patience: 100 },
  batchSize: 7,
  epochs: 12,
};

const asked: [step: number, change: SettingChange][] = [
  [3, { key: "optimizer.learningRate", value: 0.02 }],
  [14, { key: "batchSize", value: 16 }],
  [19, { key: "optimizer.momentum", value: 0.5 }],
  [21, { key: "batchSize", value: 5 }],
  [21, { key: "optimizer.learningRate", value: 0.03 }],
  [30, { key: "batchSize", value: "full" }],
];
const changes: RunChange[] = asked.map(([step, change]) => ({ step, ...change }));

/** A run in which the changes are asked for step by step, as a user does who pauses it. */
async function changedRun(folder: string, start: Partial<StartRun> = {}): Promise<SmallRun> {
  const run = smallRun(folder, config, { id, weightsFile: path.join(folder, "w.safetensors"), ...start });
  const { control } = run;
  control.receive({ type: "step" });
  let made = 0;
  await run.run((event) => {
    if (event.type !== "report" || event.progress.status !== "paused") return;
    const { step } = event.progress;
    const due = asked.filter((each, i) => i >= made && each[0] === step).map(([, change]) => change);
    made += due.length;
    if (due.length > 0) control.receive({ type: "change", changes: due });
    // Not from within the report.
    setImmediate(() => control.receive(made < asked.length ? { type: "step" } : { type: "resume" }));
  });
  return run;
}

function told(events: readonly RunEvent[]): Extract<RunEvent, { type: "changed" }>[] {
  return events.filter((event) => event.type === "changed");
}

const weightsOf = (folder: string): Buffer => readFileSync(path.join(folder, "w.safetensors"));

describe("a run whose settings are changed while it goes", function () {
  this.timeout(60_000);
  let folder: string;
  let run: SmallRun;
  let steps: ReturnType<typeof reportedSteps> & { rate: number[] };

  before(async () => {
    folder = temporaryFolder();
    run = await changedRun(folder);
    const rate = run.events.flatMap((event) =>
      event.type === "report" && event.steps ? [...event.steps.learningRate] : [],
    );
    steps = { ...reportedSteps(run.events), rate };
  });
  after(removeTemporaryFolders);

  it("makes each change after the step at which it was asked for, and tells of it", async () => {
    const last = told(run.events).at(-1);
    assert.deepEqual(last?.changes, changes);
    const { learningRate, momentum, batchSize } = last.description as RunDescription;
    assert.deepEqual([learningRate, momentum, batchSize], [0.03, 0.5, 48]);
    const kept = await readRunFile(runFolder(folder));
    assert.deepEqual(kept.changes, changes);
    assert.equal(kept.config.optimizer.learningRate, 0.05);
    assert.deepEqual((await loadRun(runFolder(folder))).changes, changes);
  });

  it("walks the epochs to their ends, whatever the batches", () => {
    const start = run.events.find((event) => event.type === "start");
    assert.equal((start?.description as RunDescription).totalSteps, 84);
    // 14 of 7 rows; five of 16 rows that begin the third epoch's, two of them the fourth's; …
    const { totalSteps } = told(run.events).at(-1)?.description as RunDescription;
    assert.equal(steps.step.at(-1), totalSteps);
    const epochs = run.events.flatMap((event) =>
      event.type === "report" && event.epochs ? [...event.epochs.epoch] : [],
    );
    assert.deepEqual(
      epochs,
      Array.from({ length: 13 }, (_, i) => i),
    );
  });

  it("scales its schedule with the learning rate", () => {
    assert.ok(steps.rate[2] > 0.049);
    const ratio = 0.02 / 0.05;
    // The cosine of 84 steps, and its final rate, times what the learning rate was changed by.
    const cosine = (t: number): number => 0.001 + (0.05 - 0.001) * 0.5 * (1 + Math.cos(Math.PI * (t / 84)));
    for (const step of [4, 9, 14])
      assert.ok(Math.abs(steps.rate[step - 1] - ratio * cosine(step - 1)) < 1e-9);
    assert.ok(steps.rate[21] > steps.rate[20]);
  });

  it("is another run than the unchanged one", async () => {
    const plain = temporaryFolder();
    await smallRun(plain, config, { id, weightsFile: path.join(plain, "w.safetensors") }).run();
    assert.notDeepEqual(weightsOf(plain), weightsOf(folder));
  });

  it("comes out the same when it is computed once more", async () => {
    const kept = await readRunFile(runFolder(folder));
    const weightsFile = path.join(temporaryFolder(), "again.safetensors");
    const { start } = await rerunOf(kept, runFolder(folder), weightsFile);
    const events: RunEvent[] = [];
    await runSession({ ...start, steps: 1 }, new Control(createFlags()), (event) => events.push(event));
    const last = events.at(-1);
    assert.ok(last?.type === "done");
    assert.equal(await differenceFrom(kept, runFolder(folder), weightsFile, last.result), null);
    assert.deepEqual(reportedSteps(events), { step: steps.step, loss: steps.loss });
  });

  it("can be looked at, and goes on the same from, any step of it", async () => {
    const replay = await Replay.open(runFolder(folder), {
      progress: () => undefined,
      breathe: () => Promise.resolve(),
    });
    // Backwards, so that none goes on where the one before it stood.
    const at = new Map<number, number[]>();
    for (const step of [33, 30, 22, 21, 20, 15, 14, 4, 3, 2]) {
      const { snapshot, state } = await replay.at(step);
      at.set(step, [...snapshot.parameters]);
      assert.equal(state.step, step);
    }
    for (const lastStep of [3, 14, 20, 21, 30, 33]) {
      const other = temporaryFolder();
      const stopped = await changedRun(other, { lastStep, weightsFile: path.join(other, "w.safetensors") });
      assert.equal(stopped.events.at(-1)?.type, "done");
      const { tensors } = decodeSafetensors(weightsOf(other));
      assert.deepEqual(
        tensors.flatMap(({ values }) => [...values]),
        at.get(lastStep),
      );
      // A stop at a step comes before what is changed there: as an interrupted run has them, all are noted.
      const file = path.join(runFolder(other), "run.json");
      const kept = JSON.parse(readFileSync(file, "utf8")) as { changes: RunChange[] };
      writeFileSync(file, JSON.stringify({ ...kept, changes }));
      const second = smallRun(other, config, {
        id,
        weightsFile: path.join(other, "w.safetensors"),
        resume: true,
      });
      await second.run();
      assert.deepEqual(weightsOf(other), weightsOf(folder), `from step ${lastStep}`);
      assert.deepEqual((await readRunFile(runFolder(other))).changes, changes);
    }
  });
});

describe("a change", () => {
  const base = {
    optimizer: { type: "sgd", learningRate: 0.1, weightDecay: 0 },
    schedule: { type: "constant", warmupSteps: 0 },
    batchSize: 8,
  } as unknown as RunConfig;

  it("of the learning rate scales every rate that the schedule names", () => {
    const change = { key: "optimizer.learningRate", value: 0.05 } as const;
    const scheduled = (schedule: object): object =>
      withChange({ ...base, schedule } as RunConfig, change).schedule;
    assert.deepEqual(scheduled({ type: "cosine", final: 0.01 }), { type: "cosine", final: 0.005 });
    assert.deepEqual(scheduled({ type: "one-cycle", peak: 1 }), { type: "one-cycle", peak: 0.5 });
    assert.deepEqual(scheduled({ type: "one-cycle" }), { type: "one-cycle" });
    assert.equal(withChange(base, change).optimizer.learningRate, 0.05);
  });

  it("holds from the step after it", () => {
    const list: RunChange[] = [{ step: 5, key: "batchSize", value: 3 }];
    assert.deepEqual(
      [4, 5, 6].map((step) => configAt(base, list, step).batchSize),
      [8, 8, 3],
    );
  });

  it("of a way taken once more is forgotten where a run takes a new one", () => {
    const live = new LiveChanges(changes, 10, () => undefined);
    assert.deepEqual([live.made.length, live.next], [1, 14]);
    assert.deepEqual(live.due(14, []), changes.slice(1, 2));
    assert.deepEqual(live.due(15, []), []);
    const own: SettingChange = { key: "batchSize", value: 2 };
    assert.deepEqual(live.due(16, [own]), [{ step: 16, ...own }]);
    assert.equal(live.next, Infinity);
  });

  it("must be one that the setting can have", () => {
    const fault = (key: SettingChange["key"], text: string, momentum = true): string | null =>
      changeFault({ key, value: parseChangeValue(key, text) }, momentum);
    for (const text of ["", "x", "0", "-1", "Infinity", "full", "NaN"])
      assert.match(fault("optimizer.learningRate", text) ?? "", /above 0/, text);
    for (const text of ["", "0", "1.5", "-3", "all"])
      assert.match(fault("batchSize", text) ?? "", /whole/, text);
    for (const text of ["", "1", "-0.1", "full"])
      assert.match(fault("optimizer.momentum", text) ?? "", /less than 1/);
    assert.match(fault("optimizer.momentum", "0.5", false) ?? "", /no momentum/);
    for (const [key, text] of [
      ["optimizer.learningRate", "1e-3"],
      ["batchSize", " Full "],
      ["batchSize", "12"],
      ["optimizer.momentum", "0"],
    ] as const)
      assert.equal(fault(key, text), null);
  });
});
