/**
 * The descent that the picture shows: that of the run, or, once the start or the learning rate has been dragged, one
 * that is made again here, at every move, with the same code and so the same bits.
 */
import { classify, type CriticalPoint } from "../../src/descent/functions/criticalPoint";
import {
  Descent,
  startFault,
  type DescentEnding,
  type DescentSettings,
} from "../../src/descent/functions/descent";
import { createFunction, type DifferentiableFunction } from "../../src/descent/functions/differentiable";
import { HealthRecorder } from "../../src/descent/functions/healthRecorder";
import { FunctionPathRecorder, type FunctionPath } from "../../src/descent/functions/path";
import type { FunctionDescription, FunctionFacts } from "../../src/protocol/run";

/** A descent made again may take so long: then it is cut off, so that dragging stays fluent. */
const BUDGET = 12;

/** So many steps between two looks at the clock. */
const STEPS_PER_LOOK = 64;

type OptimizerSettings = FunctionFacts["optimizer"];
export type OptimizerName = OptimizerSettings["type"];

export interface Explored {
  path: FunctionPath;
  health: HealthRecorder;
  steps: number;
  /** null: cut off, as it would have taken too long. */
  ending: DescentEnding | null;
  point: Float64Array;
  value: number;
  gradientNorm: number;
  critical: CriticalPoint;
}

export class Exploration {
  readonly f: DifferentiableFunction;
  start: number[];
  learningRate: number;
  optimizer: OptimizerName;
  private readonly facts: FunctionFacts;
  private readonly steps: number;

  constructor(description: FunctionDescription) {
    this.facts = description.function;
    this.steps = description.totalSteps;
    this.f = createFunction(this.facts.expression, this.facts.variables);
    this.start = [...this.facts.start];
    this.learningRate = this.facts.optimizer.learningRate;
    this.optimizer = this.facts.optimizer.type;
  }

  /** Whether anything differs from the run. */
  get changed(): boolean {
    return (
      this.startChanged || this.learningRate !== this.facts.optimizer.learningRate || this.optimizerChanged
    );
  }

  get startChanged(): boolean {
    return this.start.some((value, k) => value !== this.facts.start[k]);
  }

  get optimizerChanged(): boolean {
    return this.optimizer !== this.facts.optimizer.type;
  }

  get learningRateChanged(): boolean {
    return this.learningRate !== this.facts.optimizer.learningRate;
  }

  get gradientTolerance(): number {
    return this.facts.gradientTolerance;
  }

  /** Back to what the run did. */
  reset(): void {
    this.start = [...this.facts.start];
    this.learningRate = this.facts.optimizer.learningRate;
    this.optimizer = this.facts.optimizer.type;
  }

  /** Makes the descent; null where it cannot begin, for lack of a finite value. */
  descend(budget = BUDGET): Explored | null {
    const { f } = this;
    if (startFault(f, this.start) !== null) return null;
    const descent = new Descent(f, this.settings(), this.start);
    const recorder = new FunctionPathRecorder(f.variables.length);
    const health = new HealthRecorder();
    const record = (): void =>
      recorder.record(descent.step, descent.value, descent.point, descent.gradientNorm);
    record();
    const deadline = performance.now() + budget;
    while (descent.advance()) {
      record();
      health.record(descent);
      if (descent.step % STEPS_PER_LOOK === 0 && performance.now() > deadline) break;
    }
    const { step: steps, ending, point, value, gradientNorm } = descent;
    const critical = classify(f, point, gradientNorm, this.facts.gradientTolerance);
    return { path: recorder.path(), health, steps, ending, point, value, gradientNorm, critical };
  }

  private settings(): DescentSettings {
    const { schedule, gradientTolerance, gradientClipNorm } = this.facts;
    const { learningRate } = this;
    const own = this.facts.optimizer;
    const optimizer: OptimizerSettings =
      own.type === this.optimizer
        ? { ...own, learningRate }
        : { ...otherDefaults(this.optimizer), learningRate, weightDecay: own.weightDecay };
    return {
      optimizer,
      schedule,
      steps: this.steps,
      gradientTolerance,
      ...(gradientClipNorm === undefined ? {} : { gradientClipNorm }),
    };
  }
}

/** The defaults of a run config, for an optimiser that the run did not have. */
function otherDefaults(type: OptimizerName): OptimizerSettings {
  const common = { learningRate: 0, weightDecay: 0 };
  switch (type) {
    case "sgd":
      return { type, ...common };
    case "momentum":
    case "nesterov":
      return { type, momentum: 0.9, ...common };
    case "rmsprop":
      return { type, decay: 0.99, epsilon: 1e-8, ...common };
    case "adam":
    case "adamw":
      return { type, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, ...common };
    case "adagrad":
      return { type, epsilon: 1e-10, ...common };
  }
}
