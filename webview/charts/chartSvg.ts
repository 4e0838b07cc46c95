/** A chart as a picture of its own: an SVG that any program shows, made from what the canvas shows. */
import { formatTick } from "../format";
import { linearTicks, logTicks } from "../ticks";
import {
  fraction,
  limitsOf,
  thinned,
  visiblePart,
  within,
  xTicks,
  type Limits,
  type Line,
  type LineStyle,
  type Plot,
} from "./lineChart";

export interface SvgPicture {
  title: string;
  plot: Plot;
  legend: { label: string; style: LineStyle }[];
  width: number;
  height: number;
  /** CSS colours. */
  background: string;
  foreground: string;
  muted: string;
  grid: string;
  fontFamily: string;
}

const FONT = 11;
const LEFT = 56;
const RIGHT = 14;
const BOTTOM = 30;
const LEGEND_ROW = 18;

/** Well-formed SVG, sizes in pixels. */
export function chartSvg(picture: SvgPicture): string {
  const { plot, width, height, foreground, muted, grid } = picture;
  const legend = legendParts(picture);
  const top = 34 + legend.rows * LEGEND_ROW;
  const area = { left: LEFT, top, right: width - RIGHT, bottom: height - BOTTOM };
  const lines = plot.lines.map((line) => visiblePart(line, plot.x, plot.y.logarithmic));
  const limits: Limits = plot.y.limits ?? limitsOf(lines, plot.y);
  const yAxis = { limits, logarithmic: plot.y.logarithmic };
  const xOf = (x: number): number => area.left + fraction(plot.x, x) * (area.right - area.left);
  const yOf = (y: number): number => area.bottom - fraction(yAxis, y) * (area.bottom - area.top);
  const count = Math.max(2, (area.bottom - area.top) / 36);
  const yTicks = plot.y.logarithmic ? logTicks(...limits, count) : linearTicks(...limits, count);
  const text = (x: number, y: number, anchor: string, content: string, colour = muted): string =>
    `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${colour}">${escape(content)}</text>`;
  const parts = [
    `<rect width="${width}" height="${height}" fill="${picture.background}"/>`,
    `<text x="${LEFT}" y="20" font-size="14" font-weight="600" fill="${foreground}">${escape(picture.title)}</text>`,
    ...legend.parts,
    ...yTicks.flatMap((value) => [
      `<path d="M${area.left} ${round(yOf(value))}H${area.right}" stroke="${grid}"/>`,
      text(area.left - 6, yOf(value) + 4, "end", formatTick(value)),
    ]),
    `<path d="M${area.left} ${area.bottom}H${area.right}" stroke="${muted}"/>`,
    ...xTicks(plot.x, width)
      .filter((value) => within(plot.x.limits, value) && xOf(value) < area.right - 60)
      .map((value) => text(xOf(value), area.bottom + 18, "middle", plot.x.format(value))),
    text(area.right, area.bottom + 18, "end", plot.x.label),
    `<clipPath id="plot"><rect x="${area.left}" y="${area.top - 4}" width="${area.right - area.left + 2}" height="${area.bottom - area.top + 8}"/></clipPath>`,
    `<g clip-path="url(#plot)" fill="none" stroke-linejoin="round">`,
    ...plot.markers
      .filter(({ x }) => within(plot.x.limits, x))
      .map(({ x, label }) => {
        const at = round(xOf(x));
        return `<path d="M${at} ${area.top}V${area.bottom}" stroke="${muted}" stroke-dasharray="2 2"/>${text(xOf(x) + 4, area.top + 10, "start", label)}`;
      }),
    ...lines.map((line) => bandPath(line, xOf, yOf)),
    ...lines.map(({ points, style }) => {
      const shown = thinned(points, plot.x, 2 * (area.right - area.left));
      return `<path d="${linePath(shown.x, shown.y, xOf, yOf)}" ${stroke(style)}/>`;
    }),
    "</g>",
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="${escape(picture.fontFamily)}" font-size="${FONT}">\n${parts.filter(Boolean).join("\n")}\n</svg>\n`
  );
}

function legendParts({ legend, width, foreground }: SvgPicture): { rows: number; parts: string[] } {
  let x = LEFT;
  let row = 0;
  const parts = legend.map(({ label, style }) => {
    const wide = 34 + label.length * 6.4;
    if (x + wide > width - RIGHT && x > LEFT) {
      x = LEFT;
      row += 1;
    }
    const y = 36 + row * LEGEND_ROW;
    const part =
      `<path d="M${round(x)} ${y}h22" fill="none" ${stroke(style)}/>` +
      `<text x="${round(x + 28)}" y="${y + 4}" fill="${foreground}">${escape(label)}</text>`;
    x += wide + 10;
    return part;
  });
  return { rows: legend.length === 0 ? 0 : row + 1, parts };
}

function stroke({ colour, opacity, width, dash }: LineStyle): string {
  const channels = colour.map((channel) => Math.round(255 * channel)).join(",");
  return (
    `stroke="rgb(${channels})" stroke-opacity="${opacity}" stroke-width="${width}"` +
    (dash.length > 0 ? ` stroke-dasharray="${dash.join(" ")}"` : "")
  );
}

function linePath(
  x: Float64Array,
  y: Float64Array,
  xOf: (x: number) => number,
  yOf: (y: number) => number,
): string {
  let path = "";
  let begun = false;
  for (let i = 0; i < x.length; i++) {
    const at = yOf(y[i]);
    if (!Number.isFinite(at)) {
      begun = false;
      continue;
    }
    path += `${begun ? "L" : "M"}${round(xOf(x[i]))} ${round(at)}`;
    begun = true;
  }
  return path;
}

function bandPath(
  { points: { x }, band, style }: Line,
  xOf: (x: number) => number,
  yOf: (y: number) => number,
): string {
  if (!band || x.length < 2) return "";
  const there = Array.from(x, (value, i) => `${round(xOf(value))} ${round(yOf(band.high[i]))}`);
  const back = Array.from(x, (value, i) => `${round(xOf(value))} ${round(yOf(band.low[i]))}`).reverse();
  const channels = style.colour.map((channel) => Math.round(255 * channel)).join(",");
  return `<path d="M${[...there, ...back].join("L")}Z" fill="rgb(${channels})" fill-opacity="0.2"/>`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
