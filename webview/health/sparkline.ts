/** A curve as large as a word, in the colour of the text. Decoration: the value beside it says where it ends. */
import { setAttribute } from "../dom";
import type { Points } from "../series";
import { thinToPixels } from "../thin";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 72;
const HEIGHT = 18;
/** Half the width of the line. */
const EDGE = 1;

export function createSparkline(): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("class", "health-spark");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "path"));
  return svg;
}

export function updateSparkline(svg: SVGSVGElement, points: Points, lastStep: number, least = 0): void {
  const path = svg.firstElementChild;
  if (path) setAttribute(path, "d", sparklinePath(points, lastStep, least));
}

/**
 * The "d" of a path; empty where there is no line to draw. Values that are not finite are passed over.
 *
 * @param least the difference that may fill the height: a smaller one is no change
 */
export function sparklinePath(points: Points, lastStep: number, least = 0): string {
  const { x, y } = thinToPixels(points, 0, Math.max(1, lastStep), WIDTH);
  const drawn = Array.from(x, (step, i) => [step, y[i]]).filter(([, value]) => Number.isFinite(value));
  if (drawn.length < 2) return "";
  const values = drawn.map(([, value]) => value);
  const low = Math.min(...values);
  const difference = Math.max(...values) - low;
  const span = difference >= least ? difference : 0;
  const places = drawn.map(([step, value]) => {
    const across = EDGE + (step / Math.max(1, lastStep)) * (WIDTH - 2 * EDGE);
    // One that does not change lies in the middle.
    const up = span > 0 ? (value - low) / span : 0.5;
    return `${across.toFixed(1)} ${(HEIGHT - EDGE - up * (HEIGHT - 2 * EDGE)).toFixed(1)}`;
  });
  return `M${places.join("L")}`;
}
