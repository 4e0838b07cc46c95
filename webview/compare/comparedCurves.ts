/** The curves of several runs in one chart: a colour and a number each, validation solid, training dashed. */
import type { Curve, CurvePicture } from "../charts/curveCard";
import { lastStep, scaleOf } from "../charts/curves";
import { formatNumber } from "../format";
import { metricLabel, metricsOf, type MetricName } from "../metrics";
import type { Points } from "../series";
import { meanWindow, runningMean } from "../smooth";
import type { RunState } from "../store";
import { runColour } from "./runLook";
import { meanCurve } from "./seedGroups";

export interface LabelledRun {
  label: string;
  state: RunState;
}

/** Runs that are one line: several where only their seeds differ and that was wanted. */
export interface RunGroup {
  label: string;
  /** Its place among all lines: chooses the colour. */
  place: number;
  runs: RunState[];
}

/** A metric of the ends of epochs; "steps" is the loss of each step. */
export type CurveChoice = MetricName | "steps";

const NO_POINTS: Points = { x: new Float64Array(), y: new Float64Array() };
const DASHED = [6, 3];

/** The curves that any of the runs has, as choices with their labels. */
export function curveChoices(runs: readonly LabelledRun[]): [CurveChoice, string][] {
  const names = new Set(
    runs.flatMap(({ state }) => (state.description ? metricsOf(state.description.task) : [])),
  );
  const metrics = [...names]
    .filter((name) => runs.some(({ state }) => state.epochs.has(`training.${name}`)))
    .map((name): [CurveChoice, string] => [name, metricLabel(name)]);
  const functions = runs.every(({ state }) => state.functionDescription);
  return [...metrics, ["steps", functions ? "Value" : "Loss of each step"]];
}

export function metricCurves(
  groups: readonly RunGroup[],
  choice: CurveChoice,
  choiceLabel: string,
): CurvePicture {
  if (choice === "steps") return picture(groups, choiceLabel, [[(state) => state.loss.points(), []]]);
  const validated = groups.some(({ runs }) => runs.some((run) => run.epochs.has(`validation.${choice}`)));
  const training: Part = [
    (state) => state.epochs.get(`training.${choice}`)?.points(),
    validated ? DASHED : [],
  ];
  const validation: Part = [(state) => state.epochs.get(`validation.${choice}`)?.points(), []];
  return picture(groups, choiceLabel, validated ? [validation, training] : [training]);
}

export function gradientCurves(groups: readonly RunGroup[], smoothing: number | "auto"): CurvePicture {
  const smooth = (state: RunState): Points => {
    const points = state.gradientNorm.points();
    const window = smoothing === "auto" ? meanWindow(lastStep(state)) : smoothing || null;
    return window === null ? points : runningMean(points, window);
  };
  return picture(groups, "Gradient norm", [[smooth, []]]);
}

/** Which points of a run, and how they are drawn. */
type Part = [points: (state: RunState) => Points | undefined, dash: number[]];

function picture(groups: readonly RunGroup[], what: string, parts: readonly Part[]): CurvePicture {
  const curves = groups.flatMap(({ label, place, runs }) =>
    parts.map(([pointsOf, dash], part): Curve => {
      const id = runs[0].id;
      const all = runs.flatMap((run) => pointsOf(run) ?? []);
      const mean = all.length > 1 ? meanCurve(all) : null;
      return {
        id: part === 0 ? id : `${id} ${part}`,
        ...(part > 0 && { with: id }),
        label: part === 0 ? label : `${label}, training`,
        tooltip: mean
          ? `${what} of ${label}: the mean of ${all.length} runs and one standard deviation to either side.`
          : `${what} of ${label}.`,
        points: mean?.points ?? all.at(0) ?? NO_POINTS,
        ...(mean && { band: mean.band }),
        ...(part === 0 && { tag: String(place + 1) }),
        scale: scaleOf(runs[0]),
        style: { colour: runColour(place), dash, opacity: 1, width: 2, markers: false },
      };
    }),
  );
  const ends = curves.map(({ label, points }) => `${label} ${formatNumber(points.y.at(-1))}`);
  const states = groups.flatMap(({ runs }) => runs);
  return {
    curves,
    lastStep: Math.max(0, ...states.map(lastStep)),
    summary: `${what} at the end: ${ends.join("; ")}.`,
    ...(states.length > 0 && { scale: scaleOf(longest(states)) }),
  };
}

/** The run that the axis is told by. */
function longest(states: readonly RunState[]): RunState {
  return states.reduce((long, state) => (lastStep(state) > lastStep(long) ? state : long));
}
