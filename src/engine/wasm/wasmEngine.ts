/**
 * The engine on WebAssembly SIMD kernels. The arithmetic is in `kernel/`; here is what surrounds it: `machine.ts` is their memory,
 * `parameters.ts` and `rows.ts` say how numbers get in and out, `walk.ts` makes steps, and this file goes back when a step fails.
 *
 * A step is *fused*: the optimiser uses each strip of the gradient as soon as it is there. That a step's gradient is not finite is
 * known only when part of the parameters have moved, so the state at the beginning of the call is kept, restored and
 * walked again unfused, with the whole gradient before any update. Both ways give the same bits, as do the steps that `unrolled/`
 * generates for networks of few parameters.
 */
import { expectLength, expectPlane, expectSamples } from "../checks";
import type {
  Engine,
  EngineSettings,
  Evaluation,
  FloatArray,
  Network,
  ParameterPlane,
  Samples,
  Snapshot,
  StepsReport,
} from "../engine";
import { outputCount, parameterCount } from "../network";
import { createReferenceEngine } from "../reference";
import type { KernelThreads } from "../threads";
import { arenaLimits, type ArenaLimits } from "./arena";
import { Machine, ThreadLost } from "./machine";
import { Parameters } from "./parameters";
import { lossesOnPlane } from "./plane";
import { Rows } from "./rows";
import { Walker } from "./walk";

const WASM_KERNEL = "wasm-simd-float32-2";

export interface WasmOptions extends Partial<ArenaLimits> {
  /** Threads that steps long enough are shared with. */
  readonly threads?: KernelThreads;
  /** Told, in one sentence, why fewer threads compute. */
  readonly log?: (message: string) => void;
}

/**
 * @param initial the starting parameters, copied
 * @throws RangeError if sizes do not fit together, or memory is refused
 */
export function createWasmEngine(
  settings: EngineSettings,
  initial: FloatArray,
  options: WasmOptions = {},
): Engine {
  return new WasmEngine(settings, initial, options);
}

class WasmEngine implements Engine {
  readonly network: Network;

  private machine: Machine;
  private own: Parameters;
  private rows: Rows;
  private walker: Walker;
  /** Takes over after a trap. */
  private fallback: Engine | null = null;

  constructor(
    private readonly settings: EngineSettings,
    initial: FloatArray,
    private readonly options: WasmOptions,
  ) {
    const { network } = settings;
    expectLength("initial parameters", initial, parameterCount(network));
    expectSamples(settings);
    this.network = network;
    this.machine = new Machine(settings, { ...arenaLimits, ...options }, options.threads);
    this.own = new Parameters(this.machine, network, initial);
    this.rows = new Rows(this.machine, settings);
    this.walker = new Walker(this.machine, this.rows, settings);
  }

  /**
   * Goes on alone, in a memory that no other thread sees, from a state that none can have changed: one that is late
   * may still write where it was told to.
   */
  private goOnAlone(state: Snapshot): void {
    this.options.threads?.stop();
    this.options.log?.("A thread that helped to compute was lost, so the run goes on with one.");
    this.machine = new Machine(this.settings, { ...arenaLimits, ...this.options });
    this.own = this.own.movedTo(this.machine, state);
    this.rows = new Rows(this.machine, this.settings);
    this.walker = new Walker(this.machine, this.rows, this.settings);
    this.walker.steps = state.step;
  }

  /** Computes something that leaves the parameters alone; anew, if a thread is lost meanwhile. */
  private probe<T>(compute: () => T): T {
    try {
      return compute();
    } catch (error) {
      if (!(error instanceof ThreadLost)) throw error;
      this.goOnAlone(this.ownSnapshot());
      return compute();
    }
  }

  get kernel(): string {
    return this.fallback?.kernel ?? WASM_KERNEL;
  }

  get step(): number {
    return this.fallback?.step ?? this.walker.steps;
  }

  /** Brought up to date when it is asked for: ask anew after steps. To change the parameters, `restore`. */
  get parameters(): FloatArray {
    return this.fallback?.parameters ?? this.own.current;
  }

