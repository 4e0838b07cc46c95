/**
 * Invented runs for looking at the webviews without an editor: the address names the scene and the theme
 * (`?scene=running&theme=Default Dark Modern`). Loaded before the bundle under test, in place of VS Code.
 */
import { layerKey, type HealthColumns } from "../../src/protocol/health";
import type {
  EpochColumns,
  Metrics,
  Progress,
  RunDescription,
  RunResult,
  RunStatus,
  StepColumns,
  Trajectory,
} from "../../src/protocol/run";
import type { FromWebview, RunDelta, RunSnapshot, ToWebview } from "../../src/protocol/webview";
import { functionScenes } from "./functionScenes";
import themes from "./themes.json";

interface ThemeValues {
  kind: string;
  bodyClass: string;
  variables: Record<string, string>;
}

/** Deterministic: two screenshots of a scene are alike. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface History {
  steps: StepColumns;
  epochs: EpochColumns;
  trajectory: Trajectory;
  health: HealthColumns;
}

interface Task {
  description: RunDescription;
  /** Loss at the start and at the end. */
  from: number;
  to: number;
  metrics(loss: number): Metrics;
}

function classification(): Task {
  const description: RunDescription = {
    id: "2025-06-01T10-12-44-iris",
    name: "iris",
    configFile: "/workspace/iris.train.json",
    dataFile: "/workspace/iris.csv",
    folder: "/workspace/.downhill/runs/2025-06-01T10-12-44-iris",
    task: "classification",
    loss: "categorical-cross-entropy",
    optimizer: "adam",
    learningRate: 0.01,
    target: ["species"],
    classes: ["setosa", "versicolor", "virginica"],
    layers: [4, 16, 8, 3],
    parameters: 243,
    rows: { training: 120, validation: 30, test: 0 },
    batchSize: 8,
    stepsPerEpoch: 15,
    epochs: 100,
    totalSteps: 1500,
    seed: 1,
    kernel: "reference",
    baseline: {
      kind: "majority-class",
      label: "setosa",
      training: { loss: 1.0986, accuracy: 0.3333 },
      validation: { loss: 1.0986, accuracy: 0.3333 },
    },
    startedAt: 0,
    notes: [
      "2 rows without a value for species were left out.",
      "petal_width: 3 missing values were replaced by the mean, 1.203.",
    ],
  };
  return {
    description,
    from: 1.14,
    to: 0.052,
    metrics: (loss) => ({
      loss,
      accuracy: Math.round(30 * Math.max(0.3, Math.min(0.9667, 1.08 - loss * 0.68))) / 30,
    }),
  };
}

function regression(): Task {
  const base = classification().description;
  const target = "median_house_value";
  const description: RunDescription = {
    ...base,
    id: "2025-06-01T11-00-00-housing",
    name: "california-housing-baseline",
    task: "regression",
    loss: "mse",
    target: [target],
    classes: null,
    layers: [13, 64, 64, 1],
    parameters: 5121,
    rows: { training: 16512, validation: 2064, test: 2064 },
    batchSize: 64,
    stepsPerEpoch: 258,
    epochs: 20,
    totalSteps: 5160,
    baseline: {
      kind: "mean",
      label: "206,856",
      training: { loss: 1, mae: 91_170, rmse: 115_396, r2: 0 },
      validation: { loss: 1.012, mae: 91_520, rmse: 116_100, r2: -0.0003 },
    },
    notes: ["total_bedrooms: 207 missing values were replaced by the mean, 537.9."],
  };
  return {
    description,
    from: 1.3,
    to: 0.21,
    metrics: (loss) => ({
      loss,
      mae: 70_000 * Math.sqrt(loss),
      rmse: 115_396 * Math.sqrt(loss),
      r2: 1 - loss,
    }),
  };
}

