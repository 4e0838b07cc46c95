import type { FunctionDescription } from "../../src/protocol/run";
import type { FunctionChange } from "../../src/protocol/webview";
import type { HealthRecorder } from "../../src/descent/functions/healthRecorder";
import type { ExploredSeries } from "../charts/curves";
import type { Cursor } from "../cursor";
import { element, setAttribute, setText } from "../dom";
import { formatNumber } from "../format";
import { isFinished } from "../parts/status";
import { canvasPng, figureItems } from "../parts/figure";
import type { MenuItem } from "../parts/menu";
import type { Points } from "../series";
import type { RunState } from "../store";
import { drawLegend } from "../surface/legend";
import { theme } from "../theme";
import type { Box } from "../trajectory/fit";
import { ExplorationControls } from "./controls";
import { drawAxes, drawCurve, drawOverlay, plotBox } from "./drawMap";
import { Exploration, type Explored } from "./exploration";
import { followPointer } from "./pointer";
import { projectionOf, type Projection } from "./projection";
import { exploredSentence, pointText } from "./sentence";
import { drawSurface, type Surface } from "./surface";
import { curveView, mapView } from "./wholeView";
import { panned, toX, toY, withEqualScales, zoomed, type View } from "./view";

/** Pixels of a cell of the surface's grid: while the view moves, and at rest. */
const COARSE = 9;
const FINE = 3;

/** Milliseconds of rest after which a surface is drawn finely. */
const REST = 120;

/** Points of a path and what the charts show of it. */
interface Shown {
  step: Float64Array;
  value: Float64Array;
  points: Float64Array;
  a: Float64Array;
  b: Float64Array;
}

/**
 * A function as a map (or a curve), with the descent on it. Dragging the start or the learning rate makes the descent
 * again at once, here in the page: the host is told only when the user wants to keep it.
 */
export class MapCard {
  readonly root: HTMLElement;
  private readonly plot: HTMLElement;
  /** The surface and the axes, which stay while the path moves. */
  private readonly ground = element("canvas", "", { "aria-hidden": "true" });
  private readonly canvas = element("canvas", "map-overlay", {
    tabindex: "0",
    role: "img",
    id: "map-canvas",
  });
  private readonly title = element("h2", "", { id: "map-title" }, ["Descent"]);
  private readonly readout = element("span", "readout");
  private readonly facts = element("figcaption", "facts");
  private readonly spoken = element("p", "visually-hidden", { role: "status" });
  private readonly controls: ExplorationControls;

  private run: RunState | null = null;
  private exploration: Exploration | null = null;
  private explored: Explored | null = null;
  private exploring = false;
  private stale = false;
  private projection: Projection | null = null;
  private shown: Shown | null = null;
  private shownFrom: unknown = null;
  private view: View | null = null;
  private box: Box = { left: 0, top: 0, width: 1, height: 1 };
  private surface: Surface | null = null;
  private groundKey: unknown[] = [];
  private held = false;
  private restTimer = 0;
  private moving = false;

  constructor(
    private readonly cursor: Cursor,
    private readonly redraw: () => void,
    keep: (action: "save" | "train", change: FunctionChange) => void,
  ) {
    this.controls = new ExplorationControls({
      learningRate: (value) => this.explore((exploration) => (exploration.learningRate = value)),
      optimizer: (type) => this.explore((exploration) => (exploration.optimizer = type)),
      reset: () => this.backToRun(),
      fit: () => this.setView(null),
      zoom: (factor) => this.zoomAtCentre(factor),
      keep: (action) => this.keep(action, keep),
    });
    this.plot = element("div", "plot map-plot", {}, [this.ground, this.canvas]);
    this.root = element("figure", "card map-card", { "aria-labelledby": "map-title" }, [
      element("div", "card-head", {}, [
        element("div", "card-title", {}, [this.title]),
        this.controls.key,
        this.readout,
        this.controls.viewButtons,
      ]),
      this.plot,
      this.facts,
      this.controls.root,
      this.spoken,
    ]);
    new ResizeObserver(redraw).observe(this.plot);
    this.listen();
  }

  menu(): MenuItem[] {
    return figureItems({ name: () => "map", png: () => canvasPng([this.ground, this.canvas]) });
  }

