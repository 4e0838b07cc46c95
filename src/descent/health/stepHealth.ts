/**
 * Start reading here. What one step did, beside what its gradient promised: to first order a step Δθ changes f by g·Δθ, and everything
 * here compares that with what happened.
 */
import type { FloatArray, Network } from "../../engine/engine";
import { layerOffsets } from "../../engine/network";

/** A step, seen from both ends: f and its gradient are those of the same rows with the same dropout masks. */
export interface ObservedStep {
  /** θ before the step and after it. */
  readonly before: FloatArray;
  readonly after: FloatArray;
  /** g = ∇f(θ), before clipping and weight decay. */
  readonly gradient: FloatArray;
  readonly lossBefore: number;
  readonly lossAfter: number;
}

export interface StepHealth {
  /**
   * ρ = (f(θ) − f(θ + Δθ)) / (−g·Δθ): the decrease that happened, as a fraction of the one that was predicted. NaN where it
   * says nothing: the step does not point downhill, or f changed by no more than rounding does.
   */
  readonly decreaseRatio: number;
  /** Between Δθ and −g, in degrees: 0 is steepest descent, more than 90 leads uphill. NaN where either is zero. */
  readonly angle: number;
  readonly layers: readonly LayerHealth[];
}

export interface LayerHealth {
  /** ‖g‖ of the layer's weights and biases: their squares add up to that of the whole gradient. */
  readonly gradientNorm: number;
  /** ‖ΔW‖ / ‖W‖ of the layer's weights. NaN where they are all zero. */
  readonly updateRatio: number;
}

/**
 * How much of f may be rounding. A kernel computes each row's loss in float32, from outputs of a few units in size: the error of a mean
 * over rows is some 2⁻²² of 1 + f, as measured against float64.
 */
const ROUNDING = 2 ** -22;

/** @param rounding of a loss near 0; 0 where f is computed in float64 */
export function stepHealth(network: Network, step: ObservedStep, rounding = ROUNDING): StepHealth {
  const { before, after, gradient, lossBefore, lossAfter } = step;
  const layers: LayerHealth[] = [];
  let slope = 0;
  let gradientSquare = 0;
  let stepSquare = 0;
  const offsets = layerOffsets(network);
  for (const [l, { weight, bias }] of offsets.entries()) {
    const end = bias + network.layers[l].units;
    const weights = sums(before, after, gradient, weight, bias);
    const biases = sums(before, after, gradient, bias, end);
    const square = weights.gradient + biases.gradient;
    slope += weights.slope + biases.slope;
    gradientSquare += square;
    stepSquare += weights.step + biases.step;
    layers.push({
      gradientNorm: Math.sqrt(square),
      updateRatio: weights.parameters > 0 ? Math.sqrt(weights.step / weights.parameters) : NaN,
    });
  }
  return {
    decreaseRatio: decreaseRatio(lossBefore, lossAfter, slope, rounding),
    angle: angleOf(-slope, gradientSquare, stepSquare),
    layers,
  };
}

/** @param slope g·Δθ */
export function decreaseRatio(
  lossBefore: number,
  lossAfter: number,
  slope: number,
  rounding = ROUNDING,
): number {
  const decrease = lossBefore - lossAfter;
  const noise = rounding * (1 + Math.max(Math.abs(lossBefore), Math.abs(lossAfter)));
  return slope < 0 && Math.abs(decrease) > noise ? decrease / -slope : NaN;
}

/** The angle in degrees between two vectors, given their product and their squared norms. */
export function angleOf(product: number, square1: number, square2: number): number {
  const norms = Math.sqrt(square1) * Math.sqrt(square2);
  if (!(norms > 0)) return NaN;
  // Rounding may take the cosine out of its range.
  return (Math.acos(Math.max(-1, Math.min(1, product / norms))) * 180) / Math.PI;
}

/** One pass over a part of the parameters. */
function sums(
  before: FloatArray,
  after: FloatArray,
  gradient: FloatArray,
  from: number,
  to: number,
): { slope: number; gradient: number; step: number; parameters: number } {
  let slope = 0;
  let gradientSquare = 0;
  let stepSquare = 0;
  let parameterSquare = 0;
  for (let i = from; i < to; i++) {
    const g = gradient[i];
    const w = before[i];
    const d = after[i] - w;
    slope += g * d;
    gradientSquare += g * g;
    stepSquare += d * d;
    parameterSquare += w * w;
  }
  return { slope, gradient: gradientSquare, step: stepSquare, parameters: parameterSquare };
}
