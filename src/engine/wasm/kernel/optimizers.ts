/**
 * Optimisers, on a strip of consecutive parameters with its gradient: PyTorch's, as `../../optimizers.ts` spells them out. Weights,
 * slots and gradients are stored alike, so that a strip is one loop whatever the layer.
 */
import { Run } from "./memory";

const SGD = 0;
const MOMENTUM = 1;
const NESTEROV = 2;
const RMSPROP = 3;
const ADAM = 4;
const ADAGRAD = 5;

/**
 * One step of a strip, in place.
 *
 * @param g the gradient of the loss alone
 * @param w the parameters; their slots lie `slotOffset1` and `slotOffset2` further on
 * @param bytes of the strip, a multiple of 16
 */
export function update(run: Run, g: usize, w: usize, bytes: usize): void {
  if (run.gradientScale == 1 && run.weightDecay == 0) updateStrip(run, g, w, w + bytes, true);
  else updateStrip(run, g, w, w + bytes, false);
}

/** With `plain`, the optimiser sees the gradient as it is. */
@inline
function updateStrip(run: Run, g: usize, w: usize, end: usize, plain: bool): void {
  const rate = f32x4.splat(run.learningRate);
  const scale = f32x4.splat(run.gradientScale);
  const decay = f32x4.splat(run.weightDecay);
  const first = run.slotOffset1;
  const keep = f32x4.splat(run.decay1);
  const gain = f32x4.splat(run.gain1);
  const epsilon = f32x4.splat(run.epsilon);
  switch (run.optimizer) {
    case SGD:
      for (; w < end; w += 16, g += 16) {
        const theta = v128.load(w);
        v128.store(w, f32x4.sub(theta, f32x4.mul(rate, whole(g, theta, scale, decay, plain))));
      }
      return;
    case MOMENTUM:
      for (; w < end; w += 16, g += 16) {
        const theta = v128.load(w);
        const v = normal(f32x4.add(f32x4.mul(keep, v128.load(w + first)), whole(g, theta, scale, decay, plain)));
        v128.store(w + first, v);
        v128.store(w, f32x4.sub(theta, f32x4.mul(rate, v)));
      }
      return;
    case NESTEROV:
      for (; w < end; w += 16, g += 16) {
        const theta = v128.load(w);
        const slope = whole(g, theta, scale, decay, plain);
        const v = normal(f32x4.add(f32x4.mul(keep, v128.load(w + first)), slope));
        v128.store(w + first, v);
        v128.store(w, f32x4.sub(theta, f32x4.mul(rate, f32x4.add(slope, f32x4.mul(keep, v)))));
      }
      return;
    case RMSPROP:
      for (; w < end; w += 16, g += 16) {
        const theta = v128.load(w);
        const slope = whole(g, theta, scale, decay, plain);
        const square = f32x4.mul(f32x4.mul(gain, slope), slope);
        const v = normalSquare(f32x4.add(f32x4.mul(keep, v128.load(w + first)), square));
        v128.store(w + first, v);
        v128.store(w, f32x4.sub(theta, f32x4.div(f32x4.mul(rate, slope), f32x4.add(f32x4.sqrt(v), epsilon))));
      }
      return;
    case ADAM: {
      const second = run.slotOffset2;
      const keep2 = f32x4.splat(run.decay2);
      const gain2 = f32x4.splat(run.gain2);
      const adamRate = f32x4.splat(run.adamRate);
      const root = f32x4.splat(run.adamRoot);
      const shrink = f32x4.splat(run.shrink);
      for (; w < end; w += 16, g += 16) {
        const theta = v128.load(w);
        const slope = whole(g, theta, scale, decay, plain);
        const m = normal(f32x4.add(f32x4.mul(keep, v128.load(w + first)), f32x4.mul(gain, slope)));
        const square = f32x4.mul(f32x4.mul(gain2, slope), slope);
        const v = normalSquare(f32x4.add(f32x4.mul(keep2, v128.load(w + second)), square));
        v128.store(w + first, m);
        v128.store(w + second, v);
        const below = f32x4.add(f32x4.mul(f32x4.sqrt(v), root), epsilon);
        v128.store(w, f32x4.sub(f32x4.mul(shrink, theta), f32x4.div(f32x4.mul(adamRate, m), below)));
      }
      return;
    }
    case ADAGRAD:
      for (; w < end; w += 16, g += 16) {
        const theta = v128.load(w);
        const slope = whole(g, theta, scale, decay, plain);
        const v = f32x4.add(v128.load(w + first), f32x4.mul(slope, slope));
        v128.store(w + first, v);
        v128.store(w, f32x4.sub(theta, f32x4.div(f32x4.mul(rate, slope), f32x4.add(f32x4.sqrt(v), epsilon))));
      }
      return;
  }
}

/** The gradient as the optimiser sees it: clipped, and with the weight decay's part. */
@inline
function whole(g: usize, theta: v128, scale: v128, decay: v128, plain: bool): v128 {
  if (plain) return v128.load(g);
  return f32x4.add(f32x4.mul(scale, v128.load(g)), f32x4.mul(decay, theta));
}

/** Zero in place of a denormal number: arithmetic on those is many times slower, and moves nothing. */
@inline
function normal(x: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), f32x4.splat(1.1754943508222875e-38)));
}

/** The same for a number that is not negative. */
@inline
function normalSquare(x: v128): v128 {
  return v128.andnot(x, f32x4.lt(x, f32x4.splat(1.1754943508222875e-38)));
}
