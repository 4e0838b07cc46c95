import type { LayerPicture, NetworkPart } from "../../src/protocol/evaluation";
import { css, type Rgb } from "../colour";
import { runColour } from "../compare/runLook";
import { element, setAttribute, setShown, setText } from "../dom";
import { formatCount, formatNumber } from "../format";
import type { Asked, LabLine } from "../labLine";
import { isFinished } from "../parts/status";
import type { RunState } from "../store";
import { theme } from "../theme";
import { figure } from "../evaluation/classes";
import { SvgPlot } from "../evaluation/svg";
import { layoutOf, placeAt, type NetworkLayout, type Place } from "./geometry";
import { describeNetwork, describePlace } from "./words";

const HEIGHT = 320;
/** Milliseconds between two pictures while a run goes on. */
const interval = 1000;

/** The network as it is: its layers drawn with weights and outputs as colour, and how weights and gradients are spread. */
export class NetworkCard {
  readonly root: HTMLElement;
  private readonly readout = element("span", "readout", { role: "status" });
  private readonly message = element("p", "evaluation-message");
  private readonly canvas = element("canvas", "", { role: "img", tabindex: "0" });
  private readonly drawing = element("div", "network-drawing", {}, [this.canvas]);
  private readonly side = element("div", "network-side");
  private run: RunState | null = null;
  private visible = false;
  private asked: Asked | null = null;
  private answered: { key: string; at: number } | null = null;
  private timer: number | undefined;
  private network: NetworkPart | null = null;
  private layout: NetworkLayout | null = null;
  private place: Place | null = null;