  /** What the charts show beside an explored descent; null where it is the run's own. */
  get series(): ExploredSeries | null {
    if (!this.exploring) return null;
    const path = this.explored?.path;
    const x = path?.step ?? new Float64Array();
    return {
      value: { x, y: path?.value ?? new Float64Array() },
      gradientNorm: { x, y: path?.gradientNorm ?? new Float64Array() },
      decreaseRatio: told(this.explored?.health, "decreaseRatio"),
      angle: told(this.explored?.health, "angle"),
      lastStep: this.explored?.steps ?? 0,
    };
  }

  /** Called before the charts are drawn, once a frame. */
  update(run: RunState, description: FunctionDescription): void {
    if (this.run?.id !== run.id) this.begin(description);
    this.run = run;
    if (this.stale) {
      this.stale = false;
      this.explored = this.exploration?.descend() ?? null;
      this.shownFrom = null;
    }
    this.updateShown(run, description);
    this.draw(run, description);
  }

  private begin(description: FunctionDescription): void {
    this.exploration = new Exploration(description);
    this.exploring = false;
    this.explored = null;
    this.view = null;
    this.projection = null;
    this.shown = null;
    this.shownFrom = null;
    this.groundKey = [];
  }

  private updateShown(run: RunState, description: FunctionDescription): void {
    const { exploration } = this;
    const source = this.exploring ? (this.explored ?? this) : (run.trajectory ?? description);
    if (!exploration || source === this.shownFrom) return;
    this.shownFrom = source;
    const { trajectory } = run;
    const start = Float64Array.from(exploration.start);
    const only = {
      step: Float64Array.of(0),
      value: Float64Array.of(exploration.f.value(start)),
      points: start,
    };
    const path = this.exploring
      ? (this.explored?.path ?? only)
      : trajectory?.points
        ? { step: trajectory.step, value: trajectory.loss, points: trajectory.points }
        : only;
    // The plane of more than two variables stays while the start is dragged on it.
    if (!this.projection || !this.exploring) this.projection = projectionOf(exploration.f, path.points);
    this.shown = { ...path, ...this.projection.place(path.points, path.value) };
  }

  private draw(run: RunState, description: FunctionDescription): void {
    const { projection, shown, exploration } = this;
    const { clientWidth: width, clientHeight: height } = this.plot;
    if (!projection || !shown || !exploration || width === 0 || height === 0) return;
    const colours = theme();
    const curve = projection.kind === "curve";
    this.box = plotBox(width, height, !curve);
    const whole = (): View =>
      curve
        ? curveView(projection, shown, description.function.domain[0])
        : mapView(shown, projection.approximate ? null : description.function.domain, this.box);
    // While a descent goes or is explored, the picture does not jump.
    const view = (this.view ??= this.exploring || isFinished(run.status) ? whole() : null) ?? whole();
    this.drawGround(projection, view, width, height);
    const context = sized(this.canvas, width, height);
    if (!context) return;
    context.clearRect(0, 0, width, height);
    const highlighted = this.highlighted(shown);
    const last = shown.step.length - 1;
    const marked = highlighted >= 0 ? highlighted : this.exploring ? 0 : last;
    drawOverlay(context, {
      view,
      box: this.box,
      theme: colours,
      a: shown.a,
      b: shown.b,
      marked,
      pointed: highlighted >= 0,
      downhill: curve ? null : this.downhill(projection, exploration, shown, marked),
      going: !this.exploring && !isFinished(run.status),
      held: this.held,
    });
    this.updateTexts(run, exploration, shown, highlighted);
  }

  private drawGround(projection: Projection, view: View, width: number, height: number): void {
    const colours = theme();
    const cell = this.moving ? COARSE : FINE;
    const key = [projection, ...view.a, ...view.b, colours, width, height, window.devicePixelRatio, cell];
    if (key.length === this.groundKey.length && key.every((part, i) => part === this.groundKey[i])) return;
    this.groundKey = key;
    const context = sized(this.ground, width, height);
    if (!context) return;
    context.clearRect(0, 0, width, height);
    if (projection.kind === "curve") {
      this.surface = null;
      drawAxes(context, view, this.box, colours, projection.labels, true);
      drawCurve(context, (a) => projection.valueAt(a, 0), view, this.box, colours);
      return;
    }
    this.surface = drawSurface(context, projection, view, this.box, colours, cell);
    drawAxes(context, view, this.box, colours, projection.labels, false);
    if (this.surface.levels) drawLegend(context, this.surface.levels, this.box, colours, "f");
  }

