/** Starts a run in a worker thread of its own. */
import path from "node:path";
import { MessageChannel, type MessagePort, type Worker } from "node:worker_threads";
import type { Progress, RunResult } from "../protocol/run";
import type { RunCommand, RunEvent, StartRun } from "../protocol/worker";
import { createSignal } from "../pytorch/pythonProcess";
import { killTree } from "../pytorch/processTree";
import { createFlags, interrupts, reportRead } from "./control";
import { isThisProcess, markLive } from "./owner";
import { readAnyRunFile, writeRunFile } from "./runFile";
import { unlockRun } from "./runLock";
import { startThread } from "./thread";
import { createRunCount } from "./threadBudget";
import type { EventListener, Trainer } from "./trainer";
import type { AdmitLab, WorkerStart } from "./worker";

/** So long a run that is still loading may take to obey a stop: one long synchronous piece of work may be in the way. */
const stopPatience = 80;

/**
 * Starts a run. Never throws: whatever goes wrong arrives as the last event, "done".
 *
 * @param workerFile the bundle of worker.ts
 */
export function startRun(start: StartRun, workerFile: string): Trainer {
  return new WorkerTrainer(start, workerFile);
}

/** Runs of this process that train now, and so compute. */
export const runCount = createRunCount();

class WorkerTrainer implements Trainer {
  private readonly flag = createFlags();
  private readonly python = createSignal();
  private readonly worker: Worker;
  private readonly listeners: EventListener[] = [];
  /** Events that came before anybody listened. */
  private waiting: RunEvent[] = [];
  private progress: Progress | null = null;
  /** That of the run's folder, as soon as there is one. */
  private id: string;
  private folder: string | null = null;
  private loading = true;
  private done = false;
  private training = false;
  private crash: unknown = null;
  private terminating: Extract<RunResult["status"], "stopped" | "interrupted"> | null = null;
  private readonly ended: Promise<void>;

  constructor(
    private readonly start: StartRun,
    workerFile: string,
  ) {
    this.id = start.id;
    this.markLive(true);
    const workerData: WorkerStart = { start, flag: this.flag, runCount, python: this.python };
    this.worker = startThread(workerFile, workerData, `downhill ${start.id}`);
    this.worker.on("message", (event: RunEvent) => this.receive(event));
    this.worker.on("error", (error) => (this.crash ??= error));
    this.ended = new Promise((resolve) => {
      this.worker.on("exit", (code) => void this.exited(code).then(resolve));
    });
  }

  onEvent(listener: EventListener): void {
    this.listeners.push(listener);
    const waiting = this.waiting;
    this.waiting = [];
    for (const event of waiting) this.deliver(event);
  }

  send(command: RunCommand): void {
    if (this.done) return;
    if (interrupts(command)) Atomics.add(this.flag, 0, 1);
    this.worker.postMessage(command);
    if (command.type === "stop" && this.loading) {
      setTimeout(() => {
        if (this.loading && !this.done) void this.end("stopped");
      }, stopPatience).unref();
    }
  }

  connect(): MessagePort | null {
    if (this.done) return null;
    const { port1, port2 } = new MessageChannel();
    const admit: AdmitLab = { type: "admit", port: port1 };
    this.worker.postMessage(admit, [port1]);
    return port2;
  }

  terminate(): Promise<void> {
    return this.end("interrupted");
  }

  private async end(status: "stopped" | "interrupted"): Promise<void> {
    this.terminating ??= status;
    await this.worker.terminate();
    await this.ended;
  }

  private receive(event: RunEvent): void {
    if (this.done) return;
    if (event.type === "start") {
      this.loading = false;
      this.folder = event.description.folder;
      this.markLive(false);
      this.id = event.description.id;
      this.markLive(true);
      this.markTraining(true);
    } else if (event.type === "report") {
      this.progress = event.progress;
      this.markTraining(event.progress.status === "running");
    } else if (event.type === "done") {
      this.done = true;
      this.markLive(false);
      this.markTraining(false);
    }
    this.emit(event);
  }

  private markLive(live: boolean): void {
    markLive(this.id, live);
  }

  /** Counts the run while it needs threads. */
  private markTraining(training: boolean): void {
    if (training === this.training) return;
    this.training = training;
    Atomics.add(runCount, 0, training ? 1 : -1);
  }

  private emit(event: RunEvent): void {
    if (this.listeners.length === 0) this.waiting.push(event);
    else this.deliver(event);
  }

  private deliver(event: RunEvent): void {
    const read = Promise.all(this.listeners.map(async (listener) => listener(event)));
    void read.finally(() => {
      if (event.type === "report") reportRead(this.flag);
    });
  }

  /** The worker is gone. Without its last word, this is it. */
  private async exited(code: number): Promise<void> {
    // A worker that was ended by force has left its Python behind.
    const python = Atomics.load(this.python, 1);
    if (python !== 0) killTree(python);
    if (this.done) return;
    const result = await this.patchRunFile(this.lastWord(code));
    this.receive({ type: "done", result });
  }

  private lastWord(code: number): RunResult {
    const { progress } = this;
    const reached = {
      steps: progress?.step ?? 0,
      epochs: progress?.epoch ?? 0,
      trainingSeconds: progress?.trainingSeconds ?? 0,
      samplesPerSecond: progress?.samplesPerSecond ?? null,
      training: progress?.training ?? null,
      validation: progress?.validation ?? null,
      test: null,
    };
    if (this.terminating === "stopped") {
      return { ...reached, status: "stopped", message: "Stopped while the data were being read." };
    }
    const where = reached.steps > 0 ? ` after step ${reached.steps}` : " before the first step";
    if (this.terminating) {
      return { ...reached, status: "interrupted", message: `The run was cut off${where}.` };
    }
    return {
      ...reached,
      status: "failed",
      message: `The thread that trains ended unexpectedly${where}: ${reasonOf(this.crash, code)}.`,
      cause: "internal",
    };
  }

  /** Writes how the run ended into its folder, unless the worker came to that before it died. */
  private async patchRunFile(result: RunResult): Promise<RunResult> {
    const { runsFolder, id } = this.start;
    const folder = this.folder ?? (runsFolder === null ? null : path.join(runsFolder, id));
    if (folder === null) return result;
    try {
      const run = await readAnyRunFile(folder);
      // A folder that was guessed may be that of another process's run of the same millisecond.
      if (!isThisProcess(run.owner)) return result;
      await unlockRun(folder);
      // A run that was to go on and did not come to that stays as it was.
      if (this.start.resume && this.loading) return result;
      if (run.result) return run.result;
      await writeRunFile(folder, { ...run, status: result.status, result });
    } catch {
      // No folder was made, or its disk is gone: there is nothing to bring up to date.
    }
    return result;
  }
}

function reasonOf(crash: unknown, code: number): string {
  if (!(crash instanceof Error)) return crash === null ? `exit code ${code}` : "an unknown fault";
  if ("code" in crash && crash.code === "ERR_WORKER_OUT_OF_MEMORY") {
    return "it ran out of memory; try fewer rows, smaller batches or a smaller network";
  }
  return crash.message.split("\n")[0];
}
