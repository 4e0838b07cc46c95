/**
 * The first file of a worker thread: runs `worker.js` from the code that V8 made of it in an earlier thread of this process, which
 * saves compiling it anew for each run. V8 itself refuses code that is not of this source or this version of it.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { Script } from "node:vm";
import { parentPort, workerData } from "node:worker_threads";

/** What `thread.ts` hands over beside the thread's own data. */
export interface ThreadCode {
  file: string;
  /** Shared by all threads; null in the first one. */
  compiled: Uint8Array<SharedArrayBuffer> | null;
}

/** Thread → host, beside what the thread is for. */
export interface CompiledCode {
  type: "compiled";
  compiled: Uint8Array<SharedArrayBuffer>;
}

/** What a thread calls when most of its functions have been compiled, if anybody is to know. */
export interface CodeKeeper {
  keepCode?: () => void;
}

const { code } = workerData as { code: ThreadCode };
const source = readFileSync(code.file, "utf8");
const script = new Script(`(function (module, require, __filename, __dirname) {${source}\n})`, {
  filename: code.file,
  ...(code.compiled && { cachedData: code.compiled }),
});
if (code.compiled === null || script.cachedDataRejected) {
  (globalThis as CodeKeeper).keepCode = () => {
    const made = script.createCachedData();
    const compiled = new Uint8Array(new SharedArrayBuffer(made.length));
    compiled.set(made);
    const message: CompiledCode = { type: "compiled", compiled };
    parentPort?.postMessage(message);
  };
}
type Module = (module: object, require: NodeJS.Require, file: string, folder: string) => void;
const run = script.runInThisContext() as Module;
run({ exports: {} }, createRequire(code.file), code.file, path.dirname(code.file));
