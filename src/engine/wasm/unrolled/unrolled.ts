/** The generated steps of a network of few parameters, ready to run beside the general kernels in their memory. */
import type { EngineSettings } from "../../engine";
import type { Arena } from "../arena";
import type { Kernel } from "../kernel";
import { canUnroll, unrolledSteps } from "./steps";

/** Makes steps, clipping included, of batches that fit into one block. @returns the steps completed, as the kernels' `runSteps` */
export type UnrolledSteps = (steps: number, orderCount: number) => number;

/** Null where the general kernels serve as well, or the host refuses the module. */
export function instantiateUnrolled(
  settings: EngineSettings,
  arena: Arena,
  memory: WebAssembly.Memory,
  kernels: Kernel,
  mostParameters: number,
): UnrolledSteps | null {
  if (!canUnroll(settings, mostParameters)) return null;
  const shared = typeof SharedArrayBuffer === "function" && memory.buffer instanceof SharedArrayBuffer;
  try {
    const module = new WebAssembly.Module(unrolledSteps(settings, arena, shared));
    const imports = { env: { memory, drawMasks: kernels.drawStepMasks } };
    const { runSteps } = new WebAssembly.Instance(module, imports).exports;
    return runSteps as UnrolledSteps;
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return null;
    throw error;
  }
}
