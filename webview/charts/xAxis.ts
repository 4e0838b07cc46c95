/** What runs along the horizontal axis of a chart. Curves know steps; epochs and time are told from them. */
import { formatCount, formatDuration, formatStepTick, formatTick } from "../format";
import type { Points } from "../series";

export const xKinds = ["step", "epoch", "time"] as const;
export type XKind = (typeof xKinds)[number];

/** How steps of a run become epochs and seconds. */
export interface StepScale {
  stepsPerEpoch: number | null;
  /** Seconds since the run began (y) at some steps (x), ascending; null where nothing is known of it. */
  clock: Points | null;
}

export interface XAxis {
  kind: XKind;
  label: string;
  /** Only whole numbers have a tick. */
  whole: boolean;
  toX(step: number): number;
  toStep(x: number): number;
  formatTick(x: number): string;
  /** Where the cursor stands, in words. */
  describe(x: number): string;
}

/** The kinds of axis that a run has. */
export function availableKinds({ stepsPerEpoch, clock }: StepScale): XKind[] {
  return [
    "step",
    ...(stepsPerEpoch === null ? [] : ["epoch" as const]),
    ...(clock && clock.x.length > 0 ? ["time" as const] : []),
  ];
}

/** An axis of the wanted kind, or of steps where the run has none of that kind. */
export function xAxisOf(wanted: XKind, scale: StepScale): XAxis {
  const { stepsPerEpoch, clock } = scale;
  if (wanted === "epoch" && stepsPerEpoch !== null) {
    return {
      kind: "epoch",
      label: "epoch",
      whole: false,
      toX: (step) => step / stepsPerEpoch,
      toStep: (x) => x * stepsPerEpoch,
      formatTick: formatStepTick,
      describe: (x) => `epoch ${Number(x.toFixed(2))}`,
    };
  }
  if (wanted === "time" && clock && clock.x.length > 0) {
    return {
      kind: "time",
      label: "seconds",
      whole: false,
      toX: (step) => along(clock.x, clock.y, step),
      toStep: (x) => along(clock.y, clock.x, x),
      formatTick,
      describe: formatDuration,
    };
  }
  return {
    kind: "step",
    label: "step",
    whole: true,
    toX: (step) => step,
    toStep: (x) => x,
    formatTick: formatStepTick,
    describe: (x) => `step ${formatCount(x)}`,
  };
}

/** Straight from (0, 0) through all given places, and on beyond the last one as fast as all in all. */
function along(from: Float64Array, to: Float64Array, at: number): number {
  const last = from.length - 1;
  if (!(at > 0)) return 0;
  if (at >= from[last]) return from[last] > 0 ? to[last] * (at / from[last]) : to[last];
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (from[middle] >= at) high = middle;
    else low = middle + 1;
  }
  const [x0, y0] = low === 0 ? [0, 0] : [from[low - 1], to[low - 1]];
  const span = from[low] - x0;
  return span > 0 ? y0 + ((to[low] - y0) * (at - x0)) / span : to[low];
}

/** The points with their steps turned into places on the axis. */
export function placed(points: Points, axis: XAxis): Points {
  return axis.kind === "step" ? points : { x: points.x.map((step) => axis.toX(step)), y: points.y };
}
