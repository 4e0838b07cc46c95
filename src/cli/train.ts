/** `downhill train`: a run with a progress bar, events as JSON lines, and an exit status. */
import path from "node:path";
import { runNameOf } from "../config/files";
import { formatProblem } from "../config/problem";
import type { RunConfig } from "../config/runConfig";
import type { RunVariant } from "../config/variants";
import type { RunResult } from "../protocol/run";
import type { RunEvent, StartRun } from "../protocol/worker";
import { nothingReached } from "../run/nothingReached";
import { readRunConfig } from "../run/readRunConfig";
import { writeFault } from "../run/runFolder";
import { createRunId } from "../run/runId";
import { readAnyRunFile } from "../run/runFile";
import { RunQueue } from "../run/runQueue";
import { startsOf, textOfRun } from "../run/runVariants";
import { startRun } from "../run/startRun";
import { mostThreads } from "../run/threadBudget";
import type { Trainer } from "../run/trainer";
import { errorCode, runsFolderOf, workspaceFolderFor } from "../run/workspace";
import { followAdvice } from "./adviceLines";
import { readArguments, readConfigText, type ConfigText } from "./arguments";
import { EventLines } from "./eventLines";
import { EventSink, openEvents } from "./eventSink";
import { refuseClashes } from "./outputs";
import { runFolderOf } from "./runs";
import { SeveralRuns } from "./severalRuns";
import { PlainLines, ProgressBar } from "./terminal";
import { CommandError, exitStatus, UsageError } from "./usage";

/** Milliseconds from the second Ctrl-C to the end of the process, and from the first to a word about the second. */
const killDelay = 1000;
const hintDelay = 1500;

/** Takes the place of the progress bar. */
const stoppingHint = "\r\u001b[2KEvaluating the weights as they are; Ctrl-C again leaves that out";

const options = {
  events: { type: "string" },
  "log-every": { type: "string" },
  weights: { type: "string" },
  runs: { type: "string" },
  resume: { type: "string" },
  branch: { type: "string" },
  step: { type: "string" },
  threads: { type: "string" },
  only: { type: "string" },
} as const;

/** Trains and returns the exit status. Throws a UsageError or a CommandError. */
export async function train(args: string[]): Promise<number> {
  const { values, operand: configName } = readArguments("train", "run config", args, options);
  for (const option of ["events", "weights", "runs", "resume", "branch", "only"] as const) {
    if (values[option] === "") throw new UsageError(`--${option} needs a name`);
  }
  const steps =
    values["log-every"] === undefined ? "thinned" : wholeNumber("--log-every", values["log-every"]);
  const threads = values.threads === undefined ? undefined : wholeNumber("--threads", values.threads);
  if (threads !== undefined && threads > mostThreads) {
    throw new UsageError(`--threads takes a whole number up to ${mostThreads}, not ${threads}`);
  }
  if ((values.branch === undefined) !== (values.step === undefined))
    throw new UsageError("--branch RUN and --step N belong together");
  if (values.branch !== undefined && values.resume !== undefined)
    throw new UsageError("A run is resumed or branched from, not both: --resume or --branch");
  const step = values.step === undefined ? 0 : stepNumber(values.step);
  let events = values.events === "-" ? new EventSink(process.stdout, false) : null;
  try {
    const config = await readConfigText(configName);
    const { reads, variants } = parsed(config);
    for (const one of reads) await refuseClashes(values, config, one);
    if (values.events !== undefined) events ??= await openEvents(values.events, "w");
    const workspaceFolder = workspaceFolderFor(config.file, process.cwd());
    const runsFolder = values.runs ? path.resolve(values.runs) : runsFolderOf(workspaceFolder);
    const resumed = values.resume === undefined ? null : await runFolderOf(values.resume, runsFolder);
    const branched = values.branch === undefined ? null : await runFolderOf(values.branch, runsFolder);
    const parts = resumed ? [await resumedPart(config, resumed)] : partsOf(config, variants, values.only);
    if (parts.length > 1 && (values.weights !== undefined || branched)) {
      const option = branched ? "branch" : "weights";
      throw new UsageError(
        `--${option} takes one run, but ${config.name} makes ${parts.length}; choose with --only`,
      );
    }
    const starts = parts.map((part): StartRun => ({
      configFile: config.file,
      workspaceFolder,
      runsFolder: resumed ? path.dirname(resumed) : runsFolder,
      steps,
      trajectory: true,
      health: true,
      patientStop: true,
      python: { known: [] },
      ...(threads === undefined ? {} : { threads: { threads, beforeConfig: true } }),
      ...(values.weights === undefined ? {} : { weightsFile: path.resolve(values.weights) }),
      ...(resumed ? { resume: true } : {}),
      ...(branched ? { branch: { folder: branched, step } } : {}),
      ...part,
    }));
    const queue = new RunQueue();
    const worker = path.join(__dirname, "worker.js");
    const runs = starts.map((start) => ({
      trainer: starts.length > 1 ? queue.add(() => startRun(start, worker)) : startRun(start, worker),
      name: start.comparison?.name,
    }));
    // What is compared is to differ, and a table says how.
    const advice = starts.length > 1 ? () => [] : followAdvice(runs[0].trainer, starts[0]);
    const results = await follow(runs, events, values.events === "-");
    if (values.events !== "-")
      for (const line of advice())
        process.stdout.write(`${line}
`);
    // Only now it is known whether the last of them found room on the disk.
    await events?.close();
    if (events && events.fault !== null && errorCode(events.fault) !== "EPIPE") {
      const message = `The events cannot be written, as ${writeFault(events.fault)}.`;
      throw new CommandError(message, exitStatus.failed);
    }
    return starts.length > 1 ? statusOfAll(runs, results) : statusOf(results[0], starts[0]);
  } catch (error) {
    // Also a run that could not begin ends its events with "done".
    if (error instanceof CommandError) {
      // Of a config that cannot be read nobody knows which files it names, so none is overwritten.
      if (values.events !== undefined) events ??= await openEvents(values.events, "wx").catch(() => null);
      if (!events?.ended) void events?.write(failureLine(error.message));
    }
    throw error;
  } finally {
    await events?.close();
  }
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < 1) {
    throw new UsageError(`${option} takes a whole number from 1, not ${text || "nothing"}`);
  }
  return value;
}