/** A descent that looks like one: a fast fall, a plateau, a slow tail, noise of mini-batches, rare spikes. */
function invent(task: Task, end: number, divergesAt = Infinity): History {
  const { description, from, to } = task;
  const random = randomNumbers(description.parameters);
  const normal = (): number => random() + random() + random() + random() - 2;
  const total = description.totalSteps;
  const smooth = (step: number): number => {
    const t = step / total;
    const usual = to + (from - to) * (0.62 * Math.exp(-22 * t) + 0.38 * Math.exp(-5 * t));
    return step < divergesAt - 60 ? usual : usual * Math.exp((step - divergesAt + 60) * 0.28);
  };
  const steps: StepColumns = {
    step: new Float64Array(end),
    loss: new Float64Array(end),
    gradientNorm: new Float64Array(end),
    learningRate: new Float64Array(end).fill(description.learningRate),
  };
  for (let i = 0; i < end; i++) {
    const mean = smooth(i);
    const spike = random() < 0.003 ? 1.6 : 1;
    steps.step[i] = i + 1;
    steps.loss[i] = Math.max(1e-4, mean * spike * (1 + 0.22 * normal()) + 0.015 * normal());
    steps.gradientNorm[i] = Math.max(1e-4, (0.12 + 1.4 * Math.sqrt(mean)) * spike * (1 + 0.35 * normal()));
  }
  const epochs: EpochColumns = { epoch: new Float64Array(), step: new Float64Array(), metrics: {} };
  const rows: { epoch: number; step: number; training: Metrics; validation: Metrics }[] = [];
  for (let epoch = 0; epoch * description.stepsPerEpoch <= end; epoch++) {
    const step = epoch * description.stepsPerEpoch;
    const mean = smooth(step);
    const gap = 0.035 * (1 - Math.exp((-4 * step) / total)) + 0.05 * (step / total) ** 2;
    rows.push({
      epoch,
      step,
      training: task.metrics(mean * (1 + 0.01 * normal())),
      validation: task.metrics((mean + gap) * (1 + 0.03 * normal())),
    });
  }
  epochs.epoch = Float64Array.from(rows, (row) => row.epoch);
  epochs.step = Float64Array.from(rows, (row) => row.step);
  for (const part of ["training", "validation"] as const) {
    for (const metric of Object.keys(rows[0][part]) as (keyof Metrics)[]) {
      epochs.metrics[`${part}.${metric}`] = Float64Array.from(rows, (row) => row[part][metric] ?? NaN);
    }
  }
  const trajectory = inventPath(steps, smooth, end);
  return { steps, epochs, trajectory, health: inventHealth(description, end, divergesAt) };
}

/** Probes of steps, a few hundred, of a run that goes well; of one that diverges, until it does not. */
function inventHealth(
  { layers, totalSteps }: RunDescription,
  end: number,
  divergesAt: number,
): HealthColumns {
  const random = randomNumbers(11);
  const normal = (): number => random() + random() + random() + random() - 2;
  const stride = Math.max(1, Math.floor(end / 240));
  const step = Float64Array.from({ length: Math.floor(end / stride) }, (_, i) => 1 + i * stride);
  const along = (value: (t: number) => number): Float64Array => step.map((at) => value(at / totalSteps));
  const wild = (at: number): number => (at < divergesAt - 60 ? 0 : (at - divergesAt + 60) / 20);
  const values: HealthColumns["values"] = {
    decreaseRatio: step.map((at) => 0.93 - 0.25 * (at / totalSteps) + 0.12 * normal() - wild(at)),
    angle: along((t) => 38 + 22 * t + 5 * normal()),
  };
  layers.slice(1).forEach((_, l) => {
    values[layerKey(l, "gradientNorm")] = along(
      (t) => (0.2 + 0.1 * l) * Math.exp(-3 * t) * (1 + 0.2 * normal()),
    );
    values[layerKey(l, "updateRatio")] = along((t) => 0.004 * Math.exp(-2 * t) * (1 + 0.2 * normal()));
    if (l < layers.length - 2)
      values[layerKey(l, "deadUnits")] = along((t) => (t < 0.1 ? NaN : 0.125 * (l + 1)));
  });
  return { step, values };
}

/** A ball that rolls down a long curved valley. */
function inventPath(steps: StepColumns, smooth: (step: number) => number, end: number): Trajectory {
  const random = randomNumbers(7);
  const count = Math.min(240, end);
  const points: { step: number; a: number; b: number }[] = [];
  let [a, b, va, vb] = [-3.1, 1.9, 0, 0];
  for (let i = 0; i < count; i++) {
    points.push({ step: Math.round((i / Math.max(1, count - 1)) * end), a, b });
    const valley = 0.25 * (a - 1.6) ** 2 - 1.1;
    va = 0.9 * va + 0.0032 * (1.9 - a) + 0.004 * (random() - 0.5);
    vb = 0.86 * vb + 0.05 * (valley - b) + 0.02 * (random() - 0.5);
    a += va * 1.4;
    b += vb * 0.7;
  }
  return {
    step: Float64Array.from(points, (point) => point.step),
    a: Float64Array.from(points, (point) => point.a),
    b: Float64Array.from(points, (point) => point.b),
    loss: Float64Array.from(points, (point) =>
      point.step >= end ? steps.loss[end - 1] : smooth(point.step),
    ),
    offPlane: Float64Array.from(points, (_, i) => 0.4 * Math.abs(Math.sin(i / 40))),
    explained: [0.8123, 0.1411],
    sketched: false,
  };
}

