/**
 * The reference engine: plain loops, kept for ever, that every faster engine is checked against.
 *
 * To read how a network learns, follow one step of `runSteps`: gather a batch, go forward, measure the loss,
 * go backward, take a step. The pieces are in `network.ts`, `activations.ts`, `losses.ts`,
 * `backpropagation.ts`, `optimizers.ts`.
 */
import { backward, type Block, blockLoss, createBlock, forward, gather } from "./backpropagation";
import { expectLength, expectPlane, expectSamples } from "./checks";
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
} from "./engine";
import { backwardAlong, createDots, forwardAlong } from "./hessianVector";
import { meanDivisor } from "./losses";
import { inputCount, outputCount, parameterCount } from "./network";
import { clippingScale, globalNorm, slotCount, takeStep } from "./optimizers";
import { RandomStream } from "./random";

/**
 * @param initial the starting parameters, copied
 * @throws RangeError if sizes do not fit together
 */
export function createReferenceEngine(settings: EngineSettings, initial: FloatArray): Engine {
  return new ReferenceEngine(settings, initial);
}

/**
 * A pass over a block is at most so many multiplications (about 10 ms), so that an interrupt is soon seen.
 */
const BLOCK_WORK = 2 ** 23;
/** … and its buffers hold at most about so many numbers. */
const BLOCK_NUMBERS = 2 ** 20;
const BLOCK_ROWS = 256;

function blockCapacity(network: Network): number {
  const numbersPerRow = network.layers.reduce((sum, { units }) => sum + 4 * units, inputCount(network));
  const rows = Math.min(
    BLOCK_ROWS,
    Math.floor(BLOCK_WORK / parameterCount(network)),
    Math.floor(BLOCK_NUMBERS / numbersPerRow),
  );
  // The products take four rows at once.
  return rows < 4 ? Math.max(1, rows) : rows - (rows % 4);
}

class ReferenceEngine implements Engine {
  readonly kernel: string;
  readonly network: Network;
  readonly parameters: FloatArray;
  step = 0;

  /** The optimiser's memory. */
  private readonly slots: FloatArray[];
  /** Parameters and slots before the last step, so that a step that overflows can be undone. */
  private readonly before: FloatArray[];
  /** Float64 whatever the parameters are, so that the sum over many rows loses nothing. */
  private readonly gradient: Float64Array;
  private readonly classWeights: ArrayLike<number> | null;
  private readonly block: Block;
  private dots: Block | null = null;
  private readonly dropout = new RandomStream();
  private readonly hasDropout: boolean;
  /** A loss or norm above it is infinite in the engine's precision. */
  private readonly largest: number;

  constructor(
    private readonly settings: EngineSettings,
    initial: FloatArray,
  ) {
    const { network, precision = "float32" } = settings;
    const count = parameterCount(network);
    expectLength("initial parameters", initial, count);
    expectSamples(settings);
    this.kernel = `reference-${precision}-1`;
    this.network = network;
    this.largest = precision === "float32" ? 3.4028234663852886e38 : Number.MAX_VALUE;
    this.parameters = this.createArray(count);
    this.parameters.set(initial);
    this.slots = Array.from({ length: slotCount(settings.optimizer) }, () => this.createArray(count));
    this.before = [this.parameters, ...this.slots].map(() => this.createArray(count));
    this.gradient = new Float64Array(count);
    this.classWeights = settings.classWeights ?? null;
    this.block = createBlock(network, settings.loss, this.classWeights, blockCapacity(network));
    this.hasDropout = network.layers.some(({ dropout }) => dropout > 0);
  }

  runSteps(order: Uint32Array, learningRates: Float64Array, interrupt?: Int32Array): StepsReport {
    const { batchSize, optimizer, gradientClipNorm } = this.settings;
    const steps = learningRates.length;
    if (order.length <= (steps - 1) * batchSize) {
      throw new RangeError(
        `${steps} steps of ${batchSize} rows need more than the ${order.length} rows given`,
      );
    }
    const losses = new Float64Array(steps);
    const gradientNorms = new Float64Array(steps);
    for (let i = 0; i < steps; i++) {
      const from = i * batchSize;
      const to = Math.min(from + batchSize, order.length);
      const masked = this.hasDropout ? this.step + 1 : null;
      const finished = this.accumulateGradient(this.parameters, order, from, to, masked, interrupt);
      if (!finished) return report(i, losses, gradientNorms);
      const loss = this.lossSum / this.divisor(order, from, to);
      const norm = globalNorm(this.gradient);
      if (!(Math.abs(loss) <= this.largest && norm <= this.largest)) {
        return { ...report(i, losses, gradientNorms), nonFinite: this.asNonFinite(loss, norm) };
      }
      const scale = clippingScale(norm, gradientClipNorm);
      this.keepBefore();
      takeStep(optimizer, this.step + 1, learningRates[i], this.parameters, this.gradient, scale, this.slots);
      if (!allFinite(this.parameters)) {
        this.undo();
        return { ...report(i, losses, gradientNorms), nonFinite: { loss, gradientNorm: norm } };
      }
      this.step++;
      losses[i] = loss;
      gradientNorms[i] = norm;
    }
    return report(steps, losses, gradientNorms);
  }

