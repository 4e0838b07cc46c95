/** f(z) and f′(z) in line, as `../kernel/activations.ts` computes them. */
import type { Activation } from "../../engine";
import { exp, expBelowZero, log1p, normalDistribution, sigmoid, sigmoidFrom, tanh } from "./elementary";
import type { FunctionBody } from "./functionBody";
import { type Code, f32x4, v128 } from "./instructions";

const c = f32x4.splatConst;

export interface Activated {
  readonly output: Code;
  /** Null where it is 1. */
  readonly slope: Code | null;
}

/** @param x four numbers that may be read more than once */
export function activate(body: FunctionBody, activation: Activation, x: Code): Activated {
  switch (activation) {
    case "identity":
      return { output: x, slope: null };
    case "relu":
      return {
        output: body.keep(f32x4.pmax(x, c(0))),
        slope: body.keep(v128.and(f32x4.gt(x, c(0)), c(1))),
      };
    case "leaky-relu": {
      const slope = body.keep(v128.bitselect(c(1), c(0.01), f32x4.gt(x, c(0))));
      return { output: body.keep(f32x4.mul(x, slope)), slope };
    }
    case "elu": {
      const below = body.keep(f32x4.pmin(x, c(0)));
      const e = body.keep(expBelowZero(body, below));
      const half = body.keep(f32x4.mul(below, c(0.5)));
      const a = f32x4.mul(f32x4.add(c(1), e), tanh(body, half));
      const negative = body.keep(f32x4.le(x, c(0)));
      return {
        output: body.keep(v128.bitselect(a, x, negative)),
        slope: body.keep(v128.bitselect(e, c(1), negative)),
      };
    }
    case "tanh": {
      const a = body.keep(tanh(body, x));
      return { output: a, slope: body.keep(f32x4.sub(c(1), f32x4.mul(a, a))) };
    }
    case "sigmoid": {
      const a = body.keep(sigmoid(body, x));
      return { output: a, slope: body.keep(f32x4.mul(a, f32x4.sub(c(1), a))) };
    }
    case "softplus": {
      const e = body.keep(expBelowZero(body, body.keep(f32x4.neg(f32x4.abs(x)))));
      return {
        output: body.keep(f32x4.add(f32x4.pmax(x, c(0)), log1p(body, e))),
        slope: body.keep(sigmoidFrom(body, x, e)),
      };
    }
    case "silu": {
      const s = body.keep(sigmoid(body, x));
      const a = body.keep(f32x4.mul(x, s));
      return { output: a, slope: body.keep(f32x4.add(s, f32x4.mul(a, f32x4.sub(c(1), s)))) };
    }
    case "gelu": {
      const below = body.keep(normalDistribution(body, x));
      const exponent = body.keep(f32x4.mul(f32x4.mul(x, x), c(-0.5)));
      const density = f32x4.mul(c(0.3989422804014327), exp(body, exponent));
      return {
        output: body.keep(f32x4.mul(x, below)),
        slope: body.keep(f32x4.add(below, f32x4.mul(x, density))),
      };
    }
  }
}
