/** Start reading here: the worker thread of a lab, which looks at one run. It does the jobs that its host asks for, and nothing else. */
import os from "node:os";
import type { MessagePort } from "node:worker_threads";
import { LabBench, LabError, type RunView } from "./bench";
import { jobs, type JobName } from "./jobs";
import { liveView } from "./liveView";
import { JobQueue, type Turn } from "./queue";
import { keyframePath, storedView } from "./storedView";

/** What the host hands over. */
export interface LabStart {
  lab: {
    /** To the worker of a run that goes on; null for one that has ended. */
    run: MessagePort | null;
    /** Of the run that has ended; null where none was kept. */
    folder: string | null;
  };
  /** Shared by all runs of the process: how many of them train. */
  runCount: Int32Array;
}

/** Host → lab. */
export type ToLab =
  { type: "job"; id: number; kind: JobName; job: unknown; priority: number } | { type: "cancel"; id: number };

/** Lab → host. Each job ends with "done" or "failed", unless it was cancelled. */
export type FromLab =
  | { type: "part"; id: number; part: unknown }
  | { type: "done"; id: number }
  /** One sentence for the user. A fault is one of the program. */
  | { type: "failed"; id: number; message: string; fault: boolean };

export function runLab({ lab, runCount }: LabStart, port: MessagePort): void {
  giveWay();
  const cores = os.availableParallelism();
  const queue = new JobQueue(() => Atomics.load(runCount, 0) >= cores);
  let bench: Promise<LabBench> | null = null;
  const post = (message: FromLab): void => port.postMessage(message);
  const work = async function* (kind: JobName, job: unknown, turn: Turn): AsyncGenerator<unknown, void> {
    // Read when something is first asked of it, and once more if that failed.
    bench ??= viewOf(lab).then((view) => new LabBench(view));
    const opened = await bench.catch((error: unknown) => {
      bench = null;
      throw error;
    });
    yield* jobs[kind](opened, job as never, turn);
  };
  port.on("message", (message: ToLab) => {
    const { id } = message;
    if (message.type === "cancel") return queue.cancel(id);
    queue.add(id, message.priority, (turn) => work(message.kind, message.job, turn), {
      part: (part) => post({ type: "part", id, part }),
      done: () => post({ type: "done", id }),
      failed: (error) => post({ type: "failed", id, ...toldOf(error) }),
    });
  });
}

async function viewOf({ run, folder }: LabStart["lab"]): Promise<RunView> {
  if (run) {
    try {
      const view = await liveView(run);
      return folder === null ? view : withKeyframes(view, folder);
    } catch (error) {
      // It ended in the meantime: what it kept is looked at.
      if (folder === null) throw error;
    }
  }
  if (folder === null) throw new LabError("This run kept nothing that could be looked at.");
  return storedView(folder);
}

/** Of a network too large to keep its path in memory, that of its keyframes is shown. */
function withKeyframes(view: RunView, folder: string): RunView {
  const { network } = view.material.settings;
  return {
    material: view.material,
    async look(path) {
      const look = await view.look(path);
      return !path || look.path ? look : { ...look, path: await keyframePath(folder, network, null) };
    },
  };
}

function toldOf(error: unknown): { message: string; fault: boolean } {
  const text = error instanceof Error ? error.message.split("\n")[0] : String(error);
  const known = error instanceof Error && knownErrors.includes(error.name);
  return {
    message: known ? text : `This could not be computed because of a fault in Downhill (${text}).`,
    fault: !known,
  };
}

/** Those whose messages are written for the user. */
const knownErrors = ["LabError", "RunError", "ConfigError", "PathError", "DataError", "FormatError"];

/** Training comes first. Only on Linux is a priority one of a thread, and not of the whole process. */
function giveWay(): void {
  if (process.platform !== "linux") return;
  try {
    os.setPriority(lowPriority);
  } catch {
    // Not allowed here: the lab then rests where processors are scarce, as everywhere.
  }
}

const lowPriority = 10;
