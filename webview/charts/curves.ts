/** Which curves the charts show of a run. */
import type { Baseline, Metrics } from "../../src/protocol/run";
import { changeMarkers } from "../change/marks";
import type { Rgb } from "../colour";
import { formatCount, formatNumber } from "../format";
import type { Points } from "../series";
import { meanWindow, runningMean } from "../smooth";
import type { RunState } from "../store";
import { theme } from "../theme";
import { metricInfo, metricLabel, type MetricName } from "../metrics";
import type { Curve, CurvePicture, Marker } from "./curveCard";
import { cutAbove, highest } from "./cutAbove";
import type { StepScale } from "./xAxis";

/** Up to so many epochs, the loss at their ends is too coarse a line to follow. */
const FEW_EPOCHS = 10;

const NO_POINTS: Points = { x: new Float64Array(), y: new Float64Array() };

export function lastStep(run: RunState): number {
  const lasts = [
    run.loss.lastX,
    ...[...run.epochs.values()].map((series) => series.lastX),
    run.progress?.step ?? 0,
  ];
  return Math.max(0, ...lasts);
}

/** How the steps of a run become epochs and seconds. */
export function scaleOf(run: RunState): StepScale {
  return {
    stepsPerEpoch: run.description?.stepsPerEpoch ?? null,
    clock: run.clock.empty ? null : run.clock.points(),
  };
}

function chosenWindow(chosen: number | "auto", automatic: number | null): number | null {
  return chosen === "auto" ? automatic : chosen === 0 ? null : chosen;
}

/** Where the metric was best on the rows that are watched; not worth a mark at the very start. */
function bestEpoch(run: RunState, metric: MetricName): Marker[] {
  const { higher } = metricInfo(metric);
  const points = (run.epochs.get(`validation.${metric}`) ?? run.epochs.get(`training.${metric}`))?.points();
  if (!points) return [];
  let best = -1;
  points.y.forEach((value, i) => {
    if (!Number.isFinite(value)) return;
    if (best < 0 || (higher ? value > points.y[best] : value < points.y[best])) best = i;
  });
  return best > 0 ? [{ step: points.x[best], label: "best epoch" }] : [];
}

/** Training and validation at the ends of epochs, with the baseline; for the loss every step as well. */
export function metricPicture(
  run: RunState,
  metric: MetricName,
  smoothing: number | "auto" = "auto",
): CurvePicture {
  const colours = theme();
  const label = metricLabel(metric);
  const end = lastStep(run);
  const curves: Curve[] = [];
  if (metric === "loss") {
    // Where epochs are many, the line at their ends is the smooth one already.
    const smooth = (run.description?.epochs ?? 0) <= FEW_EPOCHS;
    curves.push(
      ...stepCurves(run.loss.points(), {
        tooltip: "Training loss of the batch of each step, before the update.",
        colour: colours.training,
        window: chosenWindow(smoothing, smooth ? meanWindow(end) : null),
        faint: true,
      }),
    );
  }
  const training = run.epochs.get(`training.${metric}`)?.points() ?? NO_POINTS;
  const validation = run.epochs.get(`validation.${metric}`)?.points();
  curves.push({
    id: "training",
    label: "Training",
    tooltip: `${label} on the training rows at the end of each epoch.`,
    points: training,
    style: { colour: colours.training, opacity: 1, width: 2, dash: [], markers: true },
  });
  const before = run.beside?.epochs.get(`training.${metric}`)?.points();
  curves.push(...besideCurves(before, curves, label));
  if (validation) {
    curves.push({
      id: "validation",
      label: "Validation",
      tooltip: `${label} on the validation rows at the end of each epoch.`,
      points: validation,
      style: { colour: colours.validation, opacity: 1, width: 2, dash: [7, 3], markers: true },
    });
  }
  const baseline = baselineValue(run.description?.baseline, metric);
  if (baseline !== null) {
    curves.push({
      id: "baseline",
      label: "Baseline",
      tooltip: `${label} of a model that has learned nothing from the features.`,
      points: { x: Float64Array.of(0, Math.max(1, end)), y: Float64Array.of(baseline, baseline) },
      style: {
        colour: colours.baseline,
        opacity: 1,
        width: 1.5,
        dash: [2, 3],
        markers: false,
        constant: true,
      },
    });
  }
  return {
    curves,
    lastStep: end,
    summary: summary(run, metric, baseline),
    scale: scaleOf(run),
    markers: [...changeMarkers(run.changes), ...bestEpoch(run, metric)],
  };
}

