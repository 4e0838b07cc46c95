/** The loss along the line between two runs, as curves over α. */
import type { SlicePart } from "../../src/protocol/surface";
import { css, type Rgb } from "../colour";
import { formatNumber, formatTick } from "../format";
import type { Theme } from "../theme";
import { linearTicks, logTicks } from "../ticks";
import type { Box } from "./fit";

const FONT_SIZE = 11;

export interface SlicePicture {
  slice: SlicePart;
  theme: Theme;
  width: number;
  height: number;
  /** α that is pointed at. */
  pointed: number | null;
  here: string;
  there: string;
}

interface Scale {
  low: number;
  high: number;
  logarithmic: boolean;
}

/** Losses over more than two powers of ten are shown by their logarithm; those that are not finite are left out. */
export function lossScale(losses: readonly number[]): Scale {
  const finite = losses.filter(Number.isFinite);
  if (finite.length === 0) return { low: 0, high: 1, logarithmic: false };
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  if (low > 0 && high > 100 * low) return { low: low / 1.3, high: high * 1.3, logarithmic: true };
  const air = 0.06 * (high - low || Math.abs(high) || 1);
  return { low: low >= 0 ? Math.max(0, low - air) : low - air, high: high + air, logarithmic: false };
}

export function sliceBox(width: number, height: number): Box {
  return { left: 48, top: 22, width: Math.max(20, width - 60), height: Math.max(20, height - 60) };
}

export function drawSlice(context: CanvasRenderingContext2D, picture: SlicePicture): void {
  const { slice, theme, width, height } = picture;
  const { alpha, training, validation } = slice;
  const box = sliceBox(width, height);
  context.clearRect(0, 0, width, height);
  context.font = `${FONT_SIZE}px ${theme.fontFamily}`;
  const scale = lossScale([...training, ...(validation ?? [])]);
  const toX = (value: number): number => box.left + ((value + 0.5) / 2) * box.width;
  const of = (loss: number): number => (scale.logarithmic ? Math.log(loss) : loss);
  const toY = (loss: number): number =>
    box.top + box.height * (1 - (of(loss) - of(scale.low)) / (of(scale.high) - of(scale.low)));
  const bottom = box.top + box.height;

  context.lineWidth = 1;
  context.strokeStyle = theme.grid;
  context.fillStyle = css(theme.muted);
  context.textAlign = "center";
  context.textBaseline = "top";
  context.beginPath();
  for (const tick of [-0.5, 0, 0.5, 1, 1.5]) {
    const x = Math.round(toX(tick)) + 0.5;
    context.moveTo(x, box.top);
    context.lineTo(x, bottom);
    context.fillText(formatTick(tick), Math.min(width - 12, x), bottom + 5);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  const count = Math.max(3, box.height / 40);
  const ticks = scale.logarithmic
    ? logTicks(scale.low, scale.high, count)
    : linearTicks(scale.low, scale.high, count);
  for (const tick of ticks) {
    const y = Math.round(toY(tick)) + 0.5;
    context.moveTo(box.left, y);
    context.lineTo(box.left + box.width, y);
    context.fillText(formatTick(tick), box.left - 5, y);
  }
  context.stroke();
  drawEnd(context, picture, box, toX(0), picture.here);
  drawEnd(context, picture, box, toX(1), picture.there);
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.fillStyle = css(theme.foreground);
  context.fillText("α", box.left + box.width / 2, height - 2);

  context.save();
  context.beginPath();
  context.rect(box.left, box.top - 4, box.width, box.height + 8);
  context.clip();
  const line = (values: Float64Array, colour: Rgb, dash: number[]): void => {
    context.strokeStyle = css(colour);
    context.lineWidth = 2;
    context.lineJoin = "round";
    context.setLineDash(dash);
    context.beginPath();
    let open = false;
    values.forEach((loss, i) => {
      if (!Number.isFinite(loss)) open = false;
      else if (open) context.lineTo(toX(alpha[i]), toY(loss));
      else {
        context.moveTo(toX(alpha[i]), toY(loss));
        open = true;
      }
    });
    context.stroke();
    context.setLineDash([]);
  };
  if (validation) line(validation, theme.validation, [6, 3]);
  line(training, theme.training, []);
  context.restore();
  if (picture.pointed !== null) {
    const index = nearestAlpha(alpha, picture.pointed);
    const marks: [Float64Array | null, Rgb][] = [
      [training, theme.training],
      [validation, theme.validation],
    ];
    for (const [values, colour] of marks) {
      if (!values || !Number.isFinite(values[index])) continue;
      context.beginPath();
      context.arc(toX(alpha[index]), toY(values[index]), 4, 0, 2 * Math.PI);
      context.fillStyle = css(colour);
      context.fill();
    }
  }
}

/** The name of the run at an end, above the plot. */
function drawEnd(
  context: CanvasRenderingContext2D,
  { theme, width }: SlicePicture,
  box: Box,
  x: number,
  name: string,
): void {
  context.save();
  context.strokeStyle = css(theme.foreground, 0.55);
  context.setLineDash([3, 3]);
  context.beginPath();
  context.moveTo(x, box.top);
  context.lineTo(x, box.top + box.height);
  context.stroke();
  context.fillStyle = css(theme.foreground);
  context.textAlign = "center";
  context.textBaseline = "bottom";
  const most = box.width / 2 - 8;
  let text = name;
  while (text.length > 4 && context.measureText(text).width > most) text = `${text.slice(0, -2).trimEnd()}…`;
  const half = context.measureText(text).width / 2;
  context.fillText(text, Math.min(width - half - 2, Math.max(half + 2, x)), box.top - 6);
  context.restore();
}

export function nearestAlpha(alpha: Float64Array, at: number): number {
  let nearest = 0;
  for (let i = 1; i < alpha.length; i++)
    if (Math.abs(alpha[i] - at) < Math.abs(alpha[nearest] - at)) nearest = i;
  return nearest;
}

export function describeSlice({ alpha, training, validation }: SlicePart, index: number): string {
  const parts = [
    `α = ${formatTick(Number(alpha[index].toFixed(3)))}`,
    `training loss ${formatNumber(training[index])}`,
  ];
  if (validation) parts.push(`validation loss ${formatNumber(validation[index])}`);
  return parts.join(" · ");
}
