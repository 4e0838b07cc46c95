/** At which values contour lines are drawn, and where a value lies between the lowest and the highest. */
import { linearTicks } from "../ticks";

export interface Levels {
  /** Ascending. */
  values: number[];
  low: number;
  high: number;
  /** Whether colours and lines follow the logarithm of the height above the lowest value. */
  logarithmic: boolean;
  /** 0 … 1; values beyond lie at the ends. */
  position(value: number): number;
}

const COUNT = 14;

/** Where three quarters of a surface lie in the lowest tenth of its height, lines at equal distances would miss it. */
const STEEP = 10;

/** Enough values to know their distribution. */
const SAMPLE = 4000;

/** Levels for a surface given by its values on a grid, of which some may not be finite; null without a finite one. */
export function chooseLevels(grid: Float64Array): Levels | null {
  const stride = Math.max(1, Math.floor(grid.length / SAMPLE));
  let low = Infinity;
  const sample: number[] = [];
  for (let i = 0; i < grid.length; i++) {
    const value = grid[i];
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    if (i % stride === 0) sample.push(value);
  }
  if (!Number.isFinite(low)) return null;
  sample.sort((x, y) => x - y);
  const quantile = (q: number): number =>
    sample.length === 0 ? low : sample[Math.floor(q * (sample.length - 1))];
  // A pole would take all the lines for itself.
  const high = quantile(0.995);
  // What differs by rounding only is flat, and so is what differs by less than numbers can be divided.
  if (!(high - low > Math.max(1e-14 * Math.max(Math.abs(low), Math.abs(high)), 1e-290)))
    return { values: [], low, high: low, logarithmic: false, position: () => 0 };
  const span = high - low;
  if (span <= STEEP * (quantile(0.25) - low)) return linearLevels(low, high);
  const nearest = Math.max(quantile(0.005) - low, span * 1e-6);
  return logLevels(low, high, nearest);
}

function linearLevels(low: number, high: number): Levels {
  return {
    values: linearTicks(low, high, COUNT).filter((value) => value > low),
    low,
    high,
    logarithmic: false,
    position: (value) => within((value - low) / (high - low)),
  };
}

/** @param nearest the height above the lowest value from which on lines are drawn */
function logLevels(low: number, high: number, nearest: number): Levels {
  const from = Math.log10(nearest);
  const to = Math.log10(high - low);
  // Round numbers where the lowest value is as good as 0: the grid seldom meets the minimum itself.
  const isZero = Math.abs(low) < 1e-3 * (high - low);
  const values = isZero
    ? roundNumbers(Math.max(nearest, low), high)
    : Array.from({ length: COUNT }, (_, k) => low + 10 ** (from + ((k + 0.5) * (to - from)) / COUNT));
  return {
    values,
    low,
    high,
    logarithmic: true,
    position: (value) => (value > low ? within((Math.log10(value - low) - from) / (to - from)) : 0),
  };
}

/** 1, 2, 5, 10 … over a few powers of ten, fewer of each power over many. */
function roundNumbers(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.floor(Math.log10(high))];
  const powers = last - first + 1;
  const every = Math.max(1, Math.ceil(powers / COUNT));
  const units = powers <= 5 ? [1, 2, 5] : powers <= 8 ? [1, 3] : [1];
  const values: number[] = [];
  for (let power = first; power <= last; power += every) {
    for (const unit of units) values.push(Number(`${unit}e${power}`));
  }
  return values.filter((value) => value > low && value < high);
}

function within(t: number): number {
  return Math.min(1, Math.max(0, t));
}
