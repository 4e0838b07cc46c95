/** The losses of a surface, known at points of a coarse or a fine grid, as they are drawn: a value at every place. */
import type { Region, SurfacePart } from "../../src/protocol/surface";
import type { Grid } from "./contours";

export class HeightField {
  readonly region: Region;
  private readonly side: number;
  /** Logarithms where all losses are positive: a surface of a network spans powers of ten. */
  private readonly heights: Float64Array;
  private readonly logarithmic: boolean;

  constructor(readonly part: SurfacePart) {
    this.region = part.region;
    this.side = Math.ceil(part.size / part.stride);
    const finite = part.losses.filter(Number.isFinite);
    this.logarithmic = finite.length > 0 && finite.every((loss) => loss > 0);
    this.heights = part.losses.map((loss) =>
      !Number.isFinite(loss) ? NaN : this.logarithmic ? Math.log(loss) : loss,
    );
  }

  /** The loss at a place of the plane, between the known points; NaN outside, and where it is not finite. */
  valueAt(a: number, b: number): number {
    const { region } = this;
    const share = ([low, high]: [number, number], at: number): number => (at - low) / (high - low);
    const [x, y] = [share(region.a, a), share(region.b, b)];
    if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) return NaN;
    return this.at(x, y);
  }

  /** Smooth values, at the middles of `cells` cells along either side, row by row from the lowest b. */
  grid(cells: number): Grid {
    const values = new Float64Array(cells * cells);
    for (let j = 0; j < cells; j++) {
      for (let i = 0; i < cells; i++) values[j * cells + i] = this.at((i + 0.5) / cells, (j + 0.5) / cells);
    }
    return { columns: cells, rows: cells, values };
  }

  /** @param x, y from 0 to 1 over the region */
  private at(x: number, y: number): number {
    const { size, stride } = this.part;
    const place = (share: number): number =>
      Math.min(this.side - 1, Math.max(0, (share * size - 0.5) / stride));
    const height = this.between(place(x), place(y));
    return this.logarithmic ? Math.exp(height) : height;
  }

  /** Catmull and Rom's cubic between four points along either side; beside a gap, the nearest known point. */
  private between(x: number, y: number): number {
    const { side, heights } = this;
    const [i, j] = [Math.min(side - 2, Math.floor(x)), Math.min(side - 2, Math.floor(y))];
    if (side < 2) return heights[0];
    const [tx, ty] = [x - i, y - j];
    const row = (at: number): number => {
      const from = Math.min(side - 1, Math.max(0, at)) * side;
      return cubic(
        heights[from + Math.max(0, i - 1)],
        heights[from + i],
        heights[from + i + 1],
        heights[from + Math.min(side - 1, i + 2)],
        tx,
      );
    };
    const smooth = cubic(row(j - 1), row(j), row(j + 1), row(j + 2), ty);
    if (!Number.isNaN(smooth)) return smooth;
    return heights[Math.round(y) * side + Math.round(x)];
  }
}

function cubic(before: number, from: number, to: number, after: number, t: number): number {
  const a = -before + 3 * from - 3 * to + after;
  const b = 2 * before - 5 * from + 4 * to - after;
  return from + 0.5 * t * (to - before + t * (b + t * a));
}
