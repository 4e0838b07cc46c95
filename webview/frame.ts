/**
 * Coalesces redraws: however often something changes, it is drawn at most once a frame, and not at all while
 * the view is hidden. What was missed is drawn when it shows again.
 */
export function createFrame(draw: () => void): { request: () => void } {
  let requested = false;
  let missed = false;
  const request = (): void => {
    if (document.hidden) {
      missed = true;
      return;
    }
    if (requested) return;
    requested = true;
    requestAnimationFrame(() => {
      requested = false;
      draw();
    });
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !missed) return;
    missed = false;
    request();
  });
  return { request };
}
