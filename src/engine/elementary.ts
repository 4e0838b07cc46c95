/**
 * exp, log, tanh, erf and cos from additions, multiplications, divisions and square roots alone.
 *
 * IEEE 754 fixes the last bit of those four operations everywhere, but not that of `Math.exp` and its
 * relatives: those differ between machines and versions of V8. With these, the same run has the same bits on
 * every machine. All are accurate to a few units in the last place of float64.
 */

/** ln 2 in two parts: the first has zeros at its end, so that k · LN2_HIGH is exact for every exponent k. */
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const LOG2_E = 1.4426950408889634;

/** powersOfTwo[k + 1022] = 2^k for k = −1022 … 1023. */
const powersOfTwo = new Float64Array(2046);
for (let k = 0, upwards = 1, downwards = 1; k <= 1023; k++, upwards *= 2, downwards /= 2) {
  powersOfTwo[1022 + k] = upwards;
  if (k <= 1022) powersOfTwo[1022 - k] = downwards;
}

/**
 * The even part of e^r, which is cosh r, by its Taylor series in r²; for |r| ≤ ½ ln 2 the rest is below
 * rounding.
 */
function evenPart(square: number): number {
  return (
    1 +
    square *
      (1 / 2 +
        square *
          (1 / 24 +
            square * (1 / 720 + square * (1 / 40320 + square * (1 / 3628800 + square * (1 / 479001600))))))
  );
}

/** The odd part of e^r divided by r: sinh(r) / r. */
function oddPart(square: number): number {
  return (
    1 +
    square *
      (1 / 6 +
        square *
          (1 / 120 +
            square *
              (1 / 5040 + square * (1 / 362880 + square * (1 / 39916800 + square * (1 / 6227020800))))))
  );
}

/** e^x = 2^k · e^r with |r| ≤ ½ ln 2. Below −708 the result is 0, so that no denormal number slows a run. */
export function exp(x: number): number {
  if (!(x >= -708)) return x < -708 ? 0 : x;
  if (x > 709.782712893384) return Infinity;
  const k = Math.floor(x * LOG2_E + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  const square = r * r;
  const mantissa = evenPart(square) + r * oddPart(square);
  return 2 * mantissa * powersOfTwo[k + 1021];
}

/** 2 · artanh(s) = log((1 + s) / (1 − s)), by its Taylor series; enough terms for |s| ≤ ⅓. */
function logOfRatio(s: number): number {
  const square = s * s;
  let sum = 0;
  for (let odd = 33; odd >= 3; odd -= 2) sum = (sum + 1 / odd) * square;
  return 2 * (s + s * sum);
}

/** Natural logarithm of any positive number; 0 gives −∞. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  let exponent = 0;
  while (x > Math.SQRT2) {
    x /= 2;
    exponent++;
  }
  while (x < Math.SQRT1_2) {
    x *= 2;
    exponent--;
  }
  return exponent * LN2_HIGH + (logOfRatio((x - 1) / (x + 1)) + exponent * LN2_LOW);
}

/** log(1 + x) for 0 ≤ x ≤ 1, exact also for tiny x. */
export function log1p(x: number): number {
  return logOfRatio(x / (2 + x));
}

/** Hyperbolic tangent; near 0 as sinh / cosh, so that tiny arguments keep all their digits. */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size < 0.34) {
    const square = x * x;
    return (x * oddPart(square)) / evenPart(square);
  }
  const value = 1 - 2 / (exp(2 * size) + 1);
  return x < 0 ? -value : value;
}

/** The logistic function 1 / (1 + e^−x). */
export function sigmoid(x: number): number {
  return 1 / (1 + exp(-x));
}

/** log(1 + e^x), which never overflows because the exponent is never positive. */
export function softplus(x: number): number {
  return (x > 0 ? x : 0) + log1p(exp(-Math.abs(x)));
}

/** cos(πt) for 0 ≤ t ≤ 1. */
export function cosPi(t: number): number {
  if (t > 0.5) return -cosPi(1 - t);
  const square = (Math.PI * t) ** 2;
  let sum = 0;
  for (let even = 24; even >= 2; even -= 2) sum = ((sum + 1) * -square) / (even * (even - 1));
  return 1 + sum;
}

/** base^exponent for a whole exponent ≥ 0, by squaring. */
export function integerPower(base: number, exponent: number): number {
  let result = 1;
  for (let rest = exponent, square = base; rest > 0; rest = Math.floor(rest / 2), square *= square) {
    if (rest % 2 === 1) result *= square;
  }
  return result;
}

/**
 * The error function, by the rational approximations of W. J. Cody, "Rational Chebyshev approximations for
 * the error function", Mathematics of Computation 23 (1969): one for small arguments, and for the others
 * one of erfc(x) · e^(x²).
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.46875) {
    const s = x * x;
    const above =
      (((1.85777706184603153e-1 * s + 3.1611237438705656) * s + 1.13864154151050156e2) * s +
        3.77485237685302021e2) *
        s +
      3.20937758913846947e3;
    const below =
      (((s + 2.36012909523441209e1) * s + 2.44024637934444173e2) * s + 1.28261652607737228e3) * s +
      2.84423683343917062e3;
    return (x * above) / below;
  }
  const tail = size > 6 ? 0 : complement(size);
  return x < 0 ? tail - 1 : 1 - tail;
}

/** erfc(x) = 1 − erf(x) for 0.46875 < x ≤ 6; beyond, 1 − erfc(x) rounds to 1. */
function complement(x: number): number {
  if (x <= 4) {
    let above = 2.15311535474403846e-8;
    for (const c of complementAbove) above = above * x + c;
    let below = 1;
    for (const c of complementBelow) below = below * x + c;
    return exp(-x * x) * (above / below);
  }
  const s = 1 / (x * x);
  let above = 1.63153871373020978e-2;
  for (const c of tailAbove) above = above * s + c;
  let below = 1;
  for (const c of tailBelow) below = below * s + c;
  return (exp(-x * x) / x) * (0.56418958354775628695 - (s * above) / below);
}

const complementAbove = [
  5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1, 2.98635138197400131e2,
  8.8195222124176909e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3,
];
const complementBelow = [
  1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
  3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3,
];
const tailAbove = [
  3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1, 1.60837851487422766e-2,
  6.58749161529837803e-4,
];
const tailBelow = [
  2.56852019228982242, 1.87295284992346725, 5.27905102951428412e-1, 6.05183413124413191e-2,
  2.33520497626869185e-3,
];
