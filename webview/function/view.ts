/** What part of the plane a picture shows, and which pixel each place has. */
import type { Box } from "../trajectory/fit";

type Interval = [low: number, high: number];

export interface View {
  a: Interval;
  b: Interval;
}

/** Scales that differ by less are made equal, so that angles on the map are true. */
const EQUAL_WITHIN = 3;

export function toX(view: View, box: Box, a: number): number {
  return box.left + ((a - view.a[0]) / (view.a[1] - view.a[0])) * box.width;
}

/** b grows upwards. */
export function toY(view: View, box: Box, b: number): number {
  return box.top + box.height - ((b - view.b[0]) / (view.b[1] - view.b[0])) * box.height;
}

export function fromX(view: View, box: Box, x: number): number {
  return view.a[0] + ((x - box.left) / box.width) * (view.a[1] - view.a[0]);
}

export function fromY(view: View, box: Box, y: number): number {
  return view.b[0] + ((box.top + box.height - y) / box.height) * (view.b[1] - view.b[0]);
}

/** The places that a view must show, with a little air; never without extent. */
export function around(values: readonly number[], air: number): Interval {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(low <= high)) return [-1, 1];
  const span = high - low;
  const half = Math.max(Math.abs(low), Math.abs(high)) * 1e-6;
  if (span <= half) return [low - Math.max(half, 1), high + Math.max(half, 1)];
  return [low - air * span, high + air * span];
}

/** Widens the direction that the box has room for, until both scales are the same; unless they are too different. */
export function withEqualScales(view: View, box: Box): View {
  const scaleA = (view.a[1] - view.a[0]) / box.width;
  const scaleB = (view.b[1] - view.b[0]) / box.height;
  const ratio = scaleA / scaleB;
  if (!(ratio > 1 / EQUAL_WITHIN && ratio < EQUAL_WITHIN)) return view;
  return ratio > 1
    ? { a: view.a, b: stretched(view.b, ratio) }
    : { a: stretched(view.a, 1 / ratio), b: view.b };
}

function stretched([low, high]: Interval, factor: number): Interval {
  const middle = (low + high) / 2;
  const half = ((high - low) / 2) * factor;
  return [middle - half, middle + half];
}

/** Closer for a factor below 1. The given place stays where it is. */
export function zoomed(view: View, factor: number, a: number, b: number): View {
  const one = ([low, high]: Interval, at: number): Interval => [
    at + (low - at) * factor,
    at + (high - at) * factor,
  ];
  const next = { a: one(view.a, a), b: one(view.b, b) };
  // Beyond, neighbouring pixels would be the same number.
  const fits = ([low, high]: Interval): boolean =>
    high - low > 1e-9 * Math.max(Math.abs(low), Math.abs(high)) && high - low < 1e12 && high - low > 1e-100;
  return fits(next.a) && fits(next.b) ? next : view;
}

export function panned(view: View, da: number, db: number): View {
  return { a: [view.a[0] + da, view.a[1] + da], b: [view.b[0] + db, view.b[1] + db] };
}
