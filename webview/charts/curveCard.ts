import { css } from "../colour";
import type { Cursor } from "../cursor";
import { element, setAttribute, setShown, setText } from "../dom";
import { formatNumber, NONE } from "../format";
import { updateViewState, viewState } from "../host";
import { lineSample, styleLineSample } from "../icons";
import type { Points } from "../series";
import { indexAt } from "../thin";
import { createCheckbox } from "../toolkit";
import { LineChart, type Band, type LineStyle } from "./lineChart";

export interface Curve {
  id: string;
  label: string;
  /** What exactly the line shows, as a tooltip of the legend. */
  tooltip: string;
  points: Points;
  style: LineStyle;
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
}

export interface CurveCardOptions {
  logSwitch?: boolean;
  /** What a click on the chart, or Enter, does. */
  open?: { label: string; run: () => void };
}

interface LegendItem {
  button: HTMLButtonElement;
  sample: SVGSVGElement;
  label: HTMLElement;
  value: HTMLElement;
}

/** A chart with its heading, legend (which hides lines and shows their values) and log-scale switch. */
export class CurveCard {
  readonly root: HTMLElement;
  /** For what a particular chart adds to its heading. */
  readonly heading: HTMLElement;
  readonly title: HTMLHeadingElement;
  private readonly legend = element("div", "legend", { role: "group" });
  private readonly items = new Map<string, LegendItem>();
  private readonly canvas: HTMLCanvasElement;
  private readonly placeholder = element("p", "placeholder");
  private readonly caption = element("figcaption", "visually-hidden");
  private readonly spoken = element("p", "visually-hidden", { role: "status" });
  private readonly chart: LineChart;
  private readonly hidden = new Set(viewState().hidden ?? []);
  private logarithmic: boolean;
  private picture: CurvePicture = { curves: [], lastStep: 0, summary: "" };

  constructor(
    private readonly id: string,
    title: string,
    private readonly cursor: Cursor,
    private readonly redraw: () => void,
    { logSwitch = true, open }: CurveCardOptions = {},
  ) {
    this.logarithmic = logSwitch && (viewState().logarithmic?.includes(id) ?? false);
    this.title = element("h2", "", { id: `${id}-title` }, [title]);
    this.heading = element("div", "card-title", {}, [this.title]);
    this.canvas = element("canvas", "", {
      role: "img",
      tabindex: "0",
      "aria-label": title,
      id: `${id}-canvas`,
    });
    this.legend.setAttribute("aria-label", `Lines of ${title}`);
    const plot = element("div", "plot", {}, [this.canvas, this.placeholder]);
    const head = element("div", "card-head", {}, [this.heading, this.legend]);
    if (logSwitch) head.append(this.createLogSwitch(title));
    this.root = element("figure", `card ${id}-card`, { "aria-labelledby": `${id}-title` }, [
      head,
      plot,
      this.caption,
      this.spoken,
    ]);
    this.chart = new LineChart(this.canvas, redraw);
    this.listen();
    if (open) this.makeOpenable(open);
  }

  update(picture: CurvePicture): void {
    this.picture = picture;
    this.updateLegend();
    const visible = picture.curves.filter((curve) => !this.isHidden(curve));
    const empty = picture.curves.every(
      (curve) => curve.style.constant === true || curve.points.x.length === 0,
    );
    setShown(this.placeholder, empty);
    setText(this.placeholder, "Nothing yet");
    if (this.caption.textContent !== picture.summary) {
      setText(this.caption, picture.summary);
      setAttribute(this.canvas, "aria-label", `${this.title.textContent} chart. ${picture.summary}`);
    }
    this.chart.draw({
      lines: visible,
      lastStep: picture.lastStep,
      logarithmic: this.logarithmic,
      cursor: this.cursor.step,
      ...(picture.bands && { bands: picture.bands }),
      ...(picture.range && { range: picture.range }),
    });
  }

