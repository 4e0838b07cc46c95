import assert from "node:assert/strict";
import { toCurvesCsv } from "../../../src/export/curves";

const columns = (...values: number[]): Float64Array => Float64Array.from(values);

describe("the curves as CSV", () => {
  it("has a line for every step and for every epoch, together where they fall together", () => {
    const csv = toCurvesCsv({
      steps: {
        step: columns(1, 2, 4),
        loss: columns(0.5, Math.fround(0.1), NaN),
        gradientNorm: columns(1, 2, Infinity),
        learningRate: columns(Math.fround(0.05), 0.01, 1e-9),
      },
      epochs: {
        epoch: columns(0, 1, 2),
        step: columns(0, 2, 5),
        metrics: { "training.loss": columns(0.75, 0.25, 0.125), "validation.accuracy": columns(0, NaN, 1) },
      },
    });
    assert.deepEqual(csv.split("\n"), [
      "step,epoch,loss,gradient_norm,learning_rate,training_loss,validation_accuracy",
      "0,0,,,,0.75,0",
      "1,,0.5,1,0.05,,",
      "2,1,0.1,2,0.01,0.25,",
      "4,,,Infinity,1e-9,,",
      "5,2,,,,0.125,1",
      "",
    ]);
  });

  it("keeps a run that made no step", () => {
    const none = new Float64Array(0);
    const steps = { step: none, loss: none, gradientNorm: none, learningRate: none };
    const csv = toCurvesCsv({ steps, epochs: { epoch: none, step: none, metrics: {} } });
    assert.equal(csv, "step,epoch,loss,gradient_norm,learning_rate\n");
  });
});