  constructor(private readonly lab: LabLine) {
    const title = element("h2", "", { id: "network-title" }, ["Network"]);
    this.root = element("section", "card network-card", { "aria-labelledby": "network-title" }, [
      element("div", "card-head", {}, [element("div", "card-title", {}, [title]), this.readout]),
      this.message,
      element("div", "network-body", {}, [this.drawing, this.side]),
    ]);
    this.canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => this.point(offsetX, offsetY));
    this.canvas.addEventListener("pointerleave", () => this.choose(null));
    this.canvas.addEventListener("blur", () => this.choose(null));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.draw()).observe(this.drawing);
  }

  seen(visible: boolean): void {
    this.visible = visible;
    if (visible) this.ask();
    else this.leave();
  }

  update(run: RunState): void {
    if (run.id !== this.run?.id) {
      this.leave();
      this.answered = null;
      this.network = null;
      this.place = null;
      setText(this.message, "Looking at the network …");
      setShown(this.message, true);
      setShown(this.drawing, false);
      this.side.replaceChildren();
    }
    this.run = run;
    this.ask();
  }

  private ask(): void {
    const { run } = this;
    if (!run || !this.visible || this.asked || (run.progress?.step ?? 0) === 0) return;
    const key = `${run.id} ${run.progress?.step ?? 0} ${run.status}`;
    if (this.answered?.key === key) return;
    const wait = this.answered ? this.answered.at + interval - Date.now() : 0;
    if (wait > 0 && !isFinished(run.status)) {
      this.timer ??= window.setTimeout(() => {
        this.timer = undefined;
        this.ask();
      }, wait);
      return;
    }
    this.asked = this.lab.ask(
      run.id,
      { kind: "network" },
      {
        part: (answer) => {
          if ("network" in answer) this.show(answer.network);
        },
        done: (failed) => {
          this.asked = null;
          this.answered = { key, at: Date.now() };
          if (failed !== null) setText(this.message, failed);
          setShown(this.message, failed !== null);
        },
      },
    );
  }

  private leave(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.asked?.leave();
    this.asked = null;
  }

  private show(network: NetworkPart): void {
    this.network = network;
    setShown(this.message, false);
    setShown(this.drawing, true);
    setAttribute(this.canvas, "aria-label", describeNetwork(network));
    this.say();
    this.draw();
    this.side.replaceChildren(...images(network), histograms(network));
  }

  private point(x: number, y: number): void {
    this.choose(this.layout && placeAt(this.layout, x, y));
  }

  private choose(place: Place | null): void {
    if (JSON.stringify(place) === JSON.stringify(this.place)) return;
    this.place = place;
    this.say();
    this.draw();
  }

  /** Arrow keys go from unit to unit. */
  private key(event: KeyboardEvent): void {
    const { layout } = this;
    if (!layout || !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    const now = this.place?.kind === "unit" ? this.place : { column: 0, at: -1 };
    const across = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const down = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const column = Math.max(0, Math.min(layout.columns.length - 1, now.column + across));
    const at = Math.max(0, Math.min(layout.columns[column].y.length - 1, now.at + down));
    this.choose({ kind: "unit", column, at });
  }

  private say(): void {
    const { network, place } = this;
    if (!network) return;
    setText(this.readout, place ? describePlace(network, place) : `step ${formatCount(network.step)}`);
  }

  private draw(): void {
    const { network, canvas } = this;
    const width = this.drawing.clientWidth;
    if (!network || width === 0) return;
    const ratio = window.devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(HEIGHT * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${HEIGHT}px`;
    const context = canvas.getContext("2d");
    if (!context) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.layout = layoutOf(network, width, HEIGHT);
    network.layers.forEach((layer, at) => this.drawWeights(context, layer, at));
    this.drawUnits(context);
  }

  private drawWeights(context: CanvasRenderingContext2D, layer: LayerPicture, at: number): void {
    const { layout, network, place } = this;
    if (!layout || !network) return;
    const [from, to] = [layout.columns[at], layout.columns[at + 1]];
    const { shownInputs, weights } = layer;
    const largest = weights.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    to.y.forEach((y1, unit) => {
      from.y.forEach((y0, input) => {
        const column = at === 0 ? input : shownInputs.indexOf(network.layers[at - 1].shownUnits[input]);
        const weight = weights[unit * shownInputs.length + column] ?? 0;
        const share = Math.abs(weight) / largest;
        const chosen =
          place?.kind === "weight" && place.layer === at && place.input === input && place.unit === unit;
        const beside =
          place?.kind === "unit" &&
          ((place.column === at && place.at === input) || (place.column === at + 1 && place.at === unit));
        context.strokeStyle = css(signColour(weight), chosen || beside ? 1 : 0.08 + 0.72 * share);
        context.lineWidth = (chosen ? 1.5 : 0.4) + 2.2 * share;
        // Of negative weights dashed, for those who cannot tell the colours.
        context.setLineDash(weight < 0 ? [5, 3] : []);
        context.beginPath();
        context.moveTo(from.x, y0);
        context.lineTo(to.x, y1);
        context.stroke();
      });
    });
    context.setLineDash([]);
  }

  private drawUnits(context: CanvasRenderingContext2D): void {
    const { layout, network, place } = this;
    if (!layout || !network) return;
    const { background, foreground, muted, fontFamily } = theme();
    context.font = `11px ${fontFamily}`;
    context.textBaseline = "middle";
    layout.columns.forEach(({ x, y }, column) => {
      const layer = column === 0 ? null : network.layers[column - 1];
      const largest = layer?.activations.reduce((most, value) => Math.max(most, Math.abs(value)), 0) ?? 1;
      y.forEach((at, i) => {
        const value = layer ? layer.activations[i] : 0;
        context.beginPath();
        context.arc(x, at, layout.radius, 0, 2 * Math.PI);
        context.fillStyle = css(background);
        context.fill();
        if (layer) {
          context.fillStyle = css(signColour(value), (0.9 * Math.abs(value)) / (largest || 1));
          context.fill();
        }
        const chosen = place?.kind === "unit" && place.column === column && place.at === i;
        context.strokeStyle = css(foreground, chosen ? 1 : 0.6);
        context.lineWidth = chosen ? 2.5 : 1;
        context.stroke();
      });
      const all = layer ? layer.units : network.layers[0].inputs;
      const shown = y.length < all ? `${y.length} of ${formatCount(all)}` : formatCount(all);
      const name =
        column === 0 ? "inputs" : column === network.layers.length ? "outputs" : (layer?.activation ?? "");
      context.fillStyle = css(muted);
      context.textAlign = column === 0 ? "left" : column === layout.columns.length - 1 ? "right" : "center";
      const edge = column === 0 ? 2 : column === layout.columns.length - 1 ? layout.width - 2 : x;
      context.fillText(`${shown} ${name}`, edge, 9);
    });
  }
}

/** Blue above zero, orange below it: told apart by all common kinds of colour vision. */
function signColour(value: number): Rgb {
  return runColour(value < 0 ? 1 : 0);
}

function histograms({ layers, rows }: NetworkPart): HTMLElement {
  const one = (
    what: string,
    layer: number,
    { edges, counts, mean, deviation }: LayerPicture["weightHistogram"],
  ) =>
    figure(
      `${what} ${formatNumber(mean, 2)} ± ${formatNumber(deviation, 2)}`,
      new SvgPlot({
        label: `Histogram of the ${what.toLowerCase()} of layer ${layer}: mean ${formatNumber(mean, 3)}, standard deviation ${formatNumber(deviation, 3)}, from ${formatNumber(edges[0])} to ${formatNumber(edges[edges.length - 1])}.`,
        x: [edges[0], edges[edges.length - 1]],
        y: [0, Math.max(1, ...counts)],
        xLabel: "",
        yLabel: "",
        width: 170,
        height: 110,
      }).bars(
        edges,
        counts,
        (bin) =>
          `${formatCount(counts[bin])} from ${formatNumber(edges[bin])} to ${formatNumber(edges[bin + 1])}`,
      ).root,
    );
  return element(
    "div",
    "layer-histograms",
    { title: `Gradients of the mean loss on ${formatCount(rows)} training rows` },
    layers.flatMap(({ inputs, units, weightHistogram, gradientHistogram }, i) => [
      element("h3", "", {}, [`Layer ${i + 1}: ${formatCount(inputs)} → ${formatCount(units)}`]),
      one("Weights", i + 1, weightHistogram),
      one("Gradients", i + 1, gradientHistogram),
    ]),
  );
}

function images({ layers }: NetworkPart): HTMLElement[] {
  const { images: shown } = layers[0];
  if (!shown) return [];
  const { side, units, weights } = shown;
  const pictures = units.map((unit, i) => {
    const own = weights.subarray(i * side * side, (i + 1) * side * side);
    const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    const canvas = element("canvas", "", {
      role: "img",
      "aria-label": `Weights of unit ${unit + 1} of the first layer as an image`,
      title: `unit ${unit + 1}, largest weight ${formatNumber(largest, 3)}`,
    });
    canvas.width = canvas.height = side;
    const context = canvas.getContext("2d");
    own.forEach((value, at) => {
      if (!context) return;
      context.fillStyle = css(signColour(value), Math.abs(value) / largest);
      context.fillRect(at % side, Math.floor(at / side), 1, 1);
    });
    return canvas;
  });
  return [
    element("figure", "", {}, [
      element("figcaption", "muted", {}, [
        "Weights of the first layer as images: blue above zero, orange below it.",
      ]),
      element("div", "weight-images", {}, pictures),
    ]),
  ];
}
