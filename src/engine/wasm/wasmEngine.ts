/**
 * The engine on WebAssembly SIMD kernels. The arithmetic is in `kernel/`; here is what surrounds it: the parameters in panels, rows on
 * their way into linear memory, many steps in one call, and the way back when a step fails.
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
  Optimizer,
  Samples,
  Snapshot,
  StepsReport,
} from "../engine";
import { targetWidth } from "../losses";
import { inputCount, outputCount, parameterCount } from "../network";
import { createReferenceEngine } from "../reference";
import { type Arena, arenaLimits, type ArenaLimits, layOut, panelStride } from "./arena";
import { instantiateKernel, type Kernel } from "./kernel";
import { pack, PANEL, packedLength, panelCount, transposedLength, unpack } from "./panels";
import { powersOf } from "./powers";
import { LAYER_BYTES, layerRecord, type RunRecord, runRecord } from "./records";

const WASM_KERNEL = "wasm-simd-float32-1";

/** The numbers by which the kernels know these. */
const activations = [
  "identity",
  "relu",
  "leaky-relu",
  "elu",
  "tanh",
  "sigmoid",
  "softplus",
  "silu",
  "gelu",
] as const;
const losses = ["mse", "mae", "binary-cross-entropy", "categorical-cross-entropy"] as const;
const optimizers = ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adagrad"] as const;

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

  private steps = 0;
  private readonly arena: Arena;
  private readonly memory: WebAssembly.Memory;
  private readonly kernels: Kernel;
  private readonly run: RunRecord;
  private readonly floats: Float32Array;
  private readonly doubles: Float64Array;
  private readonly words: Uint32Array;
  private readonly flat: Float32Array;
  /** Whether `flat` is behind the panels. */
  private stale = false;
  /** Takes over after a trap. */
  private fallback: Engine | null = null;
  /** Adam's β₁ᵗ and β₂ᵗ. */
  private readonly power1: (step: number) => number;
  private readonly power2: (step: number) => number;
  private readonly inputs: number;
  private readonly outputs: number;
  private readonly targets: number;

  constructor(
    private readonly settings: EngineSettings,
    initial: FloatArray,
    limits: ArenaLimits,
  ) {
    const { network, training, optimizer } = settings;
    const count = parameterCount(network);
    expectLength("initial parameters", initial, count);
    expectSamples(settings);
    this.network = network;
    this.inputs = inputCount(network);
    this.outputs = outputCount(network);
    this.targets = targetWidth(settings.loss, this.outputs);
    const [beta1, beta2] = "beta1" in optimizer ? [optimizer.beta1, optimizer.beta2] : [0, 0];
    this.power1 = powersOf(beta1);
    this.power2 = powersOf(beta2);
    this.arena = layOut(settings, limits);
    this.memory = new WebAssembly.Memory({ initial: this.arena.pages });
    const { buffer } = this.memory;
    this.floats = new Float32Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.words = new Uint32Array(buffer);
    this.run = runRecord(new DataView(buffer), this.arena.run);
    this.kernels = instantiateKernel(this.memory);
    this.writeRecords();
    this.flat = new Float32Array(count);
    this.setParameters(initial);
    if (this.arena.resident) {
      this.floats.set(training.inputs, this.arena.inputs / 4);
      this.floats.set(training.targets, this.arena.targets / 4);
    }
    for (let i = 0; i < this.arena.stagedRows; i++) this.words[this.arena.identity / 4 + i] = i;
  }

  get kernel(): string {
    return this.fallback?.kernel ?? WASM_KERNEL;
  }

  get step(): number {
    return this.fallback?.step ?? this.steps;
  }

  /** Brought up to date when it is asked for: ask anew after steps. To change the parameters, `restore`. */
  get parameters(): FloatArray {
    if (this.fallback) return this.fallback.parameters;
    if (this.stale) {
      unpack(this.network, this.packed(this.arena.weights), this.flat);
      this.stale = false;
    }
    return this.flat;
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
    this.forTraining();
    const fused = gradientClipNorm === undefined && !this.isLong(order);
    const before = this.steps;
    this.keepState();
    try {
      const report = this.walk(order, learningRates, interrupt, { fused });
      const broken = fused && report.nonFinite !== undefined;
      if (!broken && this.kernels.allFinite(this.arena.run)) return report;
      this.goBack(before);
      return this.walkCarefully(order, learningRates, interrupt);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      this.goBack(before);
      const engine = createReferenceEngine(this.settings, this.flat);
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
    const before = this.steps;
    const report = this.walk(order, learningRates, interrupt, { fused: false, checked: true });
    if (!this.kernels.allFinite(this.arena.run)) {
      this.goBack(before);
      this.walk(order, learningRates.subarray(0, report.completed), undefined, { fused: false });
    }
    return report;
  }

  private keepState(): void {
    const { weights, backup, packedLength, slots } = this.arena;
    this.floats.copyWithin(backup / 4, weights / 4, weights / 4 + packedLength * (1 + slots));
  }

  private goBack(step: number): void {
    const { weights, backup, packedLength, slots } = this.arena;
    this.floats.copyWithin(weights / 4, backup / 4, backup / 4 + packedLength * (1 + slots));
    this.kernels.transposeAll(this.arena.run);
    this.steps = step;
    this.stale = true;
  }

  gradientAt(parameters: FloatArray, rows: Uint32Array): { loss: number; gradient: FloatArray } {
    if (this.fallback) return this.fallback.gradientAt(parameters, rows);
    const { arena } = this;
    const weights = this.usePanelsOf(parameters);
    this.run.write({ gradientOffset: arena.backup - weights, fused: 0 });
    this.forBlocksOf(arena.trainingRows);
    if (weights !== arena.weights) this.kernels.transposeAll(arena.run);
    let lossSum = 0;
    for (let from = 0; from < rows.length; from += arena.trainingRows) {
      const to = Math.min(from + arena.trainingRows, rows.length);
      this.feed(rows, from, to);
      lossSum += this.kernels.accumulateBlock(arena.run, 0, to - from, 1 / rows.length, from > 0 ? 1 : 0, 0);
    }
    const gradient = new Float32Array(this.flat.length);
    unpack(this.network, this.packed(arena.backup), gradient);
    return { loss: lossSum / rows.length, gradient };
  }

  evaluate(parameters: FloatArray, samples: Samples, from = 0, to = samples.count): Evaluation {
    if (this.fallback) return this.fallback.evaluate(parameters, samples, from, to);
    const { kernels, arena } = this;
    return this.evaluateBlocks(parameters, samples, from, to, (rows) => kernels.evaluate(arena.run, 0, rows));
  }

  firstPreActivations(parameters: FloatArray, samples: Samples, from = 0, to = samples.count): FloatArray {
    if (this.fallback) return this.fallback.firstPreActivations(parameters, samples, from, to);
    const { kernels, arena } = this;
    const result = new Float32Array((to - from) * this.network.layers[0].units);
    this.forBlocks(parameters, samples, from, to, (rows, start) => {
      kernels.firstLayer(arena.run, 0, rows);
      this.copyOutputs(0, result, start, rows);
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
    const { kernels, arena } = this;
    const { units } = this.network.layers[0];
    expectLength("pre-activations", preActivations, (to - from) * units);
    const targetsAlone = { ...samples, inputs: new Float32Array(0) };
    return this.evaluateBlocks(parameters, targetsAlone, from, to, (rows, start) => {
      const block = preActivations.subarray(start * units, (start + rows) * units);
      this.floats.set(block, arena.stagedFirst / 4);
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
    const outputs = new Float32Array((to - from) * this.outputs);
    let lossSum = 0;
    this.forBlocks(parameters, samples, from, to, (rows, start) => {
      lossSum += lossOf(rows, start);
      this.copyOutputs(this.network.layers.length - 1, outputs, start, rows);
    });
    return { count: to - from, lossSum, outputs };
  }

  /** Brings samples [from, to) in, block by block; `start` counts from `from`. */
  private forBlocks(
    parameters: FloatArray,
    samples: Samples,
    from: number,
    to: number,
    compute: (rows: number, start: number) => void,
  ): void {
    const { arena } = this;
    this.usePanelsOf(parameters);
    this.forBlocksOf(arena.evaluationRows);
    this.run.write({ inputs: arena.stagedInputs, targets: arena.stagedTargets, order: arena.identity });
    for (let start = from; start < to; start += arena.evaluationRows) {
      const rows = Math.min(arena.evaluationRows, to - start);
      this.stage(samples, start, start + rows, 0);
      compute(rows, start - from);
    }
  }

  /** Rare, and float64 throughout, so that the plain loops serve. */
  hessianVector(parameters: FloatArray, rows: Uint32Array, vector: FloatArray): FloatArray {
    this.curvature ??= createReferenceEngine(
      { ...this.settings, optimizer: { type: "sgd", learningRate: 0, weightDecay: 0 } },
      this.flat,
    );
    return this.curvature.hessianVector(
      parameters === this.flat ? this.parameters : parameters,
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
    const { step, parameters, slots } = snapshot;
    expectLength("parameters", parameters, this.flat.length);
    if (slots.length !== this.arena.slots) {
      throw new RangeError(`this optimiser has ${this.arena.slots} slots, and the snapshot ${slots.length}`);
    }
    for (const slot of slots) expectLength("a slot", slot, this.flat.length);
    this.steps = step;
    this.setParameters(parameters);
    slots.forEach((slot, index) => pack(this.network, slot, this.packed(this.slotAddress(index))));
  }

  private ownSnapshot(): Snapshot {
    const slots = Array.from({ length: this.arena.slots }, (_, index) => {
      const slot = new Float32Array(this.flat.length);
      unpack(this.network, this.packed(this.slotAddress(index)), slot);
      return slot;
    });
    return { step: this.steps, parameters: this.parameters.slice(), slots };
  }

  /** Makes steps, fused or not, in calls short enough for an interrupt to be seen soon. */
  private walk(
    order: Uint32Array,
    learningRates: Float64Array,
    interrupt: Int32Array | undefined,
    { fused, checked = false }: { fused: boolean; checked?: boolean },
  ): StepsReport {
    const { batchSize } = this.settings;
    const { arena } = this;
    const steps = learningRates.length;
    const report = { losses: new Float64Array(steps), gradientNorms: new Float64Array(steps) };
    this.run.write({ fused: fused ? 1 : 0, checked: checked ? 1 : 0 });
    this.stale = true;
    const longBatch = this.isLong(order);
    let done = 0;
    while (done < steps) {
      if (interrupt !== undefined && Atomics.load(interrupt, 0) !== 0) break;
      const from = done * batchSize;
      const count = longBatch ? 1 : Math.min(arena.callSteps, steps - done);
      const to = Math.min(from + count * batchSize, order.length);
      this.writeScalars(learningRates, done, count);
      let completed: number | null;
      if (longBatch) {
        completed = this.longStep(order, from, to, interrupt);
        if (completed === null) break;
      } else {
        this.feed(order, from, to);
        completed = this.kernels.runSteps(arena.run, count);
      }
      const attempted = Math.min(completed + 1, count);
      report.losses.set(this.doubles.subarray(arena.losses / 8, arena.losses / 8 + attempted), done);
      report.gradientNorms.set(this.doubles.subarray(arena.norms / 8, arena.norms / 8 + attempted), done);
      done += completed;
      this.steps += completed;
      if (completed < count) {
        const nonFinite = {
          loss: asFloat(report.losses[done]),
          gradientNorm: asFloat(report.gradientNorms[done]),
        };
        return { ...cut(report, done), nonFinite };
      }
    }
    return cut(report, done);
  }

  /** Whether a batch is taken in blocks. */
  private isLong(order: Uint32Array): boolean {
    return Math.min(this.settings.batchSize, order.length) > this.arena.trainingRows;
  }

  /** One step of a batch that is taken in blocks. Null when it was interrupted between two of them. */
  private longStep(order: Uint32Array, from: number, to: number, interrupt?: Int32Array): number | null {
    const { arena, kernels } = this;
    const dropout = this.network.layers.some((layer) => layer.dropout > 0) ? 1 : 0;
    kernels.beginStep(arena.run, 0);
    let lossSum = 0;
    for (let start = from; start < to; start += arena.trainingRows) {
      if (interrupt !== undefined && Atomics.load(interrupt, 0) !== 0) return null;
      const end = Math.min(start + arena.trainingRows, to);
      this.feed(order, start, end);
      const more = start > from ? 1 : 0;
      lossSum += kernels.accumulateBlock(arena.run, 0, end - start, 1 / (to - from), more, dropout);
    }
    return kernels.finishStep(arena.run, 0, lossSum / (to - from));
  }

  /** Has the kernels read training rows order[from … to). */
  private feed(order: Uint32Array, from: number, to: number): void {
    const { arena } = this;
    const { training } = this.settings;
    if (arena.resident) {
      this.words.set(order.subarray(from, to), arena.order / 4);
      this.run.write({ inputs: arena.inputs, targets: arena.targets, order: arena.order });
    } else {
      for (let i = from; i < to; i++) this.stage(training, order[i], order[i] + 1, i - from);
      this.run.write({ inputs: arena.stagedInputs, targets: arena.stagedTargets, order: arena.identity });
    }
    this.run.write({ orderCount: to - from });
  }

  /** Copies samples [from, to) into the staging area, from its row `at` on. */
  private stage({ inputs, targets }: Samples, from: number, to: number, at: number): void {
    const { arena } = this;
    const x = inputs.subarray(from * this.inputs, to * this.inputs);
    const y = targets.subarray(from * this.targets, to * this.targets);
    this.floats.set(x, arena.stagedInputs / 4 + at * this.inputs);
    this.floats.set(y, arena.stagedTargets / 4 + at * this.targets);
  }

  /** A layer's outputs of an evaluation's block, to rows `at`, `at` + 1, … of a row-major array. */
  private copyOutputs(layer: number, to: Float32Array, at: number, rows: number): void {
    const { floats } = this;
    const width = this.network.layers[layer].units;
    const from = this.arena.activations[layer].output / 4;
    const stride = panelStride(this.arena.evaluationRows) / 4;
    for (let unit = 0; unit < width; unit++) {
      let source = from + (unit >> 3) * stride + (unit & 7);
      let target = at * width + unit;
      for (let row = 0; row < rows; row++, source += PANEL, target += width) to[target] = floats[source];
    }
  }

  private forTraining(): void {
    const { arena } = this;
    this.run.write({
      layers: arena.liveLayers,
      gradientOffset: arena.probeWeights - arena.weights,
      batchSize: this.settings.batchSize,
    });
    this.forBlocksOf(arena.trainingRows);
  }

  private forBlocksOf(rows: number): void {
    this.run.write({ capacity: rows, stride: panelStride(rows) });
  }

  /** Has the kernels use given parameters: the run's own where they lie, others packed beside. Returns the panels' address. */
  private usePanelsOf(parameters: FloatArray): number {
    const { arena } = this;
    if (parameters === this.flat) {
      this.run.write({ layers: arena.liveLayers });
      return arena.weights;
    }
    expectLength("parameters", parameters, this.flat.length);
    pack(this.network, parameters, this.packed(arena.probeWeights));
    this.run.write({ layers: arena.probeLayers });
    return arena.probeWeights;
  }

  private setParameters(parameters: FloatArray): void {
    const { arena } = this;
    this.flat.set(parameters);
    this.stale = false;
    pack(this.network, parameters, this.packed(arena.weights));
    this.run.write({ layers: arena.liveLayers });
    this.kernels.transposeAll(arena.run);
  }

  private slotAddress(index: number): number {
    return this.arena.weights + (index + 1) * this.arena.packedLength * 4;
  }

  private packed(address: number): Float32Array {
    return this.floats.subarray(address / 4, address / 4 + this.arena.packedLength);
  }

  private writeScalars(learningRates: Float64Array, done: number, count: number): void {
    const { optimizer } = this.settings;
    const at = this.arena.stepScalars / 4;
    for (let i = 0; i < count; i++) {
      const rate = learningRates[done + i];
      this.floats[at + 4 * i] = rate;
      if (!("beta1" in optimizer)) continue;
      const step = this.steps + i + 1;
      this.floats[at + 4 * i + 1] = rate / (1 - this.power1(step));
      this.floats[at + 4 * i + 2] = 1 / Math.sqrt(1 - this.power2(step));
      this.floats[at + 4 * i + 3] = optimizer.type === "adamw" ? 1 - rate * optimizer.weightDecay : 1;
    }
    this.run.write({ stepLow: this.steps, stepHigh: Math.floor(this.steps / 2 ** 32) });
  }

  private writeRecords(): void {
    const { arena, settings, network } = this;
    const { optimizer, seed, loss } = settings;
    const type = optimizer.type === "adamw" ? "adam" : optimizer.type;
    this.run.write({
      layerCount: network.layers.length,
      loss: losses.indexOf(loss),
      optimizer: optimizers.indexOf(type),
      hasDropout: network.layers.some(({ dropout }) => dropout > 0) ? 1 : 0,
      targetWidth: this.targets,
      blockTargets: arena.batchTargets,
      rowScratch: arena.rowScratch,
      strip: arena.strip,
      squares: arena.squares,
      squareCount: arena.squareCount,
      slotOffset1: arena.packedLength * 4,
      slotOffset2: arena.packedLength * 8,
      stepScalars: arena.stepScalars,
      losses: arena.losses,
      norms: arena.norms,
      clipNorm: settings.gradientClipNorm ?? 0,
      seedLow: seed,
      seedHigh: Math.floor(seed / 4294967296),
      ...constants(optimizer),
    });
    this.writeLayers(arena.liveLayers, arena.weights, arena.transposed);
    this.writeLayers(arena.probeLayers, arena.probeWeights, arena.probeTransposed);
  }

  private writeLayers(records: number, weights: number, transposed: number): void {
    const { arena } = this;
    const view = new DataView(this.memory.buffer);
    let weight = weights;
    let turned = transposed;
    let firstSquare = 0;
    this.network.layers.forEach((layer, index) => {
      const { inputs, units, activation, dropout } = layer;
      layerRecord(view, records + index * LAYER_BYTES).write({
        inputs,
        units,
        panels: panelCount(units),
        activation: activations.indexOf(activation),
        weight,
        transposed: index > 0 ? turned : 0,
        input: index > 0 ? arena.activations[index - 1].output : arena.batchInputs,
        ...arena.activations[index],
        dropoutThreshold: Math.ceil(dropout * 4294967296),
        dropoutKept: 1 / (1 - dropout),
        firstSquare,
      });
      weight += packedLength(layer) * 4;
      if (index > 0) turned += transposedLength(layer) * 4;
      firstSquare += panelCount(units);
    });
  }
}

/** The optimiser's constants, by the kernels' names. */
function constants(optimizer: Optimizer): Record<string, number> {
  const weightDecay = optimizer.type === "adamw" ? 0 : optimizer.weightDecay;
  switch (optimizer.type) {
    case "sgd":
      return { weightDecay };
    case "momentum":
    case "nesterov":
      return { weightDecay, decay1: optimizer.momentum };
    case "rmsprop":
      return {
        weightDecay,
        decay1: optimizer.decay,
        gain1: 1 - optimizer.decay,
        epsilon: optimizer.epsilon,
      };
    case "adam":
    case "adamw":
      return {
        weightDecay,
        decay1: optimizer.beta1,
        gain1: 1 - optimizer.beta1,
        decay2: optimizer.beta2,
        gain2: 1 - optimizer.beta2,
        epsilon: optimizer.epsilon,
      };
    case "adagrad":
      return { weightDecay, epsilon: optimizer.epsilon };
  }
}

function cut(report: { losses: Float64Array; gradientNorms: Float64Array }, completed: number): StepsReport {
  return {
    completed,
    losses: report.losses.slice(0, completed),
    gradientNorms: report.gradientNorms.slice(0, completed),
  };
}

/** What float32 makes of a number: infinite beyond its range. */
function asFloat(x: number): number {
  return Math.abs(x) > 3.4028234663852886e38 ? Math.sign(x) * Infinity : x;
}
