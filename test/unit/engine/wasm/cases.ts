/** Random training problems, for the comparison of two engines. */
import * as fc from "fast-check";
import type { EngineSettings, FloatArray, Loss, Optimizer, Samples } from "../../../../src/engine/engine";
import { initialParameters } from "../../../../src/engine/initializers";
import { describeNetwork } from "../../../../src/engine/network";
import { randomStream } from "../../../../src/engine/random";
import { activations, losses } from "../naive";

export interface Case {
  readonly settings: EngineSettings;
  readonly initial: FloatArray;
}

// Steps small enough that a difference in the last bit does not grow into a different run.
const weightDecay = fc.constantFrom(0, 0.01);
export const optimizers: fc.Arbitrary<Optimizer> = fc.oneof(
  fc.record({ type: fc.constant("sgd" as const), learningRate: fc.constant(0.005), weightDecay }),
  fc.record({
    type: fc.constantFrom("momentum" as const, "nesterov" as const),
    learningRate: fc.constant(0.002),
    momentum: fc.constantFrom(0.5, 0.9),
    weightDecay,
  }),
  fc.record({
    type: fc.constant("rmsprop" as const),
    learningRate: fc.constant(0.001),
    decay: fc.constant(0.99),
    epsilon: fc.constant(1e-3),
    weightDecay,
  }),
  fc.record({
    type: fc.constantFrom("adam" as const, "adamw" as const),
    learningRate: fc.constant(0.002),
    beta1: fc.constant(0.9),
    beta2: fc.constant(0.999),
    epsilon: fc.constant(1e-3),
    weightDecay,
  }),
  fc.record({
    type: fc.constant("adagrad" as const),
    learningRate: fc.constant(0.002),
    epsilon: fc.constant(1e-3),
    weightDecay,
  }),
);

/** Widths around the kernels' tiles of 4 and panels of 8, and a few that are far from both. */
const width = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(31, 32, 33, 63, 64, 65, 72, 100));

/** What a case is made from: short enough to be printed when it fails. */
export const recipes = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  inputs: width,
  hidden: fc.array(
    fc.record({
      units: width,
      activation: fc.constantFrom(...activations),
      dropout: fc.constantFrom(0, 0, 0, 0.3),
    }),
    { maxLength: 3 },
  ),
  outputs: fc.integer({ min: 1, max: 19 }),
  loss: fc.constantFrom(...losses),
  optimizer: optimizers,
  count: fc.integer({ min: 1, max: 70 }),
  batchSize: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(1000)),
  gradientClipNorm: fc.constantFrom(undefined, undefined, 0.5),
  weighted: fc.constantFrom(false, false, true),
});

export type Recipe = typeof recipes extends fc.Arbitrary<infer T> ? T : never;

export function prepareCase(recipe: Recipe): Case {
  const { seed, inputs, hidden, outputs, loss, count, weighted, ...rest } = recipe;
  const network = describeNetwork(inputs, hidden, outputs);
  const training = randomSamples(seed, count, inputs, loss, outputs);
  const initial = initialParameters(network, "auto", randomStream(seed, "weights"));
  // Biases too, so that nothing is zero by chance.
  const random = randomStream(seed, "weights", 1);
  for (let i = 0; i < initial.length; i++) initial[i] += 0.1 * (random.next() - 0.5);
  const classWeights = weighted ? { classWeights: classWeightsFor(loss, outputs) } : {};
  return { settings: { ...rest, ...classWeights, network, loss, seed, training }, initial };
}

/** Weights that differ from class to class; none for a loss that knows no classes. */
export function classWeightsFor(loss: Loss, outputs: number): number[] | undefined {
  if (!loss.endsWith("cross-entropy")) return undefined;
  const classes = loss === "binary-cross-entropy" ? 2 : outputs;
  return Array.from({ length: classes }, (_, k) => 0.3 + 1.7 * ((k * 0.618) % 1));
}

export function randomSamples(
  seed: number,
  count: number,
  inputs: number,
  loss: Loss,
  outputs: number,
): Samples {
  const random = randomStream(seed, "split");
  const x = Float32Array.from({ length: count * inputs }, () => 3 * (random.next() - 0.5));
  const width = loss === "categorical-cross-entropy" ? 1 : outputs;
  const target = () => {
    if (loss === "categorical-cross-entropy") return random.below(outputs);
    return loss === "binary-cross-entropy" ? random.below(2) : 3 * (random.next() - 0.5);
  };
  return { count, inputs: x, targets: Float32Array.from({ length: count * width }, target) };
}

/** ‖a − b‖ / ‖b‖; where b is all zero, ‖a‖. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i] - b[i]) ** 2;
    size += b[i] ** 2;
  }
  return Math.sqrt(difference) / (size === 0 ? 1 : Math.sqrt(size));
}
