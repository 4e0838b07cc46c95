/**
 * Start reading here. An engine whose steps and evaluations are computed by PyTorch, in one process or many. It has the interface of
 * the built-in engine, so that all that goes on around the steps (schedules, epochs, early stopping, journal, checkpoints, the path) is
 * the same for both.
 *
 * What is asked for at parameters other than the run's own (surfaces, gradients, curvature) is computed here by the built-in kernels.
 */
import { rm } from "node:fs/promises";
import path from "node:path";
import { createEngine } from "../engine/createEngine";
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
} from "../engine/engine";
import { slotCount } from "../engine/optimizers";
import { engineSpec, writeSpec, type RowSets, type RowsName } from "./spec";
import type { StartedPython } from "./startPython";

/** Numbers of the outputs that one answer holds, at the most. */
const mostOutputs = 2 ** 22;
const mostRows = 2 ** 17;

export class PyTorchEngine implements Engine {
  readonly kernel: string;
  readonly network: Network;
  /** More would only wait for each other's answers. */
  readonly evaluationRows: number;
  step = 0;

  private readonly theta: Float32Array;
  /** Whether `theta` is what the process has. */
  private fresh = true;
  private readonly slots: number;
  /** What the process is to begin with, as long as it has no data. */
  private waiting: Snapshot | null;
  private local: Engine | null = null;
  /** Where the matrices lie that are of no use afterwards. */
  private dataFolder: string | null = null;

  constructor(
    private readonly python: StartedPython,
    private settings: EngineSettings,
    private readonly rows: RowSets,
    private readonly initial: FloatArray,
  ) {
    const { torch, device, processes } = python;
    this.kernel = `pytorch-${torch}-${device}${processes > 1 ? `-x${processes}` : ""}`;
    this.network = settings.network;
    this.theta = Float32Array.from(initial);
    this.slots = slotCount(settings.optimizer);
    const slots = Array.from({ length: this.slots }, () => new Float32Array(initial.length));
    this.waiting = { step: 0, parameters: this.theta, slots };
    const outputs = this.network.layers[this.network.layers.length - 1].units;
    this.evaluationRows = Math.max(1, Math.min(mostRows, Math.floor(mostOutputs / outputs)));
  }

  /**
   * Writes the encoded rows where the processes can map them, and has them do so. Nothing can be computed before.
   *
   * @param folder of the run; null where none is kept
   * @param breathe awaited now and then; throws to give up
   */
  async place(folder: string | null, breathe: () => Promise<void>): Promise<void> {
    this.dataFolder = folder === null ? this.python.folder : path.join(folder, "pytorch-rows");
    await writeSpec(this.dataFolder, engineSpec(this.settings, this.rows), this.rows, breathe);
    this.python.process.ask({ type: "load", folder: this.dataFolder });
    const snapshot = this.waiting;
    this.waiting = null;
    if (snapshot) this.restore(snapshot);
  }

  /** Steps take so many rows from now on. */
  setBatchSize(batchSize: number): void {
    this.settings = { ...this.settings, batchSize };
    this.local = null;
  }

  runSteps(order: Uint32Array, learningRates: Float64Array, interrupt?: Int32Array): StepsReport {
    const { batchSize } = this.settings;
    if (order.length <= (learningRates.length - 1) * batchSize)
      throw new RangeError(`${learningRates.length} steps need more than the ${order.length} rows given`);
    this.python.process.where = this.step === 0 ? "in the first steps" : `after step ${this.step}`;
    const question = { type: "steps", batch: batchSize, learningRates: Array.from(learningRates) };
    const { header, payload } = this.python.process.ask(question, bytesOf(order), interrupt);
    const completed = Number(header.completed);
    const told = new Float32Array(payload.buffer, payload.byteOffset, payload.length / 4);
    this.step = Number(header.step);
    this.fresh = false;
    const report = {
      completed,
      losses: Float64Array.from({ length: completed }, (_, i) => told[2 * i]),
      gradientNorms: Float64Array.from({ length: completed }, (_, i) => told[2 * i + 1]),
    };
    if (told.length === 2 * completed) return report;
    return { ...report, nonFinite: { loss: told[2 * completed], gradientNorm: told[2 * completed + 1] } };
  }

  get parameters(): FloatArray {
    if (!this.fresh) {
      this.theta.set(this.read(false)[0]);
      this.fresh = true;
    }
    return this.theta;
  }

