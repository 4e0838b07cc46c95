import type { Trajectory } from "../../src/protocol/run";
import type { Cursor } from "../cursor";
import { element, setAttribute, setShown, setText } from "../dom";
import { formatNumber, formatPercent } from "../format";
import { theme } from "../theme";
import { colourScale, lossRange } from "./colourScale";
import { drawTrajectory } from "./draw";
import { canvasPng, figureItems } from "../parts/figure";
import type { MenuItem } from "../parts/menu";
import { nearestPoint, type Fit } from "./fit";

/** The path of the parameters on its principal plane. */
export class TrajectoryCard {
  readonly root: HTMLElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly plot: HTMLElement;
  private readonly placeholder = element("p", "placeholder");
  private readonly facts = element("figcaption", "facts");
  private readonly readout = element("span", "readout");
  private readonly spoken = element("p", "visually-hidden", { role: "status" });
  private trajectory: Trajectory | null = null;
  private fit: Fit | null = null;
  /** What the picture was made of: while a run goes, charts are redrawn more often than the path changes. */
  private drawn: unknown[] = [];

  constructor(
    private readonly cursor: Cursor,
    redraw: () => void,
  ) {
    this.canvas = element("canvas", "", {
      role: "img",
      tabindex: "0",
      id: "trajectory-canvas",
      "aria-label": "Descent trajectory",
    });
    this.plot = element("div", "plot", {}, [this.canvas, this.placeholder]);
    const title = element("h2", "", { id: "trajectory-title" }, ["Descent trajectory"]);
    title.title = "The path of all parameters, seen on the plane that shows most of it.";
    this.root = element("figure", "card trajectory-card", { "aria-labelledby": "trajectory-title" }, [
      element("div", "card-head", {}, [element("div", "card-title", {}, [title]), this.readout]),
      this.plot,
      this.facts,
      this.spoken,
    ]);
    new ResizeObserver(redraw).observe(this.plot);
    this.listen();
  }

  menu(): MenuItem[] {
    const { trajectory } = this;
    return figureItems({
      name: () => "descent trajectory",
      png: () => canvasPng([this.canvas]),
      ...(trajectory && { csv: () => trajectoryCsv(trajectory) }),
    });
  }

  update(trajectory: Trajectory | null, finished: boolean): void {
    this.trajectory = trajectory;
    const state = [
      trajectory,
      finished,
      this.cursor.step,
      theme(),
      this.plot.clientWidth,
      this.plot.clientHeight,
      window.devicePixelRatio,
    ];
    if (state.every((part, i) => part === this.drawn[i])) return;
    this.drawn = state;
    const drawable = trajectory !== null && trajectory.a.length > 1;
    setShown(this.placeholder, !drawable);
    setText(this.placeholder, finished ? "No path was recorded." : "The path appears after the first steps.");
    const context = this.resize();
    if (!context) return;
    if (!drawable) {
      this.fit = null;
      context.clearRect(0, 0, this.plot.clientWidth, this.plot.clientHeight);
      setText(this.facts, "");
      setText(this.readout, "");
      return;
    }
    const colours = theme();
    const highlighted = this.highlighted();
    this.fit = drawTrajectory(context, {
      trajectory,
      theme: colours,
      colours: colourScale(colours.kind),
      range: lossRange(trajectory.loss),
      width: this.plot.clientWidth,
      height: this.plot.clientHeight,
      highlighted,
      currentLabel: finished ? "end" : "now",
    });
    setText(this.facts, describePlane(trajectory));
    setText(this.readout, highlighted >= 0 ? describePoint(trajectory, highlighted) : "");
    setAttribute(this.canvas, "aria-label", `Descent trajectory. ${describePath(trajectory)}`);
  }

  /** The canvas has as many pixels as the screen shows of it; drawing is in CSS pixels. */
  private resize(): CanvasRenderingContext2D | null {
    const ratio = window.devicePixelRatio;
    const width = Math.round(this.plot.clientWidth * ratio);
    const height = Math.round(this.plot.clientHeight * ratio);
    if (width === 0 || height === 0) return null;
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    const context = this.canvas.getContext("2d");
    context?.setTransform(ratio, 0, 0, ratio, 0, 0);
    return context;
  }

  /** The recorded point at or before the step that is pointed at in any chart. */
  private highlighted(): number {
    const { step } = this.cursor;
    if (step === null || !this.trajectory) return -1;
    return this.trajectory.step.findLastIndex((at) => at <= step);
  }

  private listen(): void {
    this.canvas.addEventListener("pointermove", (event) => {
      if (!this.trajectory || !this.fit) return;
      const { a, b, step } = this.trajectory;
      const index = nearestPoint(this.fit, a, b, event.offsetX, event.offsetY, 24);
      this.cursor.move(index < 0 ? null : step[index]);
    });
    this.canvas.addEventListener("pointerleave", () => this.cursor.move(null));
    this.canvas.addEventListener("blur", () => this.cursor.move(null));
    this.canvas.addEventListener("keydown", (event) => {
      if (!this.trajectory || this.trajectory.step.length === 0) return;
      const last = this.trajectory.step.length - 1;
      const from = this.cursor.step === null ? last : this.highlighted();
      const stride = event.shiftKey ? 10 : 1;
      const targets: Record<string, number | null> = {
        ArrowLeft: Math.max(0, from - stride),
        ArrowRight: Math.min(last, from + stride),
        Home: 0,
        End: last,
        Escape: null,
      };
      if (!(event.key in targets)) return;
      event.preventDefault();
      const index = targets[event.key];
      this.cursor.move(index === null ? null : this.trajectory.step[index]);
      setText(this.spoken, index === null ? "" : describePoint(this.trajectory, index));
    });
  }
}

function describePoint(trajectory: Trajectory, index: number): string {
  const { step, loss, offPlane } = trajectory;
  return `Step ${step[index]} · loss ${formatNumber(loss[index])} · off plane ${formatNumber(offPlane[index], 3)}`;
}

function describePlane(trajectory: Trajectory): string {
  const { explained, offPlane, sketched } = trajectory;
  const share = explained[0] + explained[1];
  const most = offPlane.reduce((largest, value) => (value > largest ? value : largest), 0);
  const parts = [
    `Shows ${formatPercent(Math.min(1, share))} of the path's variance.`,
    `Off the plane: ${formatNumber(offPlane.at(-1), 3)} now, ${formatNumber(most, 3)} at most.`,
  ];
  if (sketched) parts.push("Distances are estimates: the network is large.");
  return parts.join(" ");
}

function describePath(trajectory: Trajectory): string {
  const { step, loss } = trajectory;
  return (
    `Path from step ${step[0]}, loss ${formatNumber(loss[0])}, to step ${step.at(-1)}, loss ${formatNumber(loss.at(-1))}. ` +
    describePlane(trajectory)
  );
}

/** The points of the path: their coordinates on the plane, their distance from it, and the loss there. */
function trajectoryCsv({ step, a, b, loss, offPlane }: Trajectory): string {
  const rows = Array.from(step, (at, i) => [at, a[i], b[i], loss[i], offPlane[i]].join(","));
  return `${["step,direction 1,direction 2,loss,distance from the plane", ...rows].join("\r\n")}\r\n`;
}
