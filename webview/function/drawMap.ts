/** What lies on and around the surface: axes, colour legend, the path, the start, the current point and its arrows. */
import { css } from "../colour";
import { formatTick } from "../format";
import { LEGEND_WIDTH } from "../surface/legend";
import type { Theme } from "../theme";
import { linearTicks } from "../ticks";
import { drawDiamond } from "../trajectory/diamond";
import type { Box } from "../trajectory/fit";
import { toX, toY, type View } from "./view";

const FONT_SIZE = 11;
const LEFT = 52;
const BOTTOM = 34;
const TOP = 8;
const RIGHT = 12;
/** Of the arrow that points along −∇f, in pixels: only its direction counts. */
const GRADIENT_ARROW = 44;

/** @param legend whether there is a colour legend beside the plot */
export function plotBox(width: number, height: number, legend: boolean): Box {
  return {
    left: LEFT,
    top: TOP,
    width: Math.max(20, width - LEFT - (legend ? LEGEND_WIDTH : RIGHT)),
    height: Math.max(20, height - TOP - BOTTOM),
  };
}

export function drawAxes(
  context: CanvasRenderingContext2D,
  view: View,
  box: Box,
  theme: Theme,
  labels: readonly [string, string],
  grid: boolean,
): void {
  const right = box.left + box.width;
  const bottom = box.top + box.height;
  context.save();
  context.font = `${FONT_SIZE}px ${theme.fontFamily}`;
  context.fillStyle = css(theme.muted);
  context.lineWidth = 1;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.beginPath();
  const ticksA = linearTicks(view.a[0], view.a[1], Math.max(4, box.width / 80));
  for (const tick of ticksA) {
    const x = Math.round(toX(view, box, tick)) + 0.5;
    context.moveTo(x, grid ? box.top : bottom - 4);
    context.lineTo(x, bottom);
    if (x > box.left + 8 && x < right - 8) context.fillText(formatTick(tick), x, bottom + 5);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tick of linearTicks(view.b[0], view.b[1], Math.max(3, box.height / 50))) {
    const y = Math.round(toY(view, box, tick)) + 0.5;
    context.moveTo(box.left, y);
    context.lineTo(grid ? right : box.left + 4, y);
    if (y > box.top + 4 && y < bottom - 2) context.fillText(formatTick(tick), box.left - 5, y);
  }
  context.strokeStyle = grid ? theme.grid : css(theme.foreground, 0.6);
  context.stroke();
  context.strokeStyle = css(theme.muted, theme.highContrast ? 1 : 0.5);
  context.strokeRect(box.left + 0.5, box.top + 0.5, box.width - 1, box.height - 1);
  context.fillStyle = css(theme.foreground);
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.fillText(labels[0], box.left + box.width / 2, bottom + BOTTOM);
  context.translate(1, box.top + box.height / 2);
  context.rotate(-Math.PI / 2);
  context.textBaseline = "top";
  context.fillText(labels[1], 0, 0);
  context.restore();
}

/** A function of one variable as a curve; where it has no value the line is interrupted. */
export function drawCurve(
  context: CanvasRenderingContext2D,
  valueAt: (a: number) => number,
  view: View,
  box: Box,
  theme: Theme,
): void {
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.beginPath();
  let open = false;
  for (let x = 0; x <= box.width; x += 0.5) {
    const value = valueAt(view.a[0] + (x / box.width) * (view.a[1] - view.a[0]));
    const y = toY(view, box, value);
    if (!Number.isFinite(y)) {
      open = false;
      continue;
    }
    // Far outside of the picture, where a canvas would no longer be exact.
    const shown = Math.min(box.top + 3 * box.height, Math.max(box.top - 2 * box.height, y));
    if (open) context.lineTo(box.left + x, shown);
    else context.moveTo(box.left + x, shown);
    open = true;
  }
  context.strokeStyle = css(theme.training);
  context.lineWidth = 2;
  context.stroke();
  context.restore();
}

export interface Overlay {
  view: View;
  box: Box;
  theme: Theme;
  /** Where the points of the path lie. */
  a: Float64Array;
  b: Float64Array;
  /** Index of the point whose arrows are drawn: the one that is pointed at, else the start or the end. */
  marked: number;
  /** Whether that point is pointed at. */
  pointed: boolean;
  /** −∇f at the marked point as a direction on the picture; null for none. */
  downhill: [number, number] | null;
  /** Whether the run still goes. */
  going: boolean;
  /** Whether the start can be taken hold of now: it is drawn larger. */
  held: boolean;
}

