/** Numbers in sentences and on the command line, written as the panel writes them. */
import { digits } from "../data/wording";

/** At most four significant digits, "4,202" above 1000, without an exponent where a person would write none. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  const sign = value < 0 ? "\u2212" : "";
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) {
    return sign + size.toExponential(2).replace("e+", "e").replace("e-", "e\u2212");
  }
  return sign + (size >= 999.95 ? digits(Math.round(size)) : String(Number(size.toPrecision(4))));
}

/** "0.872", "−0.131": a fixed number of decimals, never "-0". */
export function fixed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `\u2212${text}` : text;
}

/** 0.967 → "96.7 %" with a no-break space; what is rounded up must not read as perfect, nor what is rounded down as none. */
export function percentText(fraction: number): string {
  if (fraction > 0.999 && fraction < 1) return "> 99.9\u00a0%";
  if (fraction > 0 && fraction < 0.001) return "< 0.1\u00a0%";
  return `${(100 * fraction).toFixed(1)}\u00a0%`;
}
