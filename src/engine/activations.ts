/**
 * Activations: the bend between two layers, without which a network of any depth is one straight line.
 *
 * Each is given with its first derivative, for the gradient, and its second, for the Hessian-vector product.
 * z is what comes in, a = f(z) what goes out. The work on whole arrays is one loop per activation, chosen
 * once, so that nothing is decided per element.
 */
import { erf, exp, sigmoid, softplus, tanh } from "./elementary";
import type { Activation } from "./engine";

/** leaky-relu's slope below zero. */
const LEAK = 0.01;

/**
 * a ← f(z), on the first `count` entries.
 *
 * identity z · relu max(z, 0) · leaky-relu max(z, 0) + 0.01 min(z, 0) · elu z or e^z − 1 below zero · tanh ·
 * sigmoid σ(z) = 1 / (1 + e^−z) · softplus log(1 + e^z) · silu z·σ(z) · gelu z·Φ(z) with the normal
 * distribution's Φ
 */
export function activate(activation: Activation, z: Float64Array, a: Float64Array, count: number): void {
  switch (activation) {
    case "identity":
      for (let i = 0; i < count; i++) a[i] = z[i];
      return;
    case "relu":
      // Written so that NaN stays NaN, and is reported instead of passing for a dead unit.
      for (let i = 0; i < count; i++) a[i] = z[i] < 0 ? 0 : z[i];
      return;
    case "leaky-relu":
      for (let i = 0; i < count; i++) a[i] = z[i] < 0 ? LEAK * z[i] : z[i];
      return;
    case "elu":
      for (let i = 0; i < count; i++) a[i] = z[i] < 0 ? expMinus1(z[i]) : z[i];
      return;
    case "tanh":
      for (let i = 0; i < count; i++) a[i] = tanh(z[i]);
      return;
    case "sigmoid":
      for (let i = 0; i < count; i++) a[i] = sigmoid(z[i]);
      return;
    case "softplus":
      for (let i = 0; i < count; i++) a[i] = softplus(z[i]);
      return;
    case "silu":
      for (let i = 0; i < count; i++) a[i] = z[i] * sigmoid(z[i]);
      return;
    case "gelu":
      for (let i = 0; i < count; i++) a[i] = z[i] * normalDistribution(z[i]);
      return;
  }
}

/**
 * d ← d · f′(z): carries the gradient from a layer's outputs back to what came into its activation. Where f′
 * is a simple function of a = f(z), that saves a second exponential.
 */
export function multiplyByDerivative(
  activation: Activation,
  z: Float64Array,
  a: Float64Array,
  d: Float64Array,
  count: number,
): void {
  switch (activation) {
    case "identity":
      return;
    case "relu":
      // At the kink relu′(0) = 0, as in PyTorch.
      for (let i = 0; i < count; i++) if (z[i] <= 0) d[i] = 0;
      return;
    case "leaky-relu":
      for (let i = 0; i < count; i++) if (z[i] <= 0) d[i] *= LEAK;
      return;
    case "elu":
      for (let i = 0; i < count; i++) if (z[i] <= 0) d[i] *= a[i] + 1;
      return;
    case "tanh":
      for (let i = 0; i < count; i++) d[i] *= 1 - a[i] * a[i];
      return;
    case "sigmoid":
      for (let i = 0; i < count; i++) d[i] *= a[i] * (1 - a[i]);
      return;
    case "softplus":
      for (let i = 0; i < count; i++) d[i] *= sigmoid(z[i]);
      return;
    case "silu":
      for (let i = 0; i < count; i++) {
        const s = sigmoid(z[i]);
        d[i] *= s + a[i] * (1 - s);
      }
      return;
    case "gelu":
      for (let i = 0; i < count; i++) d[i] *= normalDistribution(z[i]) + z[i] * normalDensity(z[i]);
      return;
  }
}

/** d ← d · f″(z). */
export function multiplyBySecondDerivative(
  activation: Activation,
  z: Float64Array,
  a: Float64Array,
  d: Float64Array,
  count: number,
): void {
  switch (activation) {
    case "identity":
    case "relu":
    case "leaky-relu":
      d.fill(0, 0, count);
      return;
    case "elu":
      for (let i = 0; i < count; i++) d[i] *= z[i] <= 0 ? a[i] + 1 : 0;
      return;
    case "tanh":
      for (let i = 0; i < count; i++) d[i] *= -2 * a[i] * (1 - a[i] * a[i]);
      return;
    case "sigmoid":
      for (let i = 0; i < count; i++) d[i] *= a[i] * (1 - a[i]) * (1 - 2 * a[i]);
      return;
    case "softplus":
      for (let i = 0; i < count; i++) {
        const s = sigmoid(z[i]);
        d[i] *= s * (1 - s);
      }
      return;
    case "silu":
      for (let i = 0; i < count; i++) {
        const s = sigmoid(z[i]);
        d[i] *= s * (1 - s) * (2 + z[i] * (1 - 2 * s));
      }
      return;
    case "gelu":
      for (let i = 0; i < count; i++) d[i] *= normalDensity(z[i]) * (2 - z[i] * z[i]);
      return;
  }
}

/** e^x − 1 = (1 + e^x) · tanh(x / 2), which keeps its digits near 0. */
function expMinus1(x: number): number {
  return (1 + exp(x)) * tanh(x / 2);
}

/** Φ(x): the probability that a standard normal number is below x. */
function normalDistribution(x: number): number {
  return 0.5 * (1 + erf(x * Math.SQRT1_2));
}

/** φ(x) = Φ′(x) = e^(−x²/2) / √(2π). */
function normalDensity(x: number): number {
  return 0.3989422804014327 * exp(-0.5 * x * x);
}
