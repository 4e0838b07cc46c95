/** Figures of an evaluation against slow and obvious twins, and against scikit-learn where there is one. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { activate } from "../../../../src/engine/activations";
import { initialParameters } from "../../../../src/engine/initializers";
import { describeNetwork, layerOffsets } from "../../../../src/engine/network";
import { randomStream } from "../../../../src/engine/random";
import { createReferenceEngine } from "../../../../src/engine/reference";
import { meanActivations } from "../../../../src/run/evaluation/activations";
import {
  binaryCurves,
  classificationReport,
  confusionMatrix,
} from "../../../../src/run/evaluation/classification";
import { histogramOf } from "../../../../src/run/evaluation/histogram";
import { regressionReport } from "../../../../src/run/evaluation/regression";
import { largest, rowLosses } from "../../../../src/run/evaluation/rowLosses";
import { shuffledFeature } from "../../../../src/run/evaluation/shuffledFeature";
import { pythonWith } from "../../export/python";

const close = (a: number | null | undefined, b: number, message?: string): void =>
  assert.ok(a !== null && a !== undefined && Math.abs(a - b) < 1e-9, `${message ?? ""} ${a} instead of ${b}`);

/** Scores with ties, so that thresholds hold several rows. */
const scored = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 1 })), {
  minLength: 2,
  maxLength: 60,
});

describe("The evaluation of classes", () => {
  it("counts what was taken for what", () => {
    assert.deepEqual([...confusionMatrix([0, 1, 1, 2], [0, 1, 2, 2], 3)], [1, 0, 0, 0, 1, 0, 0, 1, 1]);
  });

  it("has precision, recall and F1 of each class, and none where there is nothing to divide by", () => {
    // True 0: taken for 0, 0, 1. True 1: taken for 1. Class 2 is nowhere.
    const probabilities = Float64Array.of(0.8, 0.2, 0, 0.6, 0.4, 0, 0.1, 0.9, 0, 0.3, 0.7, 0);
    const { perClass } = classificationReport(["a", "b", "c"], probabilities, [0, 0, 0, 1]);
    close(perClass[0].precision, 1);
    close(perClass[0].recall, 2 / 3);
    close(perClass[0].f1, 0.8);
    close(perClass[1].precision, 0.5);
    assert.deepEqual(perClass[2], { precision: null, recall: null, f1: null, support: 0 });
  });

  it("has the area under the ROC curve that counting pairs gives", () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const scores = Float64Array.from(rows, ([score]) => score);
        const actual = rows.map(([, label]) => label);
        const { auc, roc } = binaryCurves(scores, actual);
        let [pairs, won] = [0, 0];
        for (const [a, one] of rows)
          for (const [b, other] of rows) {
            if (one !== 1 || other !== 0) continue;
            pairs += 1;
            won += a > b ? 1 : a === b ? 0.5 : 0;
          }
        if (pairs === 0) assert.equal(auc, null);
        else {
          close(auc, won / pairs);
          assert.deepEqual([roc.x[0], roc.y[0], roc.x.at(-1), roc.y.at(-1)], [0, 0, 1, 1]);
        }
      }),
    );
  });

  it("has the average precision that going through all thresholds gives", () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const positives = rows.filter(([, label]) => label === 1).length;
        const { averagePrecision } = binaryCurves(
          Float64Array.from(rows, ([score]) => score),
          rows.map(([, label]) => label),
        );
        if (positives === 0) return assert.equal(averagePrecision, null);
        let [sum, recall] = [0, 0];
        for (let threshold = 9; threshold >= 0; threshold--) {
          const taken = rows.filter(([score]) => score >= threshold);
          const hits = taken.filter(([, label]) => label === 1).length;
          if (taken.length > 0) sum += (hits / positives - recall) * (hits / taken.length);
          recall = hits / positives;
        }
        return close(averagePrecision, sum);
      }),
    );
  });

  it("compares how sure it is with how often it is right", () => {
    const probabilities = Float64Array.of(0.95, 0.05, 0.91, 0.09, 0.45, 0.55, 0.42, 0.58);
    const { calibration, calibrationError } = classificationReport(["a", "b"], probabilities, [0, 1, 1, 1]);
    close(calibration.confidence[9], 0.93);
    close(calibration.accuracy[9], 0.5);
    close(calibration.accuracy[5], 1);
    assert.equal(calibration.count[5], 2);
    close(calibrationError, (2 * 0.43 + 2 * (1 - 0.565)) / 4);
  });

  it("agrees with scikit-learn", function () {
    const python = pythonWith("sklearn");
    if (python === null) return this.skip();
    const random = randomStream(3, "split");
    const actual = Array.from({ length: 200 }, () => random.below(2));
    const scores = actual.map((label) => Math.round(100 * (0.3 * label + 0.7 * random.next())) / 100);
    const script = `
import json,sys
from sklearn.metrics import roc_auc_score, average_precision_score, precision_recall_fscore_support, r2_score
d=json.load(sys.stdin); y=d["actual"]; s=d["scores"]
p,r,f,_=precision_recall_fscore_support(y,[1 if v>0.5 else 0 for v in s])
print(json.dumps([roc_auc_score(y,s),average_precision_score(y,s),*p,*r,*f,r2_score(y,s)]))`;
    const { stdout } = spawnSync(python, ["-c", script], {
      input: JSON.stringify({ actual, scores }),
      encoding: "utf8",
    });
    const [auc, average, p0, p1, r0, r1, f0, f1, r2] = JSON.parse(stdout) as number[];
    const probabilities = Float64Array.from(scores.flatMap((score) => [1 - score, score]));
    const report = classificationReport(["0", "1"], probabilities, actual);
    close(report.binary?.auc, auc, "AUC");
    close(report.binary?.averagePrecision, average, "average precision");
    const [zero, one] = report.perClass;
    [zero.precision, one.precision, zero.recall, one.recall, zero.f1, one.f1].forEach((value, i) =>
      close(value, [p0, p1, r0, r1, f0, f1][i]),
    );
    close(regressionReport("y", Float64Array.from(scores), Float64Array.from(actual)).r2, r2, "R²");
    return undefined;
  });
});

