/** Several descents on one function: their paths on one map, in the colours of their curves. */
import { createFunction, type DifferentiableFunction } from "../../src/descent/functions/differentiable";
import type { FunctionDescription } from "../../src/protocol/run";
import { css } from "../colour";
import type { Cursor } from "../cursor";
import { element, setAttribute, setShown, setText } from "../dom";
import { drawAxes, drawCurve, plotBox } from "../function/drawMap";
import { followPointer } from "../function/pointer";
import { projectionOf, type Projection } from "../function/projection";
import { drawSurface } from "../function/surface";
import { panned, toX, toY, zoomed, type View } from "../function/view";
import { curveView, mapView } from "../function/wholeView";
import { drawLegend } from "../surface/legend";
import { theme } from "../theme";
import { createCheckbox, type Checkbox } from "../toolkit";
import { drawDiamond } from "../trajectory/diamond";
import type { Box } from "../trajectory/fit";
import { BasinMaker, CELLS } from "./basins";
import type { LabelledRun } from "./comparedCurves";
import { runColour } from "./runLook";

/** Milliseconds of a replay, and of basins between two frames. */
const REPLAY = 5000;
const BASIN_TIME = 10;

interface Racer {
  id: string;
  label: string;
  description: FunctionDescription;
  step: Float64Array;
  a: Float64Array;
  b: Float64Array;
}

export class RaceMap {
  readonly root: HTMLElement;
  private readonly plot: HTMLElement;
  private readonly ground = element("canvas", "", { "aria-hidden": "true" });
  private readonly canvas = element("canvas", "map-overlay", {
    role: "img",
    tabindex: "0",
    id: "race-canvas",
  });
  private readonly facts = element("figcaption", "facts");
  private readonly replayButton = element("button", "view-button", { type: "button" }, ["▷ Replay"]);
  private readonly basinSwitch: Checkbox;
  private racers: Racer[] = [];
  private racersFrom: unknown[] = [];
  private projection: Projection | null = null;
  private f: DifferentiableFunction | null = null;
  private expression = "";
  private view: View | null = null;
  private box: Box = { left: 0, top: 0, width: 1, height: 1 };
  private groundKey: unknown[] = [];
  private showBasins: boolean | null = null;
  private maker: BasinMaker | null = null;
  private makerKey = "";
  private replaying = 0;

  constructor(
    private readonly cursor: Cursor,
    private readonly redraw: () => void,
  ) {
    this.basinSwitch = createCheckbox("Basins", false, (checked) => {
      this.showBasins = checked;
      this.redraw();
    });
    this.basinSwitch.title = "Colour each start by the minimum that a descent from there reaches";
    const all = element("button", "view-button", { type: "button", title: "Show all" }, ["Fit"]);
    all.addEventListener("click", () => this.setView(null));
    this.replayButton.title = "See the runs race from their starts once more";
    this.replayButton.addEventListener("click", () => this.replay());
    this.plot = element("div", "plot map-plot", {}, [this.ground, this.canvas]);
    this.root = element("figure", "card map-card race-card", { "aria-labelledby": "race-title" }, [
      element("div", "card-head", {}, [
        element("div", "card-title", {}, [element("h2", "", { id: "race-title" }, ["Paths"])]),
        element("div", "view-buttons", {}, [this.basinSwitch, this.replayButton, all]),
      ]),
      this.plot,
      this.facts,
    ]);
    new ResizeObserver(redraw).observe(this.plot);
    this.listen();
  }

  /** Shows the runs, of which all must descend on the same function. @param starts they differ in their starts only */
  update(runs: readonly LabelledRun[], starts: boolean): void {
    if (this.showBasins === null) {
      this.showBasins = starts;
      this.basinSwitch.checked = starts;
    }
    this.updateRacers(runs);
    const { projection, racers } = this;
    const { clientWidth: width, clientHeight: height } = this.plot;
    if (!projection || racers.length === 0 || width === 0 || height === 0) return;
    const curve = projection.kind === "curve";
    this.box = plotBox(width, height, !curve);
    const finished = runs.every(({ state }) => state.result);
    const whole = (): View => this.wholeView(projection);
    // While the runs go on, the picture follows them.
    const view = (this.view ??= finished ? whole() : null) ?? whole();
    setShown(this.basinSwitch, projection.kind === "map" && !projection.approximate);
    this.drawGround(projection, view, width, height);
    this.drawPaths(view, width, height);
    this.tell();
  }

