/** The compiled kernels: whether they can run here, and one instance over a given memory. */
import kernelBytes from "./kernel.wasm";

/** What `kernel/index.ts` exports. `run` is the address of a `Run`; booleans are 0 or 1. */
export interface Kernel {
  runSteps(run: number, steps: number): number;
  beginStep(run: number, step: number): void;
  accumulateBlock(
    run: number,
    from: number,
    rows: number,
    scale: number,
    add: number,
    dropout: number,
  ): number;
  finishStep(run: number, step: number, loss: number): number;
  evaluate(run: number, from: number, rows: number): number;
  allFinite(run: number): number;
  firstLayer(run: number, from: number, rows: number): void;
  evaluateFrom(run: number, preActivations: number, from: number, rows: number): number;
  transposeAll(run: number): void;
  /** exp, log1p, tanh, σ, Φ of the floats at [from, end), a multiple of 16 bytes. */
  elementary(which: 0 | 1 | 2 | 3 | 4, from: number, end: number): void;
}

let module: WebAssembly.Module | undefined;

/** False where the host has no WebAssembly, or none with SIMD. */
export function kernelSupported(): boolean {
  return typeof WebAssembly === "object" && WebAssembly.validate(kernelBytes);
}

export function instantiateKernel(memory: WebAssembly.Memory): Kernel {
  module ??= new WebAssembly.Module(kernelBytes);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return exports as unknown as Kernel;
}
