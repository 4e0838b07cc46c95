import assert from "node:assert/strict";
import type { Loss } from "../../../src/engine/engine";
import { deltaAlong, lossAndDelta, meanDivisor, targetWidth } from "../../../src/engine/losses";
import { randomStream } from "../../../src/engine/random";
import { losses, naiveLoss, outputsOf } from "./naive";

const rows = 6;

function example(loss: Loss, spread = 3) {
  const outputs = outputsOf(loss);
  const random = randomStream(5, "weights");
  const z = Float64Array.from({ length: rows * outputs }, () => spread * (2 * random.next() - 1));
  const y = Float64Array.from({ length: rows * targetWidth(loss, outputs) }, () =>
    loss.endsWith("cross-entropy") ? random.below(Math.max(2, outputs)) : 2 * random.next() - 1,
  );
  return { outputs, z, y, random };
}

const lossOf = (
  loss: Loss,
  z: number[],
  y: number[],
  outputs = z.length,
): { sum: number; delta: Float64Array } => {
  const delta = new Float64Array(z.length);
  const count = z.length / outputs;
  const sum = lossAndDelta(loss, Float64Array.from(z), Float64Array.from(y), count, outputs, 1, delta);
  return { sum, delta };
};

for (const loss of losses) {
  describe(`the loss ${loss}`, () => {
    const { outputs, z, y, random } = example(loss);
    const width = y.length / rows;

    it("is the sum over samples of its formula", () => {
      const delta = new Float64Array(z.length);
      const expected = Array.from({ length: rows }, (_, row) =>
        naiveLoss(
          loss,
          [...z.subarray(row * outputs, (row + 1) * outputs)],
          [...y.subarray(row * width, (row + 1) * width)],
        ),
      ).reduce((sum, value) => sum + value, 0);
      assert.ok(Math.abs(lossAndDelta(loss, z, y, rows, outputs, 1, delta) - expected) < 1e-12);
    });

    it("has the derivative that differences show, times the scale", () => {
      const delta = new Float64Array(z.length);
      const unused = new Float64Array(z.length);
      lossAndDelta(loss, z, y, rows, outputs, 0.25, delta);
      for (let i = 0; i < z.length; i++) {
        const at = (h: number) => {
          const moved = z.slice();
          moved[i] += h;
          return lossAndDelta(loss, moved, y, rows, outputs, 1, unused);
        };
        assert.ok(Math.abs(delta[i] - (0.25 * (at(1e-5) - at(-1e-5))) / 2e-5) < 1e-9, `output ${i}`);
      }
    });

    it("has the second derivative that differences show", () => {
      const zDot = z.map(() => 2 * random.next() - 1);
      const deltaDot = new Float64Array(z.length);
      deltaAlong(loss, z, zDot, y, rows, outputs, 0.25, deltaDot);
      const at = (h: number) => {
        const delta = new Float64Array(z.length);
        lossAndDelta(
          loss,
          z.map((value, i) => value + h * zDot[i]),
          y,
          rows,
          outputs,
          0.25,
          delta,
        );
        return delta;
      };
      const [above, below] = [at(1e-5), at(-1e-5)];
      deltaDot.forEach((value, i) =>
        assert.ok(Math.abs(value - (above[i] - below[i]) / 2e-5) < 1e-9, `output ${i}`),
      );
    });
  });
}

describe("losses at their edges", () => {
  it("mae: sign(0) = 0", () => {
    assert.deepEqual([...lossOf("mae", [2, 3, 1], [2, 1, 4]).delta], [0, 1 / 3, -1 / 3]);
  });

  it("mse has no ½", () => {
    assert.equal(lossOf("mse", [3], [1]).sum, 4);
    assert.equal(lossOf("mse", [3], [1]).delta[0], 4);
  });

  it("binary cross-entropy is exact for huge logits", () => {
    assert.deepEqual(
      [lossOf("binary-cross-entropy", [1e5], [1]).sum, lossOf("binary-cross-entropy", [1e5], [0]).sum],
      [0, 1e5],
    );
    assert.deepEqual(
      [lossOf("binary-cross-entropy", [-1e5], [1]).sum, lossOf("binary-cross-entropy", [-1e5], [0]).sum],
      [1e5, 0],
    );
    const small = lossOf("binary-cross-entropy", [40], [1]).sum;
    assert.ok(Math.abs(small / Math.exp(-40) - 1) < 1e-12);
  });

  it("categorical cross-entropy is exact for huge logits", () => {
    assert.equal(lossOf("categorical-cross-entropy", [1e5, 0, -1e5], [0]).sum, 0);
    assert.equal(lossOf("categorical-cross-entropy", [1e5, 0, -1e5], [2]).sum, 2e5);
    assert.deepEqual([...lossOf("categorical-cross-entropy", [1e5, 0, -1e5], [2]).delta], [1, 0, -1]);
    assert.ok(Math.abs(lossOf("categorical-cross-entropy", [-800, -800], [1]).sum - Math.LN2) < 1e-12);
  });

  it("categorical cross-entropy of two classes is the binary one of their difference", () => {
    const { sum, delta } = lossOf("categorical-cross-entropy", [0.3, -1.1], [1]);
    const binary = lossOf("binary-cross-entropy", [-1.4], [1]);
    assert.ok(Math.abs(sum - binary.sum) < 1e-15 && Math.abs(delta[1] - binary.delta[0]) < 1e-15);
  });

  it("a logit that is not a number makes the loss not a number", () => {
    for (const loss of losses) {
      const outputs = outputsOf(loss);
      const z = new Array<number>(outputs).fill(1);
      z[outputs - 1] = NaN;
      const { sum } = lossOf(loss, z, new Array<number>(targetWidth(loss, outputs)).fill(0), outputs);
      assert.ok(Number.isNaN(sum), loss);
    }
  });
});

