import assert from "node:assert/strict";
import type { RunDelta } from "../../../src/protocol/webview";
import { mergeDeltas, ownArrays } from "../../../src/editor/mergeDeltas";

const steps = (...values: number[]) => {
  const column = Float64Array.from(values);
  return { step: column, loss: column, gradientNorm: column, learningRate: column };
};

describe("Deltas put together", () => {
  it("append what appends and replace what replaces", () => {
    const first: RunDelta = {
      id: "a",
      status: "running",
      steps: steps(1, 2),
      warnings: ["x"],
      loading: null,
    };
    const second: RunDelta = { id: "a", status: "paused", steps: steps(3), warnings: ["y"] };
    const merged = mergeDeltas(first, second);
    assert.equal(merged.status, "paused");
    assert.equal(merged.loading, null);
    assert.deepEqual(merged.warnings, ["x", "y"]);
    assert.deepEqual([...(merged.steps?.loss ?? [])], [1, 2, 3]);
    // What was put together must not change what others hold.
    assert.deepEqual([...(first.steps?.loss ?? [])], [1, 2]);
  });

  it("keep a part that only one of them has", () => {
    assert.deepEqual(mergeDeltas({ id: "a", steps: steps(1) }, { id: "a" }).steps, steps(1));
    assert.deepEqual(mergeDeltas({ id: "a" }, { id: "a", warnings: ["w"] }).warnings, ["w"]);
  });

  it("keep what was measured of steps, and the points of a function", () => {
    const probe = (step: number, key: string): RunDelta => ({
      id: "a",
      steps: { ...steps(step), point: [Float64Array.of(step)] },
      health: { step: Float64Array.of(step), values: { [key]: Float64Array.of(-step) } },
    });
    const merged = mergeDeltas(probe(1, "angle"), probe(2, "decreaseRatio"));
    assert.deepEqual(merged.health, {
      step: Float64Array.of(1, 2),
      values: { angle: Float64Array.of(-1, NaN), decreaseRatio: Float64Array.of(NaN, -2) },
    });
    assert.deepEqual(merged.steps?.point, [Float64Array.of(1, 2)]);
  });

  it("keep the columns of epochs at one length when a metric comes late", () => {
    const merged = mergeDeltas(
      {
        id: "a",
        epochs: {
          epoch: Float64Array.of(0),
          step: Float64Array.of(0),
          metrics: { "training.loss": Float64Array.of(3) },
        },
      },
      {
        id: "a",
        epochs: {
          epoch: Float64Array.of(1),
          step: Float64Array.of(8),
          metrics: { "training.loss": Float64Array.of(2), "validation.loss": Float64Array.of(5) },
        },
      },
    );
    assert.deepEqual([...(merged.epochs?.metrics["training.loss"] ?? [])], [3, 2]);
    assert.deepEqual([...(merged.epochs?.metrics["validation.loss"] ?? [])], [NaN, 5]);
    assert.deepEqual([...(merged.epochs?.epoch ?? [])], [0, 1]);
  });
});

describe("Arrays of a message", () => {
  it("own exactly their numbers", () => {
    const large = new Float64Array(1000).fill(7);
    const message = ownArrays({
      type: "delta",
      run: { id: "a", steps: steps(1), part: large.subarray(2, 5) },
    });
    assert.equal(message.run.part.length, 3);
    assert.equal(message.run.part.buffer.byteLength, 24);
    assert.deepEqual([...message.run.part], [7, 7, 7]);
  });

  it("are not copied when they own their buffer already, and never shared memory", () => {
    const own = Float64Array.of(1, 2);
    assert.equal(ownArrays({ own }).own, own);
    const shared = new Float64Array(new SharedArrayBuffer(16));
    assert.ok(ownArrays({ shared }).shared.buffer instanceof ArrayBuffer);
  });

  it("leave everything else as it is", () => {
    const message = { text: "a", nothing: null, list: [1, "b", { deep: true }], absent: undefined };
    assert.deepEqual(ownArrays(message), message);
  });
});