  gradientAt(parameters: FloatArray, rows: Uint32Array): { loss: number; gradient: FloatArray } {
    this.accumulateGradient(this.inPrecision("parameters", parameters), rows, 0, rows.length, null);
    return this.accumulated(rows);
  }

  stepGradientAt(
    parameters: FloatArray,
    rows: Uint32Array,
    step: number,
    interrupt?: Int32Array,
  ): { loss: number; gradient: FloatArray } | null {
    const theta = this.inPrecision("parameters", parameters);
    const masked = this.hasDropout ? step : null;
    const finished = this.accumulateGradient(theta, rows, 0, rows.length, masked, interrupt);
    return finished ? this.accumulated(rows) : null;
  }

  private accumulated(rows: Uint32Array): { loss: number; gradient: FloatArray } {
    const gradient = this.createArray(this.parameters.length);
    gradient.set(this.gradient);
    return { loss: this.lossSum / this.divisor(rows, 0, rows.length), gradient };
  }

  evaluate(parameters: FloatArray, samples: Samples, from = 0, to = samples.count): Evaluation {
    return this.evaluateRows(parameters, null, samples, from, to);
  }

  firstPreActivations(parameters: FloatArray, samples: Samples, from = 0, to = samples.count): FloatArray {
    const { block, network } = this;
    const theta = this.inPrecision("parameters", parameters);
    const { units } = network.layers[0];
    const result = this.createArray((to - from) * units);
    for (let start = from; start < to; start += block.capacity) {
      const rows = Math.min(block.capacity, to - start);
      gather(block, samples, null, start, start + rows);
      forward(block, theta, rows, null);
      result.set(block.layers[0].z.subarray(0, rows * units), (start - from) * units);
    }
    return result;
  }

  evaluateFrom(
    preActivations: FloatArray,
    parameters: FloatArray,
    samples: Samples,
    from = 0,
    to = samples.count,
  ): Evaluation {
    expectLength("pre-activations", preActivations, (to - from) * this.network.layers[0].units);
    return this.evaluateRows(parameters, preActivations, samples, from, to);
  }

  lossesOnPlane(
    plane: ParameterPlane,
    a: Float64Array,
    b: Float64Array,
    samples: Samples,
    from = 0,
    to = samples.count,
  ): Float64Array {
    const { center, u, v, preActivations } = plane;
    const [z0, z1, z2] = preActivations;
    expectPlane(plane, a, b, this.parameters.length, (to - from) * this.network.layers[0].units);
    return a.map((along, point) => {
      const theta = this.createArray(center.length).map((_, i) => center[i] + along * u[i] + b[point] * v[i]);
      const z = this.createArray(z0.length).map((_, i) => z0[i] + along * z1[i] + b[point] * z2[i]);
      return this.evaluateFrom(z, theta, samples, from, to).lossSum;
    });
  }

  private evaluateRows(
    parameters: FloatArray,
    preActivations: FloatArray | null,
    samples: Samples,
    from: number,
    to: number,
  ): Evaluation {
    const { block, network } = this;
    const theta = this.inPrecision("parameters", parameters);
    const width = outputCount(network);
    const { units } = network.layers[0];
    const outputs = this.createArray((to - from) * width);
    const last = block.layers[block.layers.length - 1].output;
    let lossSum = 0;
    for (let start = from; start < to; start += block.capacity) {
      const rows = Math.min(block.capacity, to - start);
      gather(block, samples, null, start, start + rows);
      if (preActivations) {
        const first = (start - from) * units;
        block.layers[0].z.set(preActivations.subarray(first, first + rows * units));
      }
      forward(block, theta, rows, null, preActivations !== null);
      lossSum += blockLoss(block, rows, 1);
      const out = (start - from) * width;
      for (let i = 0; i < rows * width; i++) outputs[out + i] = last[i];
    }
    const weightSum = meanDivisor(block.loss, this.classWeights, samples.targets, null, from, to);
    return { count: to - from, lossSum, weightSum, outputs };
  }