  evaluate(parameters: FloatArray, samples: Samples, from = 0, to = samples.count): Evaluation {
    const rows = this.nameOf(samples);
    if (rows === null || parameters !== this.theta) return this.probe.evaluate(parameters, samples, from, to);
    const { header, payload } = this.python.process.ask({ type: "evaluate", rows, from, to });
    return {
      count: to - from,
      lossSum: numberOf(header.lossSum),
      weightSum: numberOf(header.weightSum),
      outputs: new Float32Array(payload.buffer, payload.byteOffset, payload.length / 4),
    };
  }

  snapshot(): Snapshot {
    if (this.waiting) {
      const { step, parameters, slots } = this.waiting;
      return { step, parameters: parameters.slice(), slots: slots.map((slot) => slot.slice()) };
    }
    const [parameters, ...slots] = this.read(true);
    this.theta.set(parameters);
    this.fresh = true;
    return { step: this.step, parameters, slots };
  }

  restore(snapshot: Snapshot): void {
    const { step, parameters, slots } = snapshot;
    this.step = step;
    this.theta.set(parameters);
    this.fresh = true;
    if (this.waiting) {
      this.waiting = snapshot;
      return;
    }
    const size = this.theta.length;
    const values = new Float32Array(size * (1 + slots.length));
    [this.theta, ...slots].forEach((part, i) => values.set(part, i * size));
    this.python.process.ask({ type: "write", step }, bytesOf(values));
  }

  gradientAt(parameters: FloatArray, rows: Uint32Array): { loss: number; gradient: FloatArray } {
    return this.probe.gradientAt(parameters, rows);
  }

  /** With dropout masks that the built-in engine draws, where there is dropout. */
  stepGradientAt(
    parameters: FloatArray,
    rows: Uint32Array,
    step: number,
    interrupt?: Int32Array,
  ): { loss: number; gradient: FloatArray } | null {
    return this.probe.stepGradientAt(parameters, rows, step, interrupt);
  }

  firstPreActivations(parameters: FloatArray, samples: Samples, from?: number, to?: number): FloatArray {
    return this.probe.firstPreActivations(parameters, samples, from, to);
  }

  evaluateFrom(
    z: FloatArray,
    parameters: FloatArray,
    samples: Samples,
    from?: number,
    to?: number,
  ): Evaluation {
    return this.probe.evaluateFrom(z, parameters, samples, from, to);
  }

  lossesOnPlane(
    plane: ParameterPlane,
    a: Float64Array,
    b: Float64Array,
    samples: Samples,
    from?: number,
    to?: number,
  ): Float64Array {
    return this.probe.lossesOnPlane(plane, a, b, samples, from, to);
  }

  hessianVector(parameters: FloatArray, rows: Uint32Array, vector: FloatArray): FloatArray {
    return this.probe.hessianVector(parameters, rows, vector);
  }

  /** Ends the processes and removes what is of no use without them. */
  async close(): Promise<void> {
    await this.python.process.close();
    for (const folder of [this.python.folder, this.dataFolder]) {
      if (folder !== null) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  }

  private get probe(): Engine {
    this.local ??= createEngine(this.settings, this.initial);
    return this.local;
  }

  private nameOf(samples: Samples): RowsName | null {
    if (samples === this.rows.training) return "training";
    if (samples === this.rows.validation) return "validation";
    return samples === this.rows.test ? "test" : null;
  }

  /** The parameters that the process has, and its optimiser's slots. */
  private read(slots: boolean): Float32Array[] {
    const { payload } = this.python.process.ask({ type: "read", slots });
    const size = this.theta.length;
    return Array.from({ length: slots ? 1 + this.slots : 1 }, (_, i) =>
      new Float32Array(payload.buffer, payload.byteOffset + 4 * i * size, size).slice(),
    );
  }
}

function bytesOf(values: Uint32Array | Float32Array): Uint8Array {
  // A copy: the message must not carry the whole buffer of a view.
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
}

/** Eight bytes in hexadecimal, since JSON has neither infinity nor NaN. */
function numberOf(hexadecimal: unknown): number {
  const bytes = String(hexadecimal).match(/../g) ?? [];
  return new DataView(Uint8Array.from(bytes, (byte) => parseInt(byte, 16)).buffer).getFloat64(0, true);
}
