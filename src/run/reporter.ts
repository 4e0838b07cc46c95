/**
 * Gathers what happened and tells the host, at most 20 times a second. While the host does not keep up, thinned steps
 * are gathered on, which takes no more memory; of every single step and epoch only so many.
 */
import type { Progress, Trajectory } from "../protocol/run";
import type { RunEvent, StartRun } from "../protocol/worker";
import { thinSteps } from "./columns";
import type { Control } from "./control";
import { HealthHistory } from "./health/healthHistory";
import { EpochHistory, StepHistory } from "./history";

/** Milliseconds between two reports. */
export const reportInterval = 50;

/** More steps than this in one report draw nothing more: some 8,000 a second. */
const stepsPerReport = 400;

/** So many single steps or epochs may wait to be sent. */
const mostGathered = 10_000;

export class Reporter {
  private readonly steps: StepHistory;
  private readonly epochs = new EpochHistory(Infinity);
  private readonly healths = new HealthHistory();
  private latest: Parameters<StepHistory["push"]> | null = null;
  private trajectory: Trajectory | null = null;
  private lastReport = -Infinity;
  private hasSentSteps = false;

  constructor(
    private readonly emit: (event: RunEvent) => void,
    private readonly which: StartRun["steps"],
    private readonly progress: () => Progress,
    private readonly control: Pick<Control, "unread">,
  ) {
    this.steps = new StepHistory(which === "thinned" ? undefined : Infinity);
  }

  /** @param point functions only; copied */
  step(
    step: number,
    loss: number,
    gradientNorm: number,
    learningRate: number,
    point?: ArrayLike<number>,
  ): void {
    if (this.which === "thinned" || (step - 1) % this.which === 0) {
      this.steps.push(step, loss, gradientNorm, learningRate, point);
      this.latest = null;
    } else this.latest = [step, loss, gradientNorm, learningRate, point && Array.from(point)];
  }

  /** @param metrics keyed "training.loss" … */
  epoch(epoch: number, step: number, metrics: Record<string, number>): void {
    this.epochs.push(epoch, step, metrics);
  }

  /** @param values keyed as HealthColumns are */
  health(step: number, values: Record<string, number>): void {
    this.healths.push(step, values);
  }

  follow(trajectory: Trajectory): void {
    this.trajectory = trajectory;
  }

  /** Sends a report when one is due and the host can take it. That of the first steps is due at once: somebody waits for it. */
  tick(): void {
    const due = performance.now() - this.lastReport >= reportInterval;
    const first = !this.hasSentSteps && this.steps.length > 0;
    if ((due || first) && !this.control.unread) this.send();
  }

  /** Whether no more can be gathered before the host has taken some. */
  get full(): boolean {
    const gathered = this.which === "thinned" ? 0 : this.steps.length;
    return this.control.unread && Math.max(gathered, this.epochs.length) >= mostGathered;
  }

  /** Adds the last step of the run, which is always reported, and sends what is left. */
  finish(): void {
    if (this.latest) this.steps.push(...this.latest);
    this.latest = null;
    this.send();
  }

  /** Sends a report now, also when nothing but the status has changed. */
  send(): void {
    this.lastReport = performance.now();
    const event: RunEvent = { type: "report", progress: this.progress() };
    if (this.steps.length > 0) {
      const columns = this.steps.columns();
      event.steps = this.which === "thinned" ? thinSteps(columns, stepsPerReport) : columns;
      this.steps.clear();
      this.hasSentSteps = true;
    }
    if (this.epochs.length > 0) {
      event.epochs = this.epochs.columns();
      this.epochs.clear();
    }
    if (this.healths.length > 0) {
      event.health = this.healths.columns();
      this.healths.clear();
    }
    if (this.trajectory) event.trajectory = this.trajectory;
    this.trajectory = null;
    this.emit(event);
  }
}
