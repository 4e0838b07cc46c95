/** The surface in three dimensions, with the path on it. */
import { css, type Rgb } from "../colour";
import { surfaceColour } from "../surface/contours";
import { drawLegend, LEGEND_WIDTH } from "../surface/legend";
import type { Theme } from "../theme";
import { drawDiamond } from "./diamond";
import type { Box } from "./fit";
import type { Scene, Seen } from "./scene";

const FONT_SIZE = 11;
const cells = 56;

export interface ScenePicture {
  scene: Scene;
  theme: Theme;
  /** The path, in the coordinates of the surface; null where there is none on this plane. */
  path: { a: Float64Array; b: Float64Array } | null;
  /** Index of the point that is pointed at, −1 for none. */
  highlighted: number;
  currentLabel: string;
  labels: [string, string];
  width: number;
  height: number;
}

export function sceneBox(width: number, height: number): Box {
  return {
    left: 8,
    top: 8,
    width: Math.max(20, width - 16 - LEGEND_WIDTH),
    height: Math.max(20, height - 20),
  };
}

export function drawScene(context: CanvasRenderingContext2D, picture: ScenePicture): void {
  const { scene, theme, path, width, height } = picture;
  context.clearRect(0, 0, width, height);
  context.font = `${FONT_SIZE}px ${theme.fontFamily}`;
  context.lineJoin = context.lineCap = "round";
  drawBase(context, picture);
  const palette = Array.from({ length: 128 }, (_, i) => surfaceColour(theme, i / 127));
  for (const piece of scene.pieces(cells, path)) {
    if (piece.kind === "face") {
      const colour = css(lit(palette[Math.round(piece.height * 127)], piece.light));
      context.beginPath();
      piece.corners.forEach(({ x, y }, i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
      context.closePath();
      context.fillStyle = colour;
      context.fill();
      // Else the background shows between faces; where contrast is high, lines tell the shape.
      context.strokeStyle = theme.highContrast ? css(theme.foreground, 0.35) : colour;
      context.lineWidth = theme.highContrast ? 0.5 : 0.75;
      context.stroke();
      continue;
    }
    // The rim of a piece must not cover the line of the one before.
    for (const [colour, thickness, cap] of [
      [css(theme.background), 5, "butt"],
      [css(theme.foreground), 2.25, "round"],
    ] as const) {
      context.lineCap = cap;
      context.strokeStyle = colour;
      context.lineWidth = thickness;
      context.beginPath();
      context.moveTo(piece.from.x, piece.from.y);
      context.lineTo(piece.to.x, piece.to.y);
      context.stroke();
    }
  }
  drawMarks(context, picture);
  drawLegend(context, scene.levels, { ...sceneBox(width, height), top: 8 }, theme, "loss");
}

/** The base, whose near edges carry the names of the directions. */
function drawBase(context: CanvasRenderingContext2D, { scene, theme, labels }: ScenePicture): void {
  const { a, b } = scene.field.region;
  const corner = (i: 0 | 1, j: 0 | 1, height = 0): Seen => scene.see(a[i], b[j], height);
  const ring = [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)];
  context.strokeStyle = css(theme.muted, theme.highContrast ? 1 : 0.5);
  context.lineWidth = 1;
  context.beginPath();
  ring.forEach(({ x, y }, i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.closePath();
  context.stroke();
  // The vertical edge that is farthest away stands behind the surface.
  const farthest = ring.reduce((best, seen, i) => (seen.depth > ring[best].depth ? i : best), 0);
  const foot = ring[farthest];
  const head = [corner(0, 0, 1), corner(1, 0, 1), corner(1, 1, 1), corner(0, 1, 1)][farthest];
  context.beginPath();
  context.moveTo(foot.x, foot.y);
  context.lineTo(head.x, head.y);
  context.stroke();
  context.fillStyle = css(theme.muted);
  context.textBaseline = "middle";
  const name = (text: string, edges: [Seen, Seen][]): void => {
    const nearest = edges.reduce((best, edge) =>
      edge[0].depth + edge[1].depth < best[0].depth + best[1].depth ? edge : best,
    );
    const middle = { x: (nearest[0].x + nearest[1].x) / 2, y: (nearest[0].y + nearest[1].y) / 2 };
    const centre = (ring[0].x + ring[2].x) / 2;
    context.textAlign = middle.x < centre - 4 ? "right" : middle.x > centre + 4 ? "left" : "center";
    context.fillText(text, middle.x + Math.sign(middle.x - centre) * 6, middle.y + 10);
  };
  name(labels[0], [
    [ring[0], ring[1]],
    [ring[3], ring[2]],
  ]);
  name(labels[1], [
    [ring[0], ring[3]],
    [ring[1], ring[2]],
  ]);
}

/** Start, end and the point that is pointed at are never hidden: the surface is looked at for their sake. */
function drawMarks(
  context: CanvasRenderingContext2D,
  { scene, theme, path, highlighted, currentLabel }: ScenePicture,
): void {
  const seen = (i: number): Seen | null => {
    if (!path || i < 0 || i >= path.a.length) return null;
    const height = scene.heightAt(path.a[i], path.b[i]);
    return Number.isNaN(height) ? null : scene.see(path.a[i], path.b[i], height);
  };
  const start = seen(0);
  if (start) {
    context.beginPath();
    context.arc(start.x, start.y, 5, 0, 2 * Math.PI);
    context.fillStyle = css(theme.background);
    context.fill();
    context.strokeStyle = css(theme.foreground);
    context.lineWidth = 2;
    context.stroke();
    label(context, theme, start, "start");
  }
  const end = path ? seen(path.a.length - 1) : scene.see(0, 0, scene.heightAt(0, 0));
  if (end && Number.isFinite(end.y)) {
    drawDiamond(context, theme, end.x, end.y, 6.5);
    if (!start || Math.hypot(end.x - start.x, end.y - start.y) > 30) label(context, theme, end, currentLabel);
  }
  const pointed = seen(highlighted);
  if (!pointed) return;
  context.beginPath();
  context.arc(pointed.x, pointed.y, 7, 0, 2 * Math.PI);
  context.strokeStyle = css(theme.foreground);
  context.lineWidth = 1.5;
  context.stroke();
}

function label(context: CanvasRenderingContext2D, theme: Theme, { x, y }: Seen, text: string): void {
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 3;
  context.strokeStyle = css(theme.background, 0.85);
  context.strokeText(text, x, y - 16);
  context.fillStyle = css(theme.foreground);
  context.fillText(text, x, y - 16);
}

function lit(colour: Rgb, light: number): Rgb {
  const factor = 0.62 + 0.48 * light;
  const channel = (value: number): number => Math.min(1, value * factor);
  return [channel(colour[0]), channel(colour[1]), channel(colour[2])];
}
