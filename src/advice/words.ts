/** Numbers in the sentences of advice. */

/** At most three significant digits, "1,230" above 1000, an exponent only where a person would write one. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "∞" : value < 0 ? "−∞" : "NaN";
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) {
    return sign + size.toExponential(1).replace("e+", "e").replace("e-", "e−");
  }
  return sign + (size >= 999.5 ? count(Math.round(size)) : String(Number(size.toPrecision(3))));
}

/** 1234567 → "1,234,567". */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** 0.967 → "96.7 %" with a no-break space, as everywhere in Downhill. */
export function percent(fraction: number): string {
  return `${Number((100 * fraction).toFixed(1))}\u00a0%`;
}

/** A value that a person would write: 1, 2, 3 or 5 times a power of ten. */
export function round(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const digit = value / power;
  const near = [1, 2, 3, 5, 10].reduce((a, b) => (Math.abs(b - digit) < Math.abs(a - digit) ? b : a));
  // Through text, so that 3 · 0.1 is 0.3 and not 0.30000000000000004.
  return Number((near * power).toPrecision(1));
}
