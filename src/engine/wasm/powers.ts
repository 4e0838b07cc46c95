/** Powers below it change nothing when they are taken off 1. */
const NEGLIGIBLE = 2 ** -60;
/** So many of the lowest bits of an exponent are looked up at once. */
const LOW_BITS = 10;

/**
 * 1 − base^exponent, many times: the products of `integerPower` in the same order, so with the same bits, but squares and the products
 * of the lowest bits are computed once.
 *
 * @returns the function of whole exponents 0 ≤ exponent < 2^53
 */
export function complementsOfPowers(base: number): (exponent: number) => number {
  const squares = [base];
  for (let i = 1; i < 53; i++) squares.push(squares[i - 1] * squares[i - 1]);
  const low = Float64Array.from({ length: 1 << LOW_BITS }, (_, exponent) => {
    let product = 1;
    for (let bit = 0; bit < LOW_BITS; bit++) if ((exponent >> bit) & 1) product *= squares[bit];
    return product;
  });
  const negligible = squares.findIndex((square) => Math.abs(square) < NEGLIGIBLE);
  const settled = negligible < 0 ? Infinity : 2 ** negligible;
  return (exponent) => {
    if (exponent >= settled) return 1;
    const rest = exponent % low.length;
    let result = low[rest];
    for (let high = (exponent - rest) / low.length, bit = LOW_BITS; high > 0; bit++) {
      const half = Math.floor(high / 2);
      if (high !== 2 * half) result *= squares[bit];
      high = half;
    }
    return 1 - result;
  };
}
