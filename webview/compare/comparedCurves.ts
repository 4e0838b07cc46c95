/** One curve a run, in one chart. */
import type { Curve, CurvePicture } from "../charts/curveCard";
import { lastStep } from "../charts/curves";
import { formatNumber } from "../format";
import { metricLabel, metricsOf, type MetricName } from "../metrics";
import type { Points } from "../series";
import { meanWindow, runningMean } from "../smooth";
import type { RunState } from "../store";
import { runLook } from "./runLook";

export interface LabelledRun {
  label: string;
  state: RunState;
}

/** "validation.loss", "training.accuracy" …: a metric of training or validation rows; "steps" is the loss of each step. */
export type CurveChoice = `${"training" | "validation"}.${MetricName}` | "steps";

/** The curves that any of the runs has, as choices with their labels; validation first, since that is what counts. */
export function curveChoices(runs: readonly LabelledRun[]): [CurveChoice, string][] {
  const names = new Set(
    runs.flatMap(({ state }) => (state.description ? metricsOf(state.description.task) : [])),
  );
  const sets = [
    ["validation", "Validation"],
    ["training", "Training"],
  ] as const;
  const metrics = sets.flatMap(([set, word]) =>
    [...names]
      .filter((name) => runs.some(({ state }) => state.epochs.has(`${set}.${name}`)))
      .map((name): [CurveChoice, string] => [
        `${set}.${name}`,
        `${word} ${name === "loss" ? "loss" : metricLabel(name)}`,
      ]),
  );
  const functions = runs.every(({ state }) => state.functionDescription);
  return [...metrics, ["steps", functions ? "Value" : "Loss of each step"]];
}

export function metricCurves(
  runs: readonly LabelledRun[],
  choice: CurveChoice,
  choiceLabel: string,
): CurvePicture {
  return picture(runs, choiceLabel, (state) =>
    choice === "steps" ? state.loss.points() : state.epochs.get(choice)?.points(),
  );
}

export function gradientCurves(runs: readonly LabelledRun[]): CurvePicture {
  return picture(runs, "Gradient norm", (state) => {
    const points = state.gradientNorm.points();
    const window = meanWindow(lastStep(state));
    return window === null ? points : runningMean(points, window);
  });
}

function picture(
  runs: readonly LabelledRun[],
  what: string,
  pointsOf: (state: RunState) => Points | undefined,
): CurvePicture {
  const curves = runs.map(({ label, state }, place): Curve => ({
    id: state.id,
    label,
    tooltip: `${what} of ${label}.`,
    points: pointsOf(state) ?? { x: new Float64Array(), y: new Float64Array() },
    style: { ...runLook(place), opacity: 1, width: 2, markers: false },
  }));
  const ends = curves.map(({ label, points }) => `${label} ${formatNumber(points.y.at(-1))}`);
  return {
    curves,
    lastStep: Math.max(0, ...runs.map(({ state }) => lastStep(state))),
    summary: `${what} at the end: ${ends.join("; ")}.`,
  };
}