  runSteps(order: Uint32Array, learningRates: Float64Array, interrupt?: Int32Array): StepsReport {
    if (this.fallback) return this.fallback.runSteps(order, learningRates, interrupt);
    const { batchSize, gradientClipNorm } = this.settings;
    const steps = learningRates.length;
    if (order.length <= (steps - 1) * batchSize) {
      throw new RangeError(
        `${steps} steps of ${batchSize} rows need more than the ${order.length} rows given`,
      );
    }
    const { walker } = this;
    this.forTraining();
    const unclipped = gradientClipNorm === undefined || this.machine.unrolled !== null;
    const fused = unclipped && !walker.isLong(order);
    const before = walker.steps;
    this.own.keep();
    try {
      this.own.changing();
      const report = walker.walk({ order, learningRates, interrupt, fused });
      // A step that was left in mid-way may have moved part of the parameters.
      if (walker.leftStep && report.completed === 0) this.goBack(before);
      const broken = fused && report.nonFinite !== undefined;
      if (!broken && this.allFinite()) return report;
      this.goBack(before);
      return this.walkCarefully(order, learningRates, interrupt);
    } catch (error) {
      const state = { step: before, ...this.own.kept() };
      if (error instanceof ThreadLost) {
        this.goOnAlone(state);
        return this.runSteps(order, learningRates, interrupt);
      }
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      this.options.threads?.stop();
      const engine = createReferenceEngine(this.settings, state.parameters);
      engine.restore(state);
      this.fallback = engine;
      return engine.runSteps(order, learningRates, interrupt);
    }
  }

  /** Up to the last good step, also where the step after it has finite gradients and makes a parameter infinite. */
  private walkCarefully(
    order: Uint32Array,
    learningRates: Float64Array,
    interrupt: Int32Array | undefined,
  ): StepsReport {
    const { walker } = this;
    const before = walker.steps;
    const report = walker.walk({ order, learningRates, interrupt, fused: false, checked: true });
    if (!this.allFinite()) {
      this.goBack(before);
      walker.walk({ order, learningRates: learningRates.subarray(0, report.completed), fused: false });
    }
    return report;
  }

  private allFinite(): boolean {
    const { kernels, arena } = this.machine;
    return kernels.allFinite(arena.run) !== 0;
  }

  private goBack(step: number): void {
    this.own.goBack();
    this.walker.steps = step;
  }

  gradientAt(parameters: FloatArray, rows: Uint32Array): { loss: number; gradient: FloatArray } {
    if (this.fallback) return this.fallback.gradientAt(parameters, rows);
    const at = this.probe(() => this.ownGradientAt(parameters, rows, null));
    if (!at) throw new Error("a gradient that nothing interrupts was interrupted");
    return at;
  }

  stepGradientAt(
    parameters: FloatArray,
    rows: Uint32Array,
    step: number,
    interrupt?: Int32Array,
  ): { loss: number; gradient: FloatArray } | null {
    if (this.fallback) return this.fallback.stepGradientAt(parameters, rows, step, interrupt);
    const masked = this.network.layers.some(({ dropout }) => dropout > 0) ? step : null;
    return this.probe(() => this.ownGradientAt(parameters, rows, masked, interrupt));
  }

  /** @param maskedStep whose dropout masks are drawn; null leaves every unit in */
  private ownGradientAt(
    parameters: FloatArray,
    rows: Uint32Array,
    maskedStep: number | null,
    interrupt?: Int32Array,
  ): { loss: number; gradient: FloatArray } | null {
    const { arena, run, kernels } = this.machine;
    const masked = maskedStep === null ? 0 : 1;
    const weights = this.own.use(parameters);
    run.write({ gradientOffset: arena.backup - weights, fused: 0 });
    this.machine.inBlocksOf(arena.trainingRows);
    if (weights !== arena.weights) kernels.transposeAll(arena.run);
    const divisor = this.rows.divisor(this.settings.training, rows, 0, rows.length);
    if (maskedStep !== null) {
      run.write({ stepLow: maskedStep - 1, stepHigh: Math.floor((maskedStep - 1) / 2 ** 32) });
      kernels.beginStep(arena.run, 0);
    }
    let lossSum = 0;
    for (let from = 0; from < rows.length; from += arena.trainingRows) {
      if (interrupt !== undefined && Atomics.load(interrupt, 0) !== 0) return null;
      const to = Math.min(from + arena.trainingRows, rows.length);
      this.rows.feed(rows, from, to);
      const more = from > 0 ? 1 : 0;
      lossSum += this.compute(() =>
        kernels.accumulateBlock(arena.run, 0, to - from, 1 / divisor, more, masked),
      );
    }
    return { loss: lossSum / divisor, gradient: this.own.gradient() };
  }

  evaluate(parameters: FloatArray, samples: Samples, from = 0, to = samples.count): Evaluation {
    if (this.fallback) return this.fallback.evaluate(parameters, samples, from, to);
    return this.probe(() => {
      const { kernels, arena } = this.machine;
      return this.evaluateBlocks(parameters, samples, from, to, (rows) =>
        kernels.evaluate(arena.run, 0, rows),
      );
    });
  }

