/** A trained network on new rows. */
import { decodeOutputs, encodeRawRows, type DecodedOutputs } from "../data/rawRows";
import type { Table } from "../data/table";
import { createEngine } from "../engine/createEngine";
import type { Engine } from "../engine/engine";
import { targetWidth } from "../engine/losses";
import { inputCount, outputCount } from "../engine/network";
import type { TrainedNetwork } from "./trainedModel";

export interface Predictions {
  decoded: DecodedOutputs;
  /** Per column: how many values were missing and were imputed, and how many categories the training rows did not have. */
  imputed: Map<string, number>;
  unseen: Map<string, number>;
}

export class Predictor {
  private readonly engine: Engine;
  /** Numbers of a row's target, which nobody reads. */
  private readonly targets: number;

  constructor(private readonly trained: TrainedNetwork) {
    const { network, loss, parameters } = trained;
    this.targets = targetWidth(loss, outputCount(network));
    const training = {
      count: 1,
      inputs: new Float32Array(inputCount(network)),
      targets: new Float32Array(this.targets),
    };
    // It makes no step: what would tell how is of no matter.
    const optimizer = { type: "sgd" as const, learningRate: 0, weightDecay: 0 };
    this.engine = createEngine({ network, loss, optimizer, batchSize: 1, seed: 1, training }, parameters);
  }

  /**
   * Predicts rows of a table that has the columns of the run's own file, in any order; the target is not needed.
   *
   * @throws DataError when a column is missing or does not hold what it held
   */
  predict(table: Table, rows?: Uint32Array): Predictions {
    const { preparation } = this.trained.model;
    const { inputs, count, imputed, unseen } = encodeRawRows(preparation, table, rows);
    const width = outputCount(this.engine.network);
    const samples = { count, inputs, targets: new Float32Array(count * this.targets) };
    const { outputs } = this.engine.evaluate(this.engine.parameters, samples);
    return { decoded: decodeOutputs(preparation.target, outputs, width), imputed, unseen };
  }
}
