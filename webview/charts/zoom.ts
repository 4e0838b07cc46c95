/** Zooming a chart: drag a range, turn the wheel, double-click to see all again. */
import type { Limits, PixelBox } from "./lineChart";

/** null: as the values ask. */
export interface Zoom {
  x: Limits | null;
  y: Limits | null;
}

export const wholeView: Zoom = { x: null, y: null };

export interface ZoomTarget {
  /** The plot within the canvas. */
  area(): PixelBox;
  /** Draws what is being chosen; null when nothing is any more. */
  select(box: PixelBox | null): void;
  zoomTo(box: PixelBox, sides: { x: boolean; y: boolean }): void;
  /** Closer for a factor below 1, about a place in pixels. */
  scale(factor: number, x: number): void;
  /** Pixels to the right. */
  pan(pixels: number): void;
  reset(): void;
}

/** Pixels: what moves less is a click, or a range in the other direction only. */
const SLACK = 6;

export function listenForZoom(canvas: HTMLCanvasElement, target: ZoomTarget): void {
  canvas.addEventListener("pointerdown", (press) => {
    if (press.button !== 0) return;
    const { offsetX, offsetY, shiftKey } = press;
    const area = target.area();
    if (offsetX < area.left - 4 || offsetX > area.right + 4) return;
    canvas.setPointerCapture(press.pointerId);
    const ending = new AbortController();
    const { signal } = ending;
    let last = offsetX;
    let chosen: { box: PixelBox; sides: { x: boolean; y: boolean } } | null = null;
    const move = (event: PointerEvent): void => {
      if (shiftKey) {
        target.pan(event.offsetX - last);
        last = event.offsetX;
        return;
      }
      chosen = chosenRange(area, [offsetX, offsetY], [event.offsetX, event.offsetY]);
      target.select(chosen?.box ?? null);
    };
    const end = (): void => {
      ending.abort();
      target.select(null);
    };
    canvas.addEventListener("pointermove", move, { signal });
    canvas.addEventListener("pointercancel", end, { signal });
    canvas.addEventListener(
      "keydown",
      (event) => {
        if (event.key === "Escape") end();
      },
      { signal },
    );
    canvas.addEventListener(
      "pointerup",
      () => {
        end();
        if (chosen) target.zoomTo(chosen.box, chosen.sides);
      },
      { signal },
    );
  });
  canvas.addEventListener("dblclick", () => target.reset());
  canvas.addEventListener(
    "wheel",
    (event) => {
      // The page scrolls over charts that nobody has clicked. A pinch comes as a wheel with Ctrl.
      if (!event.ctrlKey && !event.metaKey && document.activeElement !== canvas) return;
      event.preventDefault();
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) target.pan(-event.deltaX);
      else
        target.scale(
          Math.exp(Math.sign(event.deltaY) * Math.min(0.5, Math.abs(event.deltaY) / 300)),
          event.offsetX,
        );
    },
    { passive: false },
  );
}

/** What lies between two places: a range along one axis where the other moved little, else a box. */
export function chosenRange(
  area: PixelBox,
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
): { box: PixelBox; sides: { x: boolean; y: boolean } } | null {
  const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
  const wide = Math.abs(x1 - x0) >= SLACK;
  const high = Math.abs(y1 - y0) >= SLACK;
  if (!wide && !high) return null;
  // Ranges of steps are what is looked for mostly: a hand that shakes means no box.
  const y = high && (!wide || Math.abs(y1 - y0) >= 3 * SLACK);
  const box = {
    left: wide ? clamp(Math.min(x0, x1), area.left, area.right) : area.left,
    right: wide ? clamp(Math.max(x0, x1), area.left, area.right) : area.right,
    top: y ? clamp(Math.min(y0, y1), area.top, area.bottom) : area.top,
    bottom: y ? clamp(Math.max(y0, y1), area.top, area.bottom) : area.bottom,
  };
  return box.right > box.left && box.bottom > box.top ? { box, sides: { x: wide, y } } : null;
}

/**
 * Limits scaled about a place and moved by a part of their width, kept within the whole; null when they are the whole.
 *
 * @param logarithmic scale and move in the logarithm
 */
export function scaledLimits(
  [low, high]: Limits,
  whole: Limits,
  { factor, about, by, logarithmic }: { factor: number; about: number; by: number; logarithmic: boolean },
): Limits | null {
  const to = logarithmic ? Math.log : (value: number) => value;
  const back = logarithmic ? Math.exp : (value: number) => value;
  const [a, b, start, end, centre] = [low, high, whole[0], whole[1], about].map(to);
  const width = Math.min(end - start, Math.max((b - a) * factor, (end - start) * 1e-6));
  const from = centre - ((centre - a) / (b - a)) * width + by * width;
  const left = Math.min(end - width, Math.max(start, from));
  return width >= (end - start) * 0.999 ? null : [back(left), back(left + width)];
}
