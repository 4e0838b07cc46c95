/** Evaluates the network on a set of rows in blocks, letting commands in between. */
import type { Samples } from "../data/samples";
import type { Engine, FloatArray } from "../engine/engine";
import type { Metrics } from "../protocol/run";
import type { Control } from "./control";
import { MetricSums, totalVariation, type Scoring } from "./metrics";

/** Multiplications of one block: a millisecond or two of the SIMD kernels, a few tens of the reference. */
const blockWork = 2 ** 25;
/** Fewer rows at once would have the kernels read a large network's weights for next to nothing. */
const fewestRows = 8;

export class Evaluator {
  private readonly variation: Float64Array;
  private readonly blockRows: number;
  private readonly whileHolding: () => Promise<void>;

  constructor(
    private readonly engine: Engine,
    private readonly scoring: Scoring,
    private readonly samples: Samples,
    private readonly control: Control,
    /** Waits out a pause; called when one begins within an evaluation. */
    hold: () => Promise<void>,
  ) {
    this.variation = totalVariation(scoring, samples);
    // Fixed by the network alone: sums over blocks must not depend on the machine's speed.
    this.blockRows =
      engine.evaluationRows ?? Math.max(fewestRows, Math.ceil(blockWork / engine.parameters.length));
    this.whileHolding = hold;
  }

  /**
   * Metrics of all rows at θ, or null when it was given up: after more than so many `stops` (else at the next one), or
   * when `deadline` (performance.now) passed.
   */
  async evaluate(
    parameters: FloatArray,
    { deadline = Infinity, stops = this.control.stops } = {},
  ): Promise<Metrics | null> {
    const sums = new MetricSums(this.scoring, this.samples, this.variation);
    for (let from = 0; from < this.samples.count; from += this.blockRows) {
      const to = Math.min(from + this.blockRows, this.samples.count);
      sums.add(from, this.engine.evaluate(parameters, this.samples, from, to));
      if (performance.now() > deadline) return null;
      if (this.control.untilBreath <= 0) {
        await this.control.breathe();
        if (this.control.stops > stops) return null;
        if (this.control.holding) await this.whileHolding();
      }
    }
    return sums.metrics();
  }
}
