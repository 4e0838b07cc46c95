/**
 * Powers of one base, many times: the products of `integerPower` in the same order, so with the same bits, but the squares
 * are computed once.
 *
 * @returns base^exponent for whole exponents 0 ≤ exponent < 2^53
 */
export function powersOf(base: number): (exponent: number) => number {
  const squares = [base];
  for (let i = 1; i < 53; i++) squares.push(squares[i - 1] * squares[i - 1]);
  return (exponent) => {
    let result = 1;
    let bit = 0;
    for (let rest = exponent; rest > 0; bit++) {
      const half = Math.floor(rest / 2);
      if (rest !== 2 * half) result *= squares[bit];
      rest = half;
    }
    return result;
  };
}
