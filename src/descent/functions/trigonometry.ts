/**
 * Sine, cosine and tangent from additions and multiplications alone, for the reason that `engine/elementary.ts`
 * gives: the same bits on every machine and in every version of V8.
 *
 * After fdlibm (Sun Microsystems, 1993): the argument is brought to |r| ≤ π/4 by subtracting a multiple of π/2 that
 * is known to three times 33 bits (Cody and Waite), and there a polynomial is exact to rounding.
 */

/** π/2 = A + B + C: A and B have 33 bits each, so that their products with a count up to 2^20 are exact. */
const A = 1.57079632673412561417;
const B = 6.0771005063039659766e-11;
const C = 2.02226624879595063154e-21;

/** Larger arguments would need more digits of π; they are left to the machine's own functions. */
const LARGEST = 1.6e6;

let quadrant = 0;

/** Sets `quadrant` to the count of right angles, modulo 4, and returns what is left of x. */
function reduced(x: number): number {
  const count = Math.round(x / (Math.PI / 2));
  quadrant = ((count % 4) + 4) % 4;
  return x - count * A - count * B - count * C;
}

/** |r| ≤ π/4 */
function sinPolynomial(r: number): number {
  const z = r * r;
  const tail =
    8.33333333332248946124e-3 +
    z *
      (-1.98412698298579493134e-4 +
        z * (2.75573137070700676789e-6 + z * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10)));
  return r + z * r * (-1.66666666666666324348e-1 + z * tail);
}

/** |r| ≤ π/4 */
function cosPolynomial(r: number): number {
  const z = r * r;
  const tail =
    z *
    (4.16666666666666019037e-2 +
      z *
        (-1.38888888888741095749e-3 +
          z *
            (2.48015872894767294178e-5 +
              z *
                (-2.75573143513906633035e-7 +
                  z * (2.0875723212981748279e-9 + z * -1.13596475577881948265e-11)))));
  const half = 0.5 * z;
  const rounded = 1 - half;
  return rounded + (1 - rounded - half + z * tail);
}

export function sin(x: number): number {
  if (!(Math.abs(x) < LARGEST)) return Math.sin(x);
  const r = reduced(x);
  const value = quadrant % 2 === 0 ? sinPolynomial(r) : cosPolynomial(r);
  return quadrant < 2 ? value : -value;
}

export function cos(x: number): number {
  if (!(Math.abs(x) < LARGEST)) return Math.cos(x);
  const r = reduced(x);
  const value = quadrant % 2 === 0 ? cosPolynomial(r) : sinPolynomial(r);
  return quadrant === 0 || quadrant === 3 ? value : -value;
}

export function tan(x: number): number {
  return sin(x) / cos(x);
}
