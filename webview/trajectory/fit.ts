/** From coordinates on the principal plane to pixels: one scale for both axes, so that angles and lengths are true. */

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Fit {
  /** Pixels per unit, along both axes. */
  scale: number;
  /** What the box shows, in plane coordinates. */
  a: [number, number];
  b: [number, number];
  toX(a: number): number;
  /** b grows upwards. */
  toY(b: number): number;
}

/** Fits all finite points into the box, with a margin (a fraction of the box) around them. */
export function fitPath(a: ArrayLike<number>, b: ArrayLike<number>, box: Box, margin = 0.08): Fit {
  let [aLow, aHigh, bLow, bHigh] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < a.length; i++) {
    if (!Number.isFinite(a[i]) || !Number.isFinite(b[i])) continue;
    aLow = Math.min(aLow, a[i]);
    aHigh = Math.max(aHigh, a[i]);
    bLow = Math.min(bLow, b[i]);
    bHigh = Math.max(bHigh, b[i]);
  }
  if (!(aLow <= aHigh)) [aLow, aHigh, bLow, bHigh] = [0, 0, 0, 0];
  const width = Math.max(1, box.width);
  const height = Math.max(1, box.height);
  const inner = 1 - 2 * margin;
  const scales = [(width * inner) / (aHigh - aLow), (height * inner) / (bHigh - bLow)];
  let scale = Math.min(...scales);
  // A path without extent: a single point, in the middle of a unit square.
  if (!Number.isFinite(scale) || scale <= 0) scale = Math.min(width, height) * inner;
  const aCentre = (aLow + aHigh) / 2;
  const bCentre = (bLow + bHigh) / 2;
  const x0 = box.left + width / 2;
  const y0 = box.top + height / 2;
  return {
    scale,
    a: [aCentre - width / 2 / scale, aCentre + width / 2 / scale],
    b: [bCentre - height / 2 / scale, bCentre + height / 2 / scale],
    toX: (value) => x0 + (value - aCentre) * scale,
    toY: (value) => y0 - (value - bCentre) * scale,
  };
}

/** Shows a rectangle of the plane, whole, in the middle of the box. */
export function fitRegion({ a, b }: Pick<Fit, "a" | "b">, box: Box): Fit {
  return fitPath(a, b, box, 0);
}

/** Index of the point nearest to a pixel, −1 when there is none within `reach` pixels. */
export function nearestPoint(
  fit: Fit,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  x: number,
  y: number,
  reach: number,
): number {
  let nearest = -1;
  let best = reach * reach;
  for (let i = 0; i < a.length; i++) {
    const squared = (fit.toX(a[i]) - x) ** 2 + (fit.toY(b[i]) - y) ** 2;
    if (squared <= best) {
      best = squared;
      nearest = i;
    }
  }
  return nearest;
}
