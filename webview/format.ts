/** Numbers as people read them. Missing values are an en dash. */

export const NONE = "–";

/** Four significant digits; very large and very small numbers with an exponent. */
export function formatNumber(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || Number.isNaN(value)) return NONE;
  if (value === Infinity) return "∞";
  if (value === -Infinity) return "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  let text: string;
  if (size >= 1e6 || size < 1e-3)
    text = value
      .toExponential(digits - 1)
      .replace(/\.?0+e/, "e")
      .replace("e+", "e");
  else if (size >= 10 ** digits) text = Math.round(value).toLocaleString("en-GB");
  else {
    text = value.toPrecision(digits);
    // 9999.6 rounds up to 1.000e+4.
    if (text.includes("e")) text = Math.round(value).toLocaleString("en-GB");
    else if (size >= 1000) text = Number(text).toLocaleString("en-GB");
  }
  return text.replaceAll("-", "−");
}

/** Tick labels: as short as the number allows. */
export function formatTick(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text =
    size >= 1e5 || size < 1e-3
      ? value
          .toExponential(2)
          .replace(/\.?0+e/, "e")
          .replace("e+", "e")
      : String(Number(value.toPrecision(6)));
  return text.replaceAll("-", "−");
}

/** Step counts on an axis: "500", "20k", "1.5M". */
export function formatStepTick(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(6))}M`;
  if (value >= 1e4) return `${Number((value / 1e3).toPrecision(6))}k`;
  return formatTick(value);
}

export function formatCount(value: number): string {
  return Math.round(value).toLocaleString("en-GB");
}

/** 0.9667 → "96.7 %", with a no-break space, as everywhere in Downhill. */
export function formatPercent(fraction: number | null | undefined): string {
  if (fraction === null || fraction === undefined || !Number.isFinite(fraction)) return NONE;
  const percent = fraction * 100;
  // 99.97 % must not read as a perfect score, nor 0.02 % as none.
  if (percent > 99.9 && percent < 100) return "> 99.9\u00a0%";
  if (percent > 0 && percent < 0.1) return "< 0.1\u00a0%";
  return `${percent.toFixed(1).replace(/^-/, "−")}\u00a0%`;
}

/** "1,230 samples/s", "1.23 M samples/s". */
export function formatRate(perSecond: number | null | undefined): string {
  if (perSecond === null || perSecond === undefined || !Number.isFinite(perSecond)) return NONE;
  const rounded = Number(perSecond.toPrecision(3));
  if (rounded >= 1e9) return `${(rounded / 1e9).toPrecision(3)} G samples/s`;
  if (rounded >= 1e6) return `${(rounded / 1e6).toPrecision(3)} M samples/s`;
  return `${rounded >= 100 ? formatCount(rounded) : String(rounded)} samples/s`;
}

/** "0.4 s", "12 s", "3 min 20 s", "2 h 5 min", "3 d 4 h". */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds) || seconds < 0) return NONE;
  if (seconds < 0.05) return "< 0.1 s";
  if (seconds < 9.95) return `${seconds.toFixed(1).replace(/\.0$/, "")} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return pair(Math.floor(whole / 60), "min", whole % 60, "s");
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return pair(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const hours = Math.round(seconds / 3600);
  return pair(Math.floor(hours / 24), "d", hours % 24, "h");
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
