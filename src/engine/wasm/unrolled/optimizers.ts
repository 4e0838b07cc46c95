/** One step of four parameters in line, as `../kernel/optimizers.ts` makes it. */
import type { Optimizer } from "../../engine";
import type { FunctionBody, Variable } from "./functionBody";
import { type Code, f32x4, v128 } from "./instructions";

const c = f32x4.splatConst;

/** Numbers that change from step to step, in all four lanes. */
export interface StepScalars {
  readonly learningRate: Code;
  readonly adamRate: Code;
  readonly adamRoot: Code;
  readonly shrink: Code;
  /** What clipping multiplies the gradient by; null without clipping. */
  readonly gradientScale: Code | null;
}

/** @param gradient may be read more than once */
export function update(
  body: FunctionBody,
  optimizer: Optimizer,
  { learningRate, adamRate, adamRoot, shrink, gradientScale }: StepScalars,
  gradient: Code,
  theta: Variable,
  slots: readonly Variable[],
): void {
  const [first, second] = slots;
  const decay = optimizer.type === "adamw" ? 0 : optimizer.weightDecay;
  // Times 1 and plus 0 · θ is left out: neither changes a bit of a sum that began with +0.
  const scaled = gradientScale === null ? gradient : f32x4.mul(gradientScale, gradient);
  const whole =
    decay === 0 && gradientScale === null ? scaled : f32x4.add(scaled, f32x4.mul(c(decay), theta.get));
  const g = body.keep(whole);
  switch (optimizer.type) {
    case "sgd":
      theta.set(f32x4.sub(theta.get, f32x4.mul(learningRate, g)));
      return;
    case "momentum":
      first.set(normal(body, f32x4.add(f32x4.mul(c(optimizer.momentum), first.get), g)));
      theta.set(f32x4.sub(theta.get, f32x4.mul(learningRate, first.get)));
      return;
    case "nesterov": {
      const keep = c(optimizer.momentum);
      first.set(normal(body, f32x4.add(f32x4.mul(keep, first.get), g)));
      const ahead = f32x4.add(g, f32x4.mul(keep, first.get));
      theta.set(f32x4.sub(theta.get, f32x4.mul(learningRate, ahead)));
      return;
    }
    case "rmsprop": {
      const square = f32x4.mul(f32x4.mul(c(1 - optimizer.decay), g), g);
      first.set(normal(body, f32x4.add(f32x4.mul(c(optimizer.decay), first.get), square)));
      const below = f32x4.add(f32x4.sqrt(first.get), c(optimizer.epsilon));
      theta.set(f32x4.sub(theta.get, f32x4.div(f32x4.mul(learningRate, g), below)));
      return;
    }
    case "adam":
    case "adamw": {
      const { beta1, beta2, epsilon } = optimizer;
      const mean = f32x4.add(f32x4.mul(c(beta1), first.get), f32x4.mul(c(1 - beta1), g));
      first.set(normal(body, mean));
      const square = f32x4.mul(f32x4.mul(c(1 - beta2), g), g);
      second.set(normal(body, f32x4.add(f32x4.mul(c(beta2), second.get), square)));
      const below = f32x4.add(f32x4.mul(f32x4.sqrt(second.get), adamRoot), c(epsilon));
      const shrunk = optimizer.type === "adamw" ? f32x4.mul(shrink, theta.get) : theta.get;
      theta.set(f32x4.sub(shrunk, f32x4.div(f32x4.mul(adamRate, first.get), below)));
      return;
    }
    case "adagrad": {
      first.set(f32x4.add(first.get, f32x4.mul(g, g)));
      const below = f32x4.add(f32x4.sqrt(first.get), c(optimizer.epsilon));
      theta.set(f32x4.sub(theta.get, f32x4.div(f32x4.mul(learningRate, g), below)));
      return;
    }
  }
}

/** Zero in place of a denormal number. */
function normal(body: FunctionBody, x: Code): Code {
  const value = body.keep(x);
  return v128.andnot(value, f32x4.lt(f32x4.abs(value), c(1.1754943508222875e-38)));
}