  hessianVector(parameters: FloatArray, rows: Uint32Array, vector: FloatArray): FloatArray {
    const { block } = this;
    const theta = this.inPrecision("parameters", parameters);
    const direction = this.inPrecision("vector", vector);
    this.dots ??= createDots(block);
    const sum = new Float64Array(theta.length);
    const scale = 1 / this.divisor(rows, 0, rows.length);
    for (let start = 0; start < rows.length; start += block.capacity) {
      const to = Math.min(start + block.capacity, rows.length);
      gather(block, this.settings.training, rows, start, to);
      forward(block, theta, to - start, null);
      forwardAlong(block, this.dots, theta, direction, to - start);
      blockLoss(block, to - start, scale);
      backwardAlong(block, this.dots, theta, direction, sum, to - start, scale);
    }
    const product = this.createArray(theta.length);
    product.set(sum);
    return product;
  }

  snapshot(): Snapshot {
    return {
      step: this.step,
      parameters: this.parameters.slice(),
      slots: this.slots.map((slot) => slot.slice()),
    };
  }

  restore({ step, parameters, slots }: Snapshot): void {
    expectLength("parameters", parameters, this.parameters.length);
    if (slots.length !== this.slots.length) {
      throw new RangeError(`this optimiser has ${this.slots.length} slots, and the snapshot ${slots.length}`);
    }
    slots.forEach((slot) => expectLength("a slot", slot, this.parameters.length));
    this.step = step;
    this.parameters.set(parameters);
    slots.forEach((slot, index) => this.slots[index].set(slot));
  }

  /** The sum of the losses that `accumulateGradient` met. A field, so that a step allocates nothing. */
  private lossSum = 0;

  /**
   * Leaves the gradient of the mean loss over rows order[from … to) at θ in `this.gradient`. The rows are
   * taken in blocks, always in the same order, so that memory is bounded also when the batch is the whole
   * table.
   *
   * @param maskedStep whose dropout masks are drawn; null leaves every unit in
   * @returns false when it was interrupted between two blocks
   */
  private accumulateGradient(
    parameters: FloatArray,
    order: Uint32Array,
    from: number,
    to: number,
    maskedStep: number | null,
    interrupt?: Int32Array,
  ): boolean {
    const { block, gradient, settings } = this;
    const scale = 1 / this.divisor(order, from, to);
    if (maskedStep !== null) this.dropout.start(settings.seed, "dropout", maskedStep);
    const dropout = maskedStep === null ? null : this.dropout;
    gradient.fill(0);
    this.lossSum = 0;
    for (let start = from; start < to; start += block.capacity) {
      if (interrupt !== undefined && Atomics.load(interrupt, 0) !== 0) return false;
      const rows = Math.min(block.capacity, to - start);
      gather(block, settings.training, order, start, start + rows);
      forward(block, parameters, rows, dropout);
      this.lossSum += blockLoss(block, rows, scale);
      backward(block, parameters, gradient, rows, dropout !== null);
    }
    return true;
  }

  /** What the mean loss over training rows order[from … to) is divided by. */
  private divisor(order: Uint32Array, from: number, to: number): number {
    const { loss, training } = this.settings;
    return meanDivisor(loss, this.classWeights, training.targets, order, from, to);
  }

  /** Copying costs little beside the gradient of even one row. */
  private keepBefore(): void {
    this.before[0].set(this.parameters);
    this.slots.forEach((slot, index) => this.before[index + 1].set(slot));
  }

  private undo(): void {
    this.parameters.set(this.before[0]);
    this.slots.forEach((slot, index) => slot.set(this.before[index + 1]));
  }

  private createArray(length: number): FloatArray {
    return this.settings.precision === "float64" ? new Float64Array(length) : new Float32Array(length);
  }

  /** The array itself, or a copy in the engine's precision if it has another. */
  private inPrecision(what: string, values: FloatArray): FloatArray {
    expectLength(what, values, this.parameters.length);
    if (values.BYTES_PER_ELEMENT === this.parameters.BYTES_PER_ELEMENT) return values;
    const copy = this.createArray(values.length);
    copy.set(values);
    return copy;
  }

  private asNonFinite(loss: number, gradientNorm: number): { loss: number; gradientNorm: number } {
    const rounded = (x: number) => (Math.abs(x) > this.largest ? Math.sign(x) * Infinity : x);
    return { loss: rounded(loss), gradientNorm: rounded(gradientNorm) };
  }
}

function report(completed: number, losses: Float64Array, gradientNorms: Float64Array): StepsReport {
  return { completed, losses: losses.slice(0, completed), gradientNorms: gradientNorms.slice(0, completed) };
}

/** A sum of differences: 0 unless one of the numbers is infinite or NaN. */
function allFinite(values: FloatArray): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] - values[i];
  return sum === 0;
}
