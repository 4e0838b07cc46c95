import type { Metrics } from "../src/protocol/run";
import { formatNumber, formatPercent } from "./format";

export type MetricName = keyof Metrics;

interface MetricInfo {
  label: string;
  tooltip: string;
  /** Whether more is better. */
  higher: boolean;
  format: (value: number | null | undefined) => string;
  /** Whether the value carries the target's units. */
  units: boolean;
}

const metrics: Record<MetricName, MetricInfo> = {
  loss: {
    label: "Loss",
    tooltip: "What training minimises, averaged over the rows.",
    higher: false,
    format: formatNumber,
    units: false,
  },
  accuracy: {
    label: "Accuracy",
    tooltip: "Share of rows whose class is predicted correctly.",
    higher: true,
    format: formatPercent,
    units: false,
  },
  mae: {
    label: "MAE",
    tooltip: "Mean absolute error, in the target's own units.",
    higher: false,
    format: formatNumber,
    units: true,
  },
  rmse: {
    label: "RMSE",
    tooltip: "Root of the mean squared error, in the target's own units.",
    higher: false,
    format: formatNumber,
    units: true,
  },
  r2: {
    label: "R²",
    tooltip: "Share of the target's variance that is explained; 1 is perfect, 0 is no better than the mean.",
    higher: true,
    format: formatShare,
    units: false,
  },
};

/** Three decimals, so that a baseline of −0.0003 reads as the zero that it is meant to be. */
function formatShare(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return formatNumber(value);
  return Math.abs(value) >= 1000
    ? formatNumber(value, 3)
    : (Math.round(value * 1000) / 1000 + 0).toFixed(3).replace("-", "−");
}

export function metricInfo(metric: MetricName): MetricInfo {
  return metrics[metric];
}

export function metricLabel(metric: MetricName): string {
  return metrics[metric].label;
}

/** The metrics that are reported for a task, the loss first. */
export function metricsOf(task: "classification" | "regression"): MetricName[] {
  return task === "classification" ? ["loss", "accuracy"] : ["loss", "mae", "rmse", "r2"];
}

/** null when either value is missing. */
export function beats(
  metric: MetricName,
  value: number | null | undefined,
  baseline: number | null | undefined,
): boolean | null {
  if (value === null || value === undefined || baseline === null || baseline === undefined) return null;
  if (!Number.isFinite(value) || !Number.isFinite(baseline)) return null;
  return metrics[metric].higher ? value > baseline : value < baseline;
}
