/** Walks batches: makes steps in calls short enough for an interrupt to be seen soon. */
import type { EngineSettings, StepsReport } from "../engine";
import type { Machine } from "./machine";
import { complementsOfPowers } from "./powers";
import type { Rows } from "./rows";

export interface WalkOptions {
  readonly order: Uint32Array;
  readonly learningRates: Float64Array;
  readonly interrupt?: Int32Array | undefined;
  /** Whether the optimiser runs inside the backward pass, or right after it in generated steps. */
  readonly fused: boolean;
  /** Whether a step that makes a parameter infinite ends the walk. */
  readonly checked?: boolean;
}

export class Walker {
  /** Steps taken so far. */
  steps = 0;
  /** Whether the last walk left a step in mid-way; the parameters may have moved in part where it completed none. */
  leftStep = false;
  /** Adam's 1 − β₁ᵗ and 1 − β₂ᵗ. */
  private readonly correction1: (step: number) => number;
  private readonly correction2: (step: number) => number;

  constructor(
    private readonly machine: Machine,
    private readonly rows: Rows,
    private readonly settings: EngineSettings,
  ) {
    const { optimizer } = settings;
    const [beta1, beta2] = "beta1" in optimizer ? [optimizer.beta1, optimizer.beta2] : [0, 0];
    this.correction1 = complementsOfPowers(beta1);
    this.correction2 = complementsOfPowers(beta2);
  }

  walk({ order, learningRates, interrupt, fused, checked = false }: WalkOptions): StepsReport {
    const { batchSize } = this.settings;
    const { arena, run, kernels, unrolled, doubles, hasLongSteps } = this.machine;
    const steps = learningRates.length;
    const report = { losses: new Float64Array(steps), gradientNorms: new Float64Array(steps) };
    run.write({ fused: fused ? 1 : 0, checked: checked ? 1 : 0 });
    const longBatch = this.isLong(order);
    this.machine.interrupt = interrupt;
    this.leftStep = false;
    let done = 0;
    while (done < steps) {
      if (interrupt !== undefined && Atomics.load(interrupt, 0) !== 0) break;
      const from = done * batchSize;
      const count = longBatch ? 1 : Math.min(arena.callSteps, steps - done);
      const to = Math.min(from + count * batchSize, order.length);
      this.writeScalars(learningRates, done, count);
      let completed: number | null;
      if (longBatch) completed = this.longStep(order, from, to);
      else {
        this.rows.feed(order, from, to);
        if (fused && unrolled) completed = unrolled(count, to - from);
        else {
          // Only of the walk's first step the state before it is still known.
          const interruptible = !hasLongSteps || count > 1 ? 0 : done === 0 ? 2 : 1;
          completed = this.machine.call(interruptible, () => kernels.runSteps(arena.run, count));
        }
      }
      if (completed === null) {
        this.leftStep = true;
        break;
      }
      const attempted = Math.min(completed + 1, count);
      report.losses.set(doubles.subarray(arena.losses / 8, arena.losses / 8 + attempted), done);
      report.gradientNorms.set(doubles.subarray(arena.norms / 8, arena.norms / 8 + attempted), done);
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
    if (fused && unrolled) kernels.transposeAll(arena.run);
    return cut(report, done);
  }

  /** Whether a batch is taken in blocks. */
  isLong(order: Uint32Array): boolean {
    return Math.min(this.settings.batchSize, order.length) > this.machine.arena.trainingRows;
  }

  /** One step of a batch that is taken in blocks. Null when it was interrupted. */
  private longStep(order: Uint32Array, from: number, to: number): number | null {
    const { arena, kernels } = this.machine;
    const dropout = this.settings.network.layers.some((layer) => layer.dropout > 0) ? 1 : 0;
    const divisor = this.rows.divisor(this.settings.training, order, from, to);
    kernels.beginStep(arena.run, 0);
    let lossSum = 0;
    for (let start = from; start < to; start += arena.trainingRows) {
      const end = Math.min(start + arena.trainingRows, to);
      this.rows.feed(order, start, end);
      const more = start > from ? 1 : 0;
      const sum = this.machine.call(1, () =>
        kernels.accumulateBlock(arena.run, 0, end - start, 1 / divisor, more, dropout),
      );
      if (sum === null || this.machine.interrupted) return null;
      lossSum += sum;
    }
    return this.machine.call(1, () => kernels.finishStep(arena.run, 0, lossSum / divisor));
  }

  private writeScalars(learningRates: Float64Array, done: number, count: number): void {
    const { optimizer } = this.settings;
    const { arena, floats, run } = this.machine;
    const at = arena.stepScalars / 4;
    for (let i = 0; i < count; i++) {
      const rate = learningRates[done + i];
      floats[at + 4 * i] = rate;
      if (!("beta1" in optimizer)) continue;
      const step = this.steps + i + 1;
      floats[at + 4 * i + 1] = rate / this.correction1(step);
      floats[at + 4 * i + 2] = 1 / Math.sqrt(this.correction2(step));
      floats[at + 4 * i + 3] = optimizer.type === "adamw" ? 1 - rate * optimizer.weightDecay : 1;
    }
    run.write({ stepLow: this.steps, stepHigh: Math.floor(this.steps / 2 ** 32) });
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
