/** The worker thread of one run, of one description of a data file, or of a lab: passes commands in and events out. */
import path from "node:path";
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import { DataError } from "../data/dataError";
import type { DescriptionEvent, StartDescription } from "../protocol/describe";
import type { RangeTestEvent } from "../protocol/rangeTest";
import type { RunCommand, RunEvent, StartRun } from "../protocol/worker";
import { Control } from "./control";
import { describeFile } from "./describeFile";
import type { LabStart } from "./lab/labThread";
import { runLab } from "./lab/labThread";
import { Lookout } from "./lab/look";
import { rangeTest } from "./rangeTest";
import { runSession } from "./session";
import { PathError } from "./workspace";
import type { CodeKeeper } from "./workerStart";

/** What startRun.ts hands over. */
export interface WorkerStart {
  start: StartRun;
  /** Shared: see Control. */
  flag: Int32Array;
  /** Shared by all runs of the process: how many of them train. */
  runCount: Int32Array;
  /** Shared: the Python process of the run; see PythonOptions. */
  python: Int32Array;
}

/** What startDescription.ts hands over. */
export interface WorkerDescription {
  describe: StartDescription;
}

/** What startRangeTest.ts hands over. */
export interface WorkerRangeTest {
  rangeTest: StartRun;
}

/** Host → worker, beside the commands: somebody wants to look at the run, through this port. */
export interface AdmitLab {
  type: "admit";
  port: MessagePort;
}

const { keepCode } = globalThis as CodeKeeper;
const given = workerData as WorkerStart | WorkerDescription | WorkerRangeTest | LabStart;
if (!parentPort) throw new Error("This file runs in a worker thread only.");
if ("lab" in given) runLab(given, parentPort);
else if ("rangeTest" in given) void testLearningRates(given.rangeTest, parentPort);
else void ("describe" in given ? describe(given.describe, parentPort) : run(given, parentPort));

async function run({ start, flag, runCount, python }: WorkerStart, port: MessagePort): Promise<void> {
  const control = new Control(flag);
  const lookout = new Lookout();
  port.on("message", (command: RunCommand | AdmitLab) => {
    if (command.type === "admit") lookout.admit(command.port);
    else control.receive(command);
  });
  const emit = (event: RunEvent): void => {
    if (event.type === "report") control.reportSent();
    port.postMessage(event);
  };
  const bundle = (name: string): string => path.join(__dirname, `${name}${path.extname(__filename)}`);
  const threads = {
    file: bundle("kernelThread"),
    runCount,
    python: { file: bundle("pythonThread"), signal: python },
  };
  await runSession(start, control, emit, threads, lookout);
  keepCode?.();
  port.close();
}

async function describe(start: StartDescription, port: MessagePort): Promise<void> {
  const post = (event: DescriptionEvent): void => port.postMessage(event);
  let told = 0;
  try {
    const description = await describeFile(start, (message, fraction) => {
      const now = performance.now();
      if (fraction !== null && now - told < 50) return;
      told = now;
      post({ type: "loading", message, fraction });
    });
    // The thread is ended when its answer has come.
    keepCode?.();
    post({ type: "described", description });
  } catch (error) {
    const fault = !(error instanceof DataError || error instanceof PathError);
    post({ type: "failed", message: error instanceof Error ? error.message : String(error), fault });
  }
}

async function testLearningRates(start: StartRun, port: MessagePort): Promise<void> {
  const post = (event: RangeTestEvent): void => port.postMessage(event);
  let told = 0;
  try {
    const test = await rangeTest(start, {
      progress: (message, fraction) => {
        const now = performance.now();
        if (fraction !== null && now - told < 50) return;
        told = now;
        post({ type: "loading", message, fraction });
      },
      breathe: () => Promise.resolve(),
    });
    post({ type: "tested", test });
  } catch (error) {
    const known = ["ConfigError", "PathError", "DataError", "FormatError"];
    const fault = !(error instanceof Error && known.includes(error.name));
    post({ type: "failed", message: error instanceof Error ? error.message : String(error), fault });
  }
}
