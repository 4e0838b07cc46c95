import assert from "node:assert/strict";
import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { RunEvent, StartRun } from "../../../src/protocol/worker";
import { Control, createFlags } from "../../../src/run/control";
import { readAnyRunFile } from "../../../src/run/runFile";
import { readStoredRun } from "../../../src/run/runStore";
import { deleteRun, listTrash } from "../../../src/run/trash";
import { runSession } from "../../../src/run/session";
import { journalOf, removeTemporaryFolders, reportedSteps, temporaryFolder } from "./support";

const config = {
  function: { expression: "(1-x)^2 + 100*(y-x^2)^2", start: { x: -1.2, y: 1 } },
  optimizer: { type: "adam", learningRate: 0.01 },
  schedule: { type: "reduce-on-plateau", factor: 0.5, patience: 3 },
  steps: 400,
};

const id = "2026-01-01-000000-000-f";
const runFolder = (folder: string): string => path.join(folder, ".downhill/runs", id);
const point = (folder: string): Buffer => readFileSync(path.join(folder, "point.safetensors"));

async function descend(
  folder: string,
  more: Partial<StartRun> = {},
  changed: object = {},
): Promise<RunEvent[]> {
  const configFile = path.join(folder, "f.train.json");
  const configText = JSON.stringify({ ...config, ...changed });
  writeFileSync(configFile, configText);
  const start: StartRun = {
    id,
    configFile,
    configText,
    workspaceFolder: folder,
    runsFolder: path.join(folder, ".downhill/runs"),
    steps: 1,
    trajectory: true,
    health: true,
    weightsFile: path.join(folder, "point.safetensors"),
    ...more,
  };
  const events: RunEvent[] = [];
  await runSession(start, new Control(createFlags()), (event) => events.push(event));
  return events;
}

const resultOf = (events: RunEvent[]): Extract<RunEvent, { type: "done" }>["result"] => {
  const last = events[events.length - 1];
  assert(last.type === "done");
  return last.result;
};

describe("a descent on a function that is resumed", () => {
  afterEach(removeTemporaryFolders);

  it("ends as if it had not been stopped, wherever it was, also with a torn journal or none", async () => {
    const whole = temporaryFolder();
    const events = await descend(whole);
    const { function: reached, steps, status } = resultOf(events);
    const told = reportedSteps(events);
    for (const lastStep of [1, 17, 399]) {
      for (const journal of ["whole", "torn", "none", "empty"]) {
        const folder = temporaryFolder();
        const first = resultOf(await descend(folder, { lastStep }));
        assert.deepEqual([first.status, first.steps], ["stopped", lastStep]);
        assert.equal((await readStoredRun(runFolder(folder))).resumable, true);
        const { startedAt } = await readAnyRunFile(runFolder(folder));
        const file = path.join(
          runFolder(folder),
          `events.out.tfevents.${Math.floor(startedAt / 1000)}.downhill`,
        );
        if (journal === "torn") truncateSync(file, readFileSync(file).length - 3);
        if (journal === "empty") truncateSync(file, 5);
        if (journal === "none") rmSync(file);
        const second = await descend(folder, { resume: true });
        const result = resultOf(second);
        assert.deepEqual([result.function, result.steps, result.status], [reached, steps, status]);
        assert.deepEqual(point(folder), point(whole));
        const start = second.find((event) => event.type === "start");
        const from = start?.resumed?.step ?? -1;
        if (journal === "whole") assert.equal(from, lastStep);
        else assert.ok(journal === "torn" ? from >= lastStep - 1 && from <= lastStep : from === 0);
        assert.deepEqual(reportedSteps(second).loss, told.loss.slice(from));
        assert.deepEqual([...(start?.resumed?.steps.loss ?? [])], told.loss.slice(0, from));
        const known = journalOf(runFolder(folder)).filter(({ scalars }) => scalars[0][0] === "loss/training");
        assert.ok(known.every(({ step }, i) => i === 0 || step > known[i - 1].step));
        assert.equal(known.at(-1)?.step, steps);
      }
    }
  });

  it("makes no step when it has ended, and is refused to another config", async () => {
    const folder = temporaryFolder();
    const before = resultOf(await descend(folder));
    rmSync(path.join(folder, "point.safetensors"));
    const again = await descend(folder, { resume: true });
    assert.deepEqual(
      again.map(({ type }) => type),
      ["start", "done"],
    );
    assert.deepEqual(resultOf(again), before);
    assert.ok(point(folder).length > 0);
    const trashed = await deleteRun(runFolder(folder));
    assert.deepEqual(
      (await listTrash(path.dirname(trashed))).map((run) => run.folder),
      [trashed],
    );
    const other = temporaryFolder();
    await descend(other, { lastStep: 9 });
    const refused = resultOf(await descend(other, { resume: true }, { steps: 500 }));
    assert.match(
      refused.message,
      /^f\.train\.json differs in "steps" from the config that the run .* began with/,
    );
    assert.equal(resultOf(await descend(other, { resume: true })).steps, 400);
  });
});