  private updateRacers(runs: readonly LabelledRun[]): void {
    const sources = runs.map(({ state }) => state.trajectory ?? state.functionDescription);
    if (sources.length === this.racersFrom.length && sources.every((one, i) => one === this.racersFrom[i]))
      return;
    this.racersFrom = sources;
    const told = runs.flatMap(({ label, state }) => {
      const { functionDescription: description, trajectory, id } = state;
      if (!description) return [];
      const { start } = description.function;
      const points = trajectory?.points ?? Float64Array.from(start);
      return [{ id, label, description, points, trajectory }];
    });
    if (told.length === 0) return;
    const { expression, variables } = told[0].description.function;
    if (expression !== this.expression || !this.f) {
      this.f = createFunction(expression, variables);
      this.expression = expression;
      this.view = null;
    }
    const { f } = this;
    const together = new Float64Array(told.reduce((sum, { points }) => sum + points.length, 0));
    let at = 0;
    for (const { points } of told) {
      together.set(points, at);
      at += points.length;
    }
    const projection = projectionOf(f, together);
    // The plane of more than two variables moves with the paths; a map of two never does.
    if (!this.projection || variables.length > 2) this.projection = projection;
    this.racers = told.map(({ id, label, description, points, trajectory }) => {
      const values = trajectory?.points ? trajectory.loss : Float64Array.of(f.value(points));
      const step = trajectory?.points ? trajectory.step : Float64Array.of(0);
      return { id, label, description, step, ...projection.place(points, values) };
    });
  }

  private wholeView(projection: Projection): View {
    const joined = (of: (racer: Racer) => Float64Array): Float64Array =>
      Float64Array.from(this.racers.flatMap((racer) => Array.from(of(racer))));
    const places = { a: joined(({ a }) => a), b: joined(({ b }) => b) };
    const { domain } = this.racers[0].description.function;
    return projection.kind === "curve"
      ? curveView(projection, places, domain[0])
      : mapView(places, projection.approximate ? null : domain, this.box);
  }

  private drawGround(projection: Projection, view: View, width: number, height: number): void {
    const colours = theme();
    const basins = this.basinsFor(projection, view);
    const key = [projection, ...view.a, ...view.b, colours, width, height, window.devicePixelRatio, basins];
    const same = key.length === this.groundKey.length && key.every((part, i) => part === this.groundKey[i]);
    if (same && !basins) return;
    this.groundKey = key;
    const context = sized(this.ground, width, height);
    if (!context) return;
    context.clearRect(0, 0, width, height);
    if (projection.kind === "curve") {
      drawAxes(context, view, this.box, colours, projection.labels, true);
      drawCurve(context, (a) => projection.valueAt(a, 0), view, this.box, colours);
      return;
    }
    const { levels } = drawSurface(context, projection, view, this.box, colours, 3);
    if (basins) this.drawBasins(context, basins);
    drawAxes(context, view, this.box, colours, projection.labels, false);
    if (levels && !basins) drawLegend(context, levels, this.box, colours, "f");
  }

  /** What makes the basins of the picture, at work for a moment; null where none are to be shown. */
  private basinsFor(projection: Projection, view: View): BasinMaker | null {
    const { f, racers } = this;
    const wanted = this.showBasins === true && projection.kind === "map" && !projection.approximate;
    if (!wanted || !f || racers.length === 0) return (this.maker = null);
    const { optimizer, schedule, gradientTolerance, gradientClipNorm } = racers[0].description.function;
    const steps = racers[0].description.totalSteps;
    const settings = { optimizer, schedule, gradientTolerance, steps };
    const key = JSON.stringify([this.expression, view, settings]);
    if (!this.maker || key !== this.makerKey) {
      const clip = gradientClipNorm === undefined ? {} : { gradientClipNorm };
      this.maker = new BasinMaker(f, { ...settings, ...clip }, view);
      this.makerKey = key;
    }
    if (!this.maker.done) {
      this.maker.work(BASIN_TIME);
      window.requestAnimationFrame(this.redraw);
    }
    return this.maker;
  }

