/** A run that is going on, as the host sees it: its history so far, and what has changed since. */
import type { RunChange } from "../protocol/changes";
import type { AdviceItem } from "../protocol/advice";
import type { MessagePort } from "node:worker_threads";
import type { PartOfComparison } from "../protocol/comparison";
import type { Progress, AnyDescription, RunResult, RunStatus, Trajectory } from "../protocol/run";
import type { RunDelta, RunSnapshot } from "../protocol/webview";
import type { ResumedFrom, RunCommand, RunEvent } from "../protocol/worker";
import { Adviser } from "./advice";
import { HealthHistory } from "./health/healthHistory";
import { RunClock } from "./clock";
import { EpochHistory, StepHistory } from "./history";
import type { Trainer } from "./trainer";

export interface RunIdentity {
  id: string;
  name: string;
  /** Absolute path. */
  configFile: string;
  /** Of the run config, as the run began with it: without it there is no advice. */
  configText?: string;
  comparison?: PartOfComparison | undefined;
}

export class LiveRun {
  readonly id: string;
  readonly name: string;
  readonly configFile: string;
  /** Of the run config, as the run began with it. */
  readonly configText: string | null;
  readonly comparison: PartOfComparison | undefined;
  /** Milliseconds since 1970. */
  startedAt = Date.now();
  status: RunStatus = "loading";
  /** null until the data have been read. */
  description: AnyDescription | null = null;
  result: RunResult | null = null;
  private loading: string | null = null;
  private progress: Progress | null = null;
  private trajectory: Trajectory | null = null;
  private readonly clock = new RunClock();
  private readonly steps = new StepHistory();
  private readonly epochs = new EpochHistory();
  private readonly health = new HealthHistory();
  private readonly warnings: string[] = [];
  private changes: readonly RunChange[] = [];
  private readonly adviser: Adviser;
  private readonly listeners = new Set<(delta: RunDelta) => void>();

  constructor(
    private readonly trainer: Trainer,
    identity: RunIdentity,
  ) {
    this.id = identity.id;
    this.name = identity.name;
    this.configFile = identity.configFile;
    this.configText = identity.configText ?? null;
    this.adviser = new Adviser(identity.configFile, this.configText);
    this.comparison = identity.comparison;
    trainer.onEvent((event) => this.receive(event));
  }

  /** All there is to draw. The arrays are copies. */
  snapshot(): RunSnapshot {
    return {
      id: this.id,
      name: this.name,
      status: this.status,
      loading: this.loading,
      description: this.description,
      progress: this.progress,
      steps: this.steps.columns(),
      epochs: this.epochs.columns(),
      health: this.health.columns(),
      changes: this.changes,
      trajectory: this.trajectory,
      clock: this.clock.columns(),
      result: this.result,
      warnings: [...this.warnings],
      advice: this.adviser.advice,
    };
  }

  get advice(): readonly AdviceItem[] {
    return this.adviser.advice;
  }

  /** Told of every change, at most some 20 times a second. Returns how to listen no more. */
  onDelta(listener: (delta: RunDelta) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  send(command: RunCommand): void {
    this.trainer.send(command);
  }

  /** A port through which a lab can look at the run; null when it has ended. */
  connect(): MessagePort | null {
    return this.trainer.connect?.() ?? null;
  }

  /** Ends the run at once, whatever it is doing. */
  terminate(): Promise<void> {
    return this.trainer.terminate();
  }

  private receive(event: RunEvent): void {
    const delta: RunDelta = { id: this.id };
    switch (event.type) {
      case "loading": {
        const percent = event.fraction === null ? "" : ` (${Math.floor(100 * event.fraction)}\u00a0%)`;
        this.loading = delta.loading = event.message + percent;
        break;
      }
      case "start":
        this.description = delta.description = event.description;
        this.startedAt = event.description.startedAt;
        this.loading = delta.loading = null;
        this.status = delta.status = "running";
        if (event.resumed) this.recall(event.resumed, delta);
        break;
      case "changed":
        this.changes = delta.changes = event.changes;
        this.description = delta.description = event.description;
        break;
      case "report":
        this.report(event, delta);
        break;
      case "warning":
        this.warnings.push(event.message);
        delta.warnings = [event.message];
        break;
      case "done":
        this.result = delta.result = event.result;
        this.status = delta.status = event.result.status;
        this.loading = delta.loading = null;
        break;
    }
    this.advise(delta);
    for (const listener of [...this.listeners]) listener(delta);
  }

  private advise(delta: RunDelta): void {
    if (!delta.epochs && !delta.steps && !delta.result) return;
    const { description, result } = this;
    const told = () => ({
      description,
      result,
      steps: this.steps.columns(),
      epochs: this.epochs.columns(),
      health: this.health.columns(),
    });
    const advice = this.adviser.look(told, result !== null);
    if (advice) delta.advice = advice;
  }

  /** Takes over what was kept of a run that goes on. */
  private recall({ steps, epochs, health, trajectory }: ResumedFrom, delta: RunDelta): void {
    this.steps.append(steps);
    this.epochs.append(epochs);
    Object.assign(delta, { steps, epochs });
    if (health) {
      this.health.append(health);
      delta.health = health;
    }
    if (trajectory) this.trajectory = delta.trajectory = trajectory;
  }

  private report(event: Extract<RunEvent, { type: "report" }>, delta: RunDelta): void {
    // The last report already knows how the run ended, but the run is over only with its result.
    const { status } = event.progress;
    const going = status === "running" || status === "paused" ? status : this.status;
    this.progress = delta.progress = event.progress;
    this.clock.add(event.progress.step, event.progress.trainingSeconds);
    if (going !== this.status) this.status = delta.status = going;
    if (event.steps) {
      this.steps.append(event.steps);
      delta.steps = event.steps;
    }
    if (event.epochs) {
      this.epochs.append(event.epochs);
      delta.epochs = event.epochs;
    }
    if (event.health) {
      this.health.append(event.health);
      delta.health = event.health;
    }
    if (event.trajectory) this.trajectory = delta.trajectory = event.trajectory;
  }
}
