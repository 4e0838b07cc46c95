import type { Cursor } from "../cursor";
import { css } from "../colour";
import { element, setAttribute, setShown, setText } from "../dom";
import { formatNumber, NONE } from "../format";
import { updateViewState, viewState, type ChartSettings } from "../host";
import { figureItems, svgPng } from "../parts/figure";
import type { MenuItem } from "../parts/menu";
import type { Points } from "../series";
import { indexAt } from "../thin";
import { theme } from "../theme";
import { createCheckbox } from "../toolkit";
import { chartCsv } from "./chartTable";
import { chartSvg } from "./chartSvg";
import { Legend } from "./legend";
import {
  fraction,
  LineChart,
  type Band,
  within,
  type Limits,
  type LineStyle,
  type PixelBox,
  type Plot,
} from "./lineChart";
import { TableView } from "./tableView";
import { listenForZoom, scaledLimits, wholeView, type Zoom } from "./zoom";
import { availableKinds, placed, xAxisOf, type StepScale, type XAxis } from "./xAxis";

export interface Curve {
  id: string;
  label: string;
  /** What exactly the line shows, as a tooltip of the legend. */
  tooltip: string;
  /** Against steps. */
  points: Points;
  style: LineStyle;
  /** Lowest and highest value at each point. */
  band?: { low: Float64Array; high: Float64Array };
  /** A letter or two at the line's end. */
  tag?: string;
  /** The curve with whose entry in the legend this one is shown and hidden. */
  with?: string;
  /** Of this curve's run, where several are shown. */
  scale?: StepScale;
}

export interface Marker {
  step: number;
  label: string;
}

export interface CurvePicture {
  curves: Curve[];
  lastStep: number;
  /** One or two sentences: the chart for those who do not see it. */
  summary: string;
  /** Named ranges of values, behind the curves. */
  bands?: readonly Band[];
  /** What the axis shows, given the lowest and highest value. */
  range?: (low: number, high: number) => [number, number];
  /** How steps become epochs and seconds; absent where only steps are known. */
  scale?: StepScale;
  /** Things that happened on the way. */
  markers?: Marker[];
}

export interface CurveCardOptions {
  logSwitch?: boolean;
  /** Whether single values are drawn whose mean can be chosen. */
  smoothing?: boolean;
  /** What a click on the chart, or Enter, does. */
  open?: { label: string; run: () => void };
}

const NO_SCALE: StepScale = { stepsPerEpoch: null, clock: null };
const xNames = { step: "Steps", epoch: "Epochs", time: "Time" };
const windows = [10, 100, 1000];
const PICTURE = { width: 960, height: 480 };

/** A chart with its heading, legend (which hides lines and shows their values), zoom and menu. */
export class CurveCard {
  readonly root: HTMLElement;
  /** For what a particular chart adds to its heading. */
  readonly heading: HTMLElement;
  readonly title: HTMLHeadingElement;
  private readonly legend: Legend;
  private readonly canvas: HTMLCanvasElement;
  private readonly placeholder = element("p", "placeholder");
  private readonly caption = element("figcaption", "visually-hidden");
  private readonly spoken = element("p", "visually-hidden", { role: "status" });
  private readonly reset = element("button", "zoom-reset view-button", { type: "button" }, ["Reset zoom"]);
  private readonly table: TableView;
  private readonly chart: LineChart;
  private readonly hidden = new Set(viewState().hidden ?? []);
  private settings: ChartSettings;
  private logarithmic: boolean;
  private zoom: Zoom = wholeView;
  private selection: PixelBox | null = null;
  private axis: XAxis = xAxisOf("step", NO_SCALE);
  private plot: Plot | null = null;
  private picture: CurvePicture = { curves: [], lastStep: 0, summary: "" };

