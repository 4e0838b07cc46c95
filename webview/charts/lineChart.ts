import { css, type Rgb } from "../colour";
import { formatTick } from "../format";
import type { Points } from "../series";
import { theme } from "../theme";
import { indexAt, positiveOnly, thinToPixels } from "../thin";
import { linearLimits, linearTicks, logLimits, logTicks } from "../ticks";
import { Chart, type LineChartInstance, type LineDataset, type Scale } from "./chartjs";

export interface LineStyle {
  colour: Rgb;
  opacity: number;
  width: number;
  dash: number[];
  /** Mark single points while they are few. */
  markers: boolean;
  /** A level to compare with: the cursor does not mark it. */
  constant?: boolean;
}

export interface Line {
  points: Points;
  style: LineStyle;
  /** Lowest and highest value at each point: drawn as a band. */
  band?: { low: Float64Array; high: Float64Array };
  /** Written at the line's right end, for those who cannot tell colours. */
  tag?: string;
}

/** Something that happened at one place of the axis. */
export interface PlotMarker {
  x: number;
  label: string;
}

export type Limits = readonly [low: number, high: number];

export interface PlotAxis {
  limits: Limits;
  logarithmic: boolean;
}

/** A range of values that has a name. */
export interface Band {
  label: string;
  from: number;
  to: number;
  colour: Rgb;
}

export interface Plot {
  /** x is in the units of the horizontal axis. */
  lines: Line[];
  x: PlotAxis & { label: string; whole: boolean; format: (value: number) => string };
  /** `closer`: a part of the run is shown, so levels to compare with need not be seen. */
  y: {
    logarithmic: boolean;
    limits: Limits | null;
    closer: boolean;
    /** What the axis shows, given the lowest and highest value. */
    range?: (low: number, high: number) => Limits;
  };
  markers: PlotMarker[];
  /** Named ranges of values, behind the curves. */
  ranges: readonly Band[];
  /** Where the cursor stands, and what is written there. */
  cursor: { x: number; label: string } | null;
  /** Pixels that are being chosen. */
  selection: PixelBox | null;
}

export interface PixelBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const TICK_FONT_SIZE = 11;
/** The same for all charts, so that plots above each other have their steps above each other. */
const Y_AXIS_WIDTH = 48;
const MAX_MARKERS = 40;
const NAME_WIDTH = 54;
const TICK_PADDING = 6;

const EMPTY: Plot = {
  lines: [],
  x: { limits: [0, 1], logarithmic: false, label: "", whole: true, format: String },
  y: { logarithmic: false, limits: null, closer: false },
  markers: [],
  ranges: [],
  cursor: null,
  selection: null,
};

/** Curves on a canvas. Knows nothing of runs. */
export class LineChart {
  private readonly chart: LineChartInstance;
  private plot: Plot = EMPTY;
  /** Limits of y as they are drawn. */
  yLimits: Limits = [0, 1];

