import type { Trajectory } from "../../src/protocol/run";
import type { Region } from "../../src/protocol/surface";
import type { Cursor } from "../cursor";
import { element, setAttribute, setShown, setText } from "../dom";
import { formatNumber } from "../format";
import { LabLine } from "../labLine";
import { isFinished } from "../parts/status";
import type { RunState } from "../store";
import { theme } from "../theme";
import { colourScale, lossRange } from "./colourScale";
import { canvasPng, figureItems } from "../parts/figure";
import type { MenuItem } from "../parts/menu";
import { axisLabel, drawTrajectory, trajectoryBox, type Ground } from "./draw";
import { drawScene, sceneBox } from "./drawScene";
import { fitPath, nearestPoint, type Box, type Fit } from "./fit";
import { PlaneControls } from "./planeControls";
import { Scene, startingCamera, type Camera } from "./scene";
import { SliceFeed } from "./sliceFeed";
import { describeSlice, drawSlice, nearestAlpha, sliceBox } from "./sliceChart";
import { alignment, SurfaceFeed } from "./surfaceFeed";
import { SurfaceLayer } from "./surfaceLayer";
import { followTurning, turnedByKey } from "./turning";
import { describePath, describePlane, describePoint, describeRandom, describeSlicePlane } from "./words";

/** While a run goes, its path grows: a surface reaches a little farther than what is shown now. */
const growth = 0.15;

/** Half the side of the map of random directions, in lengths of the weights. */
const randomReach = 1;

/** The path of the parameters on its principal plane, over the loss there; or the loss in other directions. */
export class TrajectoryCard {
  readonly root: HTMLElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly plot: HTMLElement;
  private readonly placeholder = element("p", "placeholder");
  private readonly facts = element("figcaption", "facts");
  private readonly readout = element("span", "readout");
  private readonly spoken = element("p", "visually-hidden", { role: "status" });
  private readonly controls: PlaneControls;
  private readonly lab = new LabLine();
  private readonly feed: SurfaceFeed;
  private readonly slice: SliceFeed;
  private readonly layer = new SurfaceLayer();
  private visible = true;
  private run: RunState | null = null;
  /** The path as it is drawn. */
  private trajectory: Trajectory | null = null;
  private fit: Fit | null = null;
  private camera: Camera = startingCamera;
  /** Where the pointer is, in pixels. */
  private pointer: [x: number, y: number] | null = null;
  private othersOf = "";
  private others: { id: string; label: string }[] = [];
  /** What the picture was made of: while a run goes, charts are redrawn more often than the path changes. */
  private drawn: unknown[] = [];

