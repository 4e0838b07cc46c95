/** How the ends of several runs are spread: one mark a run along the value that is compared. */
import { css } from "../colour";
import { element, setAttribute, setText } from "../dom";
import { formatNumber, formatTick } from "../format";
import { theme } from "../theme";
import { linearTicks } from "../ticks";
import { runColour } from "./runLook";

/** Of fewer runs the table says it all. */
export const FEWEST = 5;

export interface Ended {
  label: string;
  value: number;
  /** In the comparison, for its colour. */
  place: number;
}

/** One sentence: the lowest, the middle and the highest of the values. */
export function spreadSentence(what: string, ended: readonly Ended[]): string {
  if (ended.length === 0) return "No run has ended yet.";
  const sorted = [...ended].sort((a, b) => a.value - b.value);
  const middle = (sorted[(sorted.length - 1) >> 1].value + sorted[sorted.length >> 1].value) / 2;
  const lowest = sorted[0];
  const highest = sorted[sorted.length - 1];
  return (
    `${what} at the end of ${ended.length} runs: lowest ${formatNumber(lowest.value)} (${lowest.label}), ` +
    `median ${formatNumber(middle)}, highest ${formatNumber(highest.value)} (${highest.label}).`
  );
}

/** Marks that would lie on each other are stacked. Returns how high each lies, in marks. */
export function stacked(pixels: readonly number[], size: number): number[] {
  const placed: { x: number; level: number }[] = [];
  return pixels.map((x) => {
    const taken = new Set(placed.filter((other) => Math.abs(other.x - x) < size).map(({ level }) => level));
    let level = 0;
    while (taken.has(level)) level++;
    placed.push({ x, level });
    return level;
  });
}

const MARK = 9;

export class SpreadCard {
  private readonly canvas = element("canvas", "", { role: "img", id: "spread-canvas" });
  private readonly plot = element("div", "plot", {}, [this.canvas]);
  private readonly facts = element("figcaption", "facts");
  private readonly title = element("h2", "", { id: "spread-title" }, ["Spread"]);
  readonly root = element("figure", "card spread-card", { "aria-labelledby": "spread-title" }, [
    element("div", "card-head", {}, [element("div", "card-title", {}, [this.title])]),
    this.plot,
    this.facts,
  ]);

  constructor(redraw: () => void) {
    new ResizeObserver(redraw).observe(this.plot);
  }

  update(what: string, ended: readonly Ended[]): void {
    const text = spreadSentence(what, ended);
    setText(this.facts, text);
    setAttribute(this.canvas, "aria-label", text);
    const { clientWidth: width, clientHeight: height } = this.plot;
    if (width === 0 || height === 0) return;
    const ratio = window.devicePixelRatio;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    const context = this.canvas.getContext("2d");
    if (!context || ended.length === 0) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const colours = theme();
    const values = ended.map(({ value }) => value);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const air = high > low ? 0.05 * (high - low) : Math.max(1e-12, Math.abs(low) * 0.1);
    const [left, right, bottom] = [14, width - 14, height - 22];
    const toX = (value: number): number =>
      left + ((value - low + air) / (high - low + 2 * air)) * (right - left);
    context.font = `11px ${colours.fontFamily}`;
    context.fillStyle = css(colours.muted);
    context.strokeStyle = colours.grid;
    context.textAlign = "center";
    context.textBaseline = "top";
    context.beginPath();
    context.moveTo(left, bottom + 0.5);
    context.lineTo(right, bottom + 0.5);
    for (const tick of linearTicks(low - air, high + air, Math.max(3, width / 90))) {
      const x = Math.round(toX(tick)) + 0.5;
      context.moveTo(x, bottom);
      context.lineTo(x, bottom + 4);
      context.fillText(formatTick(tick), x, bottom + 6);
    }
    context.stroke();
    const pixels = values.map(toX);
    const levels = stacked(pixels, MARK);
    ended.forEach(({ place }, i) => {
      context.beginPath();
      context.arc(pixels[i], bottom - MARK / 2 - 2 - levels[i] * MARK, MARK / 2 - 0.75, 0, 2 * Math.PI);
      context.fillStyle = css(runColour(place));
      context.fill();
    });
  }
}