  constructor(canvas: HTMLCanvasElement, resized: () => void) {
    this.chart = new Chart<"line", { x: number; y: number }[]>(canvas, {
      type: "line",
      data: { datasets: [] },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        parsing: false,
        normalized: true,
        spanGaps: false,
        // Pointing and legends are done by the cards, in the page's own text.
        events: [],
        onResize: resized,
        layout: { padding: { top: 6, right: 3 } },
        scales: { x: { type: "linear" }, y: { type: "linear" } },
      },
      plugins: [
        {
          id: "downhill",
          beforeDraw: () => this.drawRanges(),
          beforeDatasetsDraw: () => {
            this.drawBands();
            this.drawMarkers();
          },
          afterDatasetsDraw: () => {
            this.drawRangeNames();
            this.drawTags();
            this.drawCursor();
            this.drawSelection();
          },
          afterDraw: () => this.drawAxisName(),
        },
      ],
    });
  }

  draw(plot: Plot): void {
    const lines = plot.lines.map((line) => visiblePart(line, plot.x, plot.y.logarithmic));
    this.plot = { ...plot, lines };
    this.yLimits = plot.y.limits ?? limitsOf(lines, plot.y);
    this.chart.data.datasets = lines.map((line, index) => ({
      ...this.dataset(line),
      // Chart.js draws the lowest order last: later lines lie above earlier ones.
      order: -index,
    }));
    this.chart.options.scales = this.scales();
    this.chart.update("none");
  }

  get area(): PixelBox {
    const { left, top, right, bottom } = this.chart.chartArea;
    return { left, top, right, bottom };
  }

  /** The place on the horizontal axis under a position in pixels, null outside the plot. */
  xAt(pixel: number): number | null {
    const { left, right } = this.area;
    if (pixel < left - 4 || pixel > right + 4) return null;
    const x = this.chart.scales["x"].getValueForPixel(Math.min(right, Math.max(left, pixel))) ?? NaN;
    return Number.isFinite(x) ? x : null;
  }

  yAt(pixel: number): number {
    return this.chart.scales["y"].getValueForPixel(pixel) ?? NaN;
  }

  pixelAt(x: number): number {
    return this.chart.scales["x"].getPixelForValue(x);
  }

  private dataset(line: Line): LineDataset {
    const columns = Math.max(1, Math.round((this.chart.width - Y_AXIS_WIDTH) * window.devicePixelRatio));
    const { x, y } = thinned(line.points, this.plot.x, columns);
    const colour = css(line.style.colour, line.style.opacity);
    const alone = x.length === 1;
    return {
      data: Array.from(x, (value, i) => ({ x: value, y: y[i] })),
      borderColor: colour,
      backgroundColor: colour,
      borderWidth: line.style.width,
      borderDash: line.style.dash,
      borderJoinStyle: "round",
      pointRadius: alone ? 3 : line.style.markers && x.length <= MAX_MARKERS ? 2 : 0,
      pointBorderWidth: 0,
      // A point at the edge is drawn whole.
      clip: 4,
    };
  }

  private scales(): NonNullable<LineChartInstance["options"]["scales"]> {
    const { muted, grid, fontFamily } = theme();
    const font = { size: TICK_FONT_SIZE, family: fontFamily };
    const ticks = {
      color: css(muted),
      font,
      autoSkip: false,
      maxRotation: 0,
      padding: TICK_PADDING,
      callback: (value: string | number) => formatTick(Number(value)),
    };
    const { x, y } = this.plot;
    const [min, max] = this.yLimits;
    return {
      x: {
        type: x.logarithmic ? "logarithmic" : "linear",
        min: x.limits[0],
        max: x.limits[1],
        ticks: { ...ticks, callback: (value) => x.format(Number(value)) },
        grid: { display: false, drawTicks: false },
        border: { color: grid },
        afterBuildTicks(axis: Scale) {
          // The right end of the axis is kept for its name.
          const room = 1 - NAME_WIDTH / axis.chart.width;
          axis.ticks = xTicks(x, axis.chart.width)
            .filter((value) => fraction(x, value) < room)
            .map((value) => ({ value }));
        },
      },
      y: {
        type: y.logarithmic ? "logarithmic" : "linear",
        min,
        max,
        ticks,
        grid: { color: grid, drawTicks: false },
        border: { display: false },
        afterFit(axis: Scale) {
          axis.width = Y_AXIS_WIDTH;
        },
        afterBuildTicks(axis: Scale) {
          const count = Math.max(2, plotHeight(axis) / 36);
          const values = y.logarithmic ? logTicks(min, max, count) : linearTicks(min, max, count);
          axis.ticks = values.map((value) => ({ value }));
        },
      },
    };
  }

  /** The axis is named in the row of its tick labels: a row of its own would cost the plot a tenth of its height. */
  private drawAxisName(): void {
    const { muted } = theme();
    this.painted((ctx, { right }) => {
      ctx.fillStyle = css(muted);
      ctx.textAlign = "right";
      ctx.textBaseline = "middle";
      ctx.fillText(this.plot.x.label, right, this.labelRow);
    });
    const { cursor } = this.plot;
    if (!cursor || !within(this.plot.x.limits, cursor.x)) return;
    // Where the cursor stands, over the ticks.
    this.painted((ctx, { left, right }) => {
      const width = ctx.measureText(cursor.label).width + 8;
      const middle = Math.min(
        right - width / 2,
        Math.max(left + width / 2 - Y_AXIS_WIDTH / 2, this.pixelAt(cursor.x)),
      );
      ctx.fillStyle = css(theme().background);
      ctx.fillRect(middle - width / 2, this.labelRow - 8, width, 16);
      ctx.strokeStyle = css(theme().foreground, 0.4);
      ctx.strokeRect(middle - width / 2 + 0.5, this.labelRow - 8 + 0.5, width - 1, 15);
      ctx.fillStyle = css(theme().foreground);
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillText(cursor.label, middle, this.labelRow);
    });
  }

  private get labelRow(): number {
    return this.chart.scales["x"].top + TICK_PADDING + 0.6 * TICK_FONT_SIZE;
  }

  private drawBands(): void {
    const { x: xScale, y: yScale } = this.chart.scales;
    this.clipped((ctx) => {
      for (const { points, band, style } of this.plot.lines) {
        if (!band || points.x.length < 2) continue;
        ctx.beginPath();
        points.x.forEach((x, i) => {
          ctx.lineTo(xScale.getPixelForValue(x), yScale.getPixelForValue(band.high[i]));
        });
        for (let i = points.x.length - 1; i >= 0; i--)
          ctx.lineTo(xScale.getPixelForValue(points.x[i]), yScale.getPixelForValue(band.low[i]));
        ctx.closePath();
        ctx.fillStyle = css(style.colour, 0.2);
        ctx.fill();
      }
    });
  }

  private drawMarkers(): void {
    const { markers, x: axis } = this.plot;
    const { foreground } = theme();
    this.clipped((ctx, { top, bottom, right }) => {
      let free = -Infinity;
      for (const { x, label } of markers) {
        if (!within(axis.limits, x)) continue;
        const at = Math.round(this.pixelAt(x)) + 0.5;
        ctx.strokeStyle = css(foreground, 0.45);
        ctx.setLineDash([2, 2]);
        ctx.beginPath();
        ctx.moveTo(at, top);
        ctx.lineTo(at, bottom);
        ctx.stroke();
        const width = ctx.measureText(label).width;
        // Labels that would lie on each other are left out; the lines stay.
        const from = at + 4 + width > right ? at - 4 - width : at + 4;
        if (from < free) continue;
        free = from + width + 6;
        ctx.fillStyle = css(foreground, 0.8);
        ctx.textAlign = "left";
        ctx.textBaseline = "top";
        ctx.fillText(label, from, top + 1);
      }
    });
  }

  private drawTags(): void {
    const { x: xScale, y: yScale } = this.chart.scales;
    this.painted((ctx, { top, bottom, right }) => {
      const taken: number[] = [];
      for (const { points, tag, style } of this.plot.lines) {
        if (tag === undefined) continue;
        const last = points.y.findLastIndex((value) => Number.isFinite(value));
        if (last < 0) continue;
        const x = Math.min(right - 8, xScale.getPixelForValue(points.x[last]));
        let y = Math.min(bottom - 6, Math.max(top + 6, yScale.getPixelForValue(points.y[last])));
        while (taken.some((other) => Math.abs(other - y) < 13)) y -= 13;
        taken.push(y);
        ctx.beginPath();
        ctx.arc(x, y, 7, 0, 2 * Math.PI);
        ctx.fillStyle = css(theme().background);
        ctx.fill();
        ctx.strokeStyle = css(style.colour);
        ctx.lineWidth = 1.5;
        ctx.stroke();
        ctx.fillStyle = css(theme().foreground);
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        ctx.fillText(tag, x, y + 0.5);
      }
    });
  }

  /** Told apart by their names and the lines between them, and by colour as well. */
  private drawRanges(): void {
    const yScale = this.chart.scales["y"];
    const [low, high] = this.yLimits;
    const { highContrast, foreground } = theme();
    this.painted((ctx, { left, right }) => {
      for (const { from, to, colour } of this.plot.ranges) {
        const top = yScale.getPixelForValue(Math.min(to, high));
        const bottom = yScale.getPixelForValue(Math.max(from, low));
        if (!(bottom > top)) continue;
        if (!highContrast) {
          ctx.fillStyle = css(colour, 0.1);
          ctx.fillRect(left, top, right - left, bottom - top);
        }
        if (from <= low) continue;
        ctx.strokeStyle = css(highContrast ? foreground : colour, 0.55);
        ctx.setLineDash([4, 4]);
        ctx.beginPath();
        ctx.moveTo(left, Math.round(bottom) + 0.5);
        ctx.lineTo(right, Math.round(bottom) + 0.5);
        ctx.stroke();
      }
    });
  }

  /** Above the curves, in a halo of the background. */
  private drawRangeNames(): void {
    const yScale = this.chart.scales["y"];
    const [low, high] = this.yLimits;
    const { background, muted } = theme();
    this.painted((ctx, { left }) => {
      ctx.textBaseline = "middle";
      ctx.lineJoin = "round";
      ctx.lineWidth = 4;
      ctx.strokeStyle = css(background, 0.8);
      ctx.fillStyle = css(muted);
      for (const { label, from, to } of this.plot.ranges) {
        const top = yScale.getPixelForValue(Math.min(to, high));
        const bottom = yScale.getPixelForValue(Math.max(from, low));
        if (bottom - top < TICK_FONT_SIZE) continue;
        ctx.strokeText(label, left + 6, (top + bottom) / 2);
        ctx.fillText(label, left + 6, (top + bottom) / 2);
      }
    });
  }

  private drawCursor(): void {
    const { cursor, lines, x: axis } = this.plot;
    if (!cursor || !within(axis.limits, cursor.x)) return;
    const { x: xScale, y: yScale } = this.chart.scales;
    this.painted((ctx, { top, bottom }) => {
      ctx.strokeStyle = css(theme().foreground, 0.6);
      ctx.beginPath();
      const at = Math.round(this.pixelAt(cursor.x)) + 0.5;
      ctx.moveTo(at, top);
      ctx.lineTo(at, bottom);
      ctx.stroke();
      for (const { points, style } of lines) {
        if (style.constant) continue;
        const index = indexAt(points, cursor.x);
        const value = index < 0 ? NaN : points.y[index];
        if (!Number.isFinite(value) || !within(this.yLimits, value) || !within(axis.limits, points.x[index]))
          continue;
        ctx.beginPath();
        ctx.arc(
          xScale.getPixelForValue(points.x[index]),
          yScale.getPixelForValue(value),
          3.5,
          0,
          2 * Math.PI,
        );
        ctx.fillStyle = css(style.colour);
        ctx.fill();
        ctx.strokeStyle = css(theme().background);
        ctx.stroke();
      }
    });
  }

  private drawSelection(): void {
    const { selection } = this.plot;
    if (!selection) return;
    const { left, top, right, bottom } = selection;
    this.clipped((ctx) => {
      ctx.fillStyle = css(theme().training, 0.15);
      ctx.fillRect(left, top, right - left, bottom - top);
      ctx.strokeStyle = css(theme().foreground, 0.6);
      ctx.strokeRect(Math.round(left) + 0.5, Math.round(top) + 0.5, right - left, bottom - top);
    });
  }

  private painted(paint: (ctx: CanvasRenderingContext2D, area: PixelBox) => void): void {
    const { ctx } = this.chart;
    ctx.save();
    ctx.lineWidth = 1;
    ctx.font = `${TICK_FONT_SIZE}px ${theme().fontFamily}`;
    paint(ctx, this.area);
    ctx.restore();
  }

  private clipped(paint: (ctx: CanvasRenderingContext2D, area: PixelBox) => void): void {
    this.painted((ctx, area) => {
      ctx.beginPath();
      ctx.rect(area.left, area.top, area.right - area.left, area.bottom - area.top);
      ctx.clip();
      paint(ctx, area);
    });
  }
}

