/** The runs kept in a runs folder: listing them, and loading one as its charts show it. */
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { digits } from "../data/wording";
import { decodeSafetensors } from "../formats/safetensors";
import { decodeEvents, type ScalarEvent } from "../formats/tensorboard";
import type { PartOfComparison } from "../protocol/comparison";
import type { BranchedFrom, Metrics, Progress, RunResult, RunStatus, Trajectory } from "../protocol/run";
import { finishedStatuses } from "../protocol/run";
import type { Clock, RunSnapshot } from "../protocol/webview";
import { RunClock } from "./clock";
import type { EpochColumns, StepColumns } from "../protocol/run";
import { lastWritten } from "./diskWrites";
import { journalPrefix, replayJournal, type ReplayedJournal } from "./journal";
import { isAlive } from "./owner";
import { adviceFor } from "./advice";
import type { FunctionRunFile } from "./functionFolder";
import { isFunctionRun, readAnyRunFile, type RunFile } from "./runFile";
import { readMarks } from "./runMarks";
import { flattenSettings, type Settings } from "./settings";
import { trajectoryName } from "./runFolder";
import { isResumable } from "./resumable";
import { summarize, type Outcome } from "./summary";

export interface StoredRun {
  id: string;
  name: string;
  configFile: string;
  /** Absolute path of the run's folder. */
  folder: string;
  /** "interrupted" when the process of an unfinished run is dead. */
  status: RunStatus;
  /** Milliseconds since 1970. */
  startedAt: number;
  result: RunResult | null;
  settings: Settings;
  /** What the user calls the run. */
  title?: string;
  pinned?: true;
  /** It was cut off or stopped, and can go on. */
  resumable: boolean;
  /** Set of a branch. */
  branchedFrom?: BranchedFrom;
  /** One of several runs that its config stands for. */
  comparison?: PartOfComparison;
}

/** The runs in a folder, newest first, each read anew. A folder that is not there holds none; what is no run is passed over. */
export async function listRuns(runsFolder: string): Promise<StoredRun[]> {
  const runs: StoredRun[] = [];
  for (const name of await runFolderNames(runsFolder)) {
    // No run, or one that is just being made, is passed over.
    const run = await readStoredRun(path.join(runsFolder, name)).catch(() => null);
    if (run) runs.push(run);
  }
  return newestFirst(runs);
}

/** The folders in a runs folder that may hold a run. */
export async function runFolderNames(runsFolder: string): Promise<string[]> {
  const entries = await readdir(runsFolder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name);
}

/** Sorts in place. */
export function newestFirst(runs: StoredRun[]): StoredRun[] {
  return runs.sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1));
}

/** A run as lists show it. Throws when the folder holds no run. */
export async function readStoredRun(folder: string): Promise<StoredRun> {
  const run = await readAnyRunFile(folder);
  const { id, name, configFile, startedAt, result } = run;
  const { branchedFrom } = run.description;
  const status = await statusNow(folder, run);
  const resumable = isResumable(status);
  const settings = flattenSettings(run.config);
  const marks = await readMarks(folder);
  const { comparison } = run.description;
  return {
    id,
    name,
    configFile,
    folder,
    status,
    startedAt,
    result,
    resumable,
    settings,
    ...(branchedFrom && { branchedFrom }),
    ...(comparison && { comparison }),
    ...marks,
  };
}

async function statusNow(
  folder: string,
  { id, status, owner }: RunFile | FunctionRunFile,
): Promise<RunStatus> {
  if (finishedStatuses.includes(status)) return status;
  return (await isAlive(owner, id, () => lastWritten(folder))) ? status : "interrupted";
}

/** A stored run as a view shows it. Throws when the folder holds no run; a damaged history is shown as far as it goes. */
export async function loadRun(folder: string): Promise<RunSnapshot> {
  const run = await readAnyRunFile(folder);
  const status = await statusNow(folder, run);
  const clock = new JournalClock();
  const history = await readJournal(folder, replayJournal([]), clock);
  const steps = history.steps.columns();
  const epochs = history.epochs.columns();
  const description = { ...run.description, folder };
  const result = run.result ?? (status === "interrupted" ? interruptedResult(run, steps, epochs) : null);
  return {
    id: run.id,
    name: run.name,
    status,
    loading: null,
    description,
    progress: result && progressOf(result),
    steps,
    epochs,
    ...(!isFunctionRun(run) && { changes: run.changes }),
    ...(history.health && { health: history.health.columns() }),
    trajectory: await readTrajectory(folder),
    clock: clock.columns(result?.trainingSeconds ?? 0),
    result,
    warnings: run.warnings,
    advice: adviceFor(isFunctionRun(run) ? null : run.config, {
      description,
      steps,
      epochs,
      result,
      ...(history.health && { health: history.health.columns() }),
    }),
  };
}

/** The journal of a day has millions of records: read piece by piece, and thinned on the way. */
const pieceBytes = 1 << 18;

/** No record is longer: what follows is damaged. */
const longestRecord = 1 << 20;

