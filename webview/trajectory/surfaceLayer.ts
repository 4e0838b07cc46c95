import { drawContours, drawHatching } from "../surface/contours";
import type { HeightField } from "../surface/heightField";
import { chooseLevels, type Levels } from "../surface/levels";
import type { Theme } from "../theme";
import type { Box, Fit } from "./fit";

/** Cells along either side of the grid that contours are drawn from: between the known points it is smooth. */
const cells = 160;

/** The contours of a surface, drawn once for as long as the surface and its place stay the same. */
export class SurfaceLayer {
  private field: HeightField | null = null;
  private chosen: Levels | null = null;
  private readonly picture = document.createElement("canvas");
  private drawn: unknown[] = [];

  /** null for a surface without a finite loss. */
  levelsOf(field: HeightField): Levels | null {
    if (field !== this.field) {
      this.field = field;
      this.chosen = chooseLevels(field.part.losses);
    }
    return this.chosen;
  }

  /** @param shift by which the plane's coordinates have moved since the surface was computed */
  paint(
    context: CanvasRenderingContext2D,
    field: HeightField,
    shift: { a: number; b: number },
    fit: Fit,
    box: Box,
    theme: Theme,
  ): void {
    const levels = this.levelsOf(field);
    if (!levels) return;
    const ratio = window.devicePixelRatio;
    const { region } = field;
    const [left, right] = region.a.map((a) => fit.toX(a + shift.a));
    const [bottom, top] = region.b.map((b) => fit.toY(b + shift.b));
    const key = [field, theme, left, right, top, bottom, box.left, box.top, box.width, box.height, ratio];
    if (key.some((part, i) => part !== this.drawn[i])) {
      this.drawn = key;
      this.picture.width = Math.ceil(box.width * ratio);
      this.picture.height = Math.ceil(box.height * ratio);
      const own = this.picture.getContext("2d");
      if (!own) return;
      own.setTransform(ratio, 0, 0, ratio, -box.left * ratio, -box.top * ratio);
      const grid = field.grid(cells);
      if (grid.values.some(Number.isNaN)) drawHatching(own, box, theme);
      const cellWidth = (right - left) / cells;
      const cellHeight = (top - bottom) / cells;
      drawContours(own, grid, levels, { left, top: bottom, cellWidth, cellHeight }, theme);
    }
    context.drawImage(this.picture, box.left, box.top, box.width, box.height);
  }
}
