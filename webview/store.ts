/** What the host has told about the run that is shown. A snapshot and then deltas, or one later snapshot: the same picture. */
import type {
  AnyDescription,
  FunctionDescription,
  Progress,
  RunDescription,
  RunResult,
  RunStatus,
  Trajectory,
} from "../src/protocol/run";
import type { AdviceItem } from "../src/protocol/advice";
import type { RunChange } from "../src/protocol/changes";
import type { RunDelta, RunSnapshot } from "../src/protocol/webview";
import { ThinnedSeries } from "./series";

export interface RunState {
  id: string;
  name: string;
  status: RunStatus;
  loading: string | null;
  /** Of a network; null also while loading, and of a function. */
  description: RunDescription | null;
  /** Of a function that is minimised. */
  functionDescription: FunctionDescription | null;
  progress: Progress | null;
  result: RunResult | null;
  warnings: string[];
  advice: readonly AdviceItem[];
  /** The run before its config was changed, from the same start. */
  beside: RunState | null;
  trajectory: Trajectory | null;
  /** Per step. */
  loss: ThinnedSeries;
  gradientNorm: ThinnedSeries;
  learningRate: ThinnedSeries;
  /** Seconds of training after steps. */
  clock: ThinnedSeries;
  /** Per epoch, against steps; keyed "training.loss", "validation.accuracy" … */
  epochs: Map<string, ThinnedSeries>;
  /** What was measured of single steps, keyed as HealthColumns are; what says nothing is left out. */
  health: Map<string, ThinnedSeries>;
  /** Settings that were changed on the way, oldest first. */
  changes: readonly RunChange[];
}

/** More warnings than a person will read are counted, not kept. */
const MAX_WARNINGS = 200;

export class RunStore {
  run: RunState | null = null;

  load(snapshot: RunSnapshot | null): void {
    this.run = snapshot && runState(snapshot);
  }

  /** A delta of another run than the one shown is late mail: it changes nothing and gives false. */
  apply(delta: RunDelta): boolean {
    const run = this.run;
    if (run?.id !== delta.id) return false;
    if (delta.status !== undefined) run.status = delta.status;
    if (delta.loading !== undefined) run.loading = delta.loading;
    if (delta.description !== undefined) Object.assign(run, described(delta.description));
    if (delta.progress !== undefined) {
      run.progress = delta.progress;
      if (delta.status === undefined) run.status = delta.progress.status;
      run.clock.add(delta.progress.step, delta.progress.trainingSeconds);
    }
    if (delta.changes !== undefined) run.changes = delta.changes;
    if (delta.trajectory !== undefined) run.trajectory = delta.trajectory;
    if (delta.advice !== undefined) run.advice = delta.advice;
    if (delta.result !== undefined) {
      run.result = delta.result;
      run.status = delta.result.status;
    }
    append(run, delta);
    return true;
  }
}

function described(
  description: AnyDescription | null,
): Pick<RunState, "description" | "functionDescription"> {
  return description?.function
    ? { description: null, functionDescription: description }
    : { description, functionDescription: null };
}

/** A run as charts draw it. */
export function runState(snapshot: RunSnapshot): RunState {
  const run: RunState = {
    id: snapshot.id,
    name: snapshot.name,
    status: snapshot.status,
    loading: snapshot.loading,
    ...described(snapshot.description),
    progress: snapshot.progress,
    result: snapshot.result,
    warnings: [],
    advice: snapshot.advice ?? [],
    beside: snapshot.beside ? runState(snapshot.beside) : null,
    trajectory: snapshot.trajectory,
    loss: new ThinnedSeries(),
    gradientNorm: new ThinnedSeries(),
    learningRate: new ThinnedSeries(),
    clock: new ThinnedSeries(512),
    epochs: new Map(),
    health: new Map(),
    changes: snapshot.changes ?? [],
  };
  if (snapshot.clock) run.clock.append(snapshot.clock.step, snapshot.clock.seconds);
  else if (snapshot.progress) run.clock.add(snapshot.progress.step, snapshot.progress.trainingSeconds);
  append(run, {
    id: snapshot.id,
    steps: snapshot.steps,
    epochs: snapshot.epochs,
    ...(snapshot.health && { health: snapshot.health }),
    warnings: snapshot.warnings,
  });
  return run;
}

type Appended = Pick<RunDelta, "id" | "steps" | "epochs" | "health" | "warnings">;

function append(run: RunState, part: Appended): void {
  if (part.steps) {
    run.loss.append(part.steps.step, part.steps.loss);
    run.gradientNorm.append(part.steps.step, part.steps.gradientNorm);
    run.learningRate.append(part.steps.step, part.steps.learningRate);
  }
  if (part.epochs) {
    for (const [metric, values] of Object.entries(part.epochs.metrics)) {
      let series = run.epochs.get(metric);
      if (!series) run.epochs.set(metric, (series = new ThinnedSeries()));
      series.append(part.epochs.step, values);
    }
  }
  if (part.health) {
    const { step, values } = part.health;
    for (const [key, column] of Object.entries(values)) {
      let series = run.health.get(key);
      if (!series) run.health.set(key, (series = new ThinnedSeries()));
      column.forEach((value, i) => {
        if (!Number.isNaN(value)) series.add(step[i], value);
      });
    }
  }
  if (part.warnings) run.warnings = [...run.warnings, ...part.warnings].slice(-MAX_WARNINGS);
}
