/**
 * A curve in bounded memory. Points fall into buckets of equal width along x; a bucket keeps its lowest and
 * its highest point, so that a spike never disappears. The width is a power of two that depends on the last x
 * alone, so a curve rebuilt from its own thinned points, or from any other partition of the same points,
 * is the same curve.
 */

/** Columns of equal length, ascending in x. y is NaN where the line is interrupted. */
export interface Points {
  x: Float64Array;
  y: Float64Array;
}

interface Bucket {
  index: number;
  /** NaN until a finite value was seen. */
  lowX: number;
  lowY: number;
  highX: number;
  highY: number;
  /** x of the first non-finite value, NaN if there was none. */
  gapX: number;
}

export class ThinnedSeries {
  private buckets: Bucket[] = [];
  private stride = 1;
  private cached: Points | null = null;

  lastX = -Infinity;
  lastY = NaN;
  /** The first finite value and where it was: "fell from 1.1". */
  firstY = NaN;

  /** At most `capacity` buckets of at most three points each are kept. */
  constructor(private readonly capacity = 4096) {}

  /** Points must ascend in x; those at or before the last one are already known and are left out. */
  append(x: ArrayLike<number>, y: ArrayLike<number>): void {
    for (let i = 0; i < x.length; i++) this.add(x[i], y[i]);
  }

  add(x: number, y: number): void {
    if (!(x > this.lastX) || !Number.isFinite(x)) return;
    this.lastX = x;
    this.lastY = y;
    this.cached = null;
    while (Math.floor(x / this.stride) >= this.capacity) this.doubleStride();
    const index = Math.floor(x / this.stride);
    let bucket = this.buckets.at(-1);
    if (bucket?.index !== index) {
      bucket = { index, lowX: NaN, lowY: NaN, highX: NaN, highY: NaN, gapX: NaN };
      this.buckets.push(bucket);
    }
    if (Number.isFinite(y)) {
      if (Number.isNaN(this.firstY)) this.firstY = y;
      extend(bucket, x, y);
    } else if (Number.isNaN(bucket.gapX)) bucket.gapX = x;
  }

  get empty(): boolean {
    return this.buckets.length === 0;
  }

  /** The kept points; the last one is always among them. Do not change the arrays. */
  points(): Points {
    if (this.cached) return this.cached;
    const x: number[] = [];
    const y: number[] = [];
    const emit = (px: number, py: number): void => {
      if (Number.isNaN(px) || x.at(-1) === px) return;
      x.push(px);
      y.push(py);
    };
    for (const bucket of this.buckets) {
      const { lowX, lowY, highX, highY, gapX } = bucket;
      const kept: [number, number][] = [
        [lowX, lowY],
        [highX, highY],
        [gapX, NaN],
      ];
      kept.sort((p, q) => p[0] - q[0]);
      for (const [px, py] of kept) emit(px, py);
    }
    if (this.buckets.length > 0) emit(this.lastX, Number.isFinite(this.lastY) ? this.lastY : NaN);
    this.cached = { x: Float64Array.from(x), y: Float64Array.from(y) };
    return this.cached;
  }

  private doubleStride(): void {
    this.stride *= 2;
    const merged: Bucket[] = [];
    for (const bucket of this.buckets) {
      const index = bucket.index >> 1;
      const previous = merged.at(-1);
      if (previous?.index !== index) merged.push({ ...bucket, index });
      else {
        if (!Number.isNaN(bucket.lowX)) {
          extend(previous, bucket.lowX, bucket.lowY);
          extend(previous, bucket.highX, bucket.highY);
        }
        if (Number.isNaN(previous.gapX)) previous.gapX = bucket.gapX;
      }
    }
    this.buckets = merged;
  }
}

/** Of equal values the earlier one stays, whatever the order of merging. */
function extend(bucket: Bucket, x: number, y: number): void {
  if (Number.isNaN(bucket.lowX) || y < bucket.lowY) {
    bucket.lowX = x;
    bucket.lowY = y;
  }
  if (Number.isNaN(bucket.highX) || y > bucket.highY) {
    bucket.highX = x;
    bucket.highY = y;
  }
}
