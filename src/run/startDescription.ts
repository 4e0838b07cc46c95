/** Describes a data file in a worker thread of its own, so that a large one holds nobody up. */
import { DataError } from "../data/dataError";
import type { DataDescription, DescriptionEvent, StartDescription } from "../protocol/describe";
import { startThread } from "./thread";
import type { WorkerDescription } from "./worker";
import type { CompiledCode } from "./workerStart";

export interface DescriptionOptions {
  /** Told now and then how far it is. */
  onProgress?: (message: string, fraction: number | null) => void;
  /** Ends the worker at once; the promise is then rejected with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * @param workerFile the bundle of worker.ts
 * @throws DataError, one sentence for the user, when the file cannot be read as a table
 */
export async function describeInWorker(
  start: StartDescription,
  workerFile: string,
  { onProgress, signal }: DescriptionOptions = {},
): Promise<DataDescription> {
  signal?.throwIfAborted();
  const workerData: WorkerDescription = { describe: start };
  const worker = startThread(workerFile, workerData, "downhill describe");
  const abort = (): void => void worker.terminate();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await new Promise<DataDescription>((resolve, reject) => {
      worker.on("message", (event: DescriptionEvent | CompiledCode) => {
        if (event.type === "loading") onProgress?.(event.message, event.fraction);
        else if (event.type === "described") resolve(event.description);
        else if (event.type === "failed")
          reject(event.fault ? new Error(event.message) : new DataError(event.message));
      });
      worker.on("error", (error: NodeJS.ErrnoException) => {
        const outOfMemory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
        reject(outOfMemory ? new DataError("The file is too large for the memory of this machine.") : error);
      });
      worker.on("exit", (code) => {
        // After an answer this changes nothing.
        reject((signal?.reason as Error | undefined) ?? new Error(`the thread ended with exit code ${code}`));
      });
    });
  } finally {
    signal?.removeEventListener("abort", abort);
    void worker.terminate();
  }
}
