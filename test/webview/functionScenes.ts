/** Runs that minimise functions, for looking at the panel: their descents are real ones. */
import { Descent } from "../../src/descent/functions/descent";
import { createFunction } from "../../src/descent/functions/differentiable";
import { HealthRecorder } from "../../src/descent/functions/healthRecorder";
import { FunctionPathRecorder } from "../../src/descent/functions/path";
import type { FunctionDescription, FunctionFacts, Trajectory } from "../../src/protocol/run";
import type { RunSnapshot } from "../../src/protocol/webview";

interface Scene {
  expression: string;
  start: number[];
  domain: FunctionFacts["domain"];
  learningRate: number;
  type?: "sgd" | "adam";
  steps: number;
  message: string;
}

function snapshot(
  name: string,
  { expression, start, domain, learningRate, type, steps, message }: Scene,
): RunSnapshot {
  const f = createFunction(expression);
  const optimizer: FunctionFacts["optimizer"] =
    type === "adam"
      ? { type, learningRate, weightDecay: 0, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }
      : { type: "sgd", learningRate, weightDecay: 0 };
  const schedule = { type: "constant", warmupSteps: 0 } as const;
  const descent = new Descent(f, { optimizer, schedule, steps, gradientTolerance: 1e-6 }, start);
  const recorder = new FunctionPathRecorder(start.length);
  const health = new HealthRecorder();
  const [step, loss, gradientNorm]: number[][] = [[], [], []];
  recorder.record(0, descent.value, descent.point);
  for (;;) {
    const before = [descent.value, descent.gradientNorm];
    if (!descent.advance()) break;
    step.push(descent.step);
    loss.push(before[0]);
    gradientNorm.push(before[1]);
    recorder.record(descent.step, descent.value, descent.point);
    health.record(descent);
  }
  const path = recorder.path();
  const trajectory: Trajectory = {
    step: path.step,
    a: path.value,
    b: path.value,
    loss: path.value,
    offPlane: path.value,
    explained: [1, 0],
    sketched: false,
    points: path.points,
  };
  const description: FunctionDescription = {
    id: `2026-01-01-120000-000-${name}`,
    name,
    configFile: `/workspace/${name}.train.json`,
    folder: `/workspace/.downhill/runs/2026-01-01-120000-000-${name}`,
    optimizer: optimizer.type,
    learningRate,
    totalSteps: steps,
    seed: 1,
    kernel: "function",
    startedAt: 0,
    notes: [],
    function: {
      expression,
      variables: [...f.variables],
      start,
      domain,
      optimizer,
      schedule,
      gradientTolerance: 1e-6,
    },
  };
  const reached = { point: [...descent.point], value: descent.value, gradientNorm: descent.gradientNorm };
  const end = {
    steps: descent.step,
    epochs: descent.step,
    trainingSeconds: 0.01,
    samplesPerSecond: null,
    training: null,
    validation: null,
  };
  return {
    id: description.id,
    name,
    status: "completed",
    loading: null,
    description,
    progress: {
      status: "completed",
      step: descent.step,
      epoch: descent.step,
      trainingSeconds: 0.01,
      samplesPerSecond: null,
      secondsLeft: 0,
      training: null,
      validation: null,
      function: reached,
    },
    steps: {
      step: Float64Array.from(step),
      loss: Float64Array.from(loss),
      gradientNorm: Float64Array.from(gradientNorm),
      learningRate: new Float64Array(step.length).fill(learningRate),
    },
    epochs: { epoch: new Float64Array(), step: new Float64Array(), metrics: {} },
    health: {
      step: Float64Array.from(health.step),
      values: {
        decreaseRatio: Float64Array.from(health.decreaseRatio),
        angle: Float64Array.from(health.angle),
      },
    },
    trajectory,
    result: {
      ...end,
      status: "completed",
      test: null,
      message,
      function: { ...reached, criticalPoint: "minimum", eigenvalues: [1, 2] },
    },
    warnings: [],
  };
}

const scenes: Record<string, Scene> = {
  rosenbrock: {
    expression: "(1-x)^2 + 100*(y-x^2)^2",
    start: [-1.2, 1],
    domain: [
      [-2, 2],
      [-1, 3],
    ],
    learningRate: 0.001,
    steps: 2000,
    message:
      "Made all 2,000 steps without reaching a critical point: at x = 0.6146, y = 0.3763, where f = 0.1489 and the gradient norm is 0.3626; more steps or another learning rate may go on.",
  },
  himmelblau: {
    expression: "(x^2+y-11)^2 + (x+y^2-7)^2",
    start: [0, 0],
    domain: [
      [-5, 5],
      [-5, 5],
    ],
    learningRate: 0.01,
    steps: 500,
    message:
      "Reached a minimum after 55 steps: at x = 3, y = 2, where f = 0; the Hessian's eigenvalues are 25.72 and 82.28, all positive.",
  },
  rastrigin: {
    expression: "20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)",
    start: [2.4, -1.7],
    domain: [
      [-3.2, 3.2],
      [-3.2, 3.2],
    ],
    learningRate: 0.002,
    steps: 300,
    message: "Reached a minimum.",
  },
  "narrow-bowl": {
    expression: "x^2 + 25*y^2",
    start: [-1.8, 0.9],
    domain: [
      [-2, 2],
      [-1.5, 1.5],
    ],
    learningRate: 0.037,
    steps: 300,
    message: "Reached a minimum.",
  },
  gaps: {
    expression: "x^2/4 + (y-1)^2 - log(x+y)",
    start: [3, 2.5],
    domain: [
      [-2, 4],
      [-2, 4],
    ],
    learningRate: 0.1,
    steps: 300,
    message: "Reached a minimum.",
  },
  curve: {
    expression: "x^4 - 3*x^2 + x",
    start: [2],
    domain: [[-2.2, 2.2]],
    learningRate: 0.01,
    steps: 500,
    message: "Reached a minimum.",
  },
  plane: {
    expression: "(a + 10*b)^2 + 5*(c - d)^2 + (b - 2*c)^4 + 10*(a - d)^4",
    start: [3, -1, 0, 1],
    domain: [null, null, null, null],
    learningRate: 0.02,
    type: "adam",
    steps: 1000,
    message: "Made all steps.",
  },
};

export const functionScenes = Object.fromEntries(
  Object.entries(scenes).map(([name, scene]) => [`f-${name}`, () => snapshot(name, scene)]),
);