  constructor(
    private readonly cursor: Cursor,
    private readonly redraw: () => void,
  ) {
    this.canvas = element("canvas", "", {
      role: "img",
      tabindex: "0",
      id: "trajectory-canvas",
      "aria-label": "Descent trajectory",
    });
    this.feed = new SurfaceFeed(this.lab, redraw);
    this.slice = new SliceFeed(this.lab, redraw);
    this.controls = new PlaneControls(() => {
      this.pointer = null;
      this.cursor.move(null);
      redraw();
    });
    this.plot = element("div", "plot", {}, [this.canvas, this.placeholder, this.readout]);
    const title = element("h2", "", { id: "trajectory-title" }, ["Descent trajectory"]);
    title.title =
      "The path of all parameters, seen on the plane that shows most of it, over the loss on that plane.";
    this.root = element("figure", "card trajectory-card", { "aria-labelledby": "trajectory-title" }, [
      element("div", "card-head", {}, [element("div", "card-title", {}, [title]), this.controls.root]),
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

  /** Nothing is computed for a card that nobody sees. */
  seen(visible: boolean): void {
    this.visible = visible;
    if (visible) return this.redraw();
    this.feed.pause();
    this.slice.pause();
  }

  update(run: RunState): void {
    if (this.run?.id !== run.id) this.begin(run);
    this.run = run;
    this.askOthers(run);
    const { outlook, seed, solid } = this.controls;
    const box = trajectoryBox(this.plot.clientWidth, this.plot.clientHeight);
    if (outlook.type === "slice") {
      this.feed.pause();
      if (this.visible) this.slice.want(run.id, outlook.other, isFinished(run.status));
    } else {
      this.slice.pause();
      this.wantSurface(run, box);
    }
    const state = [
      ...[run.trajectory, run.status, this.cursor.step, theme(), this.camera, this.pointer],
      ...[this.feed.field, this.feed.failed, this.feed.pathLosses, this.feed.busy],
      ...[this.slice.part, this.slice.failed, outlook, seed, solid, this.others],
      ...[this.plot.clientWidth, this.plot.clientHeight, window.devicePixelRatio],
    ];
    if (state.every((part, i) => part === this.drawn[i])) return;
    this.drawn = state;
    this.controls.update(this.others);
    this.canvas.classList.toggle("turning", solid && outlook.type !== "slice");
    const context = this.resize();
    if (context) this.draw(context, run, box);
  }

  private begin(run: RunState): void {
    this.feed.forget();
    this.slice.forget();
    this.trajectory = run.trajectory;
    this.others = [];
    this.othersOf = "";
    this.controls.outlook = { type: "path" };
    this.camera = startingCamera;
  }

  /** The runs that a slice could lead to, once, and again when the run has ended. */
  private askOthers(run: RunState): void {
    const key = `${run.id} ${isFinished(run.status)}`;
    if (key === this.othersOf || !this.visible) return;
    this.othersOf = key;
    this.lab.ask(
      run.id,
      { kind: "others" },
      {
        part: (answer) => {
          if (!("others" in answer) || this.run?.id !== run.id) return;
          this.others = answer.others;
          this.redraw();
        },
        done: () => undefined,
      },
    );
  }

  private wantSurface(run: RunState, box: Box): void {
    if (!this.visible || run.description === null || box.width <= 20) return;
    const finished = isFinished(run.status);
    const { outlook, seed } = this.controls;
    if (outlook.type === "random") {
      const reach = (randomReach * box.width) / box.height;
      const region: Region = { a: [-reach, reach], b: [-randomReach, randomReach] };
      this.feed.want({
        run: run.id,
        key: `random ${seed}`,
        plane: { type: "random", seed, region },
        trajectory: null,
        shown: region,
        region,
        step: run.progress?.step ?? 0,
        finished,
      });
      return;
    }
    const shown = this.shownPath(run);
    if (!shown || shown.a.length < 2) return;
    const fit = fitPath(shown.a, shown.b, box);
    const region = finished ? { a: fit.a, b: fit.b } : widened(fit);
    const aspect = box.width / box.height;
    // Of a large network the lab knows another path than the page: it chooses what to show.
    const chosen = shown.sketched ? {} : { region };
    this.feed.want({
      run: run.id,
      key: "path",
      plane: { type: "path", aspect, ...chosen },
      trajectory: shown,
      shown: { a: fit.a, b: fit.b },
      region,
      step: run.trajectory?.step.at(-1) ?? 0,
      finished,
    });
  }

  /** When a run has ended, or is too large to keep its path, the path is that for which the surface was computed. */
  private shownPath(run: RunState): Trajectory | null {
    const { trajectory } = run;
    const computed = this.controls.outlook.type === "path" ? this.feed.field?.part.trajectory : undefined;
    if (!trajectory || !computed) return trajectory;
    const sameEnd = isFinished(run.status) && computed.step.at(-1) === trajectory.step.at(-1);
    return trajectory.sketched || sameEnd ? computed : trajectory;
  }

  private draw(context: CanvasRenderingContext2D, run: RunState, box: Box): void {
    const { outlook } = this.controls;
    const [width, height] = [this.plot.clientWidth, this.plot.clientHeight];
    context.clearRect(0, 0, width, height);
    this.fit = null;
    setText(this.readout, "");
    if (outlook.type === "slice") this.drawSlice(context, run, outlook.other, width, height);
    else if (outlook.type === "random") this.drawRandom(context, run, box, width, height);
    else this.drawPath(context, run, width, height);
  }

  private drawPath(context: CanvasRenderingContext2D, run: RunState, width: number, height: number): void {
    const finished = isFinished(run.status);
    const trajectory = (this.trajectory = this.shownPath(run));
    const drawable = trajectory !== null && trajectory.a.length > 1;
    this.say(
      drawable ? null : finished ? "No path was recorded." : "The path appears after the first steps.",
    );
    if (!drawable) {
      setText(this.facts, "");
      return;
    }
    const { field } = this.feed;
    const shift = field?.part.trajectory ? alignment(field.part.trajectory, trajectory) : { a: 0, b: 0 };
    const levels = field && this.layer.levelsOf(field);
    const highlighted = this.highlighted();
    const currentLabel = finished ? "end" : "now";
    const own = (index: number): number => this.feed.pathLosses.get(trajectory.step[index]) ?? NaN;
    if (this.controls.solid && field && levels) {
      const scene = new Scene(field, levels, this.camera, sceneBox(width, height));
      const path = {
        a: trajectory.a.map((a) => a - shift.a),
        b: trajectory.b.map((b) => b - shift.b),
      };
      const labels: [string, string] = ["direction 1", "direction 2"];
      drawScene(context, { scene, theme: theme(), path, highlighted, currentLabel, labels, width, height });
    } else {
      const colours = theme();
      const ground: Ground | null = field &&
        levels && {
          levels,
          paint: (to, fit, box) => this.layer.paint(to, field, shift, fit, box, colours),
          lossOf: own,
        };
      this.fit = drawTrajectory(context, {
        trajectory,
        theme: colours,
        colours: colourScale(colours.kind),
        range: lossRange(trajectory.loss),
        width,
        height,
        highlighted,
        currentLabel,
        ground,
        labels: ([wide, high]) => [
          axisLabel(1, trajectory.explained[0], wide),
          axisLabel(2, trajectory.explained[1], high),
        ],
        region: null,
      });
    }
    const lossAt = (a: number, b: number): number => field?.valueAt(a - shift.a, b - shift.b) ?? NaN;
    const reading =
      highlighted >= 0
        ? describePoint(
            trajectory,
            highlighted,
            lossAt(trajectory.a[highlighted], trajectory.b[highlighted]),
            own(highlighted),
          )
        : this.lossUnderPointer(lossAt);
    setText(this.readout, reading);
    setText(this.facts, describePlane(trajectory, field?.part ?? null) + this.whyNoSurface());
    setAttribute(
      this.canvas,
      "aria-label",
      `Descent trajectory. ${describePath(trajectory)} ${describePlane(trajectory, field?.part ?? null)}`,
    );
  }

  private drawRandom(
    context: CanvasRenderingContext2D,
    run: RunState,
    box: Box,
    width: number,
    height: number,
  ): void {
    const { field } = this.feed;
    const levels = field && this.layer.levelsOf(field);
    const { seed, solid } = this.controls;
    this.say(field ? null : (this.feed.failed ?? "Computing the loss around the parameters…"));
    setText(this.facts, describeRandom(seed, field?.part ?? null));
    setAttribute(this.canvas, "aria-label", `Loss around the parameters. ${this.facts.textContent}`);
    if (!field || !levels) return;
    const labels: [string, string] = ["random direction 1", "random direction 2"];
    const currentLabel = isFinished(run.status) ? "end" : "now";
    if (solid) {
      const scene = new Scene(field, levels, this.camera, sceneBox(width, height));
      drawScene(context, {
        ...{ scene, theme: theme(), path: null, highlighted: -1, currentLabel, labels, width, height },
      });
      return;
    }
    const colours = theme();
    const here: Trajectory = {
      step: Float64Array.of(field.part.step),
      a: Float64Array.of(0),
      b: Float64Array.of(0),
      loss: Float64Array.of(NaN),
      offPlane: Float64Array.of(0),
      explained: [NaN, NaN],
      sketched: false,
    };
    const { region } = field;
    this.fit = drawTrajectory(context, {
      ...{ trajectory: here, theme: colours, colours: colourScale(colours.kind), range: lossRange([]) },
      ...{ width, height, highlighted: -1, currentLabel, labels: () => labels, region },
      ground: {
        levels,
        paint: (to, fit) => this.layer.paint(to, field, { a: 0, b: 0 }, fit, box, colours),
        lossOf: () => NaN,
      },
    });
    setText(
      this.readout,
      this.lossUnderPointer((a, b) => field.valueAt(a, b)),
    );
  }

  private drawSlice(
    context: CanvasRenderingContext2D,
    run: RunState,
    other: string,
    width: number,
    height: number,
  ): void {
    const slice = this.slice.part;
    this.say(slice ? null : (this.slice.failed ?? "Computing the loss between the two runs…"));
    setText(this.facts, describeSlicePlane(slice));
    setAttribute(this.canvas, "aria-label", `Loss between two runs. ${this.facts.textContent}`);
    if (!slice) return;
    const box = sliceBox(width, height);
    const pointed = this.pointer ? ((this.pointer[0] - box.left) / box.width) * 2 - 0.5 : null;
    const there = this.others.find(({ id }) => id === other)?.label ?? "other run";
    drawSlice(context, { slice, theme: theme(), width, height, pointed, here: run.name, there });
    if (pointed !== null) setText(this.readout, describeSlice(slice, nearestAlpha(slice.alpha, pointed)));
  }

  /** In place of a picture. */
  private say(text: string | null): void {
    setShown(this.placeholder, text !== null);
    setText(this.placeholder, text ?? "");
  }

  private whyNoSurface(): string {
    const { failed, field } = this.feed;
    return failed !== null && !field ? ` No surface: ${failed}` : "";
  }

  private lossUnderPointer(lossAt: (a: number, b: number) => number): string {
    const { fit, pointer } = this;
    if (!fit || !pointer) return "";
    const [x, y] = pointer;
    const loss = lossAt(
      fit.a[0] + (x - fit.toX(fit.a[0])) / fit.scale,
      fit.b[0] + (fit.toY(fit.b[0]) - y) / fit.scale,
    );
    return Number.isFinite(loss) ? `Loss here ${formatNumber(loss)}` : "";
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

  private get turning(): boolean {
    return this.controls.solid && this.controls.outlook.type !== "slice";
  }

  private listen(): void {
    const { canvas } = this;
    followTurning(canvas, {
      active: () => this.turning,
      camera: () => this.camera,
      turn: (camera) => this.turn(camera),
    });
    canvas.addEventListener("pointermove", (event) => {
      if (this.turning) return;
      this.pointer = [event.offsetX, event.offsetY];
      if (this.controls.outlook.type === "path" && this.trajectory && this.fit) {
        const { a, b, step } = this.trajectory;
        const index = nearestPoint(this.fit, a, b, event.offsetX, event.offsetY, 14);
        this.cursor.move(index < 0 ? null : step[index]);
      }
      this.redraw();
    });
    const leave = (): void => {
      this.pointer = null;
      this.cursor.move(null);
      this.redraw();
    };
    canvas.addEventListener("pointerleave", leave);
    canvas.addEventListener("blur", leave);
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const handled = this.turning ? this.turnByKey(event) : this.moveByKey(event);
      if (handled) event.preventDefault();
    });
  }

  private turn(camera: Camera): void {
    this.camera = camera;
    this.redraw();
  }

  private turnByKey({ key }: KeyboardEvent): boolean {
    const camera = turnedByKey(this.camera, key);
    if (camera) this.turn(camera);
    return camera !== null;
  }

  private moveByKey({ key, shiftKey }: KeyboardEvent): boolean {
    if (this.controls.outlook.type !== "path") return false;
    if (!this.trajectory || this.trajectory.step.length === 0) return false;
    const last = this.trajectory.step.length - 1;
    const from = this.cursor.step === null ? last : this.highlighted();
    const stride = shiftKey ? 10 : 1;
    const targets: Record<string, number | null> = {
      ArrowLeft: Math.max(0, from - stride),
      ArrowRight: Math.min(last, from + stride),
      Home: 0,
      End: last,
      Escape: null,
    };
    if (!(key in targets)) return false;
    const index = targets[key];
    this.cursor.move(index === null ? null : this.trajectory.step[index]);
    setText(this.spoken, index === null ? "" : describePoint(this.trajectory, index));
    return true;
  }
}

function widened({ a, b }: Pick<Fit, "a" | "b">): Region {
  const one = ([low, high]: [number, number]): [number, number] => [
    low - growth * (high - low),
    high + growth * (high - low),
  ];
  return { a: one(a), b: one(b) };
}

/** The points of the path: their coordinates on the plane, their distance from it, and the loss there. */
function trajectoryCsv({ step, a, b, loss, offPlane }: Trajectory): string {
  const rows = Array.from(step, (at, i) => [at, a[i], b[i], loss[i], offPlane[i]].join(","));
  return `${["step,direction 1,direction 2,loss,distance from the plane", ...rows].join("\r\n")}\r\n`;
}
