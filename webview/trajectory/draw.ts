import type { Trajectory } from "../../src/protocol/run";
import type { Region } from "../../src/protocol/surface";
import { css } from "../colour";
import { formatNumber, formatPercent, formatTick } from "../format";
import { surfaceColour } from "../surface/contours";
import { drawLegend, LEGEND_WIDTH } from "../surface/legend";
import type { Levels } from "../surface/levels";
import type { Theme } from "../theme";
import { linearTicks } from "../ticks";
import { drawDiamond } from "./diamond";
import { fitPath, fitRegion, type Box, type Fit } from "./fit";
import type { ColourScale, LossRange } from "./colourScale";

/** What lies under a path: the loss at every place of the plane. */
export interface Ground {
  levels: Levels;
  /** Paints it inside the plot's box. */
  paint(context: CanvasRenderingContext2D, fit: Fit, box: Box): void;
  /** The loss of a point of the path, on the rows of the surface; NaN where only the run's own is known. */
  lossOf: (index: number) => number;
}

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
  ground: Ground | null;
  labels: (room: [width: number, height: number]) => [string, string];
  /** What part of the plane is shown; null: all of the path. */
  region: Region | null;
}

const FONT_SIZE = 11;
const LEFT = 42;
const BOTTOM = 34;
const TOP = 8;
const BAR_WIDTH = 10;

/** Where the plot lies on a canvas of some size, whatever is drawn in it. */
export function trajectoryBox(width: number, height: number): Box {
  return plotBox(width, height, LEGEND_WIDTH);
}

function plotBox(width: number, height: number, right: number): Box {
  return {
    left: LEFT,
    top: TOP,
    width: Math.max(10, width - LEFT - right),
    height: Math.max(10, height - TOP - BOTTOM),
  };
}

export function drawTrajectory(context: CanvasRenderingContext2D, picture: TrajectoryPicture): Fit {
  const { trajectory, width, height, theme } = picture;
  context.clearRect(0, 0, width, height);
  context.font = `${FONT_SIZE}px ${theme.fontFamily}`;
  const bar = colourBar(context, picture.range);
  const box = trajectoryBox(width, height);
  const fit = picture.region ? fitRegion(picture.region, box) : fitPath(trajectory.a, trajectory.b, box);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  picture.ground?.paint(context, fit, box);
  context.restore();
  drawAxes(context, picture, fit, box);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  if (picture.ground) drawPathOnGround(context, picture, picture.ground, fit);
  else drawPath(context, picture, fit);
  drawMarks(context, picture, fit, box);
  context.restore();
  if (picture.ground) drawLegend(context, picture.ground.levels, box, theme, "loss");
  else if (bar) drawColourBar(context, picture, box, bar);
  return fit;
}

function drawAxes(context: CanvasRenderingContext2D, picture: TrajectoryPicture, fit: Fit, box: Box): void {
  const { theme, ground } = picture;
  const right = box.left + box.width;
  const bottom = box.top + box.height;
  // On a surface lines would be taken for contours.
  context.strokeStyle = ground ? css(theme.foreground, 0.6) : theme.grid;
  context.fillStyle = css(theme.muted);
  context.lineWidth = 1;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.beginPath();
  // The same distance between grid lines on both axes shows that the scales are equal.
  const spacing = gridSpacing(fit, box);
  for (const tick of multiples(spacing, fit.a)) {
    const x = Math.round(fit.toX(tick)) + 0.5;
    context.moveTo(x, ground ? bottom - 4 : box.top);
    context.lineTo(x, bottom);
    if (x > box.left + 8 && x < right - 8) context.fillText(formatTick(tick), x, bottom + 4);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tick of multiples(spacing, fit.b)) {
    const y = Math.round(fit.toY(tick)) + 0.5;
    context.moveTo(box.left, y);
    context.lineTo(ground ? box.left + 4 : right, y);
    if (y > box.top + 4 && y < bottom - 2) context.fillText(formatTick(tick), box.left - 5, y);
  }
  context.rect(box.left + 0.5, box.top + 0.5, box.width - 1, box.height - 1);
  context.stroke();
  const labels = picture.labels([box.width, box.height]);
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.fillText(labels[0], box.left + box.width / 2, picture.height);
  context.save();
  context.translate(1, box.top + box.height / 2);
  context.rotate(-Math.PI / 2);
  context.textBaseline = "top";
  context.fillText(labels[1], 0, 0);
  context.restore();
}

export function axisLabel(axis: number, explained: number, room: number): string {
  if (!Number.isFinite(explained)) return `direction ${axis}`;
  return `direction ${axis} · ${formatPercent(explained)}${room > 190 ? " of variance" : ""}`;
}

function gridSpacing(fit: Fit, box: Box): number {
  const ticks = linearTicks(fit.a[0], fit.a[1], Math.min(8, Math.max(4, box.width / 34)));
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
  // Recorded points show as beads where they lie far enough apart.
  let length = 0;
  for (let i = 1; i < a.length; i++)
    if (drawn(i) && drawn(i - 1)) length += Math.hypot(x[i] - x[i - 1], y[i] - y[i - 1]);
  for (let i = 1; i < a.length - 1 && length > 10 * a.length; i++) {
    if (!drawn(i)) continue;
    context.fillStyle = colour(loss[i]);
    context.beginPath();
    context.arc(x[i], y[i], 2.75, 0, 2 * Math.PI);
    context.fill();
  }
  context.restore();
}

