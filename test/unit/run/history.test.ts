import assert from "node:assert/strict";
import fc from "fast-check";
import type { StepColumns } from "../../../src/protocol/run";
import { thinEpochs, thinSteps } from "../../../src/run/columns";
import { EpochHistory, StepHistory } from "../../../src/run/history";

const columnsOf = (losses: readonly number[], norms: readonly number[]): StepColumns => ({
  step: Float64Array.from(losses, (_, i) => i + 1),
  loss: Float64Array.from(losses),
  gradientNorm: Float64Array.from(norms),
  learningRate: Float64Array.from(losses, (_, i) => 1 / (i + 1)),
});

const anyNumber = fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(NaN, Infinity, -Infinity));
const anyColumns = fc.array(fc.tuple(anyNumber, anyNumber), { minLength: 1, maxLength: 300 }).map((rows) =>
  columnsOf(
    rows.map(([loss]) => loss),
    rows.map(([, norm]) => norm),
  ),
);

/** The largest value; what is off every chart, NaN and ∞, counts alike. */
const largest = (values: Float64Array): number =>
  Math.max(...Array.from(values, (value) => (Number.isNaN(value) ? Infinity : value))) + 0;

describe("thinned steps", () => {
  it("keep the extremes, the first and the last, in order, within the limit", () => {
    fc.assert(
      fc.property(anyColumns, fc.integer({ min: 6, max: 100 }), (columns, limit) => {
        const thinned = thinSteps(columns, limit);
        assert.ok(thinned.step.length <= limit);
        assert.deepEqual(
          thinned.step,
          Float64Array.from(new Set(thinned.step)).sort((a, b) => a - b),
        );
        assert.equal(thinned.step[0], 1);
        assert.equal(thinned.step.at(-1), columns.step.length);
        for (const name of ["loss", "gradientNorm"] as const) {
          const finite = columns[name].filter((value) => !Number.isNaN(value));
          assert.equal(largest(thinned[name]), largest(columns[name]));
          if (finite.length === columns[name].length) {
            assert.equal(Math.min(...thinned[name]) + 0, Math.min(...columns[name]) + 0);
          }
        }
        // Steps are kept whole.
        thinned.step.forEach((step, i) => {
          assert.equal(thinned.loss[i], columns.loss[step - 1]);
          assert.equal(thinned.learningRate[i], 1 / step);
        });
      }),
    );
  });
});

describe("thinning to very few", () => {
  it("never gives more than the limit, and none for zero and below", () => {
    fc.assert(
      fc.property(
        anyColumns,
        fc.integer({ min: -5, max: 12 }),
        fc.boolean(),
        (columns, limit, validation) => {
          const steps = thinSteps(columns, limit);
          const metrics: Record<string, Float64Array> = { "training.loss": columns.loss };
          if (validation) metrics["validation.loss"] = columns.gradientNorm;
          const epochs = thinEpochs({ epoch: columns.step, step: columns.step, metrics }, limit);
          for (const thinned of [steps.step, epochs.epoch]) {
            assert.ok(thinned.length <= Math.max(0, limit), `${thinned.length} of ${limit}`);
            // Something is told as soon as there is room: where the run stands.
            if (limit > 0) assert.equal(thinned.at(-1), columns.step.length);
          }
          if (limit > 1) assert.equal(largest(steps.loss), largest(columns.loss));
          if (limit > 2) assert.equal(largest(steps.gradientNorm), largest(columns.gradientNorm));
        },
      ),
    );
  });
});

describe("a run's history", () => {
  it("stays within its limit and keeps a spike of one step among a million", () => {
    const history = new StepHistory(1000);
    const spike = 123_456;
    for (let step = 1; step <= 1_000_000; step++) {
      history.push(step, step === spike ? 99 : 1 / step, 1, 0.1);
      if (step % 1000 === 0) assert.ok(history.length <= 1000);
    }
    const { step, loss } = history.columns();
    assert.ok(step.length > 400, "thinned no more than needed");
    assert.equal(step[0], 1);
    assert.equal(step.at(-1), 1_000_000);
    assert.equal(loss[step.indexOf(spike)], 99);
  });

  it("keeps everything while that fits", () => {
    const history = new StepHistory(100);
    const columns = columnsOf([3, 2, 1], [1, 2, 3]);
    history.append(columns);
    history.append({ ...columns, step: Float64Array.of(4, 5, 6) });
    assert.deepEqual(history.columns().step, Float64Array.of(1, 2, 3, 4, 5, 6));
    assert.deepEqual(history.columns().loss, Float64Array.of(3, 2, 1, 3, 2, 1));
  });

  it("gives epochs without a metric NaN", () => {
    const history = new EpochHistory();
    history.push(0, 0, { "training.loss": 2 });
    history.push(1, 8, { "training.loss": 1, "validation.loss": 3 });
    history.push(2, 16, { "validation.loss": 4 });
    assert.deepEqual(history.columns(), {
      epoch: Float64Array.of(0, 1, 2),
      step: Float64Array.of(0, 8, 16),
      metrics: {
        "training.loss": Float64Array.of(2, 1, NaN),
        "validation.loss": Float64Array.of(NaN, 3, 4),
      },
    });
  });

  it("bounds epochs too, keeping the best validation loss", () => {
    const history = new EpochHistory(100);
    for (let epoch = 0; epoch < 5000; epoch++) {
      history.push(epoch, epoch, { "training.loss": 1, "validation.loss": epoch === 777 ? 0.1 : 1 });
    }
    const { epoch, metrics } = history.columns();
    assert.ok(epoch.length <= 100);
    assert.equal(metrics["validation.loss"][epoch.indexOf(777)], 0.1);
  });
});
