/** Temporary folders and small runs for tests. */
import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { decodeEvents, type ScalarEvent } from "../../../src/formats/tensorboard";
import type { RunResult } from "../../../src/protocol/run";
import type { RunEvent, StartRun } from "../../../src/protocol/worker";
import { Control, createFlags } from "../../../src/run/control";
import { runSession } from "../../../src/run/session";

/** A folder that removeTemporaryFolders removes. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "downhill-run-")));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];

export function removeTemporaryFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** y = 2a − b + 1 with a little unevenness, and a class that depends on it. */
export function table(rows: number): string {
  const lines = ["a,b,y,kind"];
  for (let i = 0; i < rows; i++) {
    const a = Math.sin(i * 1.7);
    const b = Math.cos(i * 2.3);
    const y = 2 * a - b + 1 + 0.1 * Math.sin(i * 12.9);
    lines.push([a, b, y, y > 1 ? "up" : y > 0 ? "flat" : "down"].join(","));
  }
  return `${lines.join("\n")}\n`;
}

export interface SmallRun {
  start: StartRun;
  control: Control;
  events: RunEvent[];
  /** Resolves with the last event. */
  run: (onEvent?: (event: RunEvent) => void) => Promise<Extract<RunEvent, { type: "done" }>>;
}

/** A run in this thread, of a table of 60 rows unless the folder has one. */
export function smallRun(folder: string, config: object, start: Partial<StartRun> = {}): SmallRun {
  const { data, ...rest } = config as { data?: object };
  const text = JSON.stringify({ data: { file: "t.csv", target: "y", ...data }, ...rest });
  const configFile = path.join(folder, "small.train.json");
  writeFileSync(configFile, text);
  const dataFile = path.join(folder, "t.csv");
  if (!existsSync(dataFile)) writeFileSync(dataFile, table(60));
  const whole: StartRun = {
    id: "2026-01-01-000000-000-small",
    configFile,
    configText: text,
    workspaceFolder: folder,
    runsFolder: path.join(folder, ".downhill", "runs"),
    steps: 1,
    trajectory: true,
    ...start,
  };
  const control = new Control(createFlags());
  const events: RunEvent[] = [];
  return {
    start: whole,
    control,
    events,
    async run(onEvent = () => undefined) {
      await runSession(whole, control, (event) => {
        events.push(event);
        onEvent(event);
      });
      const last = events[events.length - 1];
      if (last.type !== "done") throw new Error(`the last event is ${last.type}`);
      return last;
    },
  };
}

/** All steps that were reported. */
export function reportedSteps(events: readonly RunEvent[]): { step: number[]; loss: number[] } {
  const all = { step: [] as number[], loss: [] as number[] };
  for (const event of events) {
    if (event.type !== "report" || !event.steps) continue;
    all.step.push(...event.steps.step);
    all.loss.push(...event.steps.loss);
  }
  return all;
}

/** The events of the journal in a run's folder, which is whole. */
export function journalOf(runFolder: string): ScalarEvent[] {
  const names = readdirSync(runFolder).filter((each) => each.startsWith("events.out.tfevents."));
  assert.equal(names.length, 1);
  const { events, torn } = decodeEvents(readFileSync(path.join(runFolder, names[0])));
  assert.equal(torn, false);
  return events;
}

/** No step and no epoch stands twice in the journal, and what it says of them is what happened. */
export function assertTold(
  events: ScalarEvent[],
  steps: { step: number[]; loss: number[] },
  result: RunResult,
): void {
  const value = (event: ScalarEvent, tag: string): number | undefined =>
    event.scalars.find((scalar) => scalar[0] === tag)?.[1];
  const told = events.filter((event) => value(event, "loss/training") !== undefined);
  const epochs = events.map((event) => value(event, "epoch")).filter((epoch) => epoch !== undefined);
  for (const numbers of [told.map(({ step }) => step), epochs]) {
    assert.ok(numbers.slice(1).every((number, i) => number > numbers[i]));
  }
  for (const event of told) {
    const loss = steps.loss[steps.step.indexOf(event.step)];
    assert.equal(value(event, "loss/training"), Math.fround(loss));
  }
  assert.equal(told.at(-1)?.step, result.steps);
  assert.deepEqual([epochs[0], epochs.at(-1)], [0, result.epochs]);
}
