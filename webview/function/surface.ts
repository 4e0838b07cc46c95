/** A function over a part of the plane, as coloured areas between contour lines. */
import { drawContours, drawHatching } from "../surface/contours";
import { chooseLevels, type Levels } from "../surface/levels";
import type { Theme } from "../theme";
import type { Box } from "../trajectory/fit";
import type { Projection } from "./projection";
import type { View } from "./view";

export interface Surface {
  levels: Levels | null;
  /** Whether f has no finite value in places. */
  gaps: boolean;
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
  const values = sampleGrid(projection, view, columns, rows);
  const levels = chooseLevels(values);
  const gaps = values.some(Number.isNaN);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  if (gaps) drawHatching(context, box, theme);
  if (levels) {
    const placement = { ...box, cellWidth: box.width / columns, cellHeight: box.height / rows };
    drawContours(context, { columns, rows, values }, levels, placement, theme);
  }
  context.restore();
  return { levels, gaps };
}
