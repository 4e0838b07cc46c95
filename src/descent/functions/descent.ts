/**
 * Gradient descent on a function: the same optimisers and schedules as for networks, in float64. Pure and quick, so
 * that a webview can run it again sixty times a second while a start is dragged.
 */
import type { Optimizer } from "../../engine/engine";
import { clippingScale, globalNorm, slotCount, takeStep } from "../../engine/optimizers";
import { createSchedule, type Schedule, type ScheduleSettings } from "../../engine/schedules";
import { angleOf, decreaseRatio } from "../health/stepHealth";
import type { DifferentiableFunction } from "./differentiable";

export interface DescentSettings {
  readonly optimizer: Optimizer;
  /** A step counts as an epoch: it sees all there is to see. */
  readonly schedule: ScheduleSettings;
  /** At most so many. */
  readonly steps: number;
  /** The descent ends where the gradient norm is at most this; 0 lets it make all its steps. */
  readonly gradientTolerance: number;
  readonly gradientClipNorm?: number;
}

export type DescentEnding =
  /** The gradient norm has come down to the tolerance. */
  | { readonly kind: "converged" }
  /** All steps have been made. */
  | { readonly kind: "steps" }
  /** The function falls without end. */
  | { readonly kind: "unbounded" }
  /** The next step led to where the function or its gradient has no finite value; it was not made. */
  | { readonly kind: "non-finite"; readonly reason: string };

/** A function whose value is below this many times the size of its first one is taken for unbounded below. */
const FALLS_WITHOUT_END = 1e30;

/** So much of f, computed in float64, may be rounding. */
const ROUNDING = 2 ** -50;

/** One descent from its start. The last good point is kept, whatever happens. */
export class Descent {
  /** Steps made. */
  step = 0;
  ending: DescentEnding | null = null;
  /** At `point`. */
  value: number;
  gradientNorm: number;
  /** Of the last step made. */
  learningRate = NaN;
  /** The decrease that the last step brought over the one that its gradient predicted; NaN where that says nothing. */
  decreaseRatio = NaN;
  /** Between the last step and the direction of steepest descent, in degrees. */
  angle = NaN;
  readonly point: Float64Array;
  readonly gradient: Float64Array;
  private readonly next: Float64Array;
  private readonly nextGradient: Float64Array;
  private readonly slots: Float64Array[];
  private readonly schedule: Schedule;
  private readonly lowest: number;

  /** The function must be finite at the start, as well as its gradient: see `startFault`. */
  constructor(
    private readonly f: DifferentiableFunction,
    private readonly settings: DescentSettings,
    start: ArrayLike<number>,
  ) {
    const n = f.variables.length;
    this.point = Float64Array.from(start);
    this.gradient = new Float64Array(n);
    this.next = new Float64Array(n);
    this.nextGradient = new Float64Array(n);
    this.slots = Array.from({ length: slotCount(settings.optimizer) }, () => new Float64Array(n));
    this.schedule = createSchedule(settings.schedule, {
      learningRate: settings.optimizer.learningRate,
      stepsPerEpoch: 1,
      totalSteps: settings.steps,
    });
    this.value = f.gradient(this.point, this.gradient);
    this.gradientNorm = globalNorm(this.gradient);
    this.lowest = -FALLS_WITHOUT_END * Math.max(1, Math.abs(this.value));
    this.look();
  }

  /** Makes one step and returns true, or finds that there is none to make. */
  advance(): boolean {
    if (this.ending) return false;
    const { f, settings, next, nextGradient, slots } = this;
    const step = this.step + 1;
    const learningRate = this.schedule.learningRateAt(step);
    const scale = clippingScale(this.gradientNorm, settings.gradientClipNorm);
    next.set(this.point);
    takeStep(settings.optimizer, step, learningRate, next, this.gradient, scale, slots);
    const value = f.gradient(next, nextGradient);
    const gradientNorm = globalNorm(nextGradient);
    if (!Number.isFinite(value) || !Number.isFinite(gradientNorm)) {
      const unbounded = value === -Infinity || (value < this.value && value < this.lowest);
      this.ending = unbounded
        ? { kind: "unbounded" }
        : { kind: "non-finite", reason: f.explainNonFinite(next) ?? "the gradient is not finite" };
      return false;
    }
    this.measure(value);
    this.point.set(next);
    this.gradient.set(nextGradient);
    this.step = step;
    this.value = value;
    this.gradientNorm = gradientNorm;
    this.learningRate = learningRate;
    this.schedule.epochEnded(value);
    this.look();
    return true;
  }

  /** The learning rate that the next step will have. */
  get nextLearningRate(): number {
    return this.schedule.learningRateAt(this.step + 1);
  }

  /** Of the step from `point` to `next`, where f is `value`. */
  private measure(value: number): void {
    const { point, next, gradient, gradientNorm } = this;
    let slope = 0;
    let square = 0;
    for (let i = 0; i < point.length; i++) {
      const d = next[i] - point[i];
      slope += gradient[i] * d;
      square += d * d;
    }
    this.decreaseRatio = decreaseRatio(this.value, value, slope, ROUNDING);
    this.angle = angleOf(-slope, gradientNorm * gradientNorm, square);
  }

  private look(): void {
    const { steps, gradientTolerance } = this.settings;
    if (gradientTolerance > 0 && this.gradientNorm <= gradientTolerance) this.ending = { kind: "converged" };
    else if (this.value < this.lowest) this.ending = { kind: "unbounded" };
    else if (this.step >= steps) this.ending = { kind: "steps" };
  }
}

/** Why no descent can begin at a point, as a clause; null where one can. */
export function startFault(f: DifferentiableFunction, point: ArrayLike<number>): string | null {
  const gradient = new Float64Array(f.variables.length);
  const value = f.gradient(point, gradient);
  if (!Number.isFinite(value)) return f.explainNonFinite(point);
  return gradient.every(Number.isFinite) && Number.isFinite(globalNorm(gradient))
    ? null
    : "the gradient is not finite";
}
