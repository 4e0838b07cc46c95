/**
 * The engine on WebAssembly SIMD kernels. The arithmetic is in `kernel/`; here is what surrounds it: `machine.ts` is their memory,
 * `parameters.ts` and `rows.ts` say how numbers get in and out, `walk.ts` makes steps, and this file goes back when a step fails.
 *
 * A step is *fused*: the optimiser uses each strip of the gradient as soon as it is there. That a step's gradient is not finite is
 * known only when part of the parameters have moved, so the state at the beginning of the call is kept, restored and
 * walked again unfused, with the whole gradient before any update. Both ways give the same bits.
 */
import { expectLength, expectSamples } from "../checks";
import type {
  Engine,
  EngineSettings,
  Evaluation,
  FloatArray,
  Network,
  Samples,
  Snapshot,
  StepsReport,
} from "../engine";
import { outputCount, parameterCount } from "../network";
import { createReferenceEngine } from "../reference";
import { arenaLimits, type ArenaLimits } from "./arena";
import { Machine } from "./machine";
import { Parameters } from "./parameters";
import { Rows } from "./rows";
import { Walker } from "./walk";

const WASM_KERNEL = "wasm-simd-float32-1";

/**
 * @param initial the starting parameters, copied
 * @throws RangeError if sizes do not fit together, or memory is refused
 */
export function createWasmEngine(
  settings: EngineSettings,
  initial: FloatArray,
  limits: Partial<ArenaLimits> = {},
): Engine {
  return new WasmEngine(settings, initial, { ...arenaLimits, ...limits });
}

class WasmEngine implements Engine {
  readonly network: Network;

  private readonly machine: Machine;
  private readonly own: Parameters;
  private readonly rows: Rows;
  private readonly walker: Walker;
  /** Takes over after a trap. */
  private fallback: Engine | null = null;

  constructor(
    private readonly settings: EngineSettings,
    initial: FloatArray,
    limits: ArenaLimits,
  ) {
    const { network } = settings;
    expectLength("initial parameters", initial, parameterCount(network));
    expectSamples(settings);
    this.network = network;
    this.machine = new Machine(settings, limits);
    this.own = new Parameters(this.machine, network, initial);
    this.rows = new Rows(this.machine, settings);
    this.walker = new Walker(this.machine, this.rows, settings);
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
    const fused = gradientClipNorm === undefined && !walker.isLong(order);
    const before = walker.steps;
    this.own.keep();
    try {
      this.own.changing();
      const report = walker.walk({ order, learningRates, interrupt, fused });
      const broken = fused && report.nonFinite !== undefined;
      if (!broken && this.allFinite()) return report;
      this.goBack(before);
      return this.walkCarefully(order, learningRates, interrupt);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      this.goBack(before);
      const engine = createReferenceEngine(this.settings, this.own.current);
      engine.restore(this.ownSnapshot());
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
    const { arena, run, kernels } = this.machine;
    const weights = this.own.use(parameters);
    run.write({ gradientOffset: arena.backup - weights, fused: 0 });
    this.rows.inBlocksOf(arena.trainingRows);
    if (weights !== arena.weights) kernels.transposeAll(arena.run);
    const divisor = this.rows.divisor(this.settings.training, rows, 0, rows.length);
    let lossSum = 0;
    for (let from = 0; from < rows.length; from += arena.trainingRows) {
      const to = Math.min(from + arena.trainingRows, rows.length);
      this.rows.feed(rows, from, to);
      lossSum += kernels.accumulateBlock(arena.run, 0, to - from, 1 / divisor, from > 0 ? 1 : 0, 0);
    }
    return { loss: lossSum / divisor, gradient: this.own.gradient() };
  }

  evaluate(parameters: FloatArray, samples: Samples, from = 0, to = samples.count): Evaluation {
    if (this.fallback) return this.fallback.evaluate(parameters, samples, from, to);
    const { kernels, arena } = this.machine;
    return this.evaluateBlocks(parameters, samples, from, to, (rows) => kernels.evaluate(arena.run, 0, rows));
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
    const { kernels, arena, floats } = this.machine;
    const { units } = this.network.layers[0];
    expectLength("pre-activations", preActivations, (to - from) * units);
    const targetsAlone = { ...samples, inputs: new Float32Array(0) };
    return this.evaluateBlocks(parameters, targetsAlone, from, to, (rows, start) => {
      floats.set(preActivations.subarray(start * units, (start + rows) * units), arena.stagedFirst / 4);
      return kernels.evaluateFrom(arena.run, arena.stagedFirst, 0, rows);
    });
  }

  private evaluateBlocks(
    parameters: FloatArray,
    samples: Samples,
    from: number,
    to: number,
    lossOf: (rows: number, start: number) => number,
  ): Evaluation {
    const outputs = new Float32Array((to - from) * outputCount(this.network));
    let lossSum = 0;
    this.forBlocks(parameters, samples, from, to, (rows, start) => {
      lossSum += lossOf(rows, start);
      this.rows.copyOutputs(this.network.layers.length - 1, outputs, start, rows);
    });
    const weightSum = this.rows.divisor(samples, null, from, to);
    return { count: to - from, lossSum, weightSum, outputs };
  }

  /** Brings samples [from, to) in, block by block; `start` counts from `from`. */
  private forBlocks(
    parameters: FloatArray,
    samples: Samples,
    from: number,
    to: number,
    compute: (rows: number, start: number) => void,
  ): void {
    const { evaluationRows } = this.machine.arena;
    this.own.use(parameters);
    this.rows.inBlocksOf(evaluationRows);
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
    this.rows.inBlocksOf(arena.trainingRows);
  }
}
