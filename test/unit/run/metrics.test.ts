import assert from "node:assert/strict";
import fc from "fast-check";
import type { Samples } from "../../../src/data/samples";
import { baselineOf } from "../../../src/run/baseline";
import { MetricSums, metricColumns, type Scoring } from "../../../src/run/metrics";

const samplesOf = (targets: number[], width = 1): Samples => ({
  count: targets.length / width,
  inputs: new Float32Array(targets.length / width),
  targets: Float32Array.from(targets),
});

const classes = (count: number, outputs: number): Scoring => ({
  target: { task: "classification", column: "c", classes: Array.from({ length: count }, (_, i) => `k${i}`) },
  outputs,
});

const regression = (mean: number[], scale: number[]): Scoring => ({
  target: { task: "regression", columns: mean.map((_, i) => `y${i}`), mean, scale },
  outputs: mean.length,
});

describe("metrics", () => {
  it("count what a network of several logits gets right, the first of equal logits winning", () => {
    const sums = new MetricSums(classes(3, 3), samplesOf([2, 0, 1, 0]));
    sums.add(0, { count: 3, lossSum: 3, weightSum: 3, outputs: Float32Array.of(0, 1, 5, 1, 1, 1, 9, 1, 1) });
    sums.add(3, { count: 1, lossSum: 1, weightSum: 1, outputs: Float32Array.of(-1, -2, -3) });
    assert.deepEqual(sums.metrics(), { loss: 1, accuracy: 0.75 });
  });

  it("take a single logit above zero for the second class", () => {
    const sums = new MetricSums(classes(2, 1), samplesOf([1, 0, 1, 0]));
    sums.add(0, { count: 4, lossSum: 2, weightSum: 4, outputs: Float32Array.of(0.1, -0.1, -3, 0) });
    assert.deepEqual(sums.metrics(), { loss: 0.5, accuracy: 0.75 });
  });

  it("are in the target's own units and averaged over outputs, as computed the long way round", () => {
    const value = fc.integer({ min: -50, max: 50 });
    const rows = fc.array(fc.tuple(value, value, value, value), { minLength: 3, maxLength: 30 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 5 }), (table, block) => {
        const mean = [10, -3];
        const scale = [2, 0.5];
        const truth = table.map(([a, b]) => [a, b]);
        const predicted = table.map(([, , a, b]) => [a, b]);
        fc.pre([0, 1].every((k) => new Set(truth.map((row) => row[k])).size > 1));
        const scaled = (values: number[][]): number[] =>
          values.flat().map((v, i) => (v - mean[i % 2]) / scale[i % 2]);
        const samples = samplesOf(scaled(truth), 2);
        const sums = new MetricSums(regression(mean, scale), samples);
        for (let from = 0; from < table.length; from += block) {
          const part = predicted.slice(from, from + block);
          sums.add(from, {
            count: part.length,
            lossSum: 0,
            weightSum: part.length,
            outputs: Float32Array.from(scaled(part)),
          });
        }
        const each = [0, 1].map((k) => {
          const y = truth.map((row) => row[k]);
          const errors = predicted.map((row, i) => row[k] - y[i]);
          const average = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
          const centre = average(y);
          return {
            mae: average(errors.map(Math.abs)),
            rmse: Math.sqrt(average(errors.map((e) => e * e))),
            r2: 1 - average(errors.map((e) => e * e)) / average(y.map((v) => (v - centre) ** 2)),
          };
        });
        const metrics = sums.metrics();
        for (const name of ["mae", "rmse", "r2"] as const) {
          const expected = (each[0][name] + each[1][name]) / 2;
          assert.ok(Math.abs((metrics[name] ?? NaN) - expected) < 1e-4 * (1 + Math.abs(expected)), name);
        }
      }),
    );
  });

  it("divide the loss by the weights of the rows, and the accuracy by their number", () => {
    const sums = new MetricSums(classes(2, 2), samplesOf([1, 0]));
    sums.add(0, { count: 1, lossSum: 3, weightSum: 2.5, outputs: Float32Array.of(0, 1) });
    sums.add(1, { count: 1, lossSum: 1, weightSum: 0.5, outputs: Float32Array.of(0, 1) });
    assert.deepEqual(sums.metrics(), { loss: 4 / 3, accuracy: 0.5 });
  });

  it("are null where they are not finite", () => {
    const sums = new MetricSums(regression([0], [1]), samplesOf([2, 2]));
    sums.add(0, { count: 2, lossSum: Infinity, weightSum: 2, outputs: Float32Array.of(1, 1) });
    assert.deepEqual(sums.metrics(), { loss: null, mae: 1, rmse: 1, r2: null });
    // Finite in float64 alone.
    const far = new MetricSums(regression([0], [1]), samplesOf([2, 3]));
    far.add(0, { count: 2, lossSum: 1e39, weightSum: 2, outputs: Float32Array.of(1e22, 1e22) });
    assert.deepEqual([far.metrics().loss, far.metrics().r2], [null, null]);
    assert.deepEqual(metricColumns({ loss: null, accuracy: 1 }, null), {
      "training.loss": NaN,
      "training.accuracy": 1,
    });
  });
});