function stepNumber(text: string): number {
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw new UsageError(`--step takes a whole number from 0, not ${text || "nothing"}`);
  return Number(text);
}

/** What a run config says of files that are read, for each of its runs (null of a function), and which runs it makes. */
function parsed({ name, text, language }: ConfigText): {
  reads: (RunConfig | null)[];
  variants: readonly RunVariant[] | null;
} {
  const { config, functionRun, variants, problems } = readRunConfig(text, language);
  const first = problems.find(({ severity }) => severity === "error");
  if ((config ?? functionRun) && !first) {
    const reads = variants?.map((variant) => readRunConfig(variant.text, "json").config) ?? [config];
    return { reads, variants };
  }
  const problem = first ?? { start: 0, message: "The run config cannot be read." };
  throw new CommandError(formatProblem(name, text, problem), exitStatus.wrongInput);
}

type Part = Pick<StartRun, "id" | "configText" | "comparison">;

/** The runs to make: one, or those that the config stands for. */
function partsOf(
  { file, name, text }: ConfigText,
  variants: readonly RunVariant[] | null,
  only: string | undefined,
): Part[] {
  const now = new Date();
  if (!variants) {
    if (only !== undefined) throw new UsageError(`--only chooses among several runs, but ${name} makes one`);
    return [{ id: createRunId(runNameOf(file), now), configText: text }];
  }
  const all = startsOf(file, variants, now);
  if (only === undefined) return all;
  const chosen = all.filter(({ comparison }) => comparison.name === only);
  if (chosen.length > 0) return chosen;
  const names = variants.slice(0, 8).map((variant) => variant.name);
  throw new UsageError(
    `${name} has no run "${only}"; it has ${names.join(", ")}${variants.length > names.length ? " …" : ""}`,
  );
}

/** The run to go on with: of several, the config says it under the name that it began with. */
async function resumedPart({ text, language }: ConfigText, folder: string): Promise<Part> {
  const kept = await readAnyRunFile(folder).catch(() => null);
  const comparison = kept?.description.comparison;
  return {
    id: path.basename(folder),
    configText: textOfRun(text, language, comparison),
    ...(comparison && { comparison }),
  };
}

