import { css, type Rgb } from "../colour";
import { formatStepTick, formatTick } from "../format";
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
}

/** A range of values that has a name. */
export interface Band {
  label: string;
  from: number;
  to: number;
  colour: Rgb;
}

export interface Plot {
  lines: Line[];
  lastStep: number;
  logarithmic: boolean;
  /** Where the cursor stands, in steps. */
  cursor: number | null;
  bands?: readonly Band[];
  /** What the axis shows, given the lowest and highest value. */
  range?: (low: number, high: number) => [number, number];
}

const TICK_FONT_SIZE = 11;
/** The same for all charts, so that plots above each other have their steps above each other. */
const Y_AXIS_WIDTH = 48;
const MAX_MARKERS = 40;
const STEP_LABEL_WIDTH = 54;
const TICK_PADDING = 6;

/** Curves against steps on a canvas. Knows nothing of runs. */
export class LineChart {
  private readonly chart: LineChartInstance;
  private plot: Plot = { lines: [], lastStep: 0, logarithmic: false, cursor: null };
  private limits: [number, number] = [0, 1];

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
        { id: "bands", beforeDraw: () => this.drawBands(), afterDatasetsDraw: () => this.drawBandNames() },
        { id: "cursor", afterDatasetsDraw: () => this.drawCursor(), afterDraw: () => this.drawStepLabel() },
      ],
    });
  }

  draw(plot: Plot): void {
    this.plot = plot;
    this.limits = this.yLimits();
    this.chart.data.datasets = plot.lines.map((line, index) => ({
      ...this.dataset(line),
      // Chart.js draws the lowest order last: later lines lie above earlier ones.
      order: -index,
    }));
    this.chart.options.scales = this.scales();
    this.chart.update("none");
  }

  /** The step under a position in pixels from the canvas's left edge, null outside the plot. */
  stepAt(x: number): number | null {
    const { left, right } = this.chart.chartArea;
    if (this.plot.lastStep <= 0 || x < left - 4 || x > right + 4) return null;
    const step = this.chart.scales["x"].getValueForPixel(Math.min(right, Math.max(left, x))) ?? NaN;
    return Number.isFinite(step) ? Math.round(step) : null;
  }

  /** Steps per pixel: how far an arrow key goes. */
  get stepsPerPixel(): number {
    const { left, right } = this.chart.chartArea;
    return this.plot.lastStep / Math.max(1, right - left);
  }

  private dataset(line: Line): LineDataset {
    const columns = Math.max(1, Math.round(this.chart.width - Y_AXIS_WIDTH) * window.devicePixelRatio);
    const points = this.plot.logarithmic ? positiveOnly(line.points) : line.points;
    const { x, y } = thinToPixels(points, 0, Math.max(1, this.plot.lastStep), Math.round(columns));
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

  private yLimits(): [number, number] {
    const { lines, logarithmic } = this.plot;
    let low = Infinity;
    let high = -Infinity;
    for (const { points } of lines) {
      for (const value of points.y) {
        if (!Number.isFinite(value) || (logarithmic && value <= 0)) continue;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    const { range } = this.plot;
    if (range) return range(low, high);
    return logarithmic ? logLimits(low, high) : linearLimits(low, high);
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
    const { logarithmic, lastStep } = this.plot;
    const [min, max] = this.limits;
    return {
      x: {
        type: "linear",
        min: 0,
        max: Math.max(1, lastStep),
        ticks: { ...ticks, callback: (value) => formatStepTick(Number(value)) },
        grid: { display: false, drawTicks: false },
        border: { color: grid },
        afterBuildTicks(axis: Scale) {
          const values = linearTicks(axis.min, axis.max, Math.max(2, axis.chart.width / 90));
          // The right end of the axis is kept for its name.
          const end = axis.max - ((axis.max - axis.min) * STEP_LABEL_WIDTH) / axis.chart.width;
          // Steps are whole numbers.
          axis.ticks = values
            .filter((value) => Number.isInteger(value) && value < end)
            .map((value) => ({ value }));
        },
      },
      y: {
        type: logarithmic ? "logarithmic" : "linear",
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
          const values = logarithmic ? logTicks(min, max, count) : linearTicks(min, max, count);
          axis.ticks = values.map((value) => ({ value }));
        },
      },
    };
  }

  /** The axis is named in the row of its tick labels: a row of its own would cost the plot a tenth of its height. */
  private drawStepLabel(): void {
    const { ctx, chartArea, scales } = this.chart;
    const { muted, fontFamily } = theme();
    ctx.save();
    ctx.font = `${TICK_FONT_SIZE}px ${fontFamily}`;
    ctx.fillStyle = css(muted);
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    ctx.fillText("step", chartArea.right, scales["x"].top + TICK_PADDING + 0.6 * TICK_FONT_SIZE);
    ctx.restore();
  }

  /** Told apart by their names and the lines between them, and by colour as well. */
  private drawBands(): void {
    const { ctx, chartArea, scales } = this.chart;
    const [low, high] = this.limits;
    const { highContrast, foreground } = theme();
    ctx.save();
    for (const { from, to, colour } of this.plot.bands ?? []) {
      const top = scales["y"].getPixelForValue(Math.min(to, high));
      const bottom = scales["y"].getPixelForValue(Math.max(from, low));
      if (!(bottom > top)) continue;
      if (!highContrast) {
        ctx.fillStyle = css(colour, 0.1);
        ctx.fillRect(chartArea.left, top, chartArea.width, bottom - top);
      }
      ctx.strokeStyle = css(highContrast ? foreground : colour, 0.55);
      ctx.setLineDash([4, 4]);
      ctx.beginPath();
      if (from > low) {
        ctx.moveTo(chartArea.left, Math.round(bottom) + 0.5);
        ctx.lineTo(chartArea.right, Math.round(bottom) + 0.5);
      }
      ctx.stroke();
    }
    ctx.restore();
  }

  /** Above the curves, in a halo of the background. */
  private drawBandNames(): void {
    const { ctx, chartArea, scales } = this.chart;
    const [low, high] = this.limits;
    const { background, muted, fontFamily } = theme();
    ctx.save();
    ctx.font = `${TICK_FONT_SIZE}px ${fontFamily}`;
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    ctx.lineWidth = 4;
    ctx.strokeStyle = css(background, 0.8);
    ctx.fillStyle = css(muted);
    for (const { label, from, to } of this.plot.bands ?? []) {
      const top = scales["y"].getPixelForValue(Math.min(to, high));
      const bottom = scales["y"].getPixelForValue(Math.max(from, low));
      if (bottom - top < TICK_FONT_SIZE) continue;
      ctx.strokeText(label, chartArea.left + 6, (top + bottom) / 2);
      ctx.fillText(label, chartArea.left + 6, (top + bottom) / 2);
    }
    ctx.restore();
  }

  private drawCursor(): void {
    const { cursor, lines, logarithmic } = this.plot;
    if (cursor === null || cursor > this.plot.lastStep) return;
    const { ctx, chartArea, scales } = this.chart;
    const x = scales["x"].getPixelForValue(cursor);
    ctx.save();
    ctx.strokeStyle = css(theme().foreground, 0.6);
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(Math.round(x) + 0.5, chartArea.top);
    ctx.lineTo(Math.round(x) + 0.5, chartArea.bottom);
    ctx.stroke();
    for (const { points, style } of lines) {
      if (style.constant) continue;
      const index = indexAt(points, cursor);
      const value = index < 0 ? NaN : points.y[index];
      if (!Number.isFinite(value) || (logarithmic && value <= 0)) continue;
      ctx.beginPath();
      ctx.arc(
        scales["x"].getPixelForValue(points.x[index]),
        scales["y"].getPixelForValue(value),
        3.5,
        0,
        2 * Math.PI,
      );
      ctx.fillStyle = css(style.colour);
      ctx.fill();
      ctx.strokeStyle = css(theme().background);
      ctx.stroke();
    }
    ctx.restore();
  }
}

/** Ticks are built before the axis knows its height; the chart's is near enough. */
function plotHeight(axis: Scale): number {
  return axis.chart.height - 28;
}
