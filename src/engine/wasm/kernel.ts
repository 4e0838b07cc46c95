/** The compiled kernels: whether they can run here, and one instance over a given memory. */
import kernelBytes from "./kernel.wasm";

/** What `kernel/index.ts` exports. `run` is the address of a `Run`; booleans are 0 or 1. */
export interface Kernel {
  runSteps(run: number, steps: number): number;
  beginStep(run: number, step: number): void;
  readonly drawStepMasks: (run: number, step: number, rows: number) => void;
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
  panelsOfFirst(run: number, preActivations: number, panels: number, rows: number): void;
  evaluateOnPlane(run: number, panels: number, distance: number, a: number, b: number, rows: number): number;
  transposeAll(run: number): void;
  /** Has a crew make use of so many helpers. */
  allowHelpers(run: number, count: number): void;
  /** exp, log1p, tanh, σ, Φ of the floats at [from, end), a multiple of 16 bytes. */
  elementary(which: 0 | 1 | 2 | 3 | 4, from: number, end: number): void;
}

let shared: WebAssembly.Module | undefined;
let unshared: WebAssembly.Module | undefined;

/** False where the host has no WebAssembly, or none with SIMD. */
export function kernelSupported(): boolean {
  return typeof WebAssembly === "object" && WebAssembly.validate(unsharedBytes());
}

/** @param interrupted whether the step in progress is to be left */
export function instantiateKernel(
  memory: WebAssembly.Memory,
  isShared = false,
  interrupted = () => false,
): Kernel {
  const module = isShared ? sharedKernel() : (unshared ??= new WebAssembly.Module(unsharedBytes()));
  const { exports } = new WebAssembly.Instance(module, { env: { memory, interrupted } });
  return exports as unknown as Kernel;
}

/** The kernels for a memory that several threads see. */
export function sharedKernel(): WebAssembly.Module {
  return (shared ??= new WebAssembly.Module(kernelBytes));
}

/** Memory that several threads see; null where the host has none. */
export function sharedMemory(pages: number): WebAssembly.Memory | null {
  if (typeof SharedArrayBuffer === "undefined") return null;
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    return memory.buffer instanceof SharedArrayBuffer ? memory : null;
  } catch {
    return null;
  }
}

/**
 * The same kernels for a memory of one thread's own. Whether the memory that a module imports is shared is one bit, in the flags
 * that follow the import's name and kind.
 */
function unsharedBytes(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(kernelBytes);
  const name = new TextEncoder().encode("\u0003env\u0006memory\u0002");
  const at = bytes.findIndex((_, i) => name.every((byte, k) => bytes[i + k] === byte)) + name.length;
  const [SHARED, MAXIMUM] = [2, 1];
  if (bytes[at] !== (SHARED | MAXIMUM)) throw new Error("The kernels import no shared memory.");
  bytes[at] = MAXIMUM;
  return bytes;
}