  private drawBasins(context: CanvasRenderingContext2D, maker: BasinMaker): void {
    const { reached, coarseness } = maker.basins;
    const { box } = this;
    const opacity = theme().highContrast ? 0.75 : 0.55;
    const [width, height] = [box.width / CELLS, box.height / CELLS];
    const look = (index: number): string => css(runColour(index), opacity);
    // What is made already at the coarser levels stands for the cells around it.
    const grain = Math.min(8, Math.max(1, coarseness * 2));
    for (let row = 0; row < CELLS; row++) {
      for (let column = 0; column < CELLS; column++) {
        let minimum = reached[row * CELLS + column];
        for (let coarse = 2; minimum === -2 && coarse <= grain; coarse *= 2) {
          minimum = reached[(row - (row % coarse)) * CELLS + (column - (column % coarse))];
        }
        if (minimum < 0) continue;
        context.fillStyle = look(minimum);
        // A hair wider, so that no seams are seen.
        context.fillRect(box.left + column * width, box.top + row * height, width + 0.5, height + 0.5);
      }
    }
  }

  private drawPaths(view: View, width: number, height: number): void {
    const context = sized(this.canvas, width, height);
    if (!context) return;
    const { box } = this;
    const colours = theme();
    const { step: pointed } = this.cursor;
    context.clearRect(0, 0, width, height);
    context.save();
    context.beginPath();
    context.rect(box.left, box.top, box.width, box.height);
    context.clip();
    context.lineJoin = context.lineCap = "round";
    const places = this.racers.map(({ a, b, step }, place) => {
      const end = Math.max(
        0,
        step.findLastIndex((at) => at <= (pointed ?? Infinity)),
      );
      const x = Array.from(a, (value) => toX(view, box, value));
      const y = Array.from(b, (value) => toY(view, box, value));
      return { x, y, end, colour: runColour(place) };
    });
    const line = (x: number[], y: number[], last: number): void => {
      context.beginPath();
      for (let i = 0; i <= last; i++) {
        if (!Number.isFinite(x[i] + y[i]) || Math.abs(x[i]) > 1e6 || Math.abs(y[i]) > 1e6) break;
        if (i === 0) context.moveTo(x[i], y[i]);
        else context.lineTo(x[i], y[i]);
      }
      context.stroke();
    };
    for (const { x, y, end, colour } of places) {
      // On the surface a line needs an edge that none of its colours has.
      context.strokeStyle = css(colours.foreground, 0.9);
      context.lineWidth = 4;
      line(x, y, end);
      context.strokeStyle = css(colour);
      context.lineWidth = 2.5;
      line(x, y, end);
    }
    for (const { x, y, end, colour } of places) {
      context.beginPath();
      context.arc(x[0], y[0], 4, 0, 2 * Math.PI);
      context.fillStyle = css(colours.background);
      context.fill();
      context.strokeStyle = css(colours.foreground);
      context.lineWidth = 2;
      context.stroke();
      drawDiamond(context, { ...colours, foreground: colour }, x[end], y[end], 7);
    }
    context.restore();
  }

  private tell(): void {
    const minima = this.maker?.basins.minima.length ?? 0;
    const [{ label, description }] = this.racers;
    const owner = this.racers.length > 1 && !/start \d+$/.test(label) ? ` of ${label}` : "";
    const found = this.maker
      ? ` Basins${owner}: ${minima === 1 ? "one minimum is" : `${minima} minima are`} reached; starts without a colour reach none in ${description.totalSteps.toLocaleString("en-GB")} steps.`
      : "";
    const text = `${this.racers.length} paths on f = ${this.expression}. Point at a curve, or replay, to see where each run is at a step.`;
    setText(this.facts, text + found);
    setAttribute(this.canvas, "aria-label", text + found);
  }

  /** Moves the cursor from the first step to the last, slowly at first, where most happens. */
  private replay(): void {
    const last = Math.max(...this.racers.map(({ step }) => step[step.length - 1]));
    const began = performance.now();
    const turn = ++this.replaying;
    const frame = (): void => {
      if (turn !== this.replaying) return;
      const share = Math.min(1, (performance.now() - began) / REPLAY);
      this.cursor.move(share < 1 ? Math.round(last * share ** 3) : null);
      if (share < 1) window.requestAnimationFrame(frame);
    };
    frame();
  }

  private setView(view: View | null): void {
    this.view = view;
    this.redraw();
  }

  private listen(): void {
    followPointer(this.canvas, {
      picture: () => (this.view ? { view: this.view, box: this.box } : null),
      isStart: () => false,
      startTaken: () => () => undefined,
      startLeft: () => undefined,
      pan: (view, da, db) => this.setView(panned(view, da, db)),
      zoom: (view, factor, a, b) => this.setView(zoomed(view, factor, a, b)),
      hover: () => undefined,
    });
    this.canvas.addEventListener("keydown", ({ key }) => {
      if (key === "0") this.setView(null);
      if (key === "Escape") this.replaying++;
    });
  }
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