  firstPreActivations(parameters: FloatArray, samples: Samples, from = 0, to = samples.count): FloatArray {
    if (this.fallback) return this.fallback.firstPreActivations(parameters, samples, from, to);
    const { kernels, arena } = this.machine;
    const result = new Float32Array((to - from) * this.network.layers[0].units);
    this.forBlocks(parameters, samples, from, to, (rows, start) => {
      kernels.firstLayer(arena.run, 0, rows);
      this.rows.copyOutputs(0, result, start, rows);
    });
    return result;
  }

  evaluateFrom(
    preActivations: FloatArray,
    parameters: FloatArray,
    samples: Samples,
    from = 0,
    to = samples.count,
  ): Evaluation {
    if (this.fallback) return this.fallback.evaluateFrom(preActivations, parameters, samples, from, to);
    const { units } = this.network.layers[0];
    expectLength("pre-activations", preActivations, (to - from) * units);
    const targetsAlone = { ...samples, inputs: new Float32Array(0) };
    return this.probe(() => {
      const { kernels, arena, floats } = this.machine;
      return this.evaluateBlocks(
        parameters,
        targetsAlone,
        from,
        to,
        (rows, start) => {
          floats.set(preActivations.subarray(start * units, (start + rows) * units), arena.stagedFirst / 4);
          return kernels.evaluateFrom(arena.run, arena.stagedFirst, 0, rows);
        },
        1,
      );
    });
  }

  lossesOnPlane(
    plane: ParameterPlane,
    a: Float64Array,
    b: Float64Array,
    samples: Samples,
    from = 0,
    to = samples.count,
  ): Float64Array {
    if (this.fallback) return this.fallback.lossesOnPlane(plane, a, b, samples, from, to);
    expectPlane(plane, a, b, this.own.count, (to - from) * this.network.layers[0].units);
    const points = { plane, a, b, samples, from, to };
    return this.probe(() => lossesOnPlane(this.machine, this.rows, this.network, points));
  }

  /** Calls the kernels for something that no interrupt cuts short. */
  private compute(kernels: () => number): number {
    return this.machine.call(0, kernels) ?? 0;
  }

  private evaluateBlocks(
    parameters: FloatArray,
    samples: Samples,
    from: number,
    to: number,
    lossOf: (rows: number, start: number) => number,
    firstLayer = 0,
  ): Evaluation {
    const outputs = new Float32Array((to - from) * outputCount(this.network));
    let lossSum = 0;
    this.forBlocks(
      parameters,
      samples,
      from,
      to,
      (rows, start) => {
        lossSum += this.compute(() => lossOf(rows, start));
        this.rows.copyOutputs(this.network.layers.length - 1, outputs, start, rows);
      },
      firstLayer,
    );
    const weightSum = this.rows.divisor(samples, null, from, to);
    return { count: to - from, lossSum, weightSum, outputs };
  }

  /** Brings samples [from, to) in, block by block; `start` counts from `from`. Layers before the first are not asked for. */
  private forBlocks(
    parameters: FloatArray,
    samples: Samples,
    from: number,
    to: number,
    compute: (rows: number, start: number) => void,
    firstLayer = 0,
  ): void {
    const { evaluationRows } = this.machine.arena;
    this.own.use(parameters, firstLayer);
    this.machine.inBlocksOf(evaluationRows);
    for (let start = from; start < to; start += evaluationRows) {
      const rows = Math.min(evaluationRows, to - start);
      this.rows.feedBlock(samples, start, start + rows);
      compute(rows, start - from);
    }
  }

  /** Rare, and float64 throughout, so that the plain loops serve. */
  hessianVector(parameters: FloatArray, rows: Uint32Array, vector: FloatArray): FloatArray {
    this.curvature ??= createReferenceEngine(
      { ...this.settings, optimizer: { type: "sgd", learningRate: 0, weightDecay: 0 } },
      this.own.current,
    );
    return this.curvature.hessianVector(
      parameters === this.own.view ? this.parameters : parameters,
      rows,
      vector,
    );
  }
  private curvature: Engine | null = null;

  snapshot(): Snapshot {
    return this.fallback?.snapshot() ?? this.ownSnapshot();
  }

  restore(snapshot: Snapshot): void {
    if (this.fallback) {
      this.fallback.restore(snapshot);
      return;
    }
    this.own.restore(snapshot);
    this.walker.steps = snapshot.step;
  }

  private ownSnapshot(): Snapshot {
    return { step: this.walker.steps, ...this.own.snapshot() };
  }

  private forTraining(): void {
    const { arena, run } = this.machine;
    run.write({
      layers: arena.liveLayers,
      gradientOffset: arena.probeWeights - arena.weights,
      batchSize: this.settings.batchSize,
    });
    this.machine.inBlocksOf(arena.trainingRows);
  }
}