  private downhill(
    projection: Projection,
    { f, gradientTolerance }: Exploration,
    { points }: Shown,
    index: number,
  ): [number, number] | null {
    const n = f.variables.length;
    const gradient = new Float64Array(n);
    const value = f.gradient(points.subarray(index * n, (index + 1) * n), gradient);
    const norm = Math.hypot(...gradient);
    if (!Number.isFinite(value) || !(norm > Math.max(gradientTolerance, 1e-9))) return null;
    return projection.direction(gradient.map((part) => -part));
  }

  private updateTexts(run: RunState, exploration: Exploration, shown: Shown, highlighted: number): void {
    const { f } = exploration;
    const n = f.variables.length;
    const at = (i: number): string => pointText(shown.points.subarray(i * n, (i + 1) * n), f.variables);
    setText(this.title, n === 1 ? "Curve" : "Map");
    const text =
      highlighted >= 0
        ? `step ${shown.step[highlighted]} · ${at(highlighted)} · f = ${formatNumber(shown.value[highlighted])}`
        : "";
    setText(this.readout, text);
    const last = shown.step.length - 1;
    const gaps = this.surface?.gaps === true ? " Hatched: f has no finite value there." : "";
    const plane =
      this.projection?.approximate === true ? " The map is the plane that shows most of the path." : "";
    const sentence = this.exploring
      ? exploredSentence(this.explored, f.variables)
      : isFinished(run.status)
        ? "Drag the start, or the learning rate, and the descent is made again at once."
        : `Step ${shown.step[last]}: ${at(last)}, f = ${formatNumber(shown.value[last])}.`;
    setText(this.facts, sentence + gaps + plane);
    setAttribute(
      this.canvas,
      "aria-label",
      `Descent from ${at(0)}, f = ${formatNumber(shown.value[0])}, to ${at(last)}, f = ${formatNumber(shown.value[last])}. ` +
        "Arrow keys move the start, plus and minus zoom, 0 shows all.",
    );
    const curve = this.projection?.kind === "curve";
    this.controls.update(exploration, this.exploring && exploration.changed, curve);
  }

  private highlighted({ step }: Shown): number {
    const { step: pointed } = this.cursor;
    return pointed === null ? -1 : step.findLastIndex((at) => at <= pointed);
  }

  /** Changes what is explored, and makes the descent again in the next frame. */
  private explore(change: (exploration: Exploration) => void): void {
    if (!this.exploration) return;
    change(this.exploration);
    this.exploring = true;
    this.stale = true;
    this.cursor.move(null);
    this.redraw();
  }

  private backToRun(): void {
    this.exploration?.reset();
    this.exploring = false;
    this.explored = null;
    this.shownFrom = null;
    this.redraw();
  }

  private keep(
    action: "save" | "train",
    keep: (action: "save" | "train", change: FunctionChange) => void,
  ): void {
    const { exploration } = this;
    if (!exploration) return;
    const { variables } = exploration.f;
    keep(action, {
      ...(exploration.startChanged && {
        start: Object.fromEntries(variables.map((name, k) => [name, exploration.start[k]])),
      }),
      ...((exploration.learningRateChanged || exploration.optimizerChanged) && {
        learningRate: exploration.learningRate,
      }),
      ...(exploration.optimizerChanged && { optimizer: exploration.optimizer }),
    });
  }

  private setView(view: View | null): void {
    this.view = view;
    if (view) {
      this.moving = true;
      window.clearTimeout(this.restTimer);
      this.restTimer = window.setTimeout(() => {
        this.moving = false;
        this.redraw();
      }, REST);
    }
    this.redraw();
  }

  /** A start that was moved out of the picture makes it larger. */
  private grow(): void {
    const { view, shown } = this;
    if (!view || !shown) return;
    const [a, b] = [shown.a[0], shown.b[0]];
    const inside = a >= view.a[0] && a <= view.a[1] && b >= view.b[0] && b <= view.b[1];
    if (inside || !Number.isFinite(a) || !Number.isFinite(b)) return;
    const wider = ([low, high]: [number, number], at: number): [number, number] => {
      const air = 0.15 * (Math.max(high, at) - Math.min(low, at));
      return [at < low ? at - air : low, at > high ? at + air : high];
    };
    this.setView(withEqualScales({ a: wider(view.a, a), b: wider(view.b, b) }, this.box));
  }