/** Ticks are built before the axis knows its height; the chart's is near enough. */
function plotHeight(axis: Scale): number {
  return axis.chart.height - 28;
}

export function within([low, high]: Limits, value: number): boolean {
  return value >= low && value <= high;
}

/** How far along an axis a value lies, 0 … 1. */
export function fraction({ limits: [low, high], logarithmic }: PlotAxis, value: number): number {
  return logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

export function xTicks(x: Plot["x"], width: number): number[] {
  const [low, high] = x.limits;
  const count = Math.max(2, width / 90);
  const values = x.logarithmic ? logTicks(low, high, count) : linearTicks(low, high, count);
  return x.whole ? values.filter((value) => Number.isInteger(value)) : values;
}

/** The points between the limits, and one more at each side so that the line goes on to the edge. */
export function visiblePart(line: Line, x: PlotAxis, logY: boolean): Line {
  const [low, high] = x.limits;
  let from = Math.max(0, indexAt(line.points, low));
  // A logarithmic axis has no place for 0.
  if (x.logarithmic) while (from < line.points.x.length && line.points.x[from] <= 0) from += 1;
  const to = Math.min(line.points.x.length, indexAt(line.points, high) + 2);
  const cut = (values: Float64Array): Float64Array =>
    from === 0 && to === values.length ? values : values.subarray(from, to);
  const points = { x: cut(line.points.x), y: cut(line.points.y) };
  return {
    ...line,
    points: logY ? positiveOnly(points) : points,
    ...(line.band && { band: { low: cut(line.band.low), high: cut(line.band.high) } }),
  };
}

/** Limits that show all of the lines. */
export function limitsOf(lines: readonly Line[], { logarithmic, closer, range }: Plot["y"]): Limits {
  let low = Infinity;
  let high = -Infinity;
  const take = (values: Float64Array): void => {
    for (const value of values) {
      if (!Number.isFinite(value) || (logarithmic && value <= 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  };
  for (const { points, band, style } of lines) {
    // Who looks closer looks at what changes.
    if (closer && style.constant) continue;
    take(points.y);
    if (band) {
      take(band.low);
      take(band.high);
    }
  }
  if (range) return range(low, high);
  return logarithmic ? logLimits(low, high) : linearLimits(low, high);
}

/** On a logarithmic axis, pixels are equal steps of the logarithm. */
export function thinned(
  points: Points,
  { limits: [low, high], logarithmic }: PlotAxis,
  columns: number,
): Points {
  if (!logarithmic) return thinToPixels(points, low, high, columns);
  if (points.x.length <= 2 * columns) return points;
  const logs = thinToPixels(
    { x: points.x.map(Math.log), y: points.y },
    Math.log(low),
    Math.log(high),
    columns,
  );
  return { x: logs.x.map(Math.exp), y: logs.y };
}
