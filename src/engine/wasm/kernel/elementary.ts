/**
 * exp, log(1 + x), tanh, σ and Φ on four numbers at once, from additions, multiplications and divisions alone, so that their
 * bits are the same on every machine. The first three are accurate to 2 units in the last place. A NaN comes out as a NaN.
 *
 * The polynomials of exp, log and tanh are those of Cephes (Moshier, "Methods and Programs for Mathematical Functions", 1989).
 */

/** e^x = 2^k · e^r with |r| ≤ ½ ln 2. Below −87.3 the result is 0: denormal numbers would slow a run. */
@inline
export function exp(x: v128): v128 {
  const clamped = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-87.33654)), f32x4.splat(88.8));
  const k = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(1.44269504088896341)));
  // ln 2 in two parts: the first has zeros at its end, so that its product with k is exact.
  let r = f32x4.sub(clamped, f32x4.mul(k, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(k, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1));
  // 2^128 has no float32, so that the power is applied in two halves.
  const power = i32x4.trunc_sat_f32x4_s(k);
  const half = i32x4.shr_s(power, 1);
  p = f32x4.mul(p, i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23));
  p = f32x4.mul(p, i32x4.shl(i32x4.add(i32x4.sub(power, half), i32x4.splat(127)), 23));
  return v128.andnot(p, f32x4.lt(x, f32x4.splat(-87.33654)));
}

/** log x of normal positive numbers: x = 2^k · m with √½ ≤ m < √2. */
@inline
export function log(x: v128): v128 {
  // Subtracting the bits of √½ carries into the exponent exactly when the mantissa is at or above it.
  const above = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const k = f32x4.convert_i32x4_s(i32x4.shr_s(above, 23));
  const m = i32x4.add(v128.and(above, i32x4.splat(0x007fffff)), i32x4.splat(0x3f3504f3));
  const r = f32x4.sub(m, f32x4.splat(1));
  const square = f32x4.mul(r, r);
  let p = f32x4.splat(7.0376836292e-2);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(-1.1514610310e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.1676998740e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(-1.2420140846e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.4249322787e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(-1.6668057665e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(2.0000714765e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(-2.4999993993e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(3.3333331174e-1));
  p = f32x4.mul(f32x4.mul(p, r), square);
  p = f32x4.add(p, f32x4.mul(k, f32x4.splat(-2.12194440e-4)));
  p = f32x4.sub(p, f32x4.mul(square, f32x4.splat(0.5)));
  return f32x4.add(f32x4.add(r, p), f32x4.mul(k, f32x4.splat(0.693359375)));
}

/** log(1 + x) for x ≥ 0: log of the rounded sum u, and the rounding's own share, (x − (u − 1)) / u. */
@inline
export function log1p(x: v128): v128 {
  const u = f32x4.add(x, f32x4.splat(1));
  const lost = f32x4.sub(x, f32x4.sub(u, f32x4.splat(1)));
  const result = f32x4.add(log(u), f32x4.div(lost, u));
  // log reads an infinity or a NaN as a number; adding x − x turns both into NaN and changes nothing else.
  return f32x4.add(result, f32x4.sub(x, x));
}

/** x + x³·P(x²) near 0, where sums would cancel, else 1 − 2 / (e^2|x| + 1) with the sign of x. */
@inline
export function tanh(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(0x80000000));
  const size = v128.xor(x, sign);
  const square = f32x4.mul(x, x);
  let p = f32x4.splat(-5.70498872745e-3);
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(2.06390887954e-2));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-5.37397155531e-2));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(1.33314422036e-1));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-3.33332819422e-1));
  const near = f32x4.add(x, f32x4.mul(f32x4.mul(p, square), x));
  const e = exp(f32x4.add(size, size));
  const far = f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(2), f32x4.add(e, f32x4.splat(1))));
  return v128.bitselect(near, v128.or(far, sign), f32x4.lt(size, f32x4.splat(0.625)));
}

/** σ(x) = 1 / (1 + e^−x) from e = e^−|x|, which never overflows. */
@inline
export function sigmoidFrom(x: v128, e: v128): v128 {
  const above = f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), e));
  return v128.bitselect(f32x4.mul(e, above), above, f32x4.lt(x, f32x4.splat(0)));
}

@inline
export function sigmoid(x: v128): v128 {
  return sigmoidFrom(x, exp(f32x4.neg(f32x4.abs(x))));
}

/**
 * Φ(x) = ½ erfc(−x / √2), the probability that a standard normal number is below x, by the Chebyshev fit of erfc in Press et
 * al., "Numerical Recipes" (1992), whose relative error is below 1.2e-7 everywhere.
 */
@inline
export function normalDistribution(x: v128): v128 {
  const size = f32x4.mul(f32x4.abs(x), f32x4.splat(0.70710678118654752));
  const t = f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), f32x4.mul(size, f32x4.splat(0.5))));
  let p = f32x4.splat(0.17087277);
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.82215223));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1.48851587));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-1.13520398));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.27886807));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.18628806));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.09678418));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.37409196));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1.00002368));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-1.26551223));
  p = f32x4.sub(p, f32x4.mul(f32x4.mul(x, x), f32x4.splat(0.5)));
  const tail = f32x4.mul(f32x4.mul(t, exp(p)), f32x4.splat(0.5));
  return v128.bitselect(tail, f32x4.sub(f32x4.splat(1), tail), f32x4.lt(x, f32x4.splat(0)));
}