describe("class weights", () => {
  // Figures of PyTorch in float64: nn.CrossEntropyLoss(weight=w), nn.BCEWithLogitsLoss(weight=w[y]), and their Hessians times v.
  const cases = [
    {
      loss: "categorical-cross-entropy" as const,
      weights: [0.5, 3, 1.25],
      z: [0.3, -1.2, 0.7, 1.5, 0.2, -0.4, -0.6, 0.9, 2.1, 0.1, 0.1, -0.8],
      y: [2, 0, 1, 0],
      v: [0.2, -0.3, 0.5, 1, 0.1, -0.7, 0.4, -0.9, 0.3, -0.5, 0.6, 0.8],
      mean: 1.1246788048806526,
      gradient: [
        0.08769767843914585, 0.019567997034772116, -0.10726567547391797, -0.028268073700046806,
        0.01825146004929078, 0.010016613650756035, 0.02806427788983046, -0.44565320394278807,
        0.4175889260529575, -0.05566388434724538, 0.03957421089084985, 0.016089673456395535,
      ],
      product: [
        -0.010852803016031701, -0.012205586192412575, 0.02305838920844427, 0.023524750406027854,
        -0.010015071635529315, -0.01350967877049855, 0.010081166358739263, -0.11832732464529684,
        0.10824615828655758, -0.02678011301787783, 0.016751518962057007, 0.01002859405582082,
      ],
    },
    {
      loss: "binary-cross-entropy" as const,
      weights: [0.6, 2.5],
      z: [0.3, -1.2, 0.7, 2.5],
      y: [1, 0, 0, 1],
      v: [0.2, -0.3, 0.5, 1],
      mean: 0.6007483891591963,
      gradient: [-0.2659734269927131, 0.03472128247514736, 0.10022816582522492, -0.047411362513277155],
      product: [0.030557288961343233, -0.008005249829106257, 0.01662846549698318, 0.04381482284069255],
    },
  ];
  for (const { loss, weights, z, y, v, mean, gradient, product } of cases) {
    it(`have ${loss} as PyTorch does`, () => {
      const outputs = z.length / 4;
      const targets = Float64Array.from(y);
      const divisor = meanDivisor(loss, weights, targets, null, 0, 4);
      const delta = new Float64Array(z.length);
      const logits = Float64Array.from(z);
      const sum = lossAndDelta(loss, logits, targets, 4, outputs, 1 / divisor, delta, weights);
      assert.ok(Math.abs(sum / divisor - mean) < 1e-14);
      const deltaDot = new Float64Array(z.length);
      const direction = Float64Array.from(v);
      deltaAlong(loss, logits, direction, targets, 4, outputs, 1 / divisor, deltaDot, weights);
      z.forEach((_, i) => {
        assert.ok(Math.abs(delta[i] - gradient[i]) < 1e-14, `gradient ${i}`);
        assert.ok(Math.abs(deltaDot[i] - product[i]) < 1e-14, `Hessian ${i}`);
      });
    });
  }

  it("divide by the weights of the rows that the order names", () => {
    const y = Float32Array.of(2, 0, 1, 0);
    const divisor = (loss: Loss) => meanDivisor(loss, [1, 10, 100], y, Uint32Array.of(0, 2, 3, 3), 1, 3);
    assert.equal(divisor("categorical-cross-entropy"), 11);
    assert.equal(divisor("binary-cross-entropy"), 2);
  });
});
