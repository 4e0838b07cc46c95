/** The chart of a learning-rate range test, as a page without scripts. */
import type { RangeTest } from "../protocol/rangeTest";

const width = 760;
const height = 420;
const margin = { left: 64, right: 20, top: 20, bottom: 52 };

/** Losses this many times the range above the lowest are cut off: the last ones run away. */
const headroom = 1.2;

/**
 * @param sentence what the test found
 * @param nonce allows the page's own style and nothing else
 */
export function rangeChartPage(name: string, test: RangeTest, sentence: string, nonce: string): string {
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeText(name)}</title>
<style nonce="${nonce}">
body { padding: 12px 20px; }
svg { width: 100%; max-width: 900px; height: auto; font: 12px var(--vscode-font-family); }
text { fill: var(--vscode-descriptionForeground); }
.axis { stroke: var(--vscode-descriptionForeground); stroke-width: 1; fill: none; }
.each { stroke: var(--vscode-charts-blue); stroke-opacity: 0.35; fill: none; }
.mean { stroke: var(--vscode-charts-blue); stroke-width: 2.5; fill: none; }
.now { stroke: var(--vscode-charts-foreground); stroke-dasharray: 4 4; }
.choice { stroke: var(--vscode-charts-green); stroke-width: 2; }
.lowest { fill: var(--vscode-charts-orange); }
</style>
</head>
<body>
<h1>Learning rates of ${escapeText(name)}</h1>
<p>${escapeText(sentence)}</p>
${rangeChart(test)}
<p>Each step of the test has a larger learning rate than the one before; the thick line is the running mean of the batches' losses.
Where it begins to rise is the limit.</p>
</body>
</html>
`;
}

/** The losses against the learning rates, whose axis is logarithmic. */
export function rangeChart(test: RangeTest): string {
  const { learningRates, losses, smoothed, suggestion, current, lowest } = test;
  const right = width - margin.right;
  const bottom = height - margin.bottom;
  const from = Math.floor(Math.log10(learningRates.at(0) ?? 1e-6) + 1e-9);
  const to = Math.ceil(Math.log10(learningRates.at(-1) ?? 1) - 1e-9);
  const low = Math.min(...smoothed);
  const first = smoothed.at(0) ?? 1;
  const high = Math.max(low + headroom * (first - low), first, low + 1e-9);
  const x = (rate: number): number =>
    margin.left + ((Math.log10(rate) - from) / Math.max(1, to - from)) * (right - margin.left);
  const y = (loss: number): number =>
    Math.max(margin.top, bottom - ((loss - low) / (1.05 * (high - low))) * (bottom - margin.top - 6) - 6);
  const line = (values: Float64Array): string =>
    Array.from(values, (loss, i) => `${x(learningRates[i]).toFixed(1)},${y(loss).toFixed(1)}`).join(" ");
  const ticks = Array.from({ length: to - from + 1 }, (_, i) => from + i).map(
    (power) =>
      `<path class="axis" d="M${x(10 ** power)} ${bottom}v5"/><text x="${x(10 ** power)}" y="${bottom + 19}" text-anchor="middle">${powerText(power)}</text>`,
  );
  const levels = [low, (low + high) / 2, high].map(
    (loss) => `<text x="${margin.left - 8}" y="${y(loss) + 4}" text-anchor="end">${numberText(loss)}</text>`,
  );
  const inside = (rate: number): boolean => x(rate) >= margin.left && x(rate) <= right;
  const mark = (rate: number, kind: string, text: string, at: number): string =>
    inside(rate)
      ? `<path class="${kind}" d="M${x(rate)} ${margin.top}V${bottom}"/><text x="${x(rate) + 5}" y="${at}">${text}</text>`
      : "";
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Loss against learning rate">
<path class="axis" d="M${margin.left} ${margin.top}V${bottom}H${right}"/>
${[...ticks, ...levels].join("\n")}
<text x="${right}" y="${height - 10}" text-anchor="end">learning rate</text>
<text x="${margin.left + 6}" y="${margin.top - 6}">loss</text>
<polyline class="each" points="${line(losses)}"/>
<polyline class="mean" points="${line(smoothed)}"/>
${mark(current, "now", `now ${current}`, margin.top + 12)}
${suggestion === null ? "" : mark(suggestion, "choice", `suggested ${suggestion}`, margin.top + 28)}
<circle class="lowest" cx="${x(lowest)}" cy="${y(low)}" r="4.5"/>
</svg>`;
}

function powerText(power: number): string {
  return power >= -3 && power <= 3
    ? String(Number((10 ** power).toPrecision(1)))
    : `1e${power}`.replace("-", "−");
}

function numberText(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