describe("the baseline", () => {
  it("answers the majority class, with the classes' shares as probabilities", () => {
    const baseline = baselineOf(
      classes(3, 3),
      "categorical-cross-entropy",
      samplesOf([1, 1, 0, 2]),
      samplesOf([0, 1]),
    );
    assert.equal(baseline.label, "k1");
    assert.equal(baseline.training.accuracy, 0.5);
    assert.ok(Math.abs((baseline.training.loss ?? 0) - 1.5 * Math.log(2)) < 1e-12);
    assert.equal(baseline.validation?.accuracy, 0.5);
    assert.ok(Math.abs((baseline.validation.loss ?? 0) - 1.5 * Math.log(2)) < 1e-12);
  });

  it("answers the first class when two are equally frequent, for one logit too", () => {
    const baseline = baselineOf(classes(2, 1), "binary-cross-entropy", samplesOf([1, 0]), null);
    assert.equal(baseline.label, "k0");
    assert.equal(baseline.training.accuracy, 0.5);
    assert.ok(Math.abs((baseline.training.loss ?? 0) - Math.log(2)) < 1e-12);
    assert.equal(baseline.validation, undefined);
  });

  it("has the loss of the best constant answer under class weights, and the accuracy of the majority", () => {
    // Balanced over 1, 3: n / (K · n_c). Weighed, the classes are equally probable.
    const scoring = { ...classes(2, 2), classWeights: [2, 2 / 3] };
    const categorical = baselineOf(scoring, "categorical-cross-entropy", samplesOf([1, 1, 0, 1]), null);
    assert.equal(categorical.label, "k1");
    assert.equal(categorical.training.accuracy, 0.75);
    assert.ok(Math.abs((categorical.training.loss ?? 0) - Math.log(2)) < 1e-12);
    const binary = baselineOf(
      { ...scoring, outputs: 1, classWeights: [4, 1] },
      "binary-cross-entropy",
      samplesOf([1, 1, 0, 1]),
      null,
    );
    assert.ok(
      Math.abs((binary.training.loss ?? 0) - (4 * Math.log(7 / 4) + 3 * Math.log(7 / 3)) / 4) < 1e-12,
    );
  });

  it("answers the training mean in the target's units", () => {
    // Targets 10 and 30 with mean 20, scale 10; validation 40.
    const scoring = regression([20], [10]);
    const baseline = baselineOf(scoring, "mse", samplesOf([-1, 1]), samplesOf([2]));
    assert.equal(baseline.label, "20");
    assert.deepEqual(baseline.training, { loss: 1, mae: 10, rmse: 10, r2: 0 });
    assert.deepEqual(baseline.validation, { loss: 4, mae: 20, rmse: 20, r2: null });
    assert.equal(baselineOf(scoring, "mae", samplesOf([-1, 3]), null).training.loss, 2);
  });
});
