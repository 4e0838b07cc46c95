/** Worker threads that run the bundle of worker.ts. */
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { ThreadCode } from "./workerStart";

/** What V8 made of each bundle in a thread of this process. */
const compiledCode = new Map<string, Uint8Array<SharedArrayBuffer>>();

/**
 * @param file the bundle of worker.ts, with that of workerStart.ts beside it
 * @param data what the thread is given
 */
export function startThread(file: string, data: object, name: string): Worker {
  const code: ThreadCode = { file, compiled: compiledCode.get(file) ?? null };
  const first = path.join(path.dirname(file), "workerStart.js");
  const worker = new Worker(first, { workerData: { ...data, code }, name });
  worker.on("message", (message: { type: string; compiled?: Uint8Array<SharedArrayBuffer> }) => {
    if (message.type === "compiled" && message.compiled) compiledCode.set(file, message.compiled);
  });
  return worker;
}
