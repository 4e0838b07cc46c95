/** Small pictures in SVG: axes, lines, points and bars, with the theme's colours from CSS. */
import { css, type Rgb } from "../colour";
import { formatTick } from "../format";
import { linearTicks } from "../ticks";

const NAMESPACE = "http://www.w3.org/2000/svg";

export function svgElement(
  tag: string,
  attributes: Record<string, string | number> = {},
  children: (Node | string)[] = [],
): SVGElement {
  const node = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

export interface PlotOptions {
  /** For those who do not see it. */
  label: string;
  x: readonly [number, number];
  y: readonly [number, number];
  xLabel: string;
  yLabel: string;
  width?: number;
  height?: number;
  formatX?: (value: number) => string;
  formatY?: (value: number) => string;
}

const LEFT = 46;
const RIGHT = 10;
const TOP = 18;
const BOTTOM = 34;

/** Axes to draw on. Sizes are those of the picture's own coordinates, which scale with the page. */
export class SvgPlot {
  readonly root: SVGElement;
  private readonly area: { left: number; top: number; right: number; bottom: number };

  constructor(private readonly options: PlotOptions) {
    const { label, x, y, xLabel, yLabel, width = 300, height = 230 } = options;
    const { formatX = formatTick, formatY = formatTick } = options;
    this.area = { left: LEFT, top: TOP, right: width - RIGHT, bottom: height - BOTTOM };
    const { left, top, right, bottom } = this.area;
    this.root = svgElement("svg", {
      viewBox: `0 0 ${width} ${height}`,
      class: "svg-plot",
      role: "img",
      "aria-label": label,
    });
    for (const value of linearTicks(y[0], y[1], 4)) {
      const at = this.y(value);
      this.root.append(
        svgElement("path", { class: "svg-grid", d: `M${left} ${at}H${right}` }),
        svgElement("text", { class: "svg-tick", x: left - 5, y: at + 4, "text-anchor": "end" }, [
          formatY(value),
        ]),
      );
    }
    for (const value of linearTicks(x[0], x[1], 5)) {
      this.root.append(
        svgElement("text", { class: "svg-tick", x: this.x(value), y: bottom + 14, "text-anchor": "middle" }, [
          formatX(value),
        ]),
      );
    }
    this.root.append(
      svgElement("path", { class: "svg-axis", d: `M${left} ${top}V${bottom}H${right}` }),
      svgElement("text", { class: "svg-tick", x: right, y: bottom + 28, "text-anchor": "end" }, [xLabel]),
      svgElement("text", { class: "svg-tick", x: 2, y: top - 6 }, [yLabel]),
    );
  }

  x(value: number): number {
    const [low, high] = this.options.x;
    return round(this.area.left + ((value - low) / (high - low)) * (this.area.right - this.area.left));
  }

  y(value: number): number {
    const [low, high] = this.options.y;
    return round(this.area.bottom - ((value - low) / (high - low)) * (this.area.bottom - this.area.top));
  }

  /** Where values are not finite, the line is interrupted. */
  line(x: ArrayLike<number>, y: ArrayLike<number>, className: string, colour?: Rgb): this {
    let d = "";
    let begun = false;
    for (let i = 0; i < x.length; i++) {
      if (!Number.isFinite(y[i]) || !Number.isFinite(x[i])) {
        begun = false;
        continue;
      }
      d += `${begun ? "L" : "M"}${this.x(x[i])} ${this.y(y[i])}`;
      begun = true;
    }
    const style: Record<string, string> = colour ? { stroke: css(colour) } : {};
    this.root.append(svgElement("path", { class: className, d, fill: "none", ...style }));
    return this;
  }

  /** Points of a kind: a shape each, so that colour is not the only sign. */
  points(places: readonly { x: number; y: number; title?: string }[], kind: number, colour?: Rgb): this {
    const style: Record<string, string> = colour ? { fill: css(colour) } : {};
    for (const { x, y, title } of places) {
      if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
      const children = title === undefined ? [] : [svgElement("title", {}, [title])];
      const d = shape(kind, this.x(x), this.y(y));
      this.root.append(svgElement("path", { class: "svg-point", d, ...style }, children));
    }
    return this;
  }

  bars(edges: ArrayLike<number>, counts: ArrayLike<number>, title: (bin: number) => string): this {
    for (let bin = 0; bin < counts.length; bin++) {
      const [left, right] = [this.x(edges[bin]), this.x(edges[bin + 1])];
      const top = this.y(counts[bin]);
      this.root.append(
        svgElement(
          "rect",
          {
            class: "svg-bar",
            x: left,
            y: top,
            width: Math.max(0.5, right - left - 0.5),
            height: Math.max(0, this.area.bottom - top),
          },
          [svgElement("title", {}, [title(bin)])],
        ),
      );
    }
    return this;
  }
}

/** Circle, square, triangle, diamond, cross, triangle upside down. */
function shape(kind: number, x: number, y: number): string {
  const r = 3;
  switch (kind % 6) {
    case 1:
      return `M${x - r + 0.4} ${y - r + 0.4}h${2 * r - 0.8}v${2 * r - 0.8}h${-2 * r + 0.8}z`;
    case 2:
      return `M${x} ${y - r - 0.4}l${r + 0.4} ${2 * r}h${-2 * r - 0.8}z`;
    case 3:
      return `M${x} ${y - r - 0.8}l${r + 0.8} ${r + 0.8}l${-r - 0.8} ${r + 0.8}l${-r - 0.8} ${-r - 0.8}z`;
    case 4:
      return `M${x - 1} ${y - r}h2v2h2v2h-2v2h-2v-2h-2v-2h2z`;
    case 5:
      return `M${x} ${y + r + 0.4}l${-r - 0.4} ${-2 * r}h${2 * r + 0.8}z`;
    default:
      return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Limits around values with a little air. */
export function limitsAround(values: ArrayLike<number>, air = 0.04): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  if (!(low <= high)) return [0, 1];
  if (low === high) return [low - 0.5, high + 0.5];
  return [low - air * (high - low), high + air * (high - low)];
}
