import assert from "node:assert/strict";
import type { Optimizer } from "../../../src/engine/engine";
import { clippingScale, globalNorm, slotCount, takeStep } from "../../../src/engine/optimizers";
import { randomStream } from "../../../src/engine/random";

/** One parameter, written from the papers and PyTorch's documentation; `t` counts from 1. */
type Scalar = (theta: number, g: number, lr: number, t: number) => number;

function naive(optimizer: Optimizer): Scalar {
  const o = optimizer;
  let m = 0;
  let v = 0;
  return (theta, g, lr, t) => {
    if (o.type !== "adamw") g = g + o.weightDecay * theta;
    switch (o.type) {
      case "sgd":
        return theta - lr * g;
      case "momentum":
        v = t === 1 ? g : o.momentum * v + g;
        return theta - lr * v;
      case "nesterov":
        v = t === 1 ? g : o.momentum * v + g;
        return theta - lr * (g + o.momentum * v);
      case "rmsprop":
        v = o.decay * v + (1 - o.decay) * g ** 2;
        return theta - (lr * g) / (Math.sqrt(v) + o.epsilon);
      case "adagrad":
        v = v + g ** 2;
        return theta - (lr * g) / (Math.sqrt(v) + o.epsilon);
      case "adam":
      case "adamw": {
        if (o.type === "adamw") theta = theta - lr * o.weightDecay * theta;
        m = o.beta1 * m + (1 - o.beta1) * g;
        v = o.beta2 * v + (1 - o.beta2) * g ** 2;
        const mHat = m / (1 - o.beta1 ** t);
        const vHat = v / (1 - o.beta2 ** t);
        return theta - (lr * mHat) / (Math.sqrt(vHat) + o.epsilon);
      }
    }
  };
}

const learningRate = 0.03;

const optimizers = (weightDecay: number): Optimizer[] => [
  { type: "sgd", learningRate, weightDecay },
  { type: "momentum", learningRate, momentum: 0.8, weightDecay },
  { type: "nesterov", learningRate, momentum: 0.8, weightDecay },
  { type: "rmsprop", learningRate, decay: 0.95, epsilon: 1e-3, weightDecay },
  { type: "adam", learningRate, beta1: 0.85, beta2: 0.98, epsilon: 1e-3, weightDecay },
  { type: "adamw", learningRate, beta1: 0.85, beta2: 0.98, epsilon: 1e-3, weightDecay },
  { type: "adagrad", learningRate, epsilon: 1e-3, weightDecay },
];

for (const weightDecay of [0, 0.1]) {
  describe(`optimisers with weight decay ${weightDecay}`, () => {
    for (const optimizer of optimizers(weightDecay)) {
      it(`${optimizer.type} steps as the scalar formula does, also when the rate changes`, () => {
        const random = randomStream(1, "weights");
        const count = 5;
        const parameters = Float64Array.from({ length: count }, () => 2 * random.next() - 1);
        const expected = [...parameters];
        const twins = expected.map(() => naive(optimizer));
        const slots = Array.from({ length: slotCount(optimizer) }, () => new Float64Array(count));
        for (let t = 1; t <= 50; t++) {
          const gradient = Float64Array.from({ length: count }, () => 2 * random.next() - 1);
          if (t % 7 === 0) gradient.fill(0);
          const rate = learningRate / Math.sqrt(t);
          const scale = t % 3 === 0 ? 0.4 : 1;
          takeStep(optimizer, t, rate, parameters, gradient, scale, slots);
          twins.forEach((twin, i) => (expected[i] = twin(expected[i], scale * gradient[i], rate, t)));
          expected.forEach((value, i) => assert.ok(Math.abs(parameters[i] - value) < 1e-12, `step ${t}`));
        }
      });
    }
  });
}

describe("optimisers at their edges", () => {
  it("leave a parameter alone whose gradient is always 0", () => {
    for (const optimizer of optimizers(0)) {
      const parameters = Float32Array.of(0.5);
      const slots = Array.from({ length: slotCount(optimizer) }, () => new Float32Array(1));
      for (let t = 1; t < 5; t++) takeStep(optimizer, t, 0.1, parameters, new Float64Array(1), 1, slots);
      assert.equal(parameters[0], 0.5, optimizer.type);
    }
  });

  it("keep no denormal numbers in their slots", () => {
    for (const optimizer of optimizers(0)) {
      const parameters = Float32Array.of(0.5);
      const slots = Array.from({ length: slotCount(optimizer) }, () => new Float32Array(1));
      takeStep(optimizer, 1, 0.1, parameters, Float64Array.of(1), 1, slots);
      for (let t = 2; t < 6000; t++) {
        takeStep(optimizer, t, 0.1, parameters, new Float64Array(1), 1, slots);
        for (const [value] of slots)
          assert.ok(value === 0 || Math.abs(value) >= 2 ** -126, `${optimizer.type} ${t}`);
      }
    }
  });
});

describe("clipping", () => {
  it("scales by min(1, limit / (norm + 1e-6))", () => {
    assert.equal(clippingScale(5, undefined), 1);
    assert.equal(clippingScale(5, 10), 1);
    assert.equal(clippingScale(5, 2), 2 / 5.000001);
    assert.equal(clippingScale(2, 2), 2 / 2.000001);
    assert.equal(clippingScale(0, 1), 1);
  });

  it("measures all parameters together", () => {
    assert.equal(globalNorm(Float64Array.of(3, 0, -4)), 5);
    assert.equal(globalNorm(new Float64Array(0)), 0);
  });
});
