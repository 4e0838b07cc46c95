/**
 * exp, log(1 + x), tanh, σ and Φ in line: the formulas of `../kernel/elementary.ts`, operation by operation, so that the bits are the
 * same. Where the argument's range is known, steps are left out that would change nothing there.
 */
import type { FunctionBody } from "./functionBody";
import { type Code, f32x4, i32x4, v128 } from "./instructions";

const c = f32x4.splatConst;

/** A polynomial by Horner's rule, highest coefficient first. */
function polynomial(x: Code, coefficients: readonly number[]): Code {
  return coefficients
    .slice(1)
    .reduce<Code>((p, next) => f32x4.add(f32x4.mul(p, x), c(next)), c(coefficients[0]));
}

/** e^r · 2^k in its parts: what is left to do is the power of two. */
function exponential(body: FunctionBody, clamped: Code): { mantissa: Code; power: Code } {
  const k = body.keep(f32x4.nearest(f32x4.mul(clamped, c(1.4426950408889634))));
  const high = f32x4.sub(clamped, f32x4.mul(k, c(0.693359375)));
  const r = body.keep(f32x4.sub(high, f32x4.mul(k, c(-2.1219444e-4))));
  const p = polynomial(
    r,
    [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1],
  );
  const mantissa = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), c(1));
  return { mantissa, power: i32x4.truncF32x4(k) };
}

const shifted = (power: Code) => i32x4.shl(i32x4.add(power, i32x4.splatConst(127)), [0x41, 23]);

/** e^x */
export function exp(body: FunctionBody, x: Code): Code {
  const clamped = body.keep(f32x4.pmin(f32x4.pmax(x, c(-87.33654)), c(88.8)));
  const { mantissa, power } = exponential(body, clamped);
  const whole = body.keep(power);
  const half = body.keep(i32x4.shrS(whole, [0x41, 1]));
  const p = f32x4.mul(f32x4.mul(mantissa, shifted(half)), shifted(i32x4.sub(whole, half)));
  return v128.andnot(p, f32x4.lt(x, c(-87.33654)));
}

/** e^x for x ≤ 0: 2^k is a normal number, so that one multiplication does. */
export function expBelowZero(body: FunctionBody, x: Code): Code {
  const clamped = body.keep(f32x4.pmax(x, c(-87.33654)));
  const { mantissa, power } = exponential(body, clamped);
  return v128.andnot(f32x4.mul(mantissa, shifted(power)), f32x4.lt(x, c(-87.33654)));
}

/** log(1 + x) for x ≥ 0 */
export function log1p(body: FunctionBody, x: Code): Code {
  const u = body.keep(f32x4.add(x, c(1)));
  const lost = f32x4.sub(x, f32x4.sub(u, c(1)));
  const result = f32x4.add(log(body, u), f32x4.div(lost, u));
  return f32x4.add(result, f32x4.sub(x, x));
}

function log(body: FunctionBody, x: Code): Code {
  const above = body.keep(i32x4.sub(x, i32x4.splatConst(0x3f3504f3)));
  const k = body.keep(f32x4.fromI32x4(i32x4.shrS(above, [0x41, 23])));
  const mantissa = v128.and(above, i32x4.splatConst(0x007fffff));
  const m = i32x4.add(mantissa, i32x4.splatConst(0x3f3504f3));
  const r = body.keep(f32x4.sub(m, c(1)));
  const square = body.keep(f32x4.mul(r, r));
  let p = polynomial(
    r,
    [
      7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
      2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
    ],
  );
  p = f32x4.mul(f32x4.mul(p, r), square);
  p = f32x4.add(p, f32x4.mul(k, c(-2.1219444e-4)));
  p = f32x4.sub(p, f32x4.mul(square, c(0.5)));
  return f32x4.add(f32x4.add(r, p), f32x4.mul(k, c(0.693359375)));
}

export function tanh(body: FunctionBody, x: Code): Code {
  const sign = body.keep(v128.and(x, i32x4.splatConst(-0x80000000)));
  const size = body.keep(v128.xor(x, sign));
  const square = body.keep(f32x4.mul(x, x));
  const p = polynomial(
    square,
    [-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1],
  );
  const near = body.keep(f32x4.add(x, f32x4.mul(f32x4.mul(p, square), x)));
  // Where 2^128 would be needed, 2 / (e + 1) is far below rounding: infinity does as well.
  const clamped = body.keep(f32x4.pmin(f32x4.add(size, size), c(88.8)));
  const { mantissa, power } = exponential(body, clamped);
  const e = f32x4.mul(mantissa, shifted(power));
  const far = f32x4.sub(c(1), f32x4.div(c(2), f32x4.add(e, c(1))));
  return v128.bitselect(near, v128.or(far, sign), f32x4.lt(size, c(0.625)));
}

/** σ(x) from e = e^−|x| */
export function sigmoidFrom(body: FunctionBody, x: Code, e: Code): Code {
  const above = body.keep(f32x4.div(c(1), f32x4.add(c(1), e)));
  return v128.bitselect(f32x4.mul(e, above), above, f32x4.lt(x, c(0)));
}

export function sigmoid(body: FunctionBody, x: Code): Code {
  return sigmoidFrom(body, x, body.keep(expBelowZero(body, body.keep(f32x4.neg(f32x4.abs(x))))));
}

/** Φ(x) */
export function normalDistribution(body: FunctionBody, x: Code): Code {
  const size = f32x4.mul(f32x4.abs(x), c(0.7071067811865475));
  const t = body.keep(f32x4.div(c(1), f32x4.add(c(1), f32x4.mul(size, c(0.5)))));
  const fit = polynomial(
    t,
    [
      0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
      1.00002368, -1.26551223,
    ],
  );
  const p = body.keep(f32x4.sub(fit, f32x4.mul(f32x4.mul(x, x), c(0.5))));
  const tail = body.keep(f32x4.mul(f32x4.mul(t, exp(body, p)), c(0.5)));
  return v128.bitselect(tail, f32x4.sub(c(1), tail), f32x4.lt(x, c(0)));
}
