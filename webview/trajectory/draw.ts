import type { Trajectory } from "../../src/protocol/run";
import { css } from "../colour";
import { formatNumber, formatTick } from "../format";
import type { Theme } from "../theme";
import { linearTicks } from "../ticks";
import { fitPath, type Box, type Fit } from "./fit";
import type { ColourScale, LossRange } from "./colourScale";

/** Everything that one picture of the path needs, from bottom to top: surface, axes, path, marks. */
export interface TrajectoryPicture {
  trajectory: Trajectory;
  theme: Theme;
  colours: ColourScale;
  range: LossRange;
  /** CSS pixels. */
  width: number;
  height: number;
  /** Index of the point that is pointed at. */
  highlighted: number;
  /** "now" while the run goes, "end" afterwards. */
  currentLabel: string;
  /** Paints the loss surface inside the plot's box, under everything else. */
  drawSurface?: (context: CanvasRenderingContext2D, fit: Fit, box: Box) => void;
}

const FONT_SIZE = 11;
const LEFT = 46;
const BOTTOM = 34;
const TOP = 8;
const BAR_WIDTH = 10;
const RIGHT = 66;

export function plotBox(width: number, height: number): Box {
  return {
    left: LEFT,
    top: TOP,
    width: Math.max(10, width - LEFT - RIGHT),
    height: Math.max(10, height - TOP - BOTTOM),
  };
}

export function drawTrajectory(context: CanvasRenderingContext2D, picture: TrajectoryPicture): Fit {
  const { trajectory, width, height, theme } = picture;
  const box = plotBox(width, height);
  const fit = fitPath(trajectory.a, trajectory.b, box);
  context.clearRect(0, 0, width, height);
  context.font = `${FONT_SIZE}px ${theme.fontFamily}`;
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  picture.drawSurface?.(context, fit, box);
  context.restore();
  drawAxes(context, picture, fit, box);
  drawPath(context, picture, fit);
  drawMarks(context, picture, fit, box);
  drawColourBar(context, picture, box);
  return fit;
}

function drawAxes(context: CanvasRenderingContext2D, picture: TrajectoryPicture, fit: Fit, box: Box): void {
  const { theme, trajectory } = picture;
  const right = box.left + box.width;
  const bottom = box.top + box.height;
  context.strokeStyle = theme.grid;
  context.fillStyle = css(theme.muted);
  context.lineWidth = 1;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.beginPath();
  // The same distance between grid lines on both axes shows that the scales are equal.
  const spacing = gridSpacing(fit, box);
  for (const tick of multiples(spacing, fit.a)) {
    const x = Math.round(fit.toX(tick)) + 0.5;
    context.moveTo(x, box.top);
    context.lineTo(x, bottom);
    if (x > box.left + 8 && x < right - 8) context.fillText(formatTick(tick), x, bottom + 4);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tick of multiples(spacing, fit.b)) {
    const y = Math.round(fit.toY(tick)) + 0.5;
    context.moveTo(box.left, y);
    context.lineTo(right, y);
    if (y > box.top + 4 && y < bottom - 2) context.fillText(formatTick(tick), box.left - 5, y);
  }
  context.rect(box.left + 0.5, box.top + 0.5, box.width - 1, box.height - 1);
  context.stroke();
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.fillText(axisLabel(1, trajectory.explained[0]), box.left + box.width / 2, picture.height);
  context.save();
  context.translate(1, box.top + box.height / 2);
  context.rotate(-Math.PI / 2);
  context.textBaseline = "top";
  context.fillText(axisLabel(2, trajectory.explained[1]), 0, 0);
  context.restore();
}

function axisLabel(axis: number, explained: number): string {
  const share = Number.isFinite(explained) ? ` · ${(100 * explained).toFixed(1)}%` : "";
  return `direction ${axis}${share}`;
}

function gridSpacing(fit: Fit, box: Box): number {
  const ticks = linearTicks(fit.a[0], fit.a[1], Math.max(2, box.width / 64));
  return ticks.length > 1 ? ticks[1] - ticks[0] : fit.a[1] - fit.a[0];
}

function multiples(spacing: number, [low, high]: [number, number]): number[] {
  const values: number[] = [];
  for (let i = Math.ceil(low / spacing); i * spacing <= high && values.length < 100; i++) {
    values.push(Number((i * spacing).toPrecision(12)));
  }
  return values;
}