/** On a surface the line must be told from its colours; the points have those of their own, true loss. */
function drawPathOnGround(
  context: CanvasRenderingContext2D,
  { trajectory, theme }: TrajectoryPicture,
  { levels, lossOf }: Ground,
  fit: Fit,
): void {
  const { a, b, loss } = trajectory;
  const x = Array.from(a, (value) => fit.toX(value));
  const y = Array.from(b, (value) => fit.toY(value));
  const line = (): void => {
    context.beginPath();
    let open = false;
    for (let i = 0; i < a.length; i++) {
      if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) open = false;
      else if (open) context.lineTo(x[i], y[i]);
      else {
        context.moveTo(x[i], y[i]);
        open = true;
      }
    }
    context.stroke();
  };
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = css(theme.background, 0.9);
  context.lineWidth = 4.5;
  line();
  context.strokeStyle = css(theme.foreground);
  context.lineWidth = 1.75;
  line();
  context.lineWidth = 1.25;
  let [lastX, lastY] = [x[0], y[0]];
  for (let i = 1; i < a.length - 1; i++) {
    if (!(Math.hypot(x[i] - lastX, y[i] - lastY) >= 9)) continue;
    [lastX, lastY] = [x[i], y[i]];
    const own = lossOf(i);
    const position = levels.position(Number.isNaN(own) ? loss[i] : own);
    context.beginPath();
    context.arc(x[i], y[i], 3.5, 0, 2 * Math.PI);
    context.fillStyle = css(surfaceColour(theme, position));
    context.fill();
    context.stroke();
  }
}

/** The start is a ring, the current point a diamond: told apart without colour. */
function drawMarks(context: CanvasRenderingContext2D, picture: TrajectoryPicture, fit: Fit, box: Box): void {
  const { trajectory, theme, highlighted } = picture;
  const count = trajectory.a.length;
  const place = (i: number): [number, number] => [fit.toX(trajectory.a[i]), fit.toY(trajectory.b[i])];
  const finite = (i: number): boolean => Number.isFinite(trajectory.a[i]) && Number.isFinite(trajectory.b[i]);
  context.save();
  context.lineWidth = 2;
  if (count > 1 && finite(0)) {
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
  if (current > 0 || count === 1) {
    drawDiamond(context, theme, ...place(current), 6.5);
    label(context, picture, fit, box, place(current), picture.currentLabel);
  }
  if (count > 1 && finite(0)) label(context, picture, fit, box, place(0), "start");
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

/** Beside its mark, where the plot has room and the path leaves most of it free. */
function label(
  context: CanvasRenderingContext2D,
  picture: TrajectoryPicture,
  fit: Fit,
  box: Box,
  [x, y]: [number, number],
  text: string,
): void {
  const { theme, trajectory } = picture;
  const half = context.measureText(text).width / 2 + 2;
  const centres: [number, number][] = [
    [x + 8 + half, y],
    [x - 8 - half, y],
    [x, y - 15],
    [x, y + 15],
  ];
  const crowd = centres.map(([cx, cy]) => {
    const inside =
      cx - half >= box.left &&
      cx + half <= box.left + box.width &&
      cy - 7 >= box.top &&
      cy + 7 <= box.top + box.height;
    if (!inside) return Infinity;
    let covered = 0;
    for (let i = 0; i < trajectory.a.length; i++) {
      if (Math.abs(fit.toX(trajectory.a[i]) - cx) < half && Math.abs(fit.toY(trajectory.b[i]) - cy) < 8)
        covered++;
    }
    return covered;
  });
  const at = centres[crowd.indexOf(Math.min(...crowd))];
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = css(theme.background, 0.85);
  context.strokeText(text, ...at);
  context.fillStyle = css(theme.foreground);
  context.fillText(text, ...at);
}

interface ColourBar {
  title: string;
  /** Highest, middle and lowest loss. */
  labels: [string, string, string];
  /** Room for it beside the plot. */
  width: number;
}

const BAR_GAP = 10;
const LABEL_GAP = 4;

/** null when all losses are the same. */
function colourBar(context: CanvasRenderingContext2D, range: LossRange): ColourBar | null {
  const { low, high, logarithmic } = range;
  if (!(low < high)) return null;
  const title = logarithmic ? "loss (log)" : "loss";
  const middle = logarithmic ? Math.sqrt(low * high) : (low + high) / 2;
  const labels: ColourBar["labels"] = [formatNumber(high, 3), formatNumber(middle, 3), formatNumber(low, 3)];
  const widest = Math.max(...labels.map((text) => context.measureText(text).width));
  const width = Math.max(BAR_WIDTH + LABEL_GAP + widest, context.measureText(title).width);
  return { title, labels, width: Math.ceil(BAR_GAP + width + 1) };
}

function drawColourBar(
  context: CanvasRenderingContext2D,
  picture: TrajectoryPicture,
  box: Box,
  bar: ColourBar,
): void {
  const left = box.left + box.width + BAR_GAP;
  const top = box.top + FONT_SIZE + 5;
  const height = Math.max(20, Math.min(180, box.height - FONT_SIZE - 5));
  context.fillStyle = css(picture.theme.muted);
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillText(bar.title, left, box.top);
  for (let i = 0; i < height; i++) {
    context.fillStyle = picture.colours.at(1 - i / Math.max(1, height - 1));
    context.fillRect(left, top + i, BAR_WIDTH, 1.5);
  }
  context.fillStyle = css(picture.theme.muted);
  const places: [number, CanvasTextBaseline][] = [
    [top, "top"],
    [top + height / 2, "middle"],
    [top + height, "bottom"],
  ];
  for (const [i, [y, baseline]] of places.entries()) {
    if (i === 1 && height < 60) continue;
    context.textBaseline = baseline;
    context.fillText(bar.labels[i], left + BAR_WIDTH + LABEL_GAP, y);
  }
}
