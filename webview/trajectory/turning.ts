/** Turns a scene by pointer, wheel and keys. */
import { startingCamera, turned, zoomedBy, type Camera } from "./scene";

export interface Turnable {
  /** Whether there is a scene to turn. */
  active(): boolean;
  camera(): Camera;
  turn(camera: Camera): void;
}

/** Radians a pixel. */
const speed = 1 / 150;
/** Of a key. */
const angle = Math.PI / 24;

/** Dragging turns, the wheel zooms. Over anything else the wheel scrolls the panel. */
export function followTurning(canvas: HTMLCanvasElement, scene: Turnable): void {
  /** While a button is down: the camera and the place from which it is turned. */
  let drag: { x: number; y: number; camera: Camera } | null = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (!scene.active() || event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    canvas.focus();
    drag = { x: event.offsetX, y: event.offsetY, camera: scene.camera() };
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [dx, dy] = [event.offsetX - drag.x, event.offsetY - drag.y];
    scene.turn(turned(drag.camera, -dx * speed, dy * speed));
  });
  const release = (): void => void (drag = null);
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!scene.active() || event.deltaY === 0) return;
      event.preventDefault();
      scene.turn(zoomedBy(scene.camera(), Math.exp(-Math.max(-1, Math.min(1, event.deltaY / 300)))));
    },
    { passive: false },
  );
}

/** The camera after a key, or null for a key that turns nothing. */
export function turnedByKey(camera: Camera, key: string): Camera | null {
  switch (key) {
    case "ArrowLeft":
      return turned(camera, angle, 0);
    case "ArrowRight":
      return turned(camera, -angle, 0);
    case "ArrowUp":
      return turned(camera, 0, angle);
    case "ArrowDown":
      return turned(camera, 0, -angle);
    case "+":
    case "=":
      return zoomedBy(camera, 1.25);
    case "-":
      return zoomedBy(camera, 0.8);
    case "0":
      return startingCamera;
    default:
      return null;
  }
}
