/** How many threads a run may compute with: the runs of a process share what the machine has. */
import { availableParallelism } from "node:os";

/** The most threads that a run may be told to use. */
export const mostThreads = 64;

/** Known to all runs of the process: how many of them train now. Each takes part of the threads. */
export function createRunCount(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4));
}

export interface ThreadWishes {
  /** Of the host: the command line's option, or a setting. 0: automatic. */
  readonly host?: { readonly threads: number; readonly beforeConfig: boolean } | undefined;
  /** Of the run config. */
  readonly config?: number | undefined;
}

/** The most threads of one run: what somebody wished, else all cores but one. At least one. */
export function threadsOf({ host, config }: ThreadWishes, cores = availableParallelism()): number {
  const hosts = host && host.threads > 0 ? host.threads : undefined;
  const wish = host?.beforeConfig ? (hosts ?? config) : (config ?? hosts);
  return Math.min(mostThreads, wish ?? Math.max(1, cores - 1));
}

/** How many of `most` threads a run may use while so many runs train. */
export function threadsNow(most: number, runs: number, cores = availableParallelism()): number {
  const all = Math.max(most, cores - 1);
  return Math.max(1, Math.min(most, Math.floor(all / Math.max(1, runs))));
}
