/** A function over a part of the plane, as coloured areas between contour lines. */
import { contours } from "d3-contour";
import { css, fromOklab, type Rgb } from "../colour";
import type { Theme } from "../theme";
import type { Box } from "../trajectory/fit";
import { chooseLevels, type Levels } from "./levels";
import type { Projection } from "./projection";
import type { View } from "./view";

export interface Surface {
  levels: Levels | null;
  /** Whether f has no finite value in places. */
  gaps: boolean;
}

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

/** f at the middle of each cell, row by row from the top; NaN where it is not finite. */
export function sampleGrid(projection: Projection, view: View, columns: number, rows: number): Float64Array {
  const grid = new Float64Array(columns * rows);
  const stepA = (view.a[1] - view.a[0]) / columns;
  const stepB = (view.b[1] - view.b[0]) / rows;
  for (let j = 0; j < rows; j++) {
    const b = view.b[1] - (j + 0.5) * stepB;
    for (let i = 0; i < columns; i++) {
      const value = projection.valueAt(view.a[0] + (i + 0.5) * stepA, b);
      grid[j * columns + i] = Number.isFinite(value) ? value : NaN;
    }
  }
  return grid;
}

/** @param cell pixels of a cell of the grid: the smaller, the finer and the slower */
export function drawSurface(
  context: CanvasRenderingContext2D,
  projection: Projection,
  view: View,
  box: Box,
  theme: Theme,
  cell: number,
): Surface {
  const columns = Math.max(2, Math.round(box.width / cell));
  const rows = Math.max(2, Math.round(box.height / cell));
  const grid = sampleGrid(projection, view, columns, rows);
  const levels = chooseLevels(grid);
  const gaps = grid.some(Number.isNaN);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  if (gaps) drawHatching(context, box, theme);
  if (levels) {
    const values = Array.from(grid);
    const shape = contours().size([columns, rows]);
    const line = css(theme.kind === "dark" ? [1, 1, 1] : [0, 0, 0], theme.highContrast ? 0.75 : 0.25);
    const scaleX = box.width / columns;
    const scaleY = box.height / rows;
    const thresholds = [levels.low - 1, ...levels.values];
    thresholds.forEach((threshold, k) => {
      const { coordinates } = shape.contour(values, k === 0 ? -Number.MAX_VALUE : threshold);
      context.beginPath();
      for (const polygon of coordinates) {
        for (const ring of polygon) {
          ring.forEach(([x, y], i) => {
            const at = [box.left + x * scaleX, box.top + y * scaleY] as const;
            if (i === 0) context.moveTo(...at);
            else context.lineTo(...at);
          });
          context.closePath();
        }
      }
      const upper = thresholds[k + 1] ?? levels.high;
      const from = levels.position(k === 0 ? levels.low : threshold);
      context.fillStyle = css(surfaceColour(theme, (from + levels.position(upper)) / 2));
      context.fill("evenodd");
      if (k === 0) return;
      context.strokeStyle = line;
      context.lineWidth = 1;
      context.stroke();
    });
  }
  context.restore();
  return { levels, gaps };
}

/** Where f has no value there is nothing to colour. */
function drawHatching(context: CanvasRenderingContext2D, box: Box, theme: Theme): void {
  context.strokeStyle = css(theme.foreground, theme.highContrast ? 0.6 : 0.22);
  context.lineWidth = 1;
  context.beginPath();
  for (let offset = -box.height; offset < box.width; offset += 9) {
    context.moveTo(box.left + offset, box.top + box.height);
    context.lineTo(box.left + offset + box.height, box.top);
  }
  context.stroke();
}