/** @param history takes what the journal holds: by default as much as charts can show */
export async function readJournal(
  folder: string,
  history: ReplayedJournal = replayJournal([]),
  clock?: JournalClock,
): Promise<ReplayedJournal> {
  for await (const events of journalEvents(folder)) {
    replayJournal(events, history);
    clock?.add(events);
  }
  return history;
}

/** What the journals of a run's folder hold, oldest first, in pieces; of a damaged one, what can be read. */
export async function* journalEvents(folder: string): AsyncGenerator<ScalarEvent[], void, undefined> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(journalPrefix)).sort();
  for (const name of names) {
    let rest = Buffer.alloc(0);
    try {
      for await (const piece of createReadStream(path.join(folder, name), { highWaterMark: pieceBytes })) {
        const bytes = Buffer.concat([rest, piece as Buffer]);
        const { events, intactBytes } = decodeEvents(bytes);
        yield events;
        rest = bytes.subarray(intactBytes);
        if (rest.length > longestRecord) break;
      }
    } catch {
      // A file that cannot be read is as a damaged one: its records so far are shown.
    }
  }
}

/** Seconds. Records that lie further apart have a break between them, in which nothing was trained. */
const longestPause = 120;

/** When the steps of a stored run were made, by the hours in its journal. */
class JournalClock {
  private readonly clock = new RunClock();
  private seconds = 0;
  private last: number | null = null;

  add(events: readonly { wallTime: number; step: number }[]): void {
    for (const { wallTime, step } of events) {
      const passed = this.last === null ? 0 : wallTime - this.last;
      if (passed > 0 && passed < longestPause) this.seconds += passed;
      this.last = wallTime;
      this.clock.add(step, this.seconds);
    }
  }

  /** @param trainingSeconds of the whole run: the journal's hours hold evaluations and pauses too */
  columns(trainingSeconds: number): Clock | undefined {
    return this.seconds > 0 && trainingSeconds > 0
      ? this.clock.columns(trainingSeconds / this.seconds)
      : undefined;
  }
}

export async function readTrajectory(folder: string): Promise<Trajectory | null> {
  try {
    const { tensors, metadata } = decodeSafetensors(await readFile(path.join(folder, trajectoryName)));
    const columns: Record<string, Float64Array | undefined> = Object.fromEntries(
      tensors.map(({ name, values }) => [name, Float64Array.from(values)]),
    );
    const { step, a, b, loss, offPlane, explained, points } = columns;
    if (!step || !a || !b || !loss || !offPlane || explained?.length !== 2) return null;
    if ([a, b, loss, offPlane].some(({ length }) => length !== step.length)) return null;
    return {
      step,
      a,
      b,
      loss,
      offPlane,
      explained: [explained[0], explained[1]],
      sketched: metadata.sketched === "true",
      ...(points && { points }),
    };
  } catch {
    // Runs of a moment have none, and a torn one is not worth losing the other charts for.
    return null;
  }
}

/** How far a run had come when its process ended, as far as the journal tells. */
function interruptedResult(
  run: RunFile | FunctionRunFile,
  steps: StepColumns,
  epochs: EpochColumns,
): RunResult {
  const lastEpoch = epochs.epoch.length - 1;
  const outcome: Outcome = {
    status: "interrupted",
    steps: Math.max(0, steps.step.at(-1) ?? 0, epochs.step.at(-1) ?? 0),
    epochs: epochs.epoch.at(-1) ?? 0,
    trainingSeconds: 0,
    samplesPerSecond: null,
    training: lastEpoch < 0 ? null : metricsAt(epochs, "training", lastEpoch),
    validation: lastEpoch < 0 ? null : metricsAt(epochs, "validation", lastEpoch),
    test: null,
  };
  if (isFunctionRun(run)) {
    const message = `Cut off after step ${digits(outcome.steps)} of ${digits(run.description.totalSteps)}, when the program that made it ended.`;
    return { ...outcome, epochs: outcome.steps, message };
  }
  const { training, validation, epochs: epoch } = outcome;
  const outdated =
    training && (epochs.step.at(-1) ?? 0) < outcome.steps ? { epoch, training, validation } : null;
  return { ...outcome, message: summarize({ ...outcome, outdated }, run.description, run.config) };
}

function metricsAt({ metrics }: EpochColumns, set: string, row: number): Metrics | null {
  const values = Object.entries(metrics)
    .filter(([name]) => name.startsWith(`${set}.`))
    .map(([name, column]) => [name.slice(set.length + 1), Number.isFinite(column[row]) ? column[row] : null]);
  return values.length > 0 ? ({ loss: null, ...Object.fromEntries(values) } as Metrics) : null;
}

function progressOf(result: RunResult): Progress {
  const { status, steps, epochs, trainingSeconds, samplesPerSecond, training, validation } = result;
  const { function: reached } = result;
  return {
    status,
    step: steps,
    epoch: epochs,
    trainingSeconds,
    samplesPerSecond,
    secondsLeft: 0,
    training,
    validation,
    ...(reached && { function: reached }),
  };
}