  constructor(
    private readonly id: string,
    title: string,
    private readonly cursor: Cursor,
    private readonly redraw: () => void,
    private readonly options: CurveCardOptions = {},
  ) {
    const { logSwitch = true, open } = options;
    this.logarithmic = logSwitch && (viewState().logarithmic?.includes(id) ?? false);
    this.settings = viewState().charts?.[id] ?? {};
    this.title = element("h2", "", { id: `${id}-title` }, [title]);
    this.heading = element("div", "card-title", {}, [this.title]);
    this.canvas = element("canvas", "", {
      role: "img",
      tabindex: "0",
      "aria-label": title,
      id: `${id}-canvas`,
    });
    this.legend = new Legend(title, (curve) => this.toggle(curve));
    this.table = new TableView(title, redraw);
    const plot = element("div", "plot", {}, [this.canvas, this.placeholder, this.reset, this.table.root]);
    const head = element("div", "card-head", {}, [this.heading, this.legend.root]);
    if (logSwitch) head.append(this.createLogSwitch(title));
    this.root = element("figure", `card ${id}-card`, { "aria-labelledby": `${id}-title` }, [
      head,
      plot,
      this.caption,
      this.spoken,
    ]);
    this.chart = new LineChart(this.canvas, redraw);
    setShown(this.reset, false);
    setShown(this.table.root, false);
    this.reset.addEventListener("click", () => {
      this.setZoom(wholeView);
      this.canvas.focus();
    });
    this.listen();
    if (open) this.makeOpenable(open);
    else this.listenForZoom();
  }

  /** How many steps a mean is taken of: as the length of the run asks, or as was chosen; 0 for none. */
  get smoothing(): number | "auto" {
    return this.settings.smoothing ?? "auto";
  }

  update(picture: CurvePicture): void {
    this.picture = picture;
    const { curves, lastStep } = picture;
    const shown = curves.filter((curve) => !this.isHidden(curve));
    this.axis = xAxisOf(this.settings.x ?? "step", picture.scale ?? NO_SCALE);
    const named = curves.filter((curve) => curve.with === undefined);
    this.legend.update(named, (curve) => ({
      hidden: this.isHidden(curve),
      value: this.valueAt(curve, this.cursor.step),
    }));
    const empty = curves.every((curve) => curve.style.constant === true || curve.points.x.length === 0);
    setShown(this.placeholder, empty);
    setText(this.placeholder, "Nothing yet");
    if (this.caption.textContent !== picture.summary) {
      setText(this.caption, picture.summary);
      setAttribute(this.canvas, "aria-label", `${this.title.textContent} chart. ${picture.summary}`);
    }
    setShown(this.reset, this.zoom.x !== null || this.zoom.y !== null);
    this.plot = this.plotOf(shown, lastStep);
    this.chart.draw(this.plot);
    if (this.settings.table) {
      const [from, to] = this.plot.x.limits.map((x) => this.axis.toStep(x));
      this.table.update(shown, [from, to], this.axis);
    }
  }

  /** What the card's menu offers. */
  menu(): MenuItem[] {
    const kinds = availableKinds(this.picture.scale ?? NO_SCALE);
    const { logX = false, table = false } = this.settings;
    return [
      { label: "Logarithmic x axis", checked: () => logX, run: () => this.change({ logX: !logX }) },
      ...(kinds.length > 1 ? kinds : []).map((kind, i): MenuItem => ({
        label: `Against ${xNames[kind].toLowerCase()}`,
        checked: () => this.axis.kind === kind,
        choice: true,
        separated: i === 0,
        run: () => this.change({ x: kind }),
      })),
      ...(this.options.smoothing ? this.smoothingItems() : []),
      {
        label: "Show as table",
        checked: () => table,
        separated: true,
        run: () => this.change({ table: !table }),
      },
      {
        label: "Reset zoom",
        disabled: this.zoom.x === null && this.zoom.y === null,
        run: () => this.setZoom(wholeView),
      },
      ...figureItems({
        name: () => this.title.textContent.toLowerCase(),
        png: () => svgPng(this.svg()),
        svg: () => this.svg(),
        csv: () => chartCsv(this.picture.curves.filter((curve) => !this.isHidden(curve))),
      }),
    ];
  }

  private smoothingItems(): MenuItem[] {
    const item = (label: string, value: number | "auto", separated = false): MenuItem => ({
      label,
      checked: () => this.smoothing === value,
      choice: true,
      separated,
      run: () => this.change({ smoothing: value }),
    });
    return [
      item("Mean: automatic", "auto", true),
      item("Mean: none", 0),
      ...windows.map((steps) => item(`Mean of ${steps.toLocaleString("en-GB")} steps`, steps)),
    ];
  }

  private change(settings: ChartSettings): void {
    const { x, logX } = this.settings;
    this.settings = { ...this.settings, ...settings };
    if (x !== this.settings.x || logX !== this.settings.logX) this.zoom = wholeView;
    setShown(this.table.root, this.settings.table === true);
    updateViewState({ charts: { ...viewState().charts, [this.id]: this.settings } });
    this.redraw();
  }

