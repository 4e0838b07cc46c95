/** Worker threads that run the bundle of worker.ts. */
import { existsSync } from "node:fs";
import path from "node:path";
import { Worker, type MessagePort } from "node:worker_threads";
import type { CompiledCode, ThreadCode } from "./workerStart";

/** What V8 made of each bundle in a thread of this process. */
const compiledCode = new Map<string, Uint8Array<SharedArrayBuffer>>();

/**
 * @param file the bundle of worker.ts; without that of workerStart.ts beside it, each thread compiles it anew
 * @param data what the thread is given
 * @param ports those in the data, which become the thread's own
 */
export function startThread(file: string, data: object, name: string, ports: MessagePort[] = []): Worker {
  const code: ThreadCode = { file, compiled: compiledCode.get(file) ?? null };
  const first = path.join(path.dirname(file), "workerStart.js");
  const worker = new Worker(existsSync(first) ? first : file, {
    workerData: { ...data, code },
    transferList: ports,
    name,
  });
  worker.on("message", (message: CompiledCode | { type: "" }) => {
    if (message.type === "compiled") compiledCode.set(file, message.compiled);
  });
  return worker;
}
