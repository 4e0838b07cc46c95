/** What the network makes of one or two numeric features: a curve through the rows, or a map under them. */
import type { FitPicture } from "../../src/protocol/evaluation";
import { css, type Rgb } from "../colour";
import { runColour } from "../compare/runLook";
import { element } from "../dom";
import { formatNumber } from "../format";
import { theme } from "../theme";
import { scaleColours } from "../trajectory/colourScale";
import { limitsAround, SvgPlot, svgElement } from "./svg";

/** @param classes null for a regression */
export function fitView(fit: FitPicture, target: string, classes: readonly string[] | null): HTMLElement {
  const picture = fit.features.length === 1 ? curve(fit, target, classes) : map(fit, target, classes);
  return element("div", "fit", {}, [...(classes ? [key(classes)] : []), picture]);
}

function key(classes: readonly string[]): HTMLElement {
  return element(
    "ul",
    "class-key",
    {},
    classes.map((name, k) => {
      const sample = new SvgPlot({ label: "", x: [0, 1], y: [0, 1], xLabel: "", yLabel: "" });
      const svg = svgElement("svg", { viewBox: "-6 -6 12 12", class: "class-sample", "aria-hidden": "true" });
      sample.points([{ x: 0, y: 0 }], k, runColour(k));
      const point = sample.root.lastElementChild;
      if (point) {
        point.setAttribute("transform", `translate(${-sample.x(0)} ${-sample.y(0)})`);
        svg.append(point);
      }
      return element("li", "", {}, [svg, name]);
    }),
  );
}

function curve(fit: FitPicture, target: string, classes: readonly string[] | null): Element {
  const { features, ranges, size, values, confidence, points } = fit;
  const [low, high] = ranges[0];
  const x = Float64Array.from({ length: size }, (_, i) => low + (i / (size - 1)) * (high - low));
  if (classes === null) {
    const plot = new SvgPlot({
      label: `What the network says of ${target} against ${features[0]}, with some of the rows.`,
      x: ranges[0],
      y: limitsAround([...values, ...points.target]),
      xLabel: features[0],
      yLabel: target,
      width: 480,
      height: 300,
    });
    plot.points(
      Array.from(points.x, (at, i) => ({ x: at, y: points.target[i], title: title(fit, i, null) })),
      0,
      theme().baseline,
    );
    return plot.line(x, values, "svg-line").root;
  }
  const plot = new SvgPlot({
    label: `The probability of the class that the network says against ${features[0]}, with some of the rows.`,
    x: ranges[0],
    y: [0, 1],
    xLabel: features[0],
    yLabel: "probability",
    width: 480,
    height: 300,
  });
  classes.forEach((_, k) => {
    // Only where it is the class that is said.
    const own = Float64Array.from(values, (value, i) => (value === k ? (confidence?.[i] ?? NaN) : NaN));
    plot.line(x, own, "svg-line", runColour(k));
    const places = [...points.x.keys()].filter((i) => points.target[i] === k);
    plot.points(
      places.map((i) => ({ x: points.x[i], y: 0.02 + 0.04 * k, title: title(fit, i, classes) })),
      k,
      runColour(k),
    );
  });
  return plot.root;
}

function map(fit: FitPicture, target: string, classes: readonly string[] | null): Element {
  const { features, ranges, size, points } = fit;
  const what = classes ? `the class (${target})` : target;
  const plot = new SvgPlot({
    label: `What the network says of ${what} over ${features[0]} and ${features[1]}, with some of the rows.`,
    x: ranges[0],
    y: ranges[1],
    xLabel: features[0],
    yLabel: features[1],
    width: 480,
    height: 340,
  });
  const half = [0, 1].map((at) => (ranges[at][1] - ranges[at][0]) / (size - 1) / 2);
  const left = plot.x(ranges[0][0]);
  const top = plot.y(ranges[1][1]);
  const image = svgElement("image", {
    href: cells(fit, classes),
    x: left,
    y: top,
    width: plot.x(ranges[0][1]) - left,
    height: plot.y(ranges[1][0]) - top,
    preserveAspectRatio: "none",
  });
  plot.root.prepend(image);
  if (half.some((value) => !(value > 0))) return plot.root;
  const groups = classes ?? [""];
  groups.forEach((_, k) => {
    const places = [...points.x.keys()].filter((i) => classes === null || points.target[i] === k);
    plot.points(
      places.map((i) => ({ x: points.x[i], y: points.y[i], title: title(fit, i, classes) })),
      k,
      classes ? runColour(k) : theme().foreground,
    );
  });
  return plot.root;
}

/** The map as an image of one pixel a cell, which the browser makes smooth. */
function cells({ size, values, confidence }: FitPicture, classes: readonly string[] | null): string {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const context = canvas.getContext("2d");
  if (!context) return "";
  const [low, high] = limitsAround(values, 0);
  const { background, kind } = theme();
  const scale = scaleColours(kind);
  for (let i = 0; i < size * size; i++) {
    let colour: Rgb;
    if (classes) {
      // The surer, the stronger.
      const sure = Math.max(0, ((confidence?.[i] ?? 1) - 1 / classes.length) / (1 - 1 / classes.length));
      colour = mixed(background, runColour(values[i]), 0.1 + 0.4 * sure);
    } else colour = scale[Math.round((255 * (values[i] - low)) / (high - low || 1))];
    context.fillStyle = css(colour);
    // Rows of the picture begin at the top.
    context.fillRect(i % size, size - 1 - Math.floor(i / size), 1, 1);
  }
  return canvas.toDataURL();
}

function mixed(a: Rgb, b: Rgb, share: number): Rgb {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

function title({ features, points }: FitPicture, i: number, classes: readonly string[] | null): string {
  const parts = [`${features[0]} ${formatNumber(points.x[i])}`];
  if (features.length === 2) parts.push(`${features[1]} ${formatNumber(points.y[i])}`);
  parts.push(classes ? classes[points.target[i]] : formatNumber(points.target[i]));
  return parts.join(", ");
}