export function drawOverlay(context: CanvasRenderingContext2D, overlay: Overlay): void {
  const { view, box, theme, a, b, marked } = overlay;
  const count = a.length;
  if (count === 0) return;
  const x = Array.from(a, (value) => toX(view, box, value));
  const y = Array.from(b, (value) => toY(view, box, value));
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  context.lineJoin = context.lineCap = "round";
  const line = (): void => {
    context.beginPath();
    for (let i = 0; i < count; i++) {
      if (!Number.isFinite(x[i]) || !Number.isFinite(y[i]) || Math.abs(x[i]) > 1e6 || Math.abs(y[i]) > 1e6)
        break;
      if (i === 0) context.moveTo(x[i], y[i]);
      else context.lineTo(x[i], y[i]);
    }
    context.stroke();
  };
  context.strokeStyle = css(theme.background, 0.9);
  context.lineWidth = 4.5;
  line();
  context.strokeStyle = css(theme.foreground);
  context.lineWidth = 1.75;
  line();
  drawBeads(context, theme, x, y);
  const last = count - 1;
  if (overlay.downhill) drawGradientArrow(context, overlay, x[marked], y[marked]);
  if (marked < last) {
    arrow(context, theme, [x[marked], y[marked]], [x[marked + 1], y[marked + 1]], css(theme.validation), []);
  }
  drawDiamond(context, theme, x[last], y[last], 7);
  ring(context, theme, x[0], y[0], overlay.held ? 9 : 7);
  if (overlay.pointed) {
    context.beginPath();
    context.arc(x[marked], y[marked], 6, 0, 2 * Math.PI);
    context.strokeStyle = css(theme.foreground);
    context.lineWidth = 1.5;
    context.stroke();
  }
  label(context, overlay, x[0], y[0], "start");
  if (last > 0 && Math.hypot(x[last] - x[0], y[last] - y[0]) > 34) {
    label(context, overlay, x[last], y[last], overlay.going ? "now" : "end");
  }
  context.restore();
}

/** Steps show as beads where they lie far enough apart. */
function drawBeads(context: CanvasRenderingContext2D, theme: Theme, x: number[], y: number[]): void {
  context.fillStyle = css(theme.foreground);
  context.strokeStyle = css(theme.background);
  context.lineWidth = 1;
  let [lastX, lastY] = [x[0], y[0]];
  for (let i = 1; i < x.length - 1; i++) {
    if (!(Math.hypot(x[i] - lastX, y[i] - lastY) >= 7)) continue;
    [lastX, lastY] = [x[i], y[i]];
    context.beginPath();
    context.arc(x[i], y[i], 2.75, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
}

function drawGradientArrow(context: CanvasRenderingContext2D, overlay: Overlay, x: number, y: number): void {
  const { view, box, theme, downhill } = overlay;
  if (!downhill) return;
  const dx = (downhill[0] / (view.a[1] - view.a[0])) * box.width;
  const dy = (-downhill[1] / (view.b[1] - view.b[0])) * box.height;
  const size = Math.hypot(dx, dy);
  if (!(size > 0) || !Number.isFinite(size)) return;
  const to: [number, number] = [x + (dx / size) * GRADIENT_ARROW, y + (dy / size) * GRADIENT_ARROW];
  arrow(context, theme, [x, y], to, css(theme.gradient), [5, 3]);
}

/** Dashed or whole, so that the two arrows differ by more than their colour. */
function arrow(
  context: CanvasRenderingContext2D,
  theme: Theme,
  from: [number, number],
  to: [number, number],
  colour: string,
  dash: number[],
): void {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  if (!(length >= 3) || length > 1e5) return;
  const [ux, uy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  const head = Math.min(9, Math.max(5, length * 0.5));
  const neck: [number, number] = [to[0] - ux * head, to[1] - uy * head];
  for (const [style, extra] of [
    [css(theme.background), 2.5],
    [colour, 0],
  ] as const) {
    context.strokeStyle = context.fillStyle = style;
    context.lineWidth = 2.5 + extra;
    context.setLineDash(extra > 0 ? [] : dash);
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...neck);
    context.stroke();
    context.setLineDash([]);
    const wide = head * 0.6;
    context.beginPath();
    context.moveTo(...to);
    context.lineTo(neck[0] - uy * wide, neck[1] + ux * wide);
    context.lineTo(neck[0] + uy * wide, neck[1] - ux * wide);
    context.closePath();
    if (extra > 0) {
      context.lineWidth = extra;
      context.stroke();
    }
    context.fill();
  }
}

function ring(context: CanvasRenderingContext2D, theme: Theme, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = css(theme.background);
  context.fill();
  context.strokeStyle = css(theme.foreground);
  context.lineWidth = 2.5;
  context.stroke();
  context.beginPath();
  context.arc(x, y, 2, 0, 2 * Math.PI);
  context.fillStyle = css(theme.foreground);
  context.fill();
}

/** Above its mark, or below where there is no room. */
function label(
  context: CanvasRenderingContext2D,
  { box, theme }: Overlay,
  x: number,
  y: number,
  text: string,
): void {
  context.font = `${FONT_SIZE}px ${theme.fontFamily}`;
  const half = context.measureText(text).width / 2 + 2;
  const above = y - 17 > box.top + 6;
  const at = [
    Math.min(box.left + box.width - half, Math.max(box.left + half, x)),
    above ? y - 17 : y + 18,
  ] as const;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 3.5;
  context.strokeStyle = css(theme.background, 0.85);
  context.strokeText(text, ...at);
  context.fillStyle = css(theme.foreground);
  context.fillText(text, ...at);
}
