import { css } from "../colour";
import type { Theme } from "../theme";

/** The mark of where a descent stands now, told from the ring of its start by its shape. */
export function drawDiamond(
  context: CanvasRenderingContext2D,
  theme: Theme,
  x: number,
  y: number,
  /** Pixels from the middle to a corner. */
  size: number,
): void {
  context.beginPath();
  context.moveTo(x, y - size);
  context.lineTo(x + size, y);
  context.lineTo(x, y + size);
  context.lineTo(x - size, y);
  context.closePath();
  context.fillStyle = css(theme.foreground);
  context.fill();
  context.strokeStyle = css(theme.background);
  context.lineWidth = 1.5;
  context.stroke();
}
