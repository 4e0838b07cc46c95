/** A run in a few hundred words of JSON: what an agent needs to see how it went and why. */
import type { AdviceItem } from "../protocol/advice";
import type { Metrics, RunStatus } from "../protocol/run";
import type { RunSnapshot } from "../protocol/webview";

/** So many points of a curve tell its shape. */
const mostPoints = 24;

export interface RunReport {
  id: string;
  name: string;
  status: RunStatus;
  /** How it ended, in a sentence; null while it goes on. */
  result: string | null;
  network?: string;
  optimizer?: string;
  learningRate?: number;
  stepsMade: number;
  stepsInAll?: number;
  metrics: { training: Metrics | null; validation: Metrics | null; test: Metrics | null };
  /** Of a model that has learned nothing. */
  baseline?: Metrics;
  /** Each [step, value], thinned evenly. */
  curves: Record<string, [number, number | null][]>;
  /** Decrease ratios of probed steps: near 1 timid, ½ best, below 0 the loss rose. */
  health?: { probedSteps: number; medianDecreaseRatio: number | null; stepsThatRaisedTheLoss: number };
  criticalPoint?: string;
  advice: { problem: string; evidence: string; why: string; changes: { key: string; value: unknown }[][] }[];
  notes: string[];
}

export function runReport(run: RunSnapshot): RunReport {
  const { description, progress, result, steps, epochs, health } = run;
  const network = description && !description.function ? description : null;
  const ratios = [...(health?.values["decreaseRatio"] ?? [])].filter((value) => !Number.isNaN(value));
  return {
    id: run.id,
    name: run.name,
    status: run.status,
    result: result?.message ?? null,
    ...(network && {
      network: network.layers.join("-"),
      baseline: network.baseline.validation ?? network.baseline.training,
    }),
    ...(description && {
      optimizer: description.optimizer,
      learningRate: description.learningRate,
      stepsInAll: description.totalSteps,
    }),
    stepsMade: result?.steps ?? progress?.step ?? 0,
    metrics: {
      training: result?.training ?? progress?.training ?? null,
      validation: result?.validation ?? progress?.validation ?? null,
      test: result?.test ?? null,
    },
    curves: {
      ...Object.fromEntries(
        Object.entries(epochs.metrics)
          .filter(([name]) => name.endsWith(".loss"))
          .map(([name, values]) => [name, thinned(epochs.step, values)]),
      ),
      [description?.function ? "value" : "loss of each step's batch"]: thinned(steps.step, steps.loss),
      "gradient norm": thinned(steps.step, steps.gradientNorm),
    },
    ...(ratios.length > 0 && {
      health: {
        probedSteps: ratios.length,
        medianDecreaseRatio: rounded(ratios.toSorted((a, b) => a - b)[ratios.length >> 1]),
        stepsThatRaisedTheLoss: ratios.filter((value) => value < 0).length,
      },
    }),
    ...(result?.function && { criticalPoint: result.function.criticalPoint }),
    advice: (run.advice ?? []).map(adviceReport),
    notes: [...(description?.notes ?? []), ...run.warnings],
  };
}

function adviceReport({ title, evidence, why, fixes }: AdviceItem): RunReport["advice"][number] {
  const changes = fixes.map((fix) =>
    fix.changes.map(({ path, value }) => ({ key: path.join("."), value: value ?? null })),
  );
  return { problem: title, evidence, why, changes };
}

/** The first, the last and evenly spread points between them; a value that is not finite is null. */
function thinned(step: Float64Array, values: Float64Array): [number, number | null][] {
  const count = Math.min(mostPoints, step.length);
  return Array.from({ length: count }, (_, i) => {
    const at = count === 1 ? 0 : Math.round((i * (step.length - 1)) / (count - 1));
    return [step[at], rounded(values[at])];
  });
}

function rounded(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : null;
}
