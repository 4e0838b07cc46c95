/** The kernels over one linear memory that is laid out for a run, and the views through which the host reads and writes it. */
import type { EngineSettings } from "../engine";
import { type Arena, type ArenaLimits, layOut } from "./arena";
import { describeRun } from "./describe";
import { instantiateKernel, type Kernel } from "./kernel";
import { runRecord, type RunRecord } from "./records";

export class Machine {
  readonly arena: Arena;
  readonly kernels: Kernel;
  /** What the kernels are to do next. */
  readonly run: RunRecord;
  readonly floats: Float32Array;
  readonly doubles: Float64Array;
  readonly words: Uint32Array;

  /** @throws RangeError if the run does not fit into 4 GiB, or memory is refused */
  constructor(settings: EngineSettings, limits: ArenaLimits) {
    this.arena = layOut(settings, limits);
    const memory = new WebAssembly.Memory({ initial: this.arena.pages });
    const { buffer } = memory;
    const view = new DataView(buffer);
    this.floats = new Float32Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.words = new Uint32Array(buffer);
    this.run = runRecord(view, this.arena.run);
    this.kernels = instantiateKernel(memory);
    describeRun(settings, this.arena, this.run, view);
  }
}