  private plotOf(shown: readonly Curve[], lastStep: number): Plot {
    const { axis, settings, zoom } = this;
    const { step } = this.cursor;
    const logX = settings.logX === true;
    const lines = shown.map(({ points, style, band, tag, scale }) => ({
      points: placed(points, scale ? xAxisOf(axis.kind, scale) : axis),
      style,
      ...(band && { band }),
      ...(tag !== undefined && { tag }),
    }));
    const x = step === null ? null : axis.toX(step);
    return {
      lines,
      x: {
        limits: zoom.x ?? this.wholeX(lastStep),
        logarithmic: logX,
        label: axis.label,
        whole: axis.whole,
        format: (value) => axis.formatTick(value),
      },
      y: {
        logarithmic: this.logarithmic,
        limits: zoom.y,
        closer: zoom.x !== null,
        ...(this.picture.range && { range: this.picture.range }),
      },
      ranges: this.picture.bands ?? [],
      markers: (this.picture.markers ?? []).map((marker) => ({
        x: axis.toX(marker.step),
        label: marker.label,
      })),
      cursor: x === null || step === null || step > lastStep ? null : { x, label: axis.describe(x) },
      selection: this.selection,
    };
  }

  private wholeX(lastStep: number): Limits {
    const { axis } = this;
    const lasts = this.picture.curves.map(({ scale, points, style }) =>
      scale && !style.constant ? xAxisOf(axis.kind, scale).toX(points.x.at(-1) ?? 0) : 0,
    );
    const end = Math.max(axis.toX(Math.max(1, lastStep)), ...lasts) || 1;
    // Step 0 has no place on a logarithmic axis.
    return this.settings.logX ? [Math.min(axis.toX(1) || end / 1e3, end / 2), end] : [0, end];
  }

  private isHidden(curve: Curve): boolean {
    return this.hidden.has(this.key(curve.with ?? curve.id));
  }

  private key(curveId: string): string {
    return `${this.id}.${curveId}`;
  }

  private toggle(curveId: string): void {
    const key = this.key(curveId);
    if (!this.hidden.delete(key)) this.hidden.add(key);
    // Other cards keep their own lines in the same list.
    const others = (viewState().hidden ?? []).filter((other) => !other.startsWith(`${this.id}.`));
    updateViewState({
      hidden: [...others, ...[...this.hidden].filter((own) => own.startsWith(`${this.id}.`))],
    });
    this.redraw();
  }

  private createLogSwitch(title: string): HTMLElement {
    const checkbox = createCheckbox("Log scale", this.logarithmic, (checked) => this.setLogarithmic(checked));
    checkbox.title = `Logarithmic axis for ${title.toLowerCase()}`;
    return checkbox;
  }

  private setLogarithmic(on: boolean): void {
    this.logarithmic = on;
    this.zoom = { ...this.zoom, y: null };
    const others = (viewState().logarithmic ?? []).filter((other) => other !== this.id);
    updateViewState({ logarithmic: on ? [...others, this.id] : others });
    this.redraw();
  }

  private listen(): void {
    this.canvas.addEventListener("pointermove", (event) => this.cursor.move(this.stepAt(event.offsetX)));
    this.canvas.addEventListener("pointerleave", () => this.cursor.move(null));
    this.canvas.addEventListener("blur", () => this.cursor.move(null));
    this.canvas.addEventListener("keydown", (event) => {
      const target = this.keyTarget(event);
      if (target === undefined) return;
      event.preventDefault();
      this.cursor.move(target);
      setText(this.spoken, this.spokenValues());
    });
  }

  /** Where a key moves the cursor to; null: nowhere any more, undefined: it is no such key. */
  private keyTarget({ key, shiftKey }: KeyboardEvent): number | null | undefined {
    const { lastStep } = this.picture;
    const from = this.cursor.step ?? lastStep;
    const pixels = shiftKey ? 40 : 4;
    const beside = (by: number): number => {
      const x = this.plot ? this.chart.xAt(this.chart.pixelAt(this.axis.toX(from)) + by * pixels) : null;
      const step = x === null ? from : Math.round(this.axis.toStep(x));
      return Math.max(0, Math.min(lastStep, step === from ? from + by : step));
    };
    switch (key) {
      case "ArrowLeft":
        return beside(-1);
      case "ArrowRight":
        return beside(1);
      case "Home":
        return 0;
      case "End":
        return lastStep;
      case "Escape":
        return null;
      default:
        return undefined;
    }
  }

