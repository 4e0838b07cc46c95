/** The decrease ratio of the steps that were looked at, over its bands. */
import type { Curve, CurvePicture } from "../charts/curveCard";
import { formatNumber } from "../format";
import type { Points } from "../series";
import { theme } from "../theme";
import { bandOf, ratioBands, verdict, type BandName } from "./bands";

/** Probes to average. */
const WINDOW = 16;

/** What the axis shows at least, and at most: a step that goes wrong may have a ratio of minus thousands. */
const least = [-0.3, 1.2] as const;
const most = [-2, 2.5] as const;

export function ratioPicture(points: Points, lastStep: number, noisy: boolean): CurvePicture {
  const { judged, gradient, highContrast } = theme();
  const colours: Record<BandName, typeof gradient> = {
    timid: judged.calm,
    good: judged.good,
    overshooting: judged.doubtful,
    rising: judged.bad,
  };
  const averaged = noisy && points.x.length > 2 * WINDOW;
  const single: Curve = {
    id: "ratio",
    label: "ρ of each probe",
    tooltip: "Decrease ratio of single steps, with the rows and the dropout of each.",
    points,
    style: {
      colour: gradient,
      opacity: averaged ? (highContrast ? 0.5 : 0.35) : 1,
      width: 1,
      dash: [],
      markers: true,
    },
  };
  const mean: Curve = {
    id: "mean",
    label: `Median of ${WINDOW}`,
    tooltip: `Median of the latest ${WINDOW} probes: one bad batch does not move it.`,
    points: runningMedian(points, WINDOW),
    style: { colour: gradient, opacity: 1, width: 2, dash: [], markers: false },
  };
  const last = points.y.length - 1;
  return {
    curves: averaged ? [single, mean] : [single],
    lastStep,
    summary:
      last < 0
        ? "No step has been looked at yet."
        : `Decrease ratio ${formatNumber(points.y[last], 3)}, ${bandOf(points.y[last]).label}, at step ${points.x[last]}. ${verdict(points.y)}`,
    bands: ratioBands.map(({ name, label, from, to }) => ({ label, from, to, colour: colours[name] })),
    range: (low, high) => [
      Math.max(most[0], Math.min(least[0], low)),
      Math.min(most[1], Math.max(least[1], high)),
    ],
  };
}

/** Of the latest values at each point; a mean would follow the one step in a thousand that went wrong. */
export function runningMedian({ x, y }: Points, window: number): Points {
  const medians = y.map((_, i) => {
    const latest = Array.from(y.subarray(Math.max(0, i + 1 - window), i + 1)).sort((a, b) => a - b);
    const middle = latest.length >> 1;
    return latest.length % 2 === 1 ? latest[middle] : (latest[middle - 1] + latest[middle]) / 2;
  });
  return { x, y: medians };
}
