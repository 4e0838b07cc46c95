/** The kernels over one linear memory that is laid out for a run, and the views through which the host reads and writes it. */
import type { EngineSettings } from "../engine";
import type { KernelThreads } from "../threads";
import { type Arena, type ArenaLimits, layOut, panelStride } from "./arena";
import { describeRun } from "./describe";
import { instantiateKernel, type Kernel, sharedKernel, sharedMemory } from "./kernel";
import { runRecord, type RunRecord } from "./records";
import { instantiateUnrolled, type UnrolledSteps } from "./unrolled/unrolled";

/** Multiplications of a step that a thread must have to be worth its trouble. */
const WORK_OF_THREAD = 500_000;
const MOST_THREADS = 64;
/** Weights up to this size stay in a core's own cache, so that each thread can walk all of them. */
const NEAR_BYTES = 2 ** 19;
/** Multiplications of a step that takes a few milliseconds: one that an interrupt must not wait for. */
const LONG_WORK = 2 ** 26;

/** A thread that took a share of a step does not come back. The parameters may have moved in part. */
export class ThreadLost extends Error {}

export class Machine {
  readonly arena: Arena;
  readonly kernels: Kernel;
  /** Steps generated for this very network; null where the general kernels serve. */
  readonly unrolled: UnrolledSteps | null;
  /** What the kernels are to do next. */
  readonly run: RunRecord;
  readonly floats: Float32Array;
  readonly doubles: Float64Array;
  readonly words: Uint32Array;
  /** Steps are left in mid-way when its first number is not 0. */
  interrupt: Int32Array | undefined;
  /** Whether a step is so long that it must be left in mid-way. */
  readonly hasLongSteps: boolean;
  private readonly threadCount: number;
  private readonly weightsAreNear: boolean;

  /**
   * @param threads to share the work with, if it is worth it
   * @throws RangeError if the run does not fit into 4 GiB, or memory is refused
   */
  constructor(
    settings: EngineSettings,
    limits: ArenaLimits,
    private readonly threads?: KernelThreads,
  ) {
    const rows = Math.min(settings.batchSize, settings.training.count);
    const work = settings.network.layers.reduce(
      (sum, { inputs, units }) => sum + 3 * inputs * units * rows,
      0,
    );
    const useful = work < limits.sharedWork ? 1 : Math.ceil(work / WORK_OF_THREAD);
    const wanted = Math.min(threads?.most ?? 1, useful, MOST_THREADS);
    let arena = layOut(settings, limits, wanted - 1);
    const shared = wanted > 1 ? sharedMemory(arena.pages) : null;
    if (!shared && wanted > 1) arena = layOut(settings, limits);
    this.arena = arena;
    this.threadCount = shared ? wanted : 1;
    this.hasLongSteps = work >= LONG_WORK;
    this.weightsAreNear = arena.packedLength * 4 <= NEAR_BYTES;
    const memory = shared ?? new WebAssembly.Memory({ initial: this.arena.pages, maximum: this.arena.pages });
    const { buffer } = memory;
    const view = new DataView(buffer);
    this.floats = new Float32Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.words = new Uint32Array(buffer);
    this.run = runRecord(view, this.arena.run);
    this.kernels = instantiateKernel(memory, shared !== null, () => this.interrupted);
    describeRun(settings, this.arena, this.run, view);
    const { unrolledParameters } = limits;
    this.unrolled = instantiateUnrolled(settings, this.arena, memory, this.kernels, unrolledParameters);
    for (let index = 0; index < this.threadCount - 1; index++) {
      threads?.start({ module: sharedKernel(), memory, run: this.arena.run }, index);
    }
  }

  get interrupted(): boolean {
    return this.interrupt !== undefined && Atomics.load(this.interrupt, 0) !== 0;
  }

  /** Has the kernels walk blocks of at most so many rows. */
  inBlocksOf(rows: number): void {
    const { threadCount } = this;
    const byRows = this.weightsAreNear && (threadCount === 1 || rows >= 8 * threadCount);
    const shares = threadCount === 1 ? 1 : byRows ? 4 * threadCount : threadCount;
    this.run.write({
      capacity: rows,
      stride: panelStride(rows),
      byRows: byRows ? 1 : 0,
      shareRows: Math.max(8, 4 * Math.ceil(rows / shares / 4)),
    });
  }

  /**
   * Calls the kernels, with as many threads as may compute now.
   *
   * @param interruptible 0: what is begun is ended; 1: it may be left before the parameters move; 2: anywhere
   * @returns what the kernels do, or null if they left it because of an interrupt
   * @throws ThreadLost
   */
  call(interruptible: 0 | 1 | 2, compute: () => number): number | null {
    const { run, threadCount } = this;
    run.write({ left: 0, interruptible });
    if (threadCount > 1) {
      this.kernels.allowHelpers(this.arena.run, Math.min(threadCount, this.threads?.allowed() ?? 1) - 1);
    }
    const result = compute();
    const left = run.read("left");
    if (left === 2) throw new ThreadLost();
    return left === 1 ? null : result;
  }
}
