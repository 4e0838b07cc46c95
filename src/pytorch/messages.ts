/** What passes between a run's thread and the thread that owns its Python process; see media/pytorch/train.py for what they say. */
import type { MessagePort } from "node:worker_threads";

/** What pythonThread.ts is started with. */
export interface PythonThreadStart {
  command: string;
  args: string[];
  env: Record<string, string>;
  folder: string;
  port: MessagePort;
  /** Shared: [0] counts the messages to the run's thread, which sleeps on it; [1] is the number of the process, 0 when it is gone. */
  signal: Int32Array;
}

/** To Python, a line of JSON with what follows it; or the end of it. */
export type ToPython = { header: { type: string }; payload?: Uint8Array } | "kill";

/** A line of JSON from Python with what followed it. */
export interface PythonMessage {
  header: { type: string; [key: string]: unknown };
  payload: Uint8Array;
}

/** How the process ended. */
export interface PythonEnd {
  /** Set when it could not be started, such as "ENOENT". */
  fault?: string;
  /** Set when it said something that is no message; it was killed then. */
  rubbish?: string;
  code: number | null;
  signal: string | null;
  /** The last lines of its standard error. */
  lines: string[];
}

export type FromPython = { message: PythonMessage } | { end: PythonEnd };
