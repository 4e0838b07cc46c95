/** Temporary folders and small runs for tests. */
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
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
