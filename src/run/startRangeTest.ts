/** Makes a learning-rate range test in a worker thread. */
import { DataError } from "../data/dataError";
import type { RangeTest, RangeTestEvent } from "../protocol/rangeTest";
import type { StartRun } from "../protocol/worker";
import { startThread } from "./thread";
import type { WorkerRangeTest } from "./worker";
import type { CompiledCode } from "./workerStart";

/**
 * @param workerFile the bundle of worker.ts
 * @param signal ends the thread at once; the promise is then rejected with its reason
 * @throws DataError, one sentence for the user, where the run could not begin
 */
export async function rangeTestInWorker(
  start: StartRun,
  workerFile: string,
  signal: AbortSignal,
  onProgress: (message: string, fraction: number | null) => void,
): Promise<RangeTest> {
  signal.throwIfAborted();
  const workerData: WorkerRangeTest = { rangeTest: start };
  const worker = startThread(workerFile, workerData, "downhill range test");
  const abort = (): void => void worker.terminate();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await new Promise<RangeTest>((resolve, reject) => {
      worker.on("message", (event: RangeTestEvent | CompiledCode) => {
        if (event.type === "loading") onProgress(event.message, event.fraction);
        else if (event.type === "tested") resolve(event.test);
        else if (event.type === "failed") {
          reject(event.fault ? new Error(event.message) : new DataError(event.message));
        }
      });
      worker.on("error", reject);
      worker.on("exit", (code) => {
        // After an answer this changes nothing.
        reject((signal.reason as Error | undefined) ?? new Error(`the thread ended with exit code ${code}`));
      });
    });
  } finally {
    signal.removeEventListener("abort", abort);
    void worker.terminate();
  }
}
