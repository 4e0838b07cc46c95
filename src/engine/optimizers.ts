/**
 * Optimisers: from a gradient g to a step. All are PyTorch's, term by term; η is the learning rate of the
 * step and t its number from 1. What an optimiser remembers of each parameter lies in slots, arrays shaped
 * like θ that start at 0.
 *
 * | type | slots | update |
 * |---|---|---|
 * | sgd | – | θ ← θ − η g |
 * | momentum | v | v ← μ v + g; θ ← θ − η v |
 * | nesterov | v | v ← μ v + g; θ ← θ − η (g + μ v) |
 * | rmsprop | v | v ← ρ v + (1 − ρ) g²; θ ← θ − η g / (√v + ε) |
 * | adam, adamw | m, v | m ← β₁ m + (1 − β₁) g; v ← β₂ v + (1 − β₂) g²; θ ← θ − η m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ) |
 * | adagrad | v | v ← v + g²; θ ← θ − η g / (√v + ε) |
 *
 * Weight decay λ adds the gradient of ½ λ ‖θ‖² to g, biases included; adamw instead shrinks θ ← θ − η λ θ
 * before its update, untouched by the moments (Loshchilov and Hutter, "Decoupled weight decay
 * regularization", 2019).
 */
import { integerPower } from "./elementary";
import type { FloatArray, Optimizer } from "./engine";

export function slotCount(optimizer: Optimizer): number {
  switch (optimizer.type) {
    case "sgd":
      return 0;
    case "adam":
    case "adamw":
      return 2;
    default:
      return 1;
  }
}

/** Below the smallest normal float32: arithmetic on such numbers is many times slower, and moves nothing. */
const SMALLEST_NORMAL = 2 ** -126;

function withoutDenormal(x: number): number {
  return x < SMALLEST_NORMAL && x > -SMALLEST_NORMAL ? 0 : x;
}

/**
 * Makes one step in place.
 *
 * @param step counts from 1
 * @param gradient of the loss alone, without weight decay
 * @param scale what clipping multiplies the gradient by, before weight decay is added
 */
export function takeStep(
  optimizer: Optimizer,
  step: number,
  learningRate: number,
  parameters: FloatArray,
  gradient: Float64Array,
  scale: number,
  slots: readonly FloatArray[],
): void {
  const count = parameters.length;
  const decay = optimizer.type === "adamw" ? 0 : optimizer.weightDecay;
  switch (optimizer.type) {
    case "sgd":
      for (let i = 0; i < count; i++) {
        parameters[i] -= learningRate * (scale * gradient[i] + decay * parameters[i]);
      }
      return;

    case "momentum": {
      const [velocity] = slots;
      const { momentum } = optimizer;
      for (let i = 0; i < count; i++) {
        const g = scale * gradient[i] + decay * parameters[i];
        const v = withoutDenormal(momentum * velocity[i] + g);
        velocity[i] = v;
        parameters[i] -= learningRate * v;
      }
      return;
    }

    case "nesterov": {
      const [velocity] = slots;
      const { momentum } = optimizer;
      for (let i = 0; i < count; i++) {
        const g = scale * gradient[i] + decay * parameters[i];
        const v = withoutDenormal(momentum * velocity[i] + g);
        velocity[i] = v;
        parameters[i] -= learningRate * (g + momentum * v);
      }
      return;
    }

    case "rmsprop": {
      const [meanSquare] = slots;
      const { decay: keep, epsilon } = optimizer;
      for (let i = 0; i < count; i++) {
        const g = scale * gradient[i] + decay * parameters[i];
        const v = withoutDenormal(keep * meanSquare[i] + (1 - keep) * g * g);
        meanSquare[i] = v;
        parameters[i] -= (learningRate * g) / (Math.sqrt(v) + epsilon);
      }
      return;
    }

    case "adam":
    case "adamw": {
      const [firstMoment, secondMoment] = slots;
      const { beta1, beta2, epsilon } = optimizer;
      // Both moments start at 0 and so are too small at first; dividing by what they have seen puts that
      // right.
      const rate = learningRate / (1 - integerPower(beta1, step));
      const root = 1 / Math.sqrt(1 - integerPower(beta2, step));
      const shrink = optimizer.type === "adamw" ? 1 - learningRate * optimizer.weightDecay : 1;
      for (let i = 0; i < count; i++) {
        const g = scale * gradient[i] + decay * parameters[i];
        const m = withoutDenormal(beta1 * firstMoment[i] + (1 - beta1) * g);
        const v = withoutDenormal(beta2 * secondMoment[i] + (1 - beta2) * g * g);
        firstMoment[i] = m;
        secondMoment[i] = v;
        parameters[i] = shrink * parameters[i] - (rate * m) / (Math.sqrt(v) * root + epsilon);
      }
      return;
    }

    case "adagrad": {
      const [squareSum] = slots;
      const { epsilon } = optimizer;
      for (let i = 0; i < count; i++) {
        const g = scale * gradient[i] + decay * parameters[i];
        const v = squareSum[i] + g * g;
        squareSum[i] = v;
        parameters[i] -= (learningRate * g) / (Math.sqrt(v) + epsilon);
      }
      return;
    }
  }
}

/** The global L2 norm of a gradient: of all parameters together. */
export function globalNorm(gradient: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < gradient.length; i++) sum += gradient[i] * gradient[i];
  return Math.sqrt(sum);
}

/**
 * What clipping to the norm `limit` multiplies the gradient by: min(1, limit / (norm + 1e-6)), as PyTorch's
 * `clip_grad_norm_`.
 */
export function clippingScale(norm: number, limit: number | undefined): number {
  return limit === undefined ? 1 : Math.min(1, limit / (norm + 1e-6));
}
