import assert from "node:assert/strict";
import type { Loss } from "../../../src/engine/engine";
import { deltaAlong, lossAndDelta, targetWidth } from "../../../src/engine/losses";
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
      deltaAlong(loss, z, zDot, rows, outputs, 0.25, deltaDot);
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
