/**
 * Which rows each step takes: epoch after epoch, batch after batch. Where the size of the batches changes on the way, as in a
 * branch, epochs and rows count on from there.
 */
import type { BatchOrigin } from "../protocol/run";

/** The beginning of a run. */
const beginning: BatchOrigin = { step: 0, epoch: 0, row: 0 };

export class BatchPlan {
  /** Of a whole epoch. */
  readonly stepsPerEpoch: number;

  /**
   * @param rows training rows: those of an epoch
   * @param origin where batches of this size begin
   */
  constructor(
    private readonly rows: number,
    readonly batchSize: number,
    readonly origin: BatchOrigin = beginning,
  ) {
    this.stepsPerEpoch = Math.ceil(rows / batchSize);
  }

  /** Steps made when an epoch ends; it must not end before the origin. @param epoch from 0 */
  endOf(epoch: number): number {
    const { step, epoch: first, row } = this.origin;
    return step + Math.ceil((this.rows - row) / this.batchSize) + (epoch - first) * this.stepsPerEpoch;
  }

  /** Steps of a run of so many epochs. */
  totalSteps(epochs: number): number {
    return epochs > this.origin.epoch ? this.endOf(epochs - 1) : this.origin.step;
  }

  /** The first row of the batch after `step` steps, in the order of the epoch (from 0) that goes on then. */
  rowAfter(step: number, epoch: number): number {
    const { origin, batchSize } = this;
    if (epoch > origin.epoch) return (step - this.endOf(epoch - 1)) * batchSize;
    return origin.row + (step - origin.step) * batchSize;
  }

  /** The epoch, from 1, that a step, from 1, belongs to. */
  epochOf(step: number): number {
    const { epoch } = this.origin;
    const more = Math.ceil((step - this.endOf(epoch)) / this.stepsPerEpoch);
    return epoch + 1 + Math.max(0, more);
  }

  /** The number that a step would have if all batches before had been of this size: what schedules count in. */
  evenStep(step: number): number {
    const { epoch } = this.origin;
    // Counted back from the end of the epoch, so that the next one begins where it would.
    return step - this.endOf(epoch) + (epoch + 1) * this.stepsPerEpoch;
  }

  /** The same rows in batches of another size, from the step after `step` steps on. */
  from(step: number, epoch: number, batchSize: number): BatchPlan {
    if (batchSize === this.batchSize) return this;
    return new BatchPlan(this.rows, batchSize, { step, epoch, row: this.rowAfter(step, epoch) });
  }
}
