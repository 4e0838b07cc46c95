/** Values on a grid as coloured areas between contour lines. */
import { contours } from "d3-contour";
import { css, fromOklab, type Rgb } from "../colour";
import type { Theme } from "../theme";
import type { Box } from "../trajectory/fit";
import type { Levels } from "./levels";

/**
 * Low is deep blue, high is yellow, as on the paths of networks, but quieter: a path lies on it. In high contrast the
 * areas stay near the background, and the lines tell.
 */
const ends = {
  dark: { low: [0.25, 0.1, 268], high: [0.7, 0.11, 95] },
  light: { low: [0.66, 0.11, 262], high: [0.97, 0.06, 100] },
  darkContrast: { low: [0.16, 0.08, 268], high: [0.42, 0.08, 95] },
  lightContrast: { low: [0.82, 0.08, 262], high: [0.98, 0.04, 100] },
} as const;

/** t from 0 (lowest) to 1 (highest). */
export function surfaceColour({ kind, highContrast }: Pick<Theme, "kind" | "highContrast">, t: number): Rgb {
  const { low, high } = ends[highContrast ? (`${kind}Contrast` as const) : kind];
  const mixed = (k: 0 | 1 | 2): number => low[k] + (high[k] - low[k]) * t;
  const hue = (mixed(2) * Math.PI) / 180;
  return fromOklab([mixed(0), mixed(1) * Math.cos(hue), mixed(1) * Math.sin(hue)]);
}

/** Values at the middles of the cells of a grid, row by row; NaN where there is none. */
export interface Grid {
  columns: number;
  rows: number;
  values: Float64Array;
}

/** Pixels of the grid's first corner, and of a cell: from top to bottom, or upwards with a negative height. */
export interface Placement {
  left: number;
  top: number;
  cellWidth: number;
  cellHeight: number;
}

/** One contour: the area where values are at least `from`, as rings of points in cells of the grid. */
export interface Contour {
  from: number;
  /** The value at which the next one begins. */
  to: number;
  /** The first one is all of the grid where there are values: its edge is no contour line. */
  whole: boolean;
  rings: [number, number][][];
}

export function contoursOf({ columns, rows, values }: Grid, levels: Levels): Contour[] {
  const plain = Array.from(values);
  const shape = contours().size([columns, rows]);
  const thresholds = [levels.low, ...levels.values];
  return thresholds.map((from, k) => ({
    from,
    to: thresholds[k + 1] ?? levels.high,
    whole: k === 0,
    rings: shape
      .contour(plain, k === 0 ? -Number.MAX_VALUE : from)
      .coordinates.flat()
      .map((ring) => ring.map(([x, y]): [number, number] => [x, y])),
  }));
}

/** Where there is no value the background stays: `drawHatching` below makes that visible. */
export function drawContours(
  context: CanvasRenderingContext2D,
  grid: Grid,
  levels: Levels,
  { left, top, cellWidth, cellHeight }: Placement,
  theme: Theme,
): void {
  const line = css(theme.kind === "dark" ? [1, 1, 1] : [0, 0, 0], theme.highContrast ? 0.75 : 0.25);
  for (const { from, to, whole, rings } of contoursOf(grid, levels)) {
    context.beginPath();
    for (const ring of rings) {
      ring.forEach(([x, y], i) => {
        const at = [left + x * cellWidth, top + y * cellHeight] as const;
        if (i === 0) context.moveTo(...at);
        else context.lineTo(...at);
      });
      context.closePath();
    }
    context.fillStyle = css(surfaceColour(theme, (levels.position(from) + levels.position(to)) / 2));
    context.fill("evenodd");
    if (whole) continue;
    context.strokeStyle = line;
    context.lineWidth = 1;
    context.stroke();
  }
}

/** Where there is no value there is nothing to colour. */
export function drawHatching(context: CanvasRenderingContext2D, box: Box, theme: Theme): void {
  context.strokeStyle = css(theme.foreground, theme.highContrast ? 0.6 : 0.22);
  context.lineWidth = 1;
  context.beginPath();
  for (let offset = -box.height; offset < box.width; offset += 9) {
    context.moveTo(box.left + offset, box.top + box.height);
    context.lineTo(box.left + offset + box.height, box.top);
  }
  context.stroke();
}
