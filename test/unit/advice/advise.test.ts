import assert from "node:assert/strict";
import fc from "fast-check";
import type { Advice } from "../../../src/advice/advice";
import { advise } from "../../../src/advice/advise";
import type { HealthFacts } from "../../../src/advice/health";
import { evidence, series, type Invented } from "./support";

const ids = (invented: Invented): string[] => advise(evidence(invented)).map(({ id }) => id);

function only(invented: Invented): Advice {
  const found = advise(evidence(invented));
  assert.equal(found.length, 1, found.map(({ id }) => id).join());
  return found[0];
}

/** Probes of every tenth step. */
function probed(steps: number, ratio: (i: number) => number): { more: { health: HealthFacts } } {
  const step = series(Math.floor(steps / 10), (i) => 10 * i + 1);
  return { more: { health: { ratios: { step, ratio: step.map((_, i) => ratio(i)) }, deadUnits: [] } } };
}

describe("Advice", () => {
  it("has nothing to say of a healthy run", () => {
    assert.deepEqual(ids({}), []);
    assert.deepEqual(ids(probed(300, () => 0.7)), []);
  });

  it("has nothing to say before there is anything to go by", () => {
    assert.deepEqual(ids({ training: [1.2], loss: [], more: { status: "running", totalSteps: 300 } }), []);
    assert.deepEqual(ids({ training: [1.2], loss: [1.2, 1.3, 1.2] }), []);
  });

  it("never throws and names its numbers, whatever the curves", () => {
    const value = fc.oneof(fc.double({ min: -1e6, max: 1e6 }), fc.constant(NaN), fc.constant(Infinity));
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 40 }),
        fc.array(value, { maxLength: 200 }),
        fc.constantFrom("running", "ended", "diverged"),
        (training, loss, status) => {
          const found = advise(
            evidence({ training, loss, validation: training, accuracy: training, more: { status } }),
          );
          for (const { evidence: text, fixes } of found) {
            assert.match(text, /^[A-Z\d].*\.$/);
            assert.ok(fixes.every(({ label, changes }) => label !== "" && changes.length > 0));
          }
        },
      ),
    );
  });

  describe("on a learning rate that is too large", () => {
    const high = { optimizer: { type: "sgd", learningRate: 2 } };

    it("speaks up when the run diverged", () => {
      const advice = only({
        config: high,
        training: [1.1],
        loss: [1.1, 5, 300],
        more: { status: "diverged", divergedAt: 4 },
      });
      assert.equal(advice.id, "learning-rate-too-large");
      assert.match(advice.evidence, /at step 4, with a learning rate of 2/);
      assert.deepEqual(advice.fixes[0].changes, [{ path: ["optimizer", "learningRate"], value: 0.1 }]);
    });

    it("speaks up when the loss is no lower than before and most steps raise their own loss", () => {
      const training = series(31, (i) => 0.5 + 0.02 * i);
      const advice = only({ config: high, training, ...probed(300, (i) => (i % 4 === 0 ? 0.2 : -0.5)) });
      assert.equal(advice.id, "learning-rate-too-large");
      assert.match(advice.evidence, /4 of 6 probed steps raised the loss of their own batch/);
    });

    it("lets a run hover at the edge of stability that still improves", () => {
      const training = series(31, (i) => 1 / (1 + i));
      assert.deepEqual(ids({ config: high, training, ...probed(300, () => -0.1) }), []);
    });

    it("lets a noisy run alone whose steps lower their own loss", () => {
      const training = series(31, (i) => 0.3 + 0.01 * Math.sin(i));
      assert.deepEqual(ids({ config: high, training, ...probed(300, () => 0.4) }), []);
    });

    it("speaks up when the network ends worse than it began", () => {
      const advice = only({ config: high, training: series(31, (i) => (i === 0 ? 1.1 : 2)) });
      assert.match(
        advice.evidence,
        /After 30 epochs the training loss is 2, above the 1.1 of the starting weights/,
      );
    });

    it("speaks up when the loss shot up and did not come back", () => {
      const loss = series(300, (i) => (i === 3 ? 40 : 1.12));
      const advice = only({ config: high, loss, training: series(31, () => 1.12) });
      assert.match(advice.evidence, /shot up from 1.12 to 40 at step 4/);
    });

    it("offers to clip the gradient only where the steps grow with it", () => {
      const of = (type: string): string[] =>
        only({ config: { optimizer: { type, learningRate: 2 } }, more: { status: "diverged" } }).fixes.map(
          ({ label }) => label,
        );
      assert.deepEqual(of("momentum"), ["Learning rate 0.1", "Clip the gradient to norm 1"]);
      assert.deepEqual(of("adam"), ["Learning rate 0.1"]);
    });
  });

  describe("on a learning rate that is too small", () => {
    const slow = series(31, (i) => 1.1 - 0.005 * i);

    it("suggests η/(2(1−ρ)) for plain full-batch descent", () => {
      const config = { optimizer: { type: "sgd", learningRate: 0.01 }, batchSize: "full" };
      const more = { batchSize: 160, ...probed(300, () => 0.9).more };
      // The steps are not timid enough yet.
      assert.deepEqual(ids({ config, training: slow, more, gradientNorm: series(300, () => 1) }), []);
      const timid = { batchSize: 160, ...probed(300, () => 0.96).more };
      const advice = only({ config, training: slow, more: timid, gradientNorm: series(300, () => 1) });
      assert.equal(advice.id, "learning-rate-too-small");
      assert.match(advice.evidence, /the median decrease ratio ρ of its steps is 0.96/);
      // 0.01 / (2 · 0.04) = 0.125.
      assert.deepEqual(advice.fixes[0].changes, [{ path: ["optimizer", "learningRate"], value: 0.1 }]);
    });

    it("raises the learning rate tenfold at most", () => {
      const config = { optimizer: { type: "sgd", learningRate: 0.001 }, batchSize: "full" };
      const more = { batchSize: 160, ...probed(300, () => 0.9999).more };
      const [fix] = only({ config, training: slow, more }).fixes;
      assert.deepEqual(fix.changes, [{ path: ["optimizer", "learningRate"], value: 0.01 }]);
    });

    it("tells a weight that cannot have moved", () => {
      const config = { optimizer: { type: "adam", learningRate: 1e-5 } };
      assert.match(only({ config, training: slow }).evidence, /could move a weight by 0.003 at most/);
    });

    it("does not blame the learning rate where there is no slope", () => {
      const config = { optimizer: { type: "sgd", learningRate: 0.1 } };
      const flat = series(31, () => Math.log(3));
      assert.deepEqual(ids({ config, training: flat, gradientNorm: series(300, () => 1e-6) }), ["plateau"]);
    });
  });

  it("tells that the loss is stuck, and mends what most likely holds it", () => {
    const flat = series(31, () => Math.log(3));
    const keyOf = (config: object): string => {
      const advice = only({ config, training: flat });
      assert.equal(advice.id, "plateau");
      assert.match(advice.evidence, /1.1 after 30 epochs .* a constant answer reaches 1.1/);
      return advice.fixes[0].changes.map(({ path }) => path.join(".")).join();
    };
    assert.equal(keyOf({ network: { initializer: "zeros" } }), "network.initializer");
    assert.equal(
      keyOf({ optimizer: { type: "sgd", learningRate: 0.1, weightDecay: 1 } }),
      "optimizer.weightDecay",
    );
    assert.equal(
      keyOf({ network: { hidden: [8, 8], activation: "sigmoid" } }),
      "network.hidden,network.activation",
    );
    assert.equal(keyOf({ network: { dropout: 0.8 } }), "network.dropout");
    assert.equal(keyOf({ optimizer: { type: "sgd", learningRate: 0.1 } }), "optimizer");
  });

  it("tells of overfitting, but not to a run that keeps its best weights", () => {
    const validation = series(31, (i) => (i < 10 ? 1.1 - 0.08 * i : 0.38 + 0.02 * (i - 10)));
    const advice = only({ validation });
    assert.equal(advice.id, "overfitting");
    assert.match(advice.evidence, /lowest around epoch 10 .* risen to 0\.7/);
    assert.deepEqual(advice.fixes[0].changes[0].path, ["earlyStopping"]);
    assert.deepEqual(ids({ validation, config: { earlyStopping: { patience: 5 } } }), []);
    assert.deepEqual(ids({ validation: series(31, (i) => 0.3 + Math.exp(-i / 4)) }), []);
  });

  it("tells of inputs that are not scaled, and leaves out what follows from it", () => {
    const inputs = { largest: { name: "area", size: 120 }, smallest: { name: "rooms", size: 3 } };
    const config = { data: { file: "a.csv", target: "b", standardize: false } };
    const advice = only({ config, more: { inputs, status: "diverged" } });
    assert.equal(advice.id, "unscaled-inputs");
    assert.match(
      advice.evidence,
      /area is 120 in size \(root mean square\) and rooms is 3; the run diverged/,
    );
    const even = { largest: { name: "area", size: 2 }, smallest: { name: "rooms", size: 1 } };
    assert.deepEqual(ids({ config, more: { inputs: even } }), []);
  });

  it("tells that only the majority class is answered", () => {
    const more = {
      classes: ["no", "yes"],
      baseline: { label: "no", loss: 0.2, accuracy: 0.95 },
      validationBaselineAccuracy: 0.95,
    };
    const training = series(31, (i) => 0.17 + 0.4 * Math.exp(-i));
    const advice = only({ training, accuracy: series(31, () => 0.95), more });
    assert.equal(advice.id, "class-imbalance");
    assert.match(
      advice.evidence,
      /^95\s% of the training rows .* always answering no would be right for 95\s%/,
    );
    assert.deepEqual(ids({ training, accuracy: series(31, () => 0.98), more }), []);
    const config = { data: { file: "a.csv", target: "b", classWeights: "balanced" } };
    assert.deepEqual(ids({ config, training, accuracy: series(31, () => 0.95), more }), []);
  });

  it("tells of dead units where little has been learned", () => {
    const dead = (fraction: number): Invented["more"] => ({
      health: { ratios: { step: [], ratio: [] }, deadUnits: [{ layer: 1, fraction }] },
    });
    const training = series(31, (i) => 0.7 + 0.4 * Math.exp(-i));
    assert.match(only({ training, more: dead(0.75) }).evidence, /^75\s% of the relu units of hidden layer 1/);
    assert.deepEqual(ids({ more: dead(0.4) }), []);
  });

  it("tells of a start that is worse than knowing nothing", () => {
    const training = series(31, (i) => 0.1 + 9 * Math.exp(-i));
    const inputs = { largest: { name: "x", size: 8 }, smallest: { name: "y", size: 6 } };
    const config = { data: { file: "a.csv", target: "b", standardize: false } };
    const advice = only({ training, config, more: { inputs } });
    assert.equal(advice.id, "initial-loss");
    assert.match(advice.evidence, /starting weights is 9.1, .* ln 3 = 1.1/);
  });
});