describe("The evaluation of values", () => {
  it("has the errors in the target's own units, and every residual in a bin", () => {
    const report = regressionReport("y", Float64Array.of(1, 3, 2, 8), Float64Array.of(1, 2, 4, 4));
    close(report.mae, 7 / 4);
    close(report.rmse, Math.sqrt(21 / 4));
    close(report.r2, 1 - 21 / 6.75);
    assert.equal(
      report.histogram.counts.reduce((a, b) => a + b),
      4,
    );
    assert.deepEqual([report.histogram.edges[0], report.histogram.edges.at(-1)], [-2, 4]);
    assert.equal(regressionReport("y", Float64Array.of(1, 2), Float64Array.of(3, 3)).r2, null);
  });

  it("puts finite values into bins, and values that are alike into one", () => {
    const { counts, mean, deviation } = histogramOf([0, 1, 1, 2, NaN, Infinity], 4);
    assert.deepEqual([...counts], [1, 0, 2, 1]);
    close(mean, 1);
    close(deviation, Math.SQRT1_2);
    assert.deepEqual([...histogramOf([5, 5], 2).counts], [0, 2]);
    assert.deepEqual([...histogramOf([], 2).counts], [0, 0]);
  });
});

describe("The losses of single rows", () => {
  const cases = [
    ["binary-cross-entropy", 1],
    ["categorical-cross-entropy", 3],
    ["mse", 2],
    ["mae", 2],
  ] as const;
  for (const [loss, outputs] of cases)
    it(`add up to the engine's: ${loss}`, () => {
      const network = describeNetwork(2, [{ units: 4, activation: "tanh" }], outputs);
      const random = randomStream(8, "split");
      const width = loss.endsWith("cross-entropy") ? 1 : outputs;
      const samples = {
        count: 7,
        inputs: Float32Array.from({ length: 14 }, () => 3 * random.next()),
        targets: Float32Array.from({ length: 7 * width }, () =>
          loss.endsWith("cross-entropy") ? random.below(Math.max(2, outputs)) : random.next(),
        ),
      };
      const parameters = initialParameters(network, "glorot-normal", randomStream(1, "weights"), "float64");
      const optimizer = { type: "sgd" as const, learningRate: 0.1, weightDecay: 0 };
      const settings = { network, loss, optimizer, batchSize: 7, seed: 1, training: samples };
      const engine = createReferenceEngine({ ...settings, precision: "float64" }, parameters);
      const { lossSum, outputs: said } = engine.evaluate(parameters, samples);
      const losses = rowLosses(loss, said, outputs, samples.targets);
      close(
        losses.reduce((a, b) => a + b),
        lossSum,
      );
    });

  it("tell the worst rows, those without a number first", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ noNaN: true }), fc.constant(NaN)), { maxLength: 40 }),
        (list) => {
          const size = (i: number): number => (Number.isNaN(list[i]) ? Infinity : list[i]);
          const sorted = list.map((_, i) => i).sort((a, b) => size(b) - size(a) || a - b);
          const found = largest(Float64Array.from(list), 5);
          assert.deepEqual(found.map(size), sorted.slice(0, 5).map(size));
          assert.equal(new Set(found).size, found.length);
        },
      ),
    );
  });
});