function failureLine(message: string): string {
  const result: RunResult = { ...nothingReached, status: "failed", message, cause: "config" };
  return new EventLines().of({ type: "done", result });
}

interface FollowedRun {
  trainer: Trainer;
  /** Where there are several. */
  name: string | undefined;
}

/** Follows runs to their ends: shows them, writes their events, passes on Ctrl-C. */
async function follow(
  runs: readonly FollowedRun[],
  events: EventSink | null,
  eventsOnStdout: boolean,
): Promise<RunResult[]> {
  let stopped = false;
  const stopAll = (): void => {
    for (const { trainer } of runs) trainer.send({ type: "stop" });
  };
  const stop = (): void => {
    if (!stopped) stopAll();
    stopped = true;
  };
  let interrupts = 0;
  let hint: NodeJS.Timeout | undefined;
  // The first Ctrl-C ends the run with a checkpoint; the second leaves out what that still waits for, and whatever
  // hangs then is killed: process.exit would wait for it.
  const interrupt = (): void => {
    interrupts++;
    if (interrupts > 2) kill();
    else if (interrupts === 2) {
      stopAll();
      setTimeout(kill, killDelay).unref();
    } else {
      stop();
      if (process.stderr.isTTY) hint = setTimeout(() => process.stderr.write(stoppingHint), hintDelay);
    }
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, interrupt);
  // Nobody reads any more: there is nobody to train for.
  process.stdout.on("error", stop);
  if (events) events.onFault = stop;
  const show = displayFor(runs, eventsOnStdout);
  let unfinished = runs.length;
  try {
    return await Promise.all(
      runs.map(({ trainer, name }, index) => {
        const lines = new EventLines(name);
        return new Promise<RunResult>((resolve) => {
          trainer.onEvent((event) => {
            const taken = events?.write(lines.of(event));
            show(index, event);
            if (event.type === "done") {
              unfinished--;
              if (events && unfinished === 0) events.ended = true;
              resolve(event.result);
            }
            return taken;
          });
        });
      }),
    );
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
    process.stdout.off("error", stop);
    clearTimeout(hint);
  }
}

function kill(): void {
  process.kill(process.pid, "SIGKILL");
}

function displayFor(
  runs: readonly FollowedRun[],
  eventsOnStdout: boolean,
): (index: number, event: RunEvent) => void {
  const toStdout = eventsOnStdout ? null : (text: string): void => void process.stdout.write(text);
  const toStderr = (text: string): void => void process.stderr.write(text);
  const bar = process.stderr.isTTY ? process.stderr : null;
  if (runs.length > 1) {
    const names = runs.map(({ name }) => name ?? "");
    const display = new SeveralRuns(names, bar, toStdout ?? (() => undefined), toStderr);
    return (index, event) => display.show(index, event);
  }
  const display = bar
    ? new ProgressBar(bar, toStdout)
    : new PlainLines(toStdout ?? (() => undefined), toStderr);
  return (_, event) => display.show(event);
}

/** That of several runs: a failure is told; runs that diverge are part of what is compared, unless all do. */
function statusOfAll(runs: readonly FollowedRun[], results: readonly RunResult[]): number {
  const failed = results.findIndex(({ status }) => status === "failed");
  if (failed >= 0) {
    const { message, cause } = results[failed];
    throw new CommandError(
      `${runs[failed].name}: ${message}`,
      cause === "internal" ? exitStatus.failed : exitStatus.wrongInput,
    );
  }
  if (results.some(({ status }) => status === "stopped" || status === "interrupted"))
    return exitStatus.interrupted;
  return results.every(({ status }) => status === "diverged") ? exitStatus.diverged : exitStatus.done;
}

function statusOf(result: RunResult, { weightsFile }: StartRun): number {
  switch (result.status) {
    case "failed":
      throw new CommandError(
        result.message,
        result.cause === "internal" || result.cause === "python" ? exitStatus.failed : exitStatus.wrongInput,
      );
    case "diverged":
      throw new CommandError(result.message, exitStatus.diverged);
    case "stopped":
    case "interrupted":
      return exitStatus.interrupted;
    case "completed":
    case "early-stopped":
      // The warning about it has been shown.
      return weightsFile !== undefined && result.weightsFile === undefined
        ? exitStatus.failed
        : exitStatus.done;
  }
}
