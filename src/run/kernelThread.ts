/** A thread that helps a run's thread to compute: asleep while there is nothing to do, ended by the run's thread, or with it. */
import { workerData } from "node:worker_threads";
import { helpKernels } from "../engine/wasm/help";
import type { KernelWork } from "../engine/threads";

/** What kernelThreads.ts hands over. */
export interface KernelThreadStart {
  work: KernelWork;
  index: number;
}

const { work, index } = workerData as KernelThreadStart;
helpKernels(work, index);
