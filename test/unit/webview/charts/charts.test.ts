/** The parts of charts that need no canvas. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { chartSvg } from "../../../../webview/charts/chartSvg";
import { chartCsv, tableRows } from "../../../../webview/charts/chartTable";
import {
  limitsOf,
  thinned,
  visiblePart,
  type LineStyle,
  type Plot,
} from "../../../../webview/charts/lineChart";
import { availableKinds, placed, xAxisOf } from "../../../../webview/charts/xAxis";
import { chosenRange, scaledLimits } from "../../../../webview/charts/zoom";
import type { Points } from "../../../../webview/series";

const style: LineStyle = { colour: [0, 0.5, 1], opacity: 1, width: 2, dash: [6, 3], markers: false };
const area = { left: 50, top: 10, right: 250, bottom: 110 };

function points(...places: [x: number, y: number][]): Points {
  return { x: Float64Array.from(places, ([x]) => x), y: Float64Array.from(places, ([, y]) => y) };
}

describe("The horizontal axis of a chart", () => {
  const scale = { stepsPerEpoch: 15, clock: points([10, 2], [20, 3], [40, 9]) };

  it("can be of what the run has", () => {
    assert.deepEqual(availableKinds(scale), ["step", "epoch", "time"]);
    assert.deepEqual(availableKinds({ stepsPerEpoch: null, clock: null }), ["step"]);
    assert.equal(xAxisOf("epoch", { stepsPerEpoch: null, clock: null }).kind, "step");
  });

  it("tells epochs and seconds from steps", () => {
    assert.equal(xAxisOf("epoch", scale).toX(30), 2);
    const time = xAxisOf("time", scale);
    assert.deepEqual(
      [0, 5, 10, 15, 30, 40, 80].map((step) => time.toX(step)),
      [0, 1, 2, 2.5, 6, 9, 18],
    );
    assert.deepEqual([...placed(points([15, 7]), time).x], [2.5]);
  });

  it("leads back to the step that it was told from", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("step", "epoch", "time"),
        fc.integer({ min: 0, max: 200 }),
        (kind, step) => {
          const axis = xAxisOf(kind, scale);
          assert.ok(Math.abs(axis.toStep(axis.toX(step)) - step) < 1e-9);
        },
      ),
    );
  });
});

describe("Zooming", () => {
  it("takes a range along the axis that was moved along, and a box where both were", () => {
    assert.equal(chosenRange(area, [100, 50], [103, 52]), null);
    assert.deepEqual(chosenRange(area, [150, 50], [100, 55])?.box, { ...area, left: 100, right: 150 });
    assert.deepEqual(chosenRange(area, [100, 90], [102, 40]), {
      box: { ...area, top: 40, bottom: 90 },
      sides: { x: false, y: true },
    });
    assert.deepEqual(chosenRange(area, [100, 90], [900, 40])?.box, {
      left: 100,
      right: 250,
      top: 40,
      bottom: 90,
    });
  });

  it("keeps the place under the pointer where it is", () => {
    const about = 30;
    const next = scaledLimits([0, 100], [0, 100], { factor: 0.5, about, by: 0, logarithmic: false });
    assert.deepEqual(next, [15, 65]);
    const log = scaledLimits([1, 10_000], [1, 10_000], { factor: 0.5, about: 100, by: 0, logarithmic: true });
    assert.ok(log && Math.abs(log[0] - 10) < 1e-9 && Math.abs(log[1] - 1000) < 1e-6);
  });

  it("never leaves the whole, and ends where all is seen", () => {
    const number = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        number,
        number,
        number,
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (a, b, at, factor) => {
          fc.pre(Math.abs(a - b) > 0.01);
          const limits = [Math.min(a, b), Math.max(a, b)] as const;
          const about = limits[0] + at * (limits[1] - limits[0]);
          const next = scaledLimits(limits, [0, 1], { factor, about, by: at - 0.5, logarithmic: false });
          if (!next) return;
          assert.ok(next[0] >= -1e-12 && next[1] <= 1 + 1e-12 && next[0] < next[1]);
        },
      ),
    );
    assert.equal(scaledLimits([40, 60], [0, 100], { factor: 9, about: 50, by: 0, logarithmic: false }), null);
  });
});

describe("What a chart draws", () => {
  const long = points(...Array.from({ length: 50 }, (_, i): [number, number] => [i, i * i]));

  it("is the part between the limits and one point more at each side", () => {
    const { points: part } = visiblePart(
      { points: long, style },
      { limits: [9.5, 20.5], logarithmic: false },
      false,
    );
    assert.deepEqual([part.x[0], part.x.at(-1)], [9, 21]);
    const log = visiblePart({ points: long, style }, { limits: [1, 49], logarithmic: true }, false);
    assert.equal(log.points.x[0], 1, "0 has no place on a logarithmic axis");
  });

  it("fits the values, and while a part is shown not the levels to compare with", () => {
    const line = { points: points([0, 1], [1, 2]), style };
    const level = { points: points([0, 90], [1, 90]), style: { ...style, constant: true } };
    const y = { logarithmic: false, limits: null, closer: false };
    assert.ok(limitsOf([line, level], y)[1] > 90);
    assert.ok(limitsOf([line, level], { ...y, closer: true })[1] < 3);
    const band = { low: Float64Array.of(-5, -5), high: Float64Array.of(7, 7) };
    const [low, high] = limitsOf([{ ...line, band }], y);
    assert.ok(low <= -5 && high >= 7);
  });

  it("keeps spikes when it is thinned on a logarithmic axis", () => {
    const x = Float64Array.from({ length: 5000 }, (_, i) => i + 1);
    const y = x.map((at) => (at === 4321 ? 99 : Math.sin(at)));
    const kept = thinned({ x, y }, { limits: [1, 5000], logarithmic: true }, 100);
    assert.ok(kept.x.length < 600 && kept.y.includes(99));
  });
});

describe("A chart as a file", () => {
  const curves = [
    { label: "Training", points: points([1, 0.5], [2, NaN], [4, 0.25]) },
    { label: 'a "b", c', points: points([2, 7], [4, 8]) },
  ];

  it("has a row of CSV for each step of any curve", () => {
    assert.equal(chartCsv(curves), 'step,Training,"a ""b"", c"\r\n1,0.5,\r\n2,NaN,7\r\n4,0.25,8\r\n');
  });

  it("is read as rows with the values there or before, within the part that is shown", () => {
    assert.deepEqual(tableRows(curves, [0, 9], 9), [
      { step: 1, values: [0.5, NaN] },
      { step: 2, values: [NaN, 7] },
      { step: 4, values: [0.25, 8] },
    ]);
    assert.deepEqual(
      tableRows(curves, [2, 9], 1).map(({ step }) => step),
      [2],
    );
  });

  it("is an SVG whose texts are escaped and whose gaps are gaps", () => {
    const plot: Plot = {
      lines: [{ points: points([0, 1], [1, NaN], [2, 3], [3, 1]), style }],
      x: { limits: [0, 3], logarithmic: false, label: "step", whole: true, format: String },
      y: { logarithmic: false, limits: [0, 4], closer: false },
      ranges: [],
      markers: [{ x: 2, label: "best epoch" }],
      cursor: null,
      selection: null,
    };
    const colours = { background: "#fff", foreground: "#000", muted: "#777", grid: "#ddd" };
    const svg = chartSvg({
      title: "a < b & c",
      plot,
      legend: [{ label: "Training", style }],
      width: 400,
      height: 200,
      ...colours,
      fontFamily: '"Segoe UI", sans-serif',
    });
    assert.match(svg, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="400"/);
    assert.match(svg, /a &#60; b &#38; c/);
    assert.match(svg, /best epoch/);
    assert.match(svg, /stroke-dasharray="6 3"/);
    // Two pieces: the gap is not bridged.
    assert.match(svg, /<path d="M[\d. ]+M[\d. ]+L[\d. ]+" stroke="rgb\(0,128,255\)"/);
    assert.equal(svg.split("<text").length - 1, svg.split("</text>").length - 1);
  });
});
