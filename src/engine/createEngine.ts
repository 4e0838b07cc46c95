/** Chooses the engine: the SIMD kernels where they can run, the reference loops everywhere else. */
import type { Engine, EngineSettings, FloatArray } from "./engine";
import { createReferenceEngine } from "./reference";
import type { KernelThreads } from "./threads";
import { kernelSupported } from "./wasm/kernel";
import { createWasmEngine } from "./wasm/wasmEngine";

export interface EngineOptions {
  /** Told, in one sentence, why the slower reference kernels serve. */
  readonly log?: (message: string) => void;
  /** Threads that the SIMD kernels may use where it pays; absent: the caller's alone. */
  readonly threads?: KernelThreads;
}

/**
 * The fastest engine that this host can run. Its `kernel` says which it is.
 *
 * @param initial the starting parameters, copied
 * @throws RangeError if sizes do not fit together
 */
export function createEngine(
  settings: EngineSettings,
  initial: FloatArray,
  { log, threads }: EngineOptions = {},
): Engine {
  // Only the reference computes in float64.
  if (settings.precision === "float64") return createReferenceEngine(settings, initial);
  if (!kernelSupported()) {
    log?.("This host has no WebAssembly SIMD, so the slower reference kernels serve.");
    return createReferenceEngine(settings, initial);
  }
  try {
    return createWasmEngine(settings, initial, { ...(log && { log }), ...(threads && { threads }) });
  } catch (error) {
    // If the settings themselves are wrong, the reference engine says so as well.
    const engine = createReferenceEngine(settings, initial);
    const reason = error instanceof Error ? error.message : String(error);
    log?.(`The SIMD kernels could not start (${reason}), so the slower reference kernels serve.`);
    return engine;
  }
}
