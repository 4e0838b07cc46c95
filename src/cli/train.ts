/** `downhill train`: a run with a progress bar, events as JSON lines, and an exit status. */
import { createWriteStream } from "node:fs";
import path from "node:path";
import type { Writable } from "node:stream";
import { runNameOf } from "../config/files";
import { formatProblem } from "../config/problem";
import type { RunConfig } from "../config/runConfig";
import type { RunResult } from "../protocol/run";
import type { StartRun } from "../protocol/worker";
import { nothingReached } from "../run/nothingReached";
import { readRunConfig } from "../run/readRunConfig";
import { writeFault } from "../run/runFolder";
import { createRunId } from "../run/runId";
import { startRun } from "../run/startRun";
import { mostThreads } from "../run/threadBudget";
import type { Trainer } from "../run/trainer";
import { errorCode, runsFolderOf, workspaceFolderFor } from "../run/workspace";
import { followAdvice } from "./adviceLines";
import { readArguments, readConfigText, type ConfigText } from "./arguments";
import { EventLines } from "./eventLines";
import { refuseClashes } from "./outputs";
import { runFolderOf } from "./runs";
import { PlainLines, ProgressBar, type RunDisplay } from "./terminal";
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
} as const;

/** Trains and returns the exit status. Throws a UsageError or a CommandError. */
export async function train(args: string[]): Promise<number> {
  const { values, operand: configName } = readArguments("train", "run config", args, options);
  for (const option of ["events", "weights", "runs", "resume", "branch"] as const) {
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
    await refuseClashes(values, config, parsed(config));
    if (values.events !== undefined) events ??= await openEvents(values.events, "w");
    const workspaceFolder = workspaceFolderFor(config.file, process.cwd());
    const runsFolder = values.runs ? path.resolve(values.runs) : runsFolderOf(workspaceFolder);
    const resumed = values.resume === undefined ? null : await runFolderOf(values.resume, runsFolder);
    const branched = values.branch === undefined ? null : await runFolderOf(values.branch, runsFolder);
    const start: StartRun = {
      id: resumed ? path.basename(resumed) : createRunId(runNameOf(config.file), new Date()),
      configFile: config.file,
      configText: config.text,
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
    };
    const trainer = startRun(start, path.join(__dirname, "worker.js"));
    const advice = followAdvice(trainer, start);
    const result = await follow(trainer, events, values.events === "-");
    if (values.events !== "-") for (const line of advice()) process.stdout.write(`${line}\n`);
    // Only now it is known whether the last of them found room on the disk.
    await events?.close();
    if (events && events.fault !== null && errorCode(events.fault) !== "EPIPE") {
      const message = `The events cannot be written, as ${writeFault(events.fault)}.`;
      throw new CommandError(message, exitStatus.failed);
    }
    return statusOf(result, start);
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

/** The config of a network's run; null of one that minimises a function, which reads no files. */
function parsed({ name, text, language }: ConfigText): RunConfig | null {
  const { config, functionRun, problems } = readRunConfig(text, language);
  const first = problems.find(({ severity }) => severity === "error");
  if ((config ?? functionRun) && !first) return config;
  const problem = first ?? { start: 0, message: "The run config cannot be read." };
  throw new CommandError(formatProblem(name, text, problem), exitStatus.wrongInput);
}

function failureLine(message: string): string {
  const result: RunResult = { ...nothingReached, status: "failed", message, cause: "config" };
  return new EventLines().of({ type: "done", result });
}

/** Where the events go. */
class EventSink {
  /** Whether "done" has been written. */
  ended = false;
  fault: unknown = null;
  onFault: () => void = () => undefined;
  private drained: Promise<void> | undefined;

  constructor(
    private readonly stream: Writable,
    private readonly own: boolean,
  ) {
    stream.on("error", (error) => {
      this.fault ??= error;
      this.onFault();
    });
  }

  /** Returns a promise when the reader is slow: it resolves when the text has been taken, or nobody reads any more. */
  write(text: string): Promise<void> | undefined {
    if (this.fault !== null || text === "" || this.stream.write(text)) return undefined;
    return (this.drained ??= new Promise((resolve) => {
      const taken = (): void => {
        for (const event of ["drain", "error", "close"]) this.stream.off(event, taken);
        this.drained = undefined;
        resolve();
      };
      for (const event of ["drain", "error", "close"]) this.stream.on(event, taken);
    }));
  }

  async close(): Promise<void> {
    if (!this.own || this.fault !== null || this.stream.writableEnded) return;
    await new Promise<void>((resolve) => {
      this.stream.once("error", () => resolve());
      this.stream.end(() => resolve());
    });
  }
}

/** @param flags "w" overwrites; "wx" fails where there is a file */
async function openEvents(file: string, flags: "w" | "wx"): Promise<EventSink> {
  const stream = createWriteStream(path.resolve(file), { flags });
  await new Promise<void>((resolve, reject) => {
    stream.once("open", () => resolve());
    stream.once("error", (error) => {
      reject(
        new CommandError(
          `The events cannot be written to ${file}, as ${writeFault(error)}.`,
          exitStatus.failed,
        ),
      );
    });
  });
  return new EventSink(stream, true);
}

/** Follows a run to its end: shows it, writes its events, passes on Ctrl-C. */
async function follow(
  trainer: Trainer,
  events: EventSink | null,
  eventsOnStdout: boolean,
): Promise<RunResult> {
  let stopped = false;
  const stop = (): void => {
    if (!stopped) trainer.send({ type: "stop" });
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
      trainer.send({ type: "stop" });
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
  const display = displayFor(eventsOnStdout);
  const lines = new EventLines();
  try {
    return await new Promise<RunResult>((resolve) => {
      trainer.onEvent((event) => {
        const taken = events?.write(lines.of(event));
        display.show(event);
        if (event.type === "done") {
          if (events) events.ended = true;
          resolve(event.result);
        }
        return taken;
      });
    });
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
    process.stdout.off("error", stop);
    clearTimeout(hint);
  }
}

function kill(): void {
  process.kill(process.pid, "SIGKILL");
}

function displayFor(eventsOnStdout: boolean): RunDisplay {
  const toStdout = eventsOnStdout ? null : (text: string): void => void process.stdout.write(text);
  const toStderr = (text: string): void => void process.stderr.write(text);
  if (process.stderr.isTTY) return new ProgressBar(process.stderr, toStdout);
  return new PlainLines(toStdout ?? (() => undefined), toStderr);
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
