/** Watches the loss of each epoch, keeps the best weights, and says when to give up. */
import type { EarlyStoppingConfig } from "../config/runConfig";
import type { FloatArray } from "../engine/engine";
import type { Metrics } from "../protocol/run";

export interface BestEpoch {
  epoch: number;
  parameters: FloatArray;
  training: Metrics;
  validation: Metrics | null;
}

/** All that early stopping remembers. */
export interface EarlyStoppingState {
  /** The lowest watched loss so far; null before the first. */
  lowest: number | null;
  /** Epochs in a row without an improvement. */
  waited: number;
  best: BestEpoch | null;
}

export class EarlyStopping {
  best: BestEpoch | null = null;
  private lowest = Infinity;
  private waited = 0;

  constructor(private readonly config: EarlyStoppingConfig) {}

  /**
   * Tells an epoch's result: the watched loss is that of the validation rows if there are any.
   * Returns whether the run should end: `patience` epochs in a row brought no improvement.
   */
  epochEnded(epoch: number, training: Metrics, validation: Metrics | null, parameters: FloatArray): boolean {
    // A loss that is not finite is no improvement.
    const loss = (validation ?? training).loss ?? Infinity;
    if (loss < this.lowest - this.config.minDelta) {
      this.lowest = loss;
      this.waited = 0;
      if (this.config.restoreBest) {
        this.best = { epoch, parameters: parameters.slice(), training, validation };
      }
      return false;
    }
    this.waited++;
    return this.waited >= this.config.patience;
  }

  /** The best weights are never changed, so they need no copy. */
  state(): EarlyStoppingState {
    const { lowest, waited, best } = this;
    return { lowest: lowest === Infinity ? null : lowest, waited, best };
  }

  restore({ lowest, waited, best }: EarlyStoppingState): void {
    this.lowest = lowest ?? Infinity;
    this.waited = waited;
    this.best = best;
  }
}
