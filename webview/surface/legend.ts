import { css } from "../colour";
import { formatNumber } from "../format";
import type { Theme } from "../theme";
import type { Box } from "../trajectory/fit";
import { surfaceColour } from "./contours";
import type { Levels } from "./levels";

const FONT_SIZE = 11;
const BAR_WIDTH = 10;

/** Room that a legend takes to the right of a plot. */
export const LEGEND_WIDTH = 66;

/** The colours of a surface and the values of its lines, beside the plot in `box`. */
export function drawLegend(
  context: CanvasRenderingContext2D,
  levels: Levels,
  box: Box,
  theme: Theme,
  name: string,
): void {
  const left = box.left + box.width + 10;
  const top = box.top + FONT_SIZE + 5;
  const height = Math.max(30, Math.min(200, box.height - FONT_SIZE - 5));
  context.save();
  context.font = `${FONT_SIZE}px ${theme.fontFamily}`;
  context.fillStyle = css(theme.muted);
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillText(levels.logarithmic ? `${name} (log)` : name, left, box.top);
  for (let i = 0; i < height; i++) {
    context.fillStyle = css(surfaceColour(theme, 1 - i / (height - 1)));
    context.fillRect(left, top + i, BAR_WIDTH, 1.5);
  }
  context.strokeStyle = css(theme.muted, 0.5);
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, BAR_WIDTH - 1, height - 1);
  context.fillStyle = css(theme.muted);
  context.textBaseline = "middle";
  const marks = [levels.high, ...levels.values.toReversed(), levels.low];
  const text = distinctly(marks);
  let last = -Infinity;
  for (const value of marks) {
    const y = top + (1 - levels.position(value)) * height;
    if (y - last < 15 || (value !== levels.low && top + height - y < 12 && value !== levels.high)) continue;
    last = y;
    context.fillText(text(value), left + BAR_WIDTH + 4, Math.min(top + height - 5, Math.max(top + 5, y)));
  }
  context.restore();
}

/** With as many digits as it takes to tell neighbouring values apart. */
export function distinctly(values: readonly number[]): (value: number) => string {
  const apart = (digits: number): boolean =>
    values.every(
      (value, i) => i === 0 || formatNumber(value, digits) !== formatNumber(values[i - 1], digits),
    );
  const digits = [2, 3, 4].find(apart) ?? 5;
  return (value) => formatNumber(value, digits);
}
