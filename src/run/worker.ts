/** The worker thread of one run: passes commands in and events out. */
import { parentPort, workerData } from "node:worker_threads";
import type { RunCommand, RunEvent, StartRun } from "../protocol/worker";
import { Control } from "./control";
import { runSession } from "./session";

/** What startRun.ts hands over. */
export interface WorkerStart {
  start: StartRun;
  /** Shared: see Control. */
  flag: Int32Array;
}

const port = parentPort;
if (!port) throw new Error("This file runs in a worker thread only.");
const { start, flag } = workerData as WorkerStart;
const control = new Control(flag);
port.on("message", (command: RunCommand) => control.receive(command));
const emit = (event: RunEvent): void => {
  if (event.type === "report") control.reportSent();
  port.postMessage(event);
};
void runSession(start, control, emit).then(() => port.close());
