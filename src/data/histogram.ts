import type { Histogram } from "./description";

/** More bars than this are noise at the size at which they are shown. */
export const mostBins = 24;

const day = 86_400_000;

/**
 * Counts finite values in at most 24 bins whose edges are round numbers. Integers get bins of whole width, one each
 * where there are few. Values that are not finite are passed over.
 *
 * @returns null where there is no finite value
 */
export function histogramOf(
  values: Float64Array,
  range: { readonly min: number; readonly max: number; readonly integers: boolean },
): Histogram | null {
  const count = countFinite(values);
  if (count === 0) return null;
  const { min, max, integers } = range;
  const span = max - min;
  // A range beyond the largest float64 has no width to divide.
  if (!Number.isFinite(span)) return null;
  if (integers && span < mostBins && Math.abs(max) < 2 ** 52) {
    const edges = Array.from({ length: span + 2 }, (_, bin) => min + bin - 0.5);
    return { edges, counts: counted(values, edges) };
  }
  if (span === 0) return { edges: [min, max], counts: [count] };
  const wanted = binsFor(count);
  let step = roundStep(span / wanted);
  if (integers) step = Math.max(1, Math.round(step));
  let start = Math.floor(min / step) * step;
  let bins = Math.floor((max - start) / step) + 1;
  if (bins > mostBins) {
    step = roundStep(step * 1.01);
    start = Math.floor(min / step) * step;
    bins = Math.floor((max - start) / step) + 1;
  }
  if (!(start + step > start) || bins > mostBins + 1) return evenly(values, min, max, wanted);
  const edges = Array.from({ length: bins + 1 }, (_, bin) => Number((start + bin * step).toPrecision(12)));
  // The last value may stand exactly on an edge, where a bin of its own would be a stump.
  if (edges[bins - 1] === max && bins > 1) edges.pop();
  // Rounding must not leave an extreme outside.
  edges[0] = Math.min(edges[0], min);
  edges[edges.length - 1] = Math.max(edges[edges.length - 1], max);
  if (!rises(edges)) return evenly(values, min, max, wanted);
  return { edges, counts: counted(values, edges) };
}

/** As histogramOf, for days since 1970-01-01: bins begin with a day, a month or a year, whatever fits. */
export function dateHistogramOf(
  values: Float64Array,
  range: { readonly min: number; readonly max: number },
): Histogram | null {
  const { min, max } = range;
  const span = max - min;
  // What no calendar holds is shown as the numbers that it is.
  if (!(Math.abs(min) < 1e8 && Math.abs(max) < 1e8))
    return histogramOf(values, { min, max, integers: false });
  if (span < 14) return histogramOf(values, { min, max, integers: span >= 2 && allIntegers(values) });
  if (countFinite(values) === 0) return null;
  const days = [1, 2, 7, 14].find((step) => span / step < mostBins - 1);
  const edges = days === undefined ? monthEdges(min, max) : dayEdges(min, max, days);
  // A calendar knows no less than a millisecond.
  edges[0] = Math.min(edges[0], min);
  return { edges, counts: counted(values, edges) };
}

function dayEdges(min: number, max: number, step: number): number[] {
  const start = Math.floor(min);
  const edges = [start];
  while (edges[edges.length - 1] <= max) edges.push(start + edges.length * step);
  return edges;
}

function monthEdges(min: number, max: number): number[] {
  const first = new Date(min * day);
  const last = new Date(max * day);
  const firstMonth = first.getUTCFullYear() * 12 + first.getUTCMonth();
  const lastMonth = last.getUTCFullYear() * 12 + last.getUTCMonth();
  const steps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12_000, 60_000, 120_000, 600_000];
  const fits = (step: number): boolean =>
    Math.floor(lastMonth / step) - Math.floor(firstMonth / step) < mostBins;
  const step = steps.find(fits) ?? Math.ceil((lastMonth - firstMonth + 1) / mostBins);
  const start = Math.floor(firstMonth / step) * step;
  const edges: number[] = [];
  for (let month = start; month <= lastMonth + step; month += step) {
    const date = new Date(0);
    date.setUTCFullYear(Math.floor(month / 12), ((month % 12) + 12) % 12, 1);
    edges.push(date.getTime() / day);
    if (edges[edges.length - 1] > max) break;
  }
  return edges;
}

/** More values can fill more bins (Rice's rule). */
function binsFor(count: number): number {
  return Math.max(5, Math.min(mostBins - 2, Math.ceil(2 * Math.cbrt(count))));
}

/** The smallest of 1, 2, 2.5 and 5 times a power of ten that is no smaller. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  for (const factor of [1, 2, 2.5, 5]) if (factor * power >= step * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

/** For ranges so narrow, beside their distance from zero, that round numbers do not fit in. */
function evenly(values: Float64Array, min: number, max: number, bins: number): Histogram {
  const edges = Array.from({ length: bins + 1 }, (_, bin) =>
    bin === bins ? max : min + (bin * (max - min)) / bins,
  );
  if (!rises(edges)) return { edges: [min, max], counts: [countFinite(values)] };
  return { edges, counts: counted(values, edges) };
}

function rises(edges: readonly number[]): boolean {
  return edges.every((edge, at) => at === 0 || edge > edges[at - 1]);
}

/** Values below the first or above the last edge are not counted. */
function counted(values: Float64Array, edges: readonly number[]): number[] {
  const bins = edges.length - 1;
  const counts = new Array<number>(bins).fill(0);
  const first = edges[0];
  const last = edges[bins];
  const width = (last - first) / bins;
  for (const value of values) {
    if (!(value >= first && value <= last)) continue;
    // A guess for even bins, then to the right one: months differ, and products of steps are rounded.
    let bin = Math.min(bins - 1, Math.floor((value - first) / width));
    while (bin > 0 && value < edges[bin]) bin--;
    while (bin < bins - 1 && value >= edges[bin + 1]) bin++;
    counts[bin]++;
  }
  return counts;
}

function countFinite(values: Float64Array): number {
  let count = 0;
  for (const value of values) if (Number.isFinite(value)) count++;
  return count;
}

function allIntegers(values: Float64Array): boolean {
  for (const value of values) if (!Number.isNaN(value) && !Number.isInteger(value)) return false;
  return true;
}