  private stepAt(pixel: number): number | null {
    const x = this.picture.lastStep > 0 ? this.chart.xAt(pixel) : null;
    if (x === null) return null;
    return Math.max(0, Math.min(this.picture.lastStep, Math.round(this.axis.toStep(x))));
  }

  private listenForZoom(): void {
    listenForZoom(this.canvas, {
      area: () => this.chart.area,
      select: (box) => {
        this.selection = box;
        this.redraw();
      },
      zoomTo: ({ left, right, top, bottom }, { x, y }) => {
        const [from, to] = [this.chart.xAt(left), this.chart.xAt(right)];
        this.setZoom({
          x: x && from !== null && to !== null && to > from ? [from, to] : this.zoom.x,
          y: y ? [this.chart.yAt(bottom), this.chart.yAt(top)] : this.zoom.y,
        });
      },
      scale: (factor, pixel) => this.scaleX(factor, this.chart.xAt(pixel), 0),
      pan: (pixels) => this.scaleX(1, null, -pixels / (this.chart.area.right - this.chart.area.left)),
      reset: () => this.setZoom(wholeView),
    });
    this.canvas.addEventListener("keydown", (event) => {
      const about = this.cursor.step === null ? null : this.axis.toX(this.cursor.step);
      if (event.key === "+" || event.key === "=") this.scaleX(1 / 1.5, about, 0);
      else if (event.key === "-") this.scaleX(1.5, about, 0);
      else if (event.key === "0") this.setZoom(wholeView);
      else return;
      event.preventDefault();
    });
  }

  /** @param about the place that stays; null for the middle */
  private scaleX(factor: number, about: number | null, by: number): void {
    if (!this.plot) return;
    const { limits, logarithmic } = this.plot.x;
    const centre = about !== null && within(limits, about) ? about : middle(this.plot.x);
    const whole = this.wholeX(this.picture.lastStep);
    this.setZoom({
      ...this.zoom,
      x: scaledLimits(limits, whole, { factor, about: centre, by, logarithmic }),
    });
  }

  private setZoom(zoom: Zoom): void {
    this.zoom = zoom;
    this.redraw();
  }

  private makeOpenable({ label, run }: NonNullable<CurveCardOptions["open"]>): void {
    this.canvas.classList.add("openable");
    this.canvas.title = label;
    setAttribute(this.canvas, "role", "button");
    this.canvas.addEventListener("click", run);
    this.canvas.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      run();
    });
  }

  private spokenValues(): string {
    const { step } = this.cursor;
    if (step === null) return "";
    const values = this.picture.curves
      .filter((curve) => !this.isHidden(curve))
      .map((curve) => `${curve.label} ${this.valueAt(curve, step)}`);
    return `${this.axis.describe(this.axis.toX(step))}: ${values.join(", ")}`;
  }

  /** The value at or before a step; the latest one when no step is pointed at. */
  private valueAt({ points, scale }: Curve, step: number | null): string {
    // Other runs are elsewhere when as much time or as many epochs have gone by.
    const own =
      step === null || !scale ? step : xAxisOf(this.axis.kind, scale).toStep(this.axis.toX(step)) + 1e-9;
    const index = own === null ? points.x.length - 1 : indexAt(points, own);
    if (index < 0) return NONE;
    const value = points.y[index];
    return Number.isNaN(value) ? "not finite" : formatNumber(value);
  }

  private svg(): string {
    const { background, foreground, muted, grid, fontFamily } = theme();
    const shown = this.picture.curves.filter((curve) => !this.isHidden(curve));
    return chartSvg({
      ...PICTURE,
      title: this.title.textContent,
      plot: { ...this.plotOf(shown, this.picture.lastStep), cursor: null, selection: null },
      legend: shown.map(({ label, style, tag }) => ({
        label: tag === undefined ? label : `${tag} · ${label}`,
        style,
      })),
      background: css(background),
      foreground: css(foreground),
      muted: css(muted),
      grid,
      fontFamily,
    });
  }
}

function middle(axis: Plot["x"]): number {
  const [low, high] = axis.limits;
  return axis.logarithmic && fraction(axis, low) === 0 ? Math.sqrt(low * high) : (low + high) / 2;
}
