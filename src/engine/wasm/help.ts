/** What a helper's thread does; see `kernel/crew.ts`. It needs nothing but what it is sent. */
import type { KernelWork } from "../threads";

/** Computes shares of a run's steps until the thread is ended. Blocks it: asleep, while there is nothing to do. */
export function helpKernels({ module, memory, run }: KernelWork, index: number): void {
  const imports = { env: { memory, interrupted: () => 0 } };
  const { exports } = new WebAssembly.Instance(module, imports);
  const kernels = exports as unknown as {
    help(run: number, index: number): void;
    helperFailed(run: number): void;
  };
  try {
    kernels.help(run, index);
  } catch (error) {
    kernels.helperFailed(run);
    throw error;
  }
}