  private updateLegend(): void {
    const { curves } = this.picture;
    for (const [id, item] of this.items) {
      if (curves.some((curve) => curve.id === id)) continue;
      item.button.remove();
      this.items.delete(id);
    }
    for (const [place, curve] of curves.entries()) {
      const item = this.items.get(curve.id) ?? this.addLegendItem(curve, place);
      const { style } = curve;
      styleLineSample(item.sample, { ...style, colour: css(style.colour, Math.max(0.5, style.opacity)) });
      setText(item.label, curve.label);
      setText(item.value, valueAt(curve.points, this.cursor.step));
      setAttribute(item.button, "title", `${curve.tooltip} Click to show or hide.`);
      setAttribute(item.button, "aria-pressed", String(!this.isHidden(curve)));
    }
  }

  /** A line that comes later, as validation does, still takes its place; the others stay, and so does the focus. */
  private addLegendItem(curve: Curve, place: number): LegendItem {
    const item: LegendItem = {
      sample: lineSample(),
      label: element("span", "legend-label"),
      value: element("span", "legend-value"),
      button: element("button", "legend-item", { type: "button" }),
    };
    item.button.append(item.sample, item.label, item.value);
    item.button.addEventListener("click", () => {
      const key = this.key(curve.id);
      if (!this.hidden.delete(key)) this.hidden.add(key);
      // Other cards keep their own lines in the same list.
      const others = (viewState().hidden ?? []).filter((other) => !other.startsWith(`${this.id}.`));
      updateViewState({
        hidden: [...others, ...[...this.hidden].filter((own) => own.startsWith(`${this.id}.`))],
      });
      this.redraw();
    });
    this.items.set(curve.id, item);
    this.legend.insertBefore(item.button, this.legend.children[place] ?? null);
    return item;
  }

  private isHidden(curve: Curve): boolean {
    return this.hidden.has(this.key(curve.id));
  }

  private key(curveId: string): string {
    return `${this.id}.${curveId}`;
  }

  private createLogSwitch(title: string): HTMLElement {
    const checkbox = createCheckbox("Log scale", this.logarithmic, (checked) => this.setLogarithmic(checked));
    checkbox.title = `Logarithmic axis for ${title.toLowerCase()}`;
    return checkbox;
  }

  private setLogarithmic(on: boolean): void {
    this.logarithmic = on;
    const others = (viewState().logarithmic ?? []).filter((other) => other !== this.id);
    updateViewState({ logarithmic: on ? [...others, this.id] : others });
    this.redraw();
  }

  private listen(): void {
    this.canvas.addEventListener("pointermove", (event) =>
      this.cursor.move(this.chart.stepAt(event.offsetX)),
    );
    this.canvas.addEventListener("pointerleave", () => this.cursor.move(null));
    this.canvas.addEventListener("blur", () => this.cursor.move(null));
    this.canvas.addEventListener("keydown", (event) => {
      const { lastStep } = this.picture;
      const stride = Math.max(1, Math.round(this.chart.stepsPerPixel * (event.shiftKey ? 40 : 4)));
      const from = this.cursor.step ?? lastStep;
      const targets: Record<string, number | null> = {
        ArrowLeft: Math.max(0, from - stride),
        ArrowRight: Math.min(lastStep, from + stride),
        Home: 0,
        End: lastStep,
        Escape: null,
      };
      if (!(event.key in targets)) return;
      event.preventDefault();
      this.cursor.move(targets[event.key]);
      setText(this.spoken, this.spokenValues());
    });
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
    if (this.cursor.step === null) return "";
    const values = this.picture.curves
      .filter((curve) => !this.isHidden(curve))
      .map((curve) => `${curve.label} ${valueAt(curve.points, this.cursor.step)}`);
    return `Step ${this.cursor.step}: ${values.join(", ")}`;
  }
}

/** The value at or before a step; the latest one when no step is pointed at. */
function valueAt(points: Points, step: number | null): string {
  const index = step === null ? points.x.length - 1 : indexAt(points, step);
  if (index < 0) return NONE;
  const value = points.y[index];
  return Number.isNaN(value) ? "not finite" : formatNumber(value);
}
