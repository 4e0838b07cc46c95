/** Rows on their way into linear memory, and what the network makes of them on its way back. */
import type { EngineSettings, Samples } from "../engine";
import { meanDivisor, targetWidth } from "../losses";
import { inputCount, outputCount } from "../network";
import { panelStride } from "./arena";
import type { Machine } from "./machine";
import { PANEL } from "./panels";

export class Rows {
  private readonly inputs: number;
  private readonly targets: number;
  /** As the kernels have them; null: none. */
  private readonly classWeights: Float32Array | null;

  constructor(
    private readonly machine: Machine,
    private readonly settings: EngineSettings,
  ) {
    const { network, loss, training, classWeights } = settings;
    const { arena, floats, words } = machine;
    this.inputs = inputCount(network);
    this.targets = targetWidth(loss, outputCount(network));
    this.classWeights = classWeights ? Float32Array.from(classWeights) : null;
    if (arena.resident) {
      floats.set(training.inputs, arena.inputs / 4);
      floats.set(training.targets, arena.targets / 4);
    }
    for (let i = 0; i < arena.stagedRows; i++) words[arena.identity / 4 + i] = i;
  }

  /** Has the kernels read training rows order[from … to). */
  feed(order: Uint32Array, from: number, to: number): void {
    const { arena, run, words } = this.machine;
    if (arena.resident) {
      words.set(order.subarray(from, to), arena.order / 4);
      run.write({ inputs: arena.inputs, targets: arena.targets, order: arena.order });
    } else {
      for (let i = from; i < to; i++) this.stage(this.settings.training, order[i], order[i] + 1, i - from);
      this.readStaged();
    }
    run.write({ orderCount: to - from });
  }

  /** Has the kernels read samples [from, to) of any. */
  feedBlock(samples: Samples, from: number, to: number): void {
    this.stage(samples, from, to, 0);
    this.readStaged();
  }

  /** What the mean loss over samples order[from … to), or [from, to) without an order, is divided by. */
  divisor({ targets }: Samples, order: Uint32Array | null, from: number, to: number): number {
    return meanDivisor(this.settings.loss, this.classWeights, targets, order, from, to);
  }

  /** A layer's outputs of an evaluation's block, to rows `at`, `at` + 1, … of a row-major array. */
  copyOutputs(layer: number, to: Float32Array, at: number, rows: number): void {
    const { arena, floats } = this.machine;
    const width = this.settings.network.layers[layer].units;
    const from = arena.activations[layer].output / 4;
    const stride = panelStride(arena.evaluationRows) / 4;
    for (let unit = 0; unit < width; unit++) {
      let source = from + (unit >> 3) * stride + (unit & 7);
      let target = at * width + unit;
      for (let row = 0; row < rows; row++, source += PANEL, target += width) to[target] = floats[source];
    }
  }

  private readStaged(): void {
    const { arena, run } = this.machine;
    run.write({ inputs: arena.stagedInputs, targets: arena.stagedTargets, order: arena.identity });
  }

  /** Copies samples [from, to) into the staging area, from its row `at` on. */
  private stage({ inputs, targets }: Samples, from: number, to: number, at: number): void {
    const { arena, floats } = this.machine;
    const x = inputs.subarray(from * this.inputs, to * this.inputs);
    const y = targets.subarray(from * this.targets, to * this.targets);
    floats.set(x, arena.stagedInputs / 4 + at * this.inputs);
    floats.set(y, arena.stagedTargets / 4 + at * this.targets);
  }
}
