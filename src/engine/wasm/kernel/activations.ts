/**
 * Activations, on a panel fresh from its product: z becomes f(z) in place, and f′(z) is kept, so that the way back
 * is one multiplication whatever the activation.
 */
import { exp, normalDistribution, sigmoid, sigmoidFrom, log1p, tanh } from "./elementary";

const IDENTITY = 0;
const RELU = 1;
const LEAKY_RELU = 2;
const ELU = 3;
const TANH = 4;
const SIGMOID = 5;
const SOFTPLUS = 6;
const SILU = 7;
const GELU = 8;

/**
 * @param end of the panel's part in `z`
 * @param step 16, or 32 where only the first half of each row is used
 */
export function activate(activation: i32, z: usize, slope: usize, end: usize, step: usize): void {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  switch (activation) {
    case IDENTITY:
      for (; z < end; z += step, slope += step) v128.store(slope, one);
      return;
    case RELU:
      for (; z < end; z += step, slope += step) {
        const x = v128.load(z);
        // pmax(x, 0) is x where x is NaN, so that a NaN is reported instead of passing for a dead unit.
        v128.store(z, f32x4.pmax(x, zero));
        v128.store(slope, v128.and(f32x4.gt(x, zero), one));
      }
      return;
    case LEAKY_RELU: {
      const leak = f32x4.splat(0.01);
      for (; z < end; z += step, slope += step) {
        const x = v128.load(z);
        const factor = v128.bitselect(one, leak, f32x4.gt(x, zero));
        v128.store(z, f32x4.mul(x, factor));
        v128.store(slope, factor);
      }
      return;
    }
    case ELU:
      for (; z < end; z += step, slope += step) {
        const x = v128.load(z);
        const below = f32x4.pmin(x, zero);
        // e^x − 1 = (1 + e^x) · tanh(x / 2), which keeps its digits near 0.
        const e = exp(below);
        const a = f32x4.mul(f32x4.add(one, e), tanh(f32x4.mul(below, f32x4.splat(0.5))));
        const negative = f32x4.le(x, zero);
        v128.store(z, v128.bitselect(a, x, negative));
        v128.store(slope, v128.bitselect(e, one, negative));
      }
      return;
    case TANH:
      for (; z < end; z += step, slope += step) {
        const a = tanh(v128.load(z));
        v128.store(z, a);
        v128.store(slope, f32x4.sub(one, f32x4.mul(a, a)));
      }
      return;
    case SIGMOID:
      for (; z < end; z += step, slope += step) {
        const a = sigmoid(v128.load(z));
        v128.store(z, a);
        v128.store(slope, f32x4.mul(a, f32x4.sub(one, a)));
      }
      return;
    case SOFTPLUS:
      for (; z < end; z += step, slope += step) {
        const x = v128.load(z);
        const e = exp(f32x4.neg(f32x4.abs(x)));
        v128.store(z, f32x4.add(f32x4.pmax(x, zero), log1p(e)));
        v128.store(slope, sigmoidFrom(x, e));
      }
      return;
    case SILU:
      for (; z < end; z += step, slope += step) {
        const x = v128.load(z);
        const s = sigmoid(x);
        const a = f32x4.mul(x, s);
        v128.store(z, a);
        v128.store(slope, f32x4.add(s, f32x4.mul(a, f32x4.sub(one, s))));
      }
      return;
    case GELU:
      for (; z < end; z += step, slope += step) {
        const x = v128.load(z);
        const below = normalDistribution(x);
        const density = f32x4.mul(
          f32x4.splat(0.3989422804014327),
          exp(f32x4.mul(f32x4.mul(x, x), f32x4.splat(-0.5))),
        );
        v128.store(z, f32x4.mul(x, below));
        v128.store(slope, f32x4.add(below, f32x4.mul(x, density)));
      }
      return;
  }
}

/** Multiplies a panel's outputs and slopes by their dropout factors. */
export function applyMask(mask: usize, output: usize, slope: usize, end: usize): void {
  for (; output < end; output += 16, slope += 16, mask += 16) {
    const factor = v128.load(mask);
    v128.store(output, f32x4.mul(v128.load(output), factor));
    v128.store(slope, f32x4.mul(v128.load(slope), factor));
  }
}