function snapshotOf(
  task: Task,
  status: RunStatus,
  end: number,
  result: RunResult | null,
  history: History,
): RunSnapshot {
  const { description } = task;
  const progress: Progress = {
    status,
    step: end,
    epoch: Math.floor(end / description.stepsPerEpoch),
    trainingSeconds: end * 0.0021,
    samplesPerSecond: 182_340,
    secondsLeft: (description.totalSteps - end) * 0.0021 * 60,
    training: lastMetrics(history.epochs, "training"),
    validation: lastMetrics(history.epochs, "validation"),
  };
  return {
    id: description.id,
    name: description.name,
    status,
    loading: null,
    description,
    progress,
    steps: history.steps,
    epochs: history.epochs,
    health: history.health,
    trajectory: history.trajectory,
    result,
    warnings: [],
  };
}

function lastMetrics(epochs: EpochColumns, part: string): Metrics {
  const metrics: Record<string, number> = {};
  for (const [key, values] of Object.entries(epochs.metrics)) {
    const [of, metric] = key.split(".");
    if (of === part) metrics[metric] = values[values.length - 1];
  }
  return metrics as unknown as Metrics;
}

function resultOf(status: RunResult["status"], snapshot: RunSnapshot, message: string): RunResult {
  return {
    status,
    steps: snapshot.progress?.step ?? 0,
    epochs: snapshot.progress?.epoch ?? 0,
    trainingSeconds: 3.2,
    samplesPerSecond: 182_340,
    training: snapshot.progress?.training ?? null,
    validation: snapshot.progress?.validation ?? null,
    test: null,
    message,
  };
}

/** A run that has ended at `end`. */
function ended(
  task: Task,
  status: RunResult["status"],
  end: number,
  message: string,
  divergesAt?: number,
): RunSnapshot {
  const snapshot = snapshotOf(task, status, end, null, invent(task, end, divergesAt));
  return { ...snapshot, result: resultOf(status, snapshot, message) };
}

function going(task: Task, status: RunStatus, end: number): RunSnapshot {
  return snapshotOf(task, status, end, null, invent(task, end));
}

function beforeStart(status: RunStatus, loading: string | null, result: RunResult | null): RunSnapshot {
  const none = (): Float64Array => new Float64Array();
  return {
    id: "2025-06-01T10-12-44-iris",
    name: "iris",
    status,
    loading,
    description: null,
    progress: null,
    steps: { step: none(), loss: none(), gradientNorm: none(), learningRate: none() },
    epochs: { epoch: none(), step: none(), metrics: {} },
    trajectory: null,
    result,
    warnings: [],
  };
}

const scenes: Record<string, () => RunSnapshot | null> = {
  ...functionScenes,
  empty: () => null,
  long: () => {
    const task = classification();
    const label = "Donaudampfschifffahrtsgesellschaftskapitaen";
    const { description } = task;
    description.name = "california_housing-baseline-with-a-very-long-name_and_no_end-2025";
    description.target = ["the_column_whose_name_somebody_has_exported_from_a_questionnaire"];
    description.baseline.label = label;
    return ended(
      task,
      "completed",
      1500,
      `Trained for 100 epochs (1,500 steps, 3.2 s of training): 96.7\u00a0% accuracy on the validation rows, where always answering ${label} reaches 33.3\u00a0%.`,
    );
  },
  "no-validation": () => {
    const task = classification();
    task.description.rows = { training: 150, validation: 0, test: 0 };
    delete task.description.baseline.validation;
    const snapshot = going(task, "running", 640);
    snapshot.epochs.metrics = Object.fromEntries(
      Object.entries(snapshot.epochs.metrics).filter(([name]) => !name.startsWith("validation")),
    );
    if (snapshot.progress) snapshot.progress.validation = null;
    return snapshot;
  },
  "two-targets": () => {
    const task = regression();
    task.description.target = ["body_mass_g", "flipper_length_mm"];
    task.description.baseline.label = "4,202 and 200.9";
    return going(task, "running", 3100);
  },
  loading: () => beforeStart("loading", "Reading iris.csv: 48\u00a0% of 210 MB", null),
  started: () => ({ ...going(classification(), "running", 1), trajectory: null }),
  running: () => going(classification(), "running", 640),
  paused: () => going(classification(), "paused", 320),
  regression: () => going(regression(), "running", 3100),
  completed: () =>
    ended(
      classification(),
      "completed",
      1500,
      "Classifies 96.7\u00a0% of the 30 validation rows correctly after 100 epochs, where always answering “setosa” gets 33.3\u00a0%.",
    ),
  "regression-completed": () => {
    const snapshot = ended(
      regression(),
      "early-stopped",
      4128,
      "Stopped early after 16 epochs: predictions of median_house_value are off by 34,600 on average on the validation rows, where the mean is off by 91,520; the weights of epoch 11 were kept.",
    );
    if (snapshot.result) snapshot.result.test = { loss: 0.27, mae: 36_010, rmse: 59_800, r2: 0.731 };
    snapshot.warnings = [
      "The learning rate is large for this loss: 14 of the last 20 epochs raised the validation loss.",
    ];
    return snapshot;
  },
  diverged: () => {
    const snapshot = ended(
      classification(),
      "diverged",
      412,
      "Diverged at step 413: the loss was not a finite number; the parameters of step 412 were kept. Try a learning rate of 0.001, or set gradientClipNorm to 1.",
      412,
    );
    snapshot.steps.loss[411] = Infinity;
    snapshot.steps.gradientNorm[411] = NaN;
    return snapshot;
  },
  failed: () =>
    beforeStart("failed", null, {
      ...resultOf(
        "failed",
        beforeStart("failed", null, null),
        'iris.csv has no column "speces"; its columns are sepal_length, sepal_width, petal_length, petal_width and species. Did you mean "species"?',
      ),
      cause: "data",
    }),
  crashed: () =>
    ended(
      classification(),
      "failed",
      700,
      "The training process ended without a word after step 700; what it had reached is shown. Train again, with a smaller batch size if memory was short.",
    ),
  interrupted: () =>
    ended(classification(), "interrupted", 900, "The window was closed at step 900, before the run ended."),
  stopped: () =>
    ended(
      classification(),
      "stopped",
      500,
      "Stopped at step 500 of 1,500: classifies 86.7\u00a0% of the 30 validation rows correctly.",
    ),
};

