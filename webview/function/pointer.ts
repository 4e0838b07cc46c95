/** What a mouse, a pen or a finger does to a map: takes hold of the start, moves the map, zooms, points. */
import type { Box } from "../trajectory/fit";
import { fromX, fromY, type View } from "./view";

export interface PointerTarget {
  picture(): { view: View; box: Box } | null;
  /** Whether the start lies under these pixels. */
  isStart(x: number, y: number): boolean;
  /** Returns what moves the start by so much from where it was. */
  startTaken(): (da: number, db: number) => void;
  startLeft(): void;
  /** @param view as it was when the moving began */
  pan(view: View, da: number, db: number): void;
  zoom(view: View, factor: number, a: number, b: number): void;
  hover(x: number | null, y: number | null): void;
}

export function followPointer(canvas: HTMLCanvasElement, target: PointerTarget): void {
  /** While a button is down. */
  let drag: ((event: PointerEvent) => void) | null = null;
  let holdsStart = false;

  canvas.addEventListener("pointerdown", (event) => {
    const picture = target.picture();
    if (!picture || event.button !== 0) return;
    const { view, box } = picture;
    const [x, y] = [event.offsetX, event.offsetY];
    canvas.setPointerCapture(event.pointerId);
    canvas.focus();
    const unitsA = (view.a[1] - view.a[0]) / box.width;
    const unitsB = (view.b[1] - view.b[0]) / box.height;
    holdsStart = target.isStart(x, y);
    canvas.classList.toggle("holding", holdsStart);
    canvas.classList.toggle("panning", !holdsStart);
    const move = holdsStart
      ? target.startTaken()
      : (da: number, db: number): void => target.pan(view, -da, -db);
    drag = (moved) => move((moved.offsetX - x) * unitsA, -(moved.offsetY - y) * unitsB);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (drag) {
      drag(event);
      return;
    }
    const over = target.isStart(event.offsetX, event.offsetY);
    canvas.classList.toggle("over-start", over);
    target.hover(over ? null : event.offsetX, event.offsetY);
  });
  const release = (): void => {
    if (!drag) return;
    drag = null;
    canvas.classList.remove("holding", "panning");
    if (holdsStart) target.startLeft();
    holdsStart = false;
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => target.hover(null, null));
  canvas.addEventListener(
    "wheel",
    (event) => {
      const picture = target.picture();
      if (!picture || event.deltaY === 0) return;
      event.preventDefault();
      const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1);
      const factor = Math.exp(Math.max(-1, Math.min(1, pixels / 300)));
      const { view, box } = picture;
      target.zoom(view, factor, fromX(view, box, event.offsetX), fromY(view, box, event.offsetY));
    },
    { passive: false },
  );
}
