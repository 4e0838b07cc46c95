import type { Points } from "./series";

/**
 * Of the points that fall on one pixel column, keeps the first, the lowest, the highest and the last: the drawn
 * line covers the same pixels as all points would (the M4 aggregation of Jugel et al., VLDB 2014), spikes
 * included. A gap (NaN) stays a gap. With few points everything is kept.
 *
 * @param from x at the left edge of the first column; `to` at the right edge of the last one.
 */
export function thinToPixels(points: Points, from: number, to: number, columns: number): Points {
  const { x, y } = points;
  const count = x.length;
  if (count <= 2 * columns || !(to > from) || columns < 1) return points;
  const keep = new Uint8Array(count);
  const scale = columns / (to - from);
  let start = 0;
  while (start < count) {
    const column = Math.floor((x[start] - from) * scale);
    let low = -1;
    let high = -1;
    let end = start;
    for (; end < count && Math.floor((x[end] - from) * scale) === column; end++) {
      const value = y[end];
      if (Number.isNaN(value)) {
        keep[end] = 1;
        continue;
      }
      if (low < 0 || value < y[low]) low = end;
      if (high < 0 || value > y[high]) high = end;
    }
    keep[start] = keep[end - 1] = 1;
    if (low >= 0) keep[low] = keep[high] = 1;
    start = end;
  }
  const indices: number[] = [];
  for (let i = 0; i < count; i++) {
    // One gap marker says as much as many in a row.
    if (
      keep[i] &&
      !(Number.isNaN(y[i]) && indices.length > 0 && Number.isNaN(y[indices[indices.length - 1]]))
    ) {
      indices.push(i);
    }
  }
  return { x: Float64Array.from(indices, (i) => x[i]), y: Float64Array.from(indices, (i) => y[i]) };
}

/** A logarithmic axis has no place for values at or below zero: they become gaps. */
export function positiveOnly(points: Points): Points {
  if (points.y.every((value) => !(value <= 0))) return points;
  return { x: points.x, y: points.y.map((value) => (value > 0 ? value : NaN)) };
}

/** Index of the last point at or before x, −1 when there is none. */
export function indexAt(points: Points, x: number): number {
  let low = 0;
  let high = points.x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points.x[middle] <= x) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