  private zoomAtCentre(factor: number): void {
    const { view } = this;
    if (!view) return;
    this.setView(zoomed(view, factor, (view.a[0] + view.a[1]) / 2, (view.b[0] + view.b[1]) / 2));
  }

  /** Moves the start by a part of the picture. */
  private moveStart(from: readonly number[], da: number, db: number): void {
    const { projection, view, box } = this;
    if (!projection || !view) return;
    const pixel = Math.min((view.a[1] - view.a[0]) / box.width, (view.b[1] - view.b[0]) / box.height);
    this.explore((exploration) => {
      exploration.start = projection.moved(from, da, db).map((value) => rounded(value, pixel));
    });
  }

  private listen(): void {
    followPointer(this.canvas, {
      picture: () => (this.view ? { view: this.view, box: this.box } : null),
      isStart: (x, y) => {
        const { shown, view, box } = this;
        if (!shown || !view) return false;
        return Math.hypot(toX(view, box, shown.a[0]) - x, toY(view, box, shown.b[0]) - y) <= 16;
      },
      startTaken: () => {
        this.held = true;
        const from = [...(this.exploration?.start ?? [])];
        this.redraw();
        return (da, db) => this.moveStart(from, da, db);
      },
      startLeft: () => {
        this.held = false;
        this.grow();
        setText(this.spoken, this.facts.textContent);
        this.redraw();
      },
      pan: (view, da, db) => this.setView(panned(view, da, db)),
      zoom: (view, factor, a, b) => this.setView(zoomed(view, factor, a, b)),
      hover: (x, y) => {
        const index = x === null || y === null ? -1 : this.nearest(x, y);
        this.cursor.move(index < 0 ? null : (this.shown?.step[index] ?? null));
      },
    });
    this.canvas.addEventListener("keydown", (event) => this.pressed(event));
    this.canvas.addEventListener("blur", () => this.cursor.move(null));
  }

  private pressed(event: KeyboardEvent): void {
    const { view, exploration, projection } = this;
    if (!view || !exploration || event.ctrlKey || event.metaKey || event.altKey) return;
    const share = event.shiftKey ? 0.05 : 0.01;
    const a = (view.a[1] - view.a[0]) * share;
    const b = projection?.kind === "curve" ? 0 : (view.b[1] - view.b[0]) * share;
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [-a, 0],
      ArrowRight: [a, 0],
      ArrowUp: [0, b],
      ArrowDown: [0, -b],
    };
    if (Object.hasOwn(moves, event.key)) this.moveStart(exploration.start, ...moves[event.key]);
    else if (event.key === "+" || event.key === "=") this.zoomAtCentre(0.8);
    else if (event.key === "-") this.zoomAtCentre(1.25);
    else if (event.key === "0") this.setView(null);
    else if (event.key === "Escape") this.backToRun();
    else return;
    event.preventDefault();
    window.setTimeout(() => {
      this.grow();
      setText(this.spoken, this.facts.textContent);
    }, 300);
  }

  /** The point of the path under the pointer, −1 for none. */
  private nearest(x: number, y: number): number {
    const { shown, view, box } = this;
    if (!shown || !view) return -1;
    let nearest = -1;
    let best = 20 ** 2;
    for (let i = 0; i < shown.a.length; i++) {
      const square = (toX(view, box, shown.a[i]) - x) ** 2 + (toY(view, box, shown.b[i]) - y) ** 2;
      if (square > best) continue;
      best = square;
      nearest = i;
    }
    return nearest;
  }
}

/** To a round number that is still the same pixel. */
function rounded(value: number, pixel: number): number {
  const digits = Math.min(15, Math.max(0, Math.ceil(-Math.log10(pixel / 2))));
  return Number(value.toFixed(digits));
}

/** The canvas has as many pixels as the screen shows of it; drawing is in CSS pixels. */
function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio;
  const [pixelsX, pixelsY] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== pixelsX || canvas.height !== pixelsY) {
    canvas.width = pixelsX;
    canvas.height = pixelsY;
  }
  const context = canvas.getContext("2d");
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** What says something of the steps of an explored descent. */
function told(health: HealthRecorder | undefined, quantity: "decreaseRatio" | "angle"): Points {
  const kept = (health?.[quantity] ?? []).flatMap((value, i) => (Number.isNaN(value) ? [] : [i]));
  return {
    x: Float64Array.from(kept, (i) => health?.step[i] ?? NaN),
    y: Float64Array.from(kept, (i) => health?.[quantity][i] ?? NaN),
  };
}
