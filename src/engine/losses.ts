/**
 * Losses: how wrong the outputs of a sample are, as one number, and which way each output should move.
 *
 * The loss of a batch is the mean over its samples (and over outputs). Cross-entropies are computed from
 * logits, in forms that neither overflow nor lose the small differences:
 *
 * | loss | of one sample, outputs z, target y | its derivative by z_k |
 * |---|---|---|
 * | mse | mean over k of (z_k − y_k)² | 2 (z_k − y_k) / K |
 * | mae | mean over k of abs(z_k − y_k) | sign(z_k − y_k) / K, with sign(0) = 0 |
 * | binary-cross-entropy | max(z, 0) − z·y + log(1 + e^−abs(z)) | σ(z) − y |
 * | categorical-cross-entropy, y the index of the class | log Σ e^z_k − z_y | softmax(z)_k − [k = y] |
 *
 * Class weights multiply the cross-entropy of each sample, and its derivative, by the weight of its class. The mean of the categorical
 * one then divides by the sum of its samples' weights, that of the binary one by their number, as PyTorch has it.
 */
import { exp, log, log1p, sigmoid } from "./elementary";
import type { FloatArray, Loss } from "./engine";

/** Numbers of a target row: categorical cross-entropy names the class by its index. */
export function targetWidth(loss: Loss, outputs: number): number {
  return loss === "categorical-cross-entropy" ? 1 : outputs;
}

/**
 * What the sum of the losses over rows order[from … to) is divided by; without an order, over the rows from … to themselves. It is their
 * number, or the sum of their classes' weights.
 *
 * @param weights one per class, null without class weights
 */
export function meanDivisor(
  loss: Loss,
  weights: ArrayLike<number> | null,
  targets: FloatArray,
  order: Uint32Array | null,
  from: number,
  to: number,
): number {
  if (weights === null || loss !== "categorical-cross-entropy") return to - from;
  let sum = 0;
  for (let i = from; i < to; i++) sum += weights[targets[order === null ? i : order[i]]];
  return sum;
}

/**
 * The sum of the losses of `rows` samples and, in `delta` [rows × outputs], `scale` times the derivative of
 * each sample's loss by its outputs. With scale = 1 / `meanDivisor` of the batch that is the derivative of the
 * batch's loss.
 *
 * @param z outputs of the network, rows × outputs
 * @param y targets, rows × targetWidth
 * @param weights of the classes, for the cross-entropies; null: none
 */
export function lossAndDelta(
  loss: Loss,
  z: Float64Array,
  y: Float64Array,
  rows: number,
  outputs: number,
  scale: number,
  delta: Float64Array,
  weights: ArrayLike<number> | null = null,
): number {
  const count = rows * outputs;
  const perOutput = scale / outputs;
  let sum = 0;
  switch (loss) {
    case "mse":
      for (let i = 0; i < count; i++) {
        const error = z[i] - y[i];
        sum += error * error;
        delta[i] = 2 * error * perOutput;
      }
      return sum / outputs;
    case "mae":
      for (let i = 0; i < count; i++) {
        const error = z[i] - y[i];
        sum += Math.abs(error);
        delta[i] = error > 0 ? perOutput : error < 0 ? -perOutput : 0;
      }
      return sum / outputs;
    case "binary-cross-entropy":
      for (let i = 0; i < count; i++) {
        const weight = binaryWeight(weights, y[i]);
        sum += weight * ((z[i] > 0 ? z[i] : 0) - z[i] * y[i] + log1p(exp(-Math.abs(z[i]))));
        delta[i] = (sigmoid(z[i]) - y[i]) * perOutput * weight;
      }
      return sum / outputs;
    case "categorical-cross-entropy":
      for (let row = 0; row < rows; row++) {
        const from = row * outputs;
        const target = from + y[row];
        const weight = weights === null ? 1 : weights[y[row]];
        sum += weight * (softmax(z, delta, from, outputs) - z[target]);
        delta[target] -= 1;
        for (let i = from; i < from + outputs; i++) delta[i] *= scale * weight;
      }
      return sum;
  }
}

/**
 * The derivative of `lossAndDelta`'s delta along a direction in which z changes by `zDot`: the loss's second
 * derivative times zDot. mse: 2 · żₖ / K; mae: 0; binary: σ(1 − σ) · ż; categorical: pₖ (żₖ − Σ pⱼżⱼ). Cross-entropies
 * also times the weight of the sample's class.
 */
export function deltaAlong(
  loss: Loss,
  z: Float64Array,
  zDot: Float64Array,
  y: Float64Array,
  rows: number,
  outputs: number,
  scale: number,
  deltaDot: Float64Array,
  weights: ArrayLike<number> | null = null,
): void {
  const count = rows * outputs;
  const perOutput = scale / outputs;
  switch (loss) {
    case "mse":
      for (let i = 0; i < count; i++) deltaDot[i] = 2 * zDot[i] * perOutput;
      return;
    case "mae":
      deltaDot.fill(0, 0, count);
      return;
    case "binary-cross-entropy":
      for (let i = 0; i < count; i++) {
        const p = sigmoid(z[i]);
        deltaDot[i] = p * (1 - p) * zDot[i] * perOutput * binaryWeight(weights, y[i]);
      }
      return;
    case "categorical-cross-entropy":
      for (let row = 0; row < rows; row++) {
        const from = row * outputs;
        softmax(z, deltaDot, from, outputs);
        let mean = 0;
        for (let i = from; i < from + outputs; i++) mean += deltaDot[i] * zDot[i];
        const weight = weights === null ? 1 : weights[y[row]];
        for (let i = from; i < from + outputs; i++) deltaDot[i] *= (zDot[i] - mean) * scale * weight;
      }
      return;
  }
}

function binaryWeight(weights: ArrayLike<number> | null, y: number): number {
  return weights === null ? 1 : weights[y > 0.5 ? 1 : 0];
}

/**
 * Writes softmax(z)_k = e^z_k / Σ e^z_j of one row into `p` and returns log Σ e^z_j. Taking the largest logit
 * off first changes neither, and no exponential overflows.
 */
function softmax(z: Float64Array, p: Float64Array, from: number, outputs: number): number {
  const to = from + outputs;
  let largest = z[from];
  for (let i = from + 1; i < to; i++) if (z[i] > largest) largest = z[i];
  let sum = 0;
  for (let i = from; i < to; i++) {
    p[i] = exp(z[i] - largest);
    sum += p[i];
  }
  for (let i = from; i < to; i++) p[i] /= sum;
  return largest + log(sum);
}