export function gradientPicture(
  run: RunState,
  explored: ExploredSeries | null = null,
  smoothing: number | "auto" = "auto",
): CurvePicture {
  const points = explored?.gradientNorm ?? run.gradientNorm.points();
  const end = explored?.lastStep ?? lastStep(run);
  const first = explored ? points.y[0] : run.gradientNorm.firstY;
  const last = explored ? points.y[points.y.length - 1] : run.gradientNorm.lastY;
  const before = explored ? undefined : run.beside?.gradientNorm.points();
  const curves = stepCurves(points, {
    tooltip:
      "‖∇f‖: Euclidean norm of the gradient of each step's batch loss, before clipping and weight decay.",
    ...(run.functionDescription && {
      label: "‖∇f‖",
      tooltip: "Euclidean norm of the gradient, before clipping.",
    }),
    colour: theme().gradient,
    // The gradient of a function has no noise to be averaged.
    window: chosenWindow(smoothing, run.functionDescription ? null : meanWindow(end)),
    faint: false,
  });
  return {
    curves: [...curves, ...besideCurves(before, curves, "Gradient norm")],
    lastStep: end,
    scale: scaleOf(run),
    markers: changeMarkers(run.changes),
    summary: points.x.length
      ? `Gradient norm ${formatNumber(first)} at first, ${formatNumber(last)} at step ${points.x[points.x.length - 1]}.`
      : "No steps yet.",
  };
}

/** The learning rate of each step, as the schedule has it. */
export function learningRatePicture(run: RunState): CurvePicture {
  const points = run.learningRate.points();
  const at = points.x.length - 1;
  return {
    curves: [
      {
        id: "rate",
        label: "η",
        tooltip: "The learning rate of each step.",
        points,
        style: { colour: theme().gradient, opacity: 1, width: 2, dash: [], markers: false },
      },
    ],
    lastStep: lastStep(run),
    scale: scaleOf(run),
    markers: changeMarkers(run.changes),
    summary:
      at < 0
        ? "No steps yet."
        : `Learning rate ${formatNumber(points.y[0])} at first, ${formatNumber(points.y[at])} at step ${points.x[at]}.`,
  };
}

/** A descent that was made again in the page. */
export interface ExploredSeries {
  value: Points;
  gradientNorm: Points;
  decreaseRatio: Points;
  angle: Points;
  lastStep: number;
}

/** The value of a function before each step. */
export function valuePicture(run: RunState, explored: ExploredSeries | null = null): CurvePicture {
  const points = explored?.value ?? run.loss.points();
  const end = points.x.length - 1;
  return {
    curves: [
      {
        id: "value",
        label: "f",
        tooltip: "The value of the function before each step.",
        points,
        style: { colour: theme().training, opacity: 1, width: 2, dash: [], markers: false },
      },
    ],
    lastStep: explored?.lastStep ?? lastStep(run),
    summary: points.x.length
      ? `f is ${formatNumber(points.y[0])} at first, ${formatNumber(points.y[end])} at step ${points.x[end]}.`
      : "No steps yet.",
  };
}

/** The same of the run before its config was changed. */
function besideCurves(before: Points | undefined, now: readonly Curve[], label: string): Curve[] {
  if (!before || before.x.length === 0) return [];
  const points = cutAbove(before, 2 * highest(now.map((curve) => curve.points.y)));
  const style = { colour: theme().baseline, opacity: 0.8, width: 1.5, dash: [6, 3, 1, 3], markers: false };
  return [
    {
      id: "beside",
      label: "Before the change",
      tooltip: `${label} of the run from the same start, before the run config was changed.`,
      points,
      style,
    },
  ];
}

interface StepCurves {
  /** Of the single values. */
  label?: string;
  tooltip: string;
  colour: Rgb;
  /** Steps to average; null: the single values speak for themselves. */
  window: number | null;
  /** Keep the single values behind other curves even when there is no mean. */
  faint: boolean;
}

/** The value of each step, and over it the mean of several: mini-batches make the former a band with spikes. */
function stepCurves(
  points: Points,
  { label = "Each step", tooltip, colour, window, faint }: StepCurves,
): Curve[] {
  const behind = theme().highContrast ? 0.5 : 0.3;
  const single: Curve = {
    id: "steps",
    label,
    tooltip,
    points,
    style: { colour, opacity: faint || window !== null ? behind : 1, width: 1, dash: [], markers: false },
  };
  if (window === null) return [single];
  const mean: Curve = {
    id: "mean",
    label: `Mean of ${formatCount(window)} steps`,
    tooltip: `Mean of the last ${formatCount(window)} steps; in a long run, of the lowest and highest values that were kept of them.`,
    points: runningMean(points, window),
    style: { colour, opacity: 1, width: 2, dash: [], markers: false },
  };
  return [single, mean];
}

/** The same constant on training and validation rows; where they differ, the one that is watched. */
function baselineValue(baseline: Baseline | undefined, metric: MetricName): number | null {
  const from = (metrics: Metrics | undefined): number | null => metrics?.[metric] ?? null;
  return from(baseline?.validation) ?? from(baseline?.training);
}

function summary(run: RunState, metric: MetricName, baseline: number | null): string {
  const training = run.epochs.get(`training.${metric}`) ?? (metric === "loss" ? run.loss : undefined);
  if (!training || training.empty) return "No steps yet.";
  const validation = run.epochs.get(`validation.${metric}`);
  const label = metricLabel(metric);
  const parts = [
    `Training ${metric === "loss" ? "loss" : label} ${formatNumber(training.firstY)} at first, ` +
      `${formatNumber(training.lastY)} at step ${training.lastX}`,
  ];
  if (validation) parts.push(`validation ${formatNumber(validation.lastY)}`);
  if (baseline !== null) parts.push(`baseline ${formatNumber(baseline)}`);
  return `${parts.join("; ")}.`;
}