function drawPath(context: CanvasRenderingContext2D, picture: TrajectoryPicture, fit: Fit): void {
  const { trajectory, theme, colours, range } = picture;
  const { a, b, loss } = trajectory;
  const x = Array.from(a, (value) => fit.toX(value));
  const y = Array.from(b, (value) => fit.toY(value));
  const drawn = (i: number): boolean => Number.isFinite(x[i]) && Number.isFinite(y[i]);
  const colour = (value: number): string => {
    const position = range.position(value);
    return Number.isNaN(position) ? css(theme.muted) : colours.at(position);
  };
  context.save();
  context.lineCap = "round";
  context.lineJoin = "round";
  // A rim in the background's colour keeps the path apart from a surface and from its own earlier loops.
  context.strokeStyle = css(theme.background);
  context.lineWidth = 5;
  context.beginPath();
  let open = false;
  for (let i = 0; i < a.length; i++) {
    if (!drawn(i)) open = false;
    else if (open) context.lineTo(x[i], y[i]);
    else {
      context.moveTo(x[i], y[i]);
      open = true;
    }
  }
  context.stroke();
  context.lineWidth = 2.5;
  for (let i = 1; i < a.length; i++) {
    if (!drawn(i) || !drawn(i - 1)) continue;
    context.strokeStyle = colour(loss[i]);
    context.beginPath();
    context.moveTo(x[i - 1], y[i - 1]);
    context.lineTo(x[i], y[i]);
    context.stroke();
  }
  // Single steps show as beads where they lie far enough apart.
  for (let i = 1; i < a.length - 1; i++) {
    if (!drawn(i) || !drawn(i - 1) || Math.hypot(x[i] - x[i - 1], y[i] - y[i - 1]) < 9) continue;
    context.fillStyle = colour(loss[i]);
    context.beginPath();
    context.arc(x[i], y[i], 2.75, 0, 2 * Math.PI);
    context.fill();
  }
  context.restore();
}

/** The start is a ring, the current point a diamond: told apart without colour. */
function drawMarks(context: CanvasRenderingContext2D, picture: TrajectoryPicture, fit: Fit, box: Box): void {
  const { trajectory, theme, highlighted } = picture;
  const count = trajectory.a.length;
  const place = (i: number): [number, number] => [fit.toX(trajectory.a[i]), fit.toY(trajectory.b[i])];
  const finite = (i: number): boolean => Number.isFinite(trajectory.a[i]) && Number.isFinite(trajectory.b[i]);
  context.save();
  context.lineWidth = 2;
  if (count > 0 && finite(0)) {
    const [x, y] = place(0);
    context.beginPath();
    context.arc(x, y, 5, 0, 2 * Math.PI);
    context.fillStyle = css(theme.background);
    context.fill();
    context.strokeStyle = css(theme.foreground);
    context.stroke();
  }
  let current = count - 1;
  while (current > 0 && !finite(current)) current--;
  if (current > 0) {
    const [x, y] = place(current);
    const size = 6.5;
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
    label(context, picture, box, place(current), picture.currentLabel);
  }
  if (count > 0 && finite(0)) label(context, picture, box, place(0), "start");
  if (highlighted >= 0 && finite(highlighted)) {
    const [x, y] = place(highlighted);
    context.beginPath();
    context.arc(x, y, 7, 0, 2 * Math.PI);
    context.strokeStyle = css(theme.foreground);
    context.lineWidth = 1.5;
    context.stroke();
  }
  context.restore();
}

function label(
  context: CanvasRenderingContext2D,
  picture: TrajectoryPicture,
  box: Box,
  [x, y]: [number, number],
  text: string,
): void {
  const { theme } = picture;
  const width = context.measureText(text).width;
  const right = x + 11 + width < box.left + box.width;
  context.textAlign = right ? "left" : "right";
  context.textBaseline = "middle";
  const at: [number, number] = [
    right ? x + 10 : x - 10,
    Math.max(box.top + 8, Math.min(y, box.top + box.height - 8)),
  ];
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = css(theme.background, 0.85);
  context.strokeText(text, ...at);
  context.fillStyle = css(theme.foreground);
  context.fillText(text, ...at);
}

function drawColourBar(context: CanvasRenderingContext2D, picture: TrajectoryPicture, box: Box): void {
  const { range, colours, theme } = picture;
  if (!(range.low < range.high)) return;
  const left = box.left + box.width + 10;
  const top = box.top + FONT_SIZE + 5;
  const height = Math.max(20, Math.min(180, box.height - FONT_SIZE - 5));
  context.fillStyle = css(theme.muted);
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillText(range.logarithmic ? "Loss (log)" : "Loss", left, box.top);
  for (let i = 0; i < height; i++) {
    context.fillStyle = colours.at(1 - i / Math.max(1, height - 1));
    context.fillRect(left, top + i, BAR_WIDTH, 1.5);
  }
  context.fillStyle = css(theme.muted);
  const between = range.logarithmic ? Math.sqrt(range.low * range.high) : (range.low + range.high) / 2;
  const labels: [number, CanvasTextBaseline, number][] = [
    [top, "top", range.high],
    [top + height / 2, "middle", between],
    [top + height, "bottom", range.low],
  ];
  for (const [y, baseline, value] of labels) {
    if (value === between && height < 60) continue;
    context.textBaseline = baseline;
    context.fillText(formatNumber(value, 3), left + BAR_WIDTH + 4, y);
  }
}