describe("Shuffling a feature", () => {
  it("deals out its inputs together and leaves all else", () => {
    const samples = {
      count: 50,
      inputs: Float32Array.from({ length: 200 }, (_, i) => i),
      targets: new Float32Array(50),
    };
    const random = randomStream(4, "shuffle");
    const { inputs } = shuffledFeature(samples, 1, 2, () => random.next());
    const pairs = Array.from({ length: 50 }, (_, row) => {
      assert.deepEqual([inputs[4 * row], inputs[4 * row + 3]], [4 * row, 4 * row + 3]);
      assert.equal(inputs[4 * row + 2], inputs[4 * row + 1] + 1);
      return inputs[4 * row + 1];
    });
    assert.deepEqual(
      [...pairs].sort((a, b) => a - b),
      Array.from({ length: 50 }, (_, row) => 4 * row + 1),
    );
    assert.notDeepEqual(pairs[0] + pairs[1] + pairs[2], 1 + 5 + 9);
  });
});

describe("What the units of a network put out", () => {
  it("is what the engine computes on its way", async () => {
    const network = describeNetwork(2, [{ units: 3, activation: "sigmoid" }], 2);
    const parameters = initialParameters(network, "glorot-normal", randomStream(1, "weights"), "float64");
    const samples = { count: 2, inputs: Float32Array.of(1, 2, -1, 0.5), targets: new Float32Array(4) };
    const [hidden, out] = await meanActivations(network, parameters, samples, () => Promise.resolve());
    const optimizer = { type: "sgd" as const, learningRate: 0.1, weightDecay: 0 };
    const settings = { network, loss: "mse" as const, optimizer, batchSize: 2, seed: 1, training: samples };
    const engine = createReferenceEngine({ ...settings, precision: "float64" }, parameters);
    const { outputs } = engine.evaluate(parameters, samples);
    close(out[0], (outputs[0] + outputs[2]) / 2);
    const z = Float64Array.from(engine.firstPreActivations(parameters, samples));
    const a = new Float64Array(6);
    activate("sigmoid", z, a, 6);
    close(hidden[1], (a[1] + a[4]) / 2);
    assert.equal(layerOffsets(network).length, 2);
  });
});
