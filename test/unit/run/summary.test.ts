import assert from "node:assert/strict";
import type { Baseline } from "../../../src/protocol/run";
import { durationText, summarize, type Outcome, type SummaryConfig } from "../../../src/run/summary";

const baseline: Baseline = {
  kind: "majority-class",
  label: "setosa",
  training: { loss: 1.1, accuracy: 0.34 },
  validation: { loss: 1.1, accuracy: 0.333 },
};
const iris = { task: "classification" as const, target: ["species"], baseline, totalSteps: 800 };
const config = { data: { standardize: true }, optimizer: { learningRate: 0.5 } };
const outcome: Outcome = {
  status: "completed",
  steps: 800,
  epochs: 100,
  trainingSeconds: 1.25,
  samplesPerSecond: 1000,
  training: { loss: 0.1, accuracy: 0.99 },
  validation: { loss: 0.1, accuracy: 0.967 },
  test: null,
};

describe("the sentence about a run", () => {
  it("says what a finished run reached, beside the baseline", () => {
    assert.equal(
      summarize(outcome, iris, config),
      "Trained for 100 epochs (800 steps, 1.3 s of training): 96.7\u00a0% accuracy on the validation rows, where always answering setosa reaches 33.3\u00a0%.",
    );
  });

  it("speaks of the training rows where there is no validation, and of the test rows where there are any", () => {
    const plain = summarize({ ...outcome, validation: null }, iris, config);
    assert.match(
      plain,
      /99\.0\u00a0% accuracy on the training rows, where always answering setosa reaches 34\.0\u00a0%\.$/,
    );
    const tested = summarize({ ...outcome, test: { loss: 0.2, accuracy: 0.9 } }, iris, config);
    assert.match(
      tested,
      /96\.7\u00a0% accuracy on the validation rows and 90\.0\u00a0% on the test rows, where/,
    );
  });

  it("stays on one line whatever a class is called", () => {
    const odd = { ...iris, baseline: { ...baseline, label: "Iris\r\nsetosa" } };
    assert.match(summarize(outcome, odd, config), /always answering Iris setosa reaches/);
  });

  it("gives a regression's error in the target's units", () => {
    const mean: Baseline = {
      kind: "mean",
      label: "4,202",
      training: { loss: 1, mae: 690.25, rmse: 800, r2: 0 },
    };
    const mass = { task: "regression" as const, target: ["mass"], baseline: mean, totalSteps: 10 };
    const reached: Outcome = {
      ...outcome,
      validation: null,
      training: { loss: 0.1, mae: 260.512, rmse: 300, r2: 0.8724 },
    };
    assert.match(
      summarize(reached, mass, config),
      /: a mean absolute error of mass of 260\.5 on the training rows \(R² 0\.872\), where always answering the mean, 4,202, is off by 690\.3\.$/,
    );
  });

  it("says when the network was best, where it has learned the training rows by heart since", () => {
    const lowestValidation = { epoch: 12, loss: 0.08 };
    const overfit = (loss: number, earlyStopping?: SummaryConfig["earlyStopping"]): string =>
      summarize({ ...outcome, validation: { loss, accuracy: 0.967 }, lowestValidation }, iris, {
        ...config,
        earlyStopping,
      });
    assert.match(
      overfit(0.1),
      /reaches 33\.3\u00a0%; the validation loss was lowest after epoch 12 \(0\.08, now 0\.1\), whose weights "earlyStopping" would keep\.$/,
    );
    // A tenth more, and a hundredth.
    assert.doesNotMatch(overfit(0.087), /lowest/);
    assert.doesNotMatch(overfit(0.0899), /lowest/);
    assert.doesNotMatch(overfit(0.1, { patience: 50, minDelta: 0, restoreBest: true }), /lowest/);
  });

  it("says why an early-stopped run ended and which weights it kept", () => {
    assert.match(
      summarize({ ...outcome, status: "early-stopped", restoredEpoch: 24, epochs: 34 }, iris, {
        ...config,
        earlyStopping: { patience: 10, minDelta: 0, restoreBest: true },
      }),
      /^Stopped early after 34 epochs \(.*\), when the validation loss had not improved for 10 epochs and kept the weights of epoch 24, the best: 96\.7\u00a0%/,
    );
  });

  it("says where a stopped and an interrupted run stood", () => {
    const stopped = summarize(
      { ...outcome, status: "stopped", steps: 1200 },
      { ...iris, totalSteps: 8000 },
      config,
    );
    assert.match(stopped, /^Stopped at step 1,200 of 8,000, after 1\.3 s of training: 96\.7\u00a0% accuracy/);
    assert.equal(
      summarize({ ...outcome, status: "stopped", steps: 0 }, iris, config),
      "Stopped before the first step.",
    );
    const hasty: Outcome = {
      ...outcome,
      status: "stopped",
      steps: 30,
      training: null,
      validation: null,
      outdated: { epoch: 3, training: { loss: 1, accuracy: 0.5 }, validation: { loss: 1, accuracy: 0.4 } },
    };
    assert.equal(
      summarize(hasty, iris, config),
      "Stopped at step 30 of 800, after 1.3 s of training; last evaluated after epoch 3: 40.0\u00a0% accuracy on the validation rows, where always answering setosa reaches 33.3\u00a0%.",
    );
    const start = { epoch: 0, training: { loss: 1, accuracy: 0.5 }, validation: null };
    assert.match(
      summarize({ ...hasty, outdated: start }, iris, config),
      /^Stopped at step 30 of 800, after 1\.3 s of training: nothing was evaluated yet\.$/,
    );
    const cut = summarize(
      { ...outcome, status: "interrupted", steps: 7, training: null, validation: null },
      iris,
      config,
    );
    assert.match(cut, /^Cut off after step 7 of 800, .*: nothing was evaluated yet\.$/);
  });

  it("names the step that diverged, what it kept, and what to try", () => {
    const diverged: Outcome = {
      ...outcome,
      status: "diverged",
      steps: 4,
      nonFinite: { loss: NaN, gradientNorm: NaN },
    };
    assert.equal(
      summarize(diverged, iris, config),
      'Diverged at step 5, where the loss became NaN; the weights of step 4 are kept: try a learning rate of 0.05 or "gradientClipNorm": 1.',
    );
    const raw = { data: { standardize: false }, optimizer: { learningRate: 10 }, gradientClipNorm: 1 };
    assert.equal(
      summarize({ ...diverged, steps: 0, nonFinite: { loss: 3, gradientNorm: Infinity } }, iris, raw),
      'Diverged at step 1, where the gradient was no longer finite; the starting weights are kept: try a learning rate of 0.1 or "standardize": true.',
    );
    const long = { ...diverged, nonFinite: { loss: 3, gradientNorm: 2 } };
    assert.match(
      summarize(long, iris, config),
      /^Diverged at step 5, where the step was so long that a weight became infinite; the weights of step 4 are kept: try a learning rate/,
    );
  });

  it("writes durations as people do", () => {
    assert.deepEqual([0.0372, 5.04, 12.34, 59.96, 185, 7805].map(durationText), [
      "0.037 s",
      "5 s",
      "12.3 s",
      "1 min 00 s",
      "3 min 05 s",
      "2 h 10 min",
    ]);
  });
});
