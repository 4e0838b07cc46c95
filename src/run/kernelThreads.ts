/** The threads that a run's engine may use, made of worker threads. They never outlive the thread that made them. */
import { Worker } from "node:worker_threads";
import type { KernelThreads, KernelWork } from "../engine/threads";
import type { KernelThreadStart } from "./kernelThread";

/** A helper computes in memory that it is sent, so that its own may be small. */
const resourceLimits = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 };

export interface KernelThreadOptions {
  /** The bundle of kernelThread.ts. */
  readonly file: string;
  readonly most: number;
  /** How many may compute now. */
  readonly allowed: () => number;
  /** Told when a thread ended that was not to. */
  readonly lost: () => void;
}

export class WorkerKernelThreads implements KernelThreads {
  readonly most: number;
  private readonly workers = new Set<Worker>();
  private stopped = false;

  constructor(private readonly options: KernelThreadOptions) {
    this.most = options.most;
  }

  allowed(): number {
    return this.stopped ? 1 : this.options.allowed();
  }

  start(work: KernelWork, index: number): void {
    const workerData: KernelThreadStart = { work, index };
    const worker = new Worker(this.options.file, {
      workerData,
      resourceLimits,
      execArgv: [],
      name: `downhill kernels ${index + 1}`,
    });
    this.workers.add(worker);
    // Nobody waits for it to end.
    worker.unref();
    worker.on("error", () => this.fail());
    worker.on("exit", () => {
      this.workers.delete(worker);
      this.fail();
    });
  }

  stop(): void {
    this.stopped = true;
    for (const worker of this.workers) void worker.terminate();
  }

  private fail(): void {
    if (this.stopped) return;
    this.stop();
    this.options.lost();
  }
}