function live(post: (message: ToWebview) => void): void {
  const task = classification();
  const full = invent(task, task.description.totalSteps);
  const first = going(task, "running", 1);
  post({ type: "snapshot", version: 1, run: first });
  let at = 1;
  const timer = setInterval(() => {
    const to = Math.min(task.description.totalSteps, at + 12);
    const epochs = full.epochs;
    const within = [...epochs.step.keys()].filter((i) => epochs.step[i] > at && epochs.step[i] <= to);
    const sub = going(task, "running", to);
    const cut = (values: Float64Array): Float64Array => values.slice(at, to);
    const run: RunDelta = {
      id: first.id,
      progress: sub.progress ?? undefined,
      steps: {
        step: cut(full.steps.step),
        loss: cut(full.steps.loss),
        gradientNorm: cut(full.steps.gradientNorm),
        learningRate: cut(full.steps.learningRate),
      },
      epochs: {
        epoch: Float64Array.from(within, (i) => epochs.epoch[i]),
        step: Float64Array.from(within, (i) => epochs.step[i]),
        metrics: Object.fromEntries(
          Object.entries(epochs.metrics).map(([key, values]) => [
            key,
            Float64Array.from(within, (i) => values[i]),
          ]),
        ),
      },
      trajectory: sub.trajectory ?? undefined,
    };
    post({ type: "delta", run });
    at = to;
    if (at < task.description.totalSteps) return;
    clearInterval(timer);
    const result = scenes["completed"]()?.result;
    if (result) post({ type: "delta", run: { id: first.id, status: "completed", result } });
  }, 50);
}

function applyTheme(name: string): void {
  const values = (themes as Record<string, ThemeValues>)[name];
  const { style } = document.documentElement;
  style.cssText = "";
  for (const [variable, value] of Object.entries(values.variables)) style.setProperty(variable, value);
  document.body.className = values.bodyClass;
  document.body.dataset["vscodeThemeKind"] = values.kind;
  document.body.dataset["vscodeThemeId"] = name;
}

declare global {
  interface Window {
    acquireVsCodeApi(): unknown;
    /** What the page has sent to the host. */
    sent: FromWebview[];
    applyTheme: (name: string) => void;
    post: (message: ToWebview) => void;
  }
}

const query = new URLSearchParams(location.search);
window.sent = [];
window.applyTheme = applyTheme;
window.post = (message) => window.postMessage(message, "*");
applyTheme(query.get("theme") ?? "Default Dark Modern");
let state: unknown = JSON.parse(query.get("state") ?? "null") ?? undefined;
window.acquireVsCodeApi = () => ({
  postMessage(message: FromWebview) {
    window.sent.push(message);
    if (message.type !== "ready") return;
    const scene = query.get("scene") ?? "live";
    if (scene === "live") live(window.post);
    else window.post({ type: "snapshot", version: 1, run: scenes[scene]() });
  },
  getState: () => state,
  setState: (next: unknown) => (state = next),
});
