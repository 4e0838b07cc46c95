// How long a frame takes while the start of a function is dragged on its map: node test/bench/dragStart.mjs
// The panel runs in a headless browser without a graphics card, fed by test/webview; a frame has 16.7 ms at 60 a second.
import { launchBrowser } from "../../scripts/editor/browser.mjs";
import { serve } from "../webview/serve.mjs";

const frames = 120;
const { server, url } = await serve();
const browser = await launchBrowser();
console.log("| function | script, median | script, 95 % | between frames, median |");
console.log("|---|---|---|---|");
for (const scene of ["f-rosenbrock", "f-himmelblau", "f-rastrigin", "f-narrow-bowl", "f-curve", "f-plane"]) {
  const page = await browser.newPage({ viewport: { width: 1400, height: 850 } });
  await page.goto(`${url}/panel?scene=${scene}&theme=Default Dark Modern`);
  await page.waitForTimeout(800);
  const { script, between } = await page.evaluate(async (count) => {
    const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector("#map-canvas"));
    const { left, top, width, height } = canvas.getBoundingClientRect();
    /** @type {(type: string, x: number, y: number) => void} */
    const point = (type, x, y) =>
      void canvas.dispatchEvent(
        new PointerEvent(type, {
          clientX: left + x,
          clientY: top + y,
          pointerId: 1,
          button: 0,
          bubbles: true,
        }),
      );
    canvas.setPointerCapture = () => undefined;
    let start = null;
    for (let y = 10; y < height && !start; y += 8) {
      for (let x = 50; x < width && !start; x += 8) {
        point("pointermove", x, y);
        if (canvas.classList.contains("over-start")) start = [x, y];
      }
    }
    if (!start) throw new Error("There is no start on the map.");
    const [x, y] = start;
    point("pointerdown", x, y);
    /** @type {number[]} */
    const scriptTimes = [];
    /** @type {number[]} */
    const stamps = [];
    for (let i = 0; i < count; i++) {
      point("pointermove", x + 60 * Math.sin(i / 9), y + 40 * Math.sin(i / 7));
      // Asked for after the page's own frame, so that it runs when that has been drawn.
      await new Promise((resolve) => {
        requestAnimationFrame((stamp) => {
          scriptTimes.push(performance.now() - stamp);
          stamps.push(stamp);
          resolve(undefined);
        });
      });
    }
    point("pointerup", x, y);
    return { script: scriptTimes, between: stamps.slice(1).map((stamp, i) => stamp - stamps[i]) };
  }, frames);
  const quantile = (/** @type {number[]} */ values, /** @type {number} */ q) =>
    values.sort((a, b) => a - b)[Math.floor(q * (values.length - 1))].toFixed(1);
  console.log(
    `| ${scene.slice(2)} | ${quantile(script, 0.5)} ms | ${quantile(script, 0.95)} ms | ${quantile(between, 0.5)} ms |`,
  );
  await page.close();
}
await browser.close();
server.close();
process.exit(0);
