/**
 * What an engine asks of its host to compute on several threads. The engine knows none: it says what each is to do and how many it can
 * make use of; the host makes them, counts them and ends them.
 */

/** What a helper needs to know, to be sent to its thread as it is. */
export interface KernelWork {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly run: number;
}

export interface KernelThreads {
  /** The most that will ever compute at once, the caller's own included. */
  readonly most: number;
  /** How many may compute now, the caller's own included. */
  allowed(): number;
  /** Has a new thread call `helpKernels(work, index)` of `wasm/help.ts`, which ends when `stop` is called. */
  start(work: KernelWork, index: number): void;
  /** Ends all threads that were started, whatever they are doing. `allowed` is 1 from now on. */
  stop(): void;
}
